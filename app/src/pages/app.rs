//! `/apps/:name`: the status page of one app.

use super::{first_state, plain_heading, state_of, when_loaded};
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
use crate::live::{AppStore, Live, use_live};
use crate::prelude::*;
use crate::reactive::memo_with;
use crate::routes::{self, Page};
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::location::Url;
use model::live::{Snapshot, Topic, TopicState};
use model::{AppName, AppView};

/// The page.
pub(crate) fn app_page() -> AnyView {
    let name = name_in_the_address();
    let app = state_of(Box::new(move || format!("app:{}", name.get())));
    // Taken before the first await: on the server the contexts may be gone after it.
    let live = use_live();
    let query = use_query_map();
    let show_gone = memo(move || query.with(|query| query.get_str("destroyed") == Some("show")));
    when_loaded(Box::new(move || {
        Box::pin(async move { page(name.get_untracked(), app.await, live, show_gone) })
    }))
}

/// The name as it was typed. It stays while the page is being left, so that nothing is loaded for
/// the page that comes.
fn name_in_the_address() -> Memo<String> {
    let path = use_location().pathname;
    memo_with(move |before: Option<&String>| {
        path.with(|path| match Page::at(path) {
            Page::App => Url::unescape(routes::app_in(path)),
            _ => before.cloned().unwrap_or_default(),
        })
    })
}

fn page(
    name: String,
    answer: Result<Snapshot<TopicState>, AppError>,
    live: Live,
    show_gone: Signal<bool>,
) -> AnyView {
    let title = format!("{name} · Windsock");
    let content = match answer.and_then(|state| state.into_app().ok_or(AppError::Internal)) {
        Ok(snapshot) => loaded(&snapshot, live, show_gone),
        Err(error) => failed(name, error, live, show_gone),
    };
    view! { <Title text=title />{content} }.erase()
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
