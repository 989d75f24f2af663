//! `/apps/:name`: the status page of one app.

use super::{first_state, page_of, plain_heading, topic_of_the_address};
use crate::components::app_header::app_header;
use crate::components::deployment_status::deployment_status;
use crate::components::diagnosis_panel::diagnosis_panel;
use crate::components::error_panel::error_panel;
use crate::components::how_it_went::how_it_went;
use crate::components::instances_table::instances_table;
use crate::components::link_state::show_freshness;
use crate::components::process_groups::process_groups;
use crate::components::source_notice::source_notice;
use crate::components::timeline::timeline;
use crate::erase::{Erase, dynamic, memo};
use crate::error::AppError;
use crate::handed::Answer;
use crate::live::{AppStore, Live, use_live};
use crate::location;
use crate::prelude::*;
use crate::routes::{self, Page};
use crate::title::title;
use model::live::{Snapshot, Topic};
use model::{AppName, AppView};

/// The page.
pub(crate) fn app_page() -> AnyView {
    let live = use_live();
    let query = location::query();
    let show_gone = memo(move || query.with(|query| query.get("destroyed") == Some("show")));
    let draw = move |topic: &str, answer| page(topic, answer, live, show_gone);
    page_of(topic_of_the_address(Page::App), Box::new(draw))
}

fn page(topic: &str, answer: Answer, live: Live, show_gone: Signal<bool>) -> AnyView {
    let name = topic.split_once(':').map_or("", |(_, name)| name).to_owned();
    title(&format!("{name} · Windsock"));
    match answer.and_then(|state| state.into_app().ok_or(AppError::Internal)) {
        Ok(snapshot) => loaded(&snapshot, live, show_gone),
        Err(error) => failed(name, error, live, show_gone),
    }
}

fn loaded(snapshot: &Snapshot<AppView>, live: Live, show_gone: Signal<bool>) -> AnyView {
    // For links to what is in the app, wherever on the page.
    let store = AppStore::new(snapshot);
    live.follow_app(&store, snapshot);
    show_freshness(store.freshness);
    let now = live.now.into();
    let went = how_it_went(store.timeline, snapshot.state.app.name.clone());
    view! {
        {app_header(&store, snapshot.checked_at)}
        {source_notice(store.freshness)}
        <div class="columns">
            <div class="column">
                {deployment_status(store.deployment.into(), store.app, went, now)}
                {diagnosis_panel(store.diagnosis.into(), store.app)}
                {instances_table(&store, show_gone, now)}
            </div>
            <div class="column">
                {timeline(store.releases.into(), store.app, now)}
                {process_groups(store.process_groups.into(), store.app)}
            </div>
        </div>
    }
    .erase()
}

/// No data. Where Fly is the reason the page fills itself later.
fn failed(name: String, error: AppError, live: Live, show_gone: Signal<bool>) -> AnyView {
    let path = format!("{}/{name}", routes::APPS);
    let (AppError::Upstream { .. }, Ok(topic)) = (&error, AppName::new(name.clone()).map(Topic::App)) else {
        return nothing(&name, &path, &error);
    };
    let first = first_state(topic, live);
    let content = dynamic(move || match first.get().and_then(Snapshot::into_app) {
        Some(snapshot) => loaded(&snapshot, live, show_gone),
        None => nothing(&name, &path, &error),
    });
    content.erase()
}

fn nothing(name: &str, path: &str, error: &AppError) -> AnyView {
    // A text that names no app is no heading.
    let heading = if AppName::new(name).is_ok() { name } else { "No such app" };
    view! { {plain_heading(heading.to_owned(), path.to_owned())}{error_panel(error, path)} }.erase()
}
