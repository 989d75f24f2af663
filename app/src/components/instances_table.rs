//! The region "Instances".

use super::copy_button::command;
use super::instance_row::{RowContext, instance_row};
use super::not_loaded::{lacks, not_loaded};
use super::table::table;
use crate::erase::{Erase, dynamic, memo};
use crate::live::AppStore;
use crate::prelude::*;
use crate::routes;
use model::{App, InstanceId, NotLoaded, Timestamp};
use std::sync::Arc;

const COLUMNS: [&str; 10] = [
    "ID",
    "Process",
    "Version",
    "Region",
    "Desired",
    "State",
    "Health checks",
    "Restarts",
    "Created",
    "Updated",
];

/// The region. Instances that are gone are shown when `show_gone` says so.
pub(crate) fn instances_table(store: &AppStore, show_gone: Signal<bool>, now: Signal<Timestamp>) -> AnyView {
    let AppStore { app, instances, .. } = *store;
    let newest = memo(move || app.with(|app| app.version));
    let context = RowContext { app, newest, now };
    let gone = memo(move || {
        let mut gone = 0;
        instances.each(|one| gone += usize::from(one.state.is_gone()));
        gone
    });
    let shown = memo(move || {
        let (mut shown, show_gone) = (Vec::new(), show_gone.get());
        instances.each(|one| {
            if show_gone || !one.state.is_gone() {
                shown.push(one.id.to_string());
            }
        });
        shown
    });
    let row = move |id: String| {
        let row = InstanceId::new(id).ok().and_then(|id| instances.cell(&id))?;
        Some(instance_row(&row, context))
    };
    let table = table("instances-table", "Instances", &COLUMNS, Box::new(move || shown.get()), Arc::new(row));
    let lacks = lacks(app, NotLoaded::INSTANCES);
    let empty = dynamic(move || shown.with(Vec::is_empty).then(|| no_instances(lacks.get(), app)));
    let more = dynamic(move || gone_link(gone.get(), show_gone.get(), app));
    view! {
        <section class="panel instances" aria-labelledby="instances">
            <h2 id="instances">"Instances"</h2>
            {table}
            {empty}
            {more}
        </section>
    }
    .erase()
}

fn no_instances(lacks: bool, app: RwSignal<App>) -> AnyView {
    if lacks {
        return not_loaded("The instances are not loaded.");
    }
    let (name, deployed) = app.with(|app| (app.name.clone(), app.version.is_some()));
    if !deployed {
        return view! { <p class="dim">"No instances yet: they come with the first deployment."</p> }.erase();
    }
    view! {
        <div class="empty">
            <p>"No instances. To have one again:"</p>
            {command(["fly scale count 1 -a ", name.as_str()].concat())}
        </div>
    }
    .erase()
}

fn gone_link(gone: usize, shown: bool, app: RwSignal<App>) -> Option<AnyView> {
    let name = app.with(|app| app.name.clone());
    let (href, text) = match (gone, shown) {
        (0, false) => return None,
        (_, true) => (routes::app(&name), "Hide destroyed".to_owned()),
        (gone, false) => (routes::app_with_destroyed(&name), format!("Show {gone} destroyed")),
    };
    Some(view! { <p class="more"><a href=href data-noscroll="">{text}</a></p> }.erase())
}
