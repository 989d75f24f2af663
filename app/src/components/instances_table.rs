//! The region "Instances".

use super::instance_row::{RowContext, instance_row};
use crate::erase::{Erase, dynamic, memo};
use crate::live::AppStore;
use crate::routes;
use leptos::prelude::*;
use model::{InstanceId, Timestamp};

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
    let newest = memo(move || app.with(|app| app.version)).into();
    let context = RowContext { newest, now };
    let gone = memo(move || instances.get_all().iter().filter(|one| one.state.is_gone()).count());
    let shown = memo(move || -> Vec<InstanceId> {
        let wanted = instances.get_all().into_iter().filter(|one| show_gone.get() || !one.state.is_gone());
        wanted.map(|one| one.id).collect()
    });
    let row = move |id: InstanceId| instances.cell(&id).map(|row| instance_row(&row, context));
    let empty = dynamic(move || shown.with(Vec::is_empty).then(no_instances));
    let more = dynamic(move || gone_link(gone.get(), show_gone.get(), app));
    view! {
        <section class="panel instances" aria-labelledby="instances">
            <h2 id="instances">"Instances"</h2>
            <table aria-labelledby="instances">
                <thead><tr>{headers()}</tr></thead>
                <tbody><For each=move || shown.get() key=InstanceId::clone children=row /></tbody>
            </table>
            {empty}
            {more}
        </section>
    }
    .erase()
}

fn headers() -> Vec<AnyView> {
    COLUMNS.iter().map(|name| view! { <th scope="col">{*name}</th> }.erase()).collect()
}

fn no_instances() -> AnyView {
    view! {
        <p class="empty">
            "No instances. Deploy from the app's folder with "<code>"fly deploy"</code>", or raise their number with "<code>"fly scale count 1"</code>"."
        </p>
    }
    .erase()
}

fn gone_link(gone: usize, shown: bool, app: RwSignal<model::App>) -> Option<AnyView> {
    let name = app.with(|app| app.name.clone());
    let (href, text) = match (gone, shown) {
        (0, false) => return None,
        (_, true) => (routes::app(&name), "Hide destroyed".to_owned()),
        (gone, false) => (routes::app_with_destroyed(&name), format!("Show {gone} destroyed")),
    };
    Some(view! { <p class="more"><a href=href data-noscroll="">{text}</a></p> }.erase())
}
