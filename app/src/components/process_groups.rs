//! The region "Process groups".

use super::not_loaded::{lacks, not_loaded};
use super::regions::region_list;
use crate::erase::{Erase, dynamic};
use crate::prelude::*;
use model::{App, NotLoaded, ProcessGroup};

/// The region.
pub(crate) fn process_groups(groups: Signal<Vec<ProcessGroup>>, app: RwSignal<App>) -> AnyView {
    let lacks = lacks(app, NotLoaded::PROCESS_GROUPS);
    let body = dynamic(move || groups.with(|groups| body(groups, lacks.get())));
    view! {
        <section class="panel" aria-labelledby="process-groups">
            <h2 id="process-groups">"Process groups"</h2>
            {body}
        </section>
    }
    .erase()
}

fn body(groups: &[ProcessGroup], lacks: bool) -> AnyView {
    if groups.is_empty() && lacks {
        return not_loaded("The process groups are not loaded.");
    }
    if groups.is_empty() {
        return view! { <p class="dim">"No process groups yet."</p> }.erase();
    }
    let items: Vec<AnyView> = groups.iter().map(item).collect();
    view! { <ul class="entries">{items}</ul> }.erase()
}

fn item(group: &ProcessGroup) -> AnyView {
    let size = group.size.clone().unwrap_or_else(|| "size unknown".to_owned());
    let memory = group.memory_mb.map(|mb| format!(" · {mb} MB"));
    let noun = if group.instances == 1 { "instance" } else { "instances" };
    let count = format!("{} {noun}", group.instances);
    let separator = (!group.regions.is_empty()).then_some(" · ");
    view! {
        <li>
            <span class="head"><b>{group.name.clone()}</b><span>{size}</span></span>
            <span class="detail">{region_list(&group.regions)}{separator}{count}{memory}</span>
        </li>
    }
    .erase()
}
