//! `/apps`: the apps one access can see, worst first.

use super::apps_query::{AppsQuery, ROWS};
use super::{first_state, plain_heading, state_of, when_loaded};
use crate::components::apps_filters::apps_filters;
use crate::components::apps_table::apps_table;
use crate::components::copy_button::command;
use crate::components::error_panel::error_panel;
use crate::components::link_state::show_freshness;
use crate::components::open_by_name::open_by_name;
use crate::components::page_heading::page_heading;
use crate::components::source_notice::source_notice;
use crate::erase::{Erase, dynamic, memo};
use crate::error::AppError;
use crate::live::{AppsStore, Live, use_live};
use crate::prelude::*;
use crate::routes;
use leptos_meta::Title;
use leptos_router::hooks::{use_query_map, use_url};
use model::AppsView;
use model::live::{Snapshot, Topic};

/// The page.
pub(crate) fn apps_page() -> AnyView {
    let apps = state_of(Box::new(|| Topic::Apps.to_string()));
    // Taken before the first await: on the server the contexts may be gone after it.
    let live = use_live();
    let query = query_of_the_address();
    let page = when_loaded(Box::new(move || {
        Box::pin(async move {
            match apps.await.and_then(|state| state.into_apps().ok_or(AppError::Internal)) {
                Ok(snapshot) => loaded(&snapshot, live, query),
                Err(error) => failed(error, live, query),
            }
        })
    }));
    view! { <Title text="Apps · Windsock" />{page} }.erase()
}

fn loaded(snapshot: &Snapshot<AppsView>, live: Live, query: RwSignal<AppsQuery>) -> AnyView {
    let store = AppsStore::new(snapshot);
    live.follow_apps(&store, snapshot);
    show_freshness(store.freshness);
    let organizations = memo(move || organizations(&store));
    let fitting = memo(move || query.with(|query| query.select(&store.apps.get_all())));
    let all = memo(move || store.apps.order().with(Vec::len));
    let rows = move || if query.with(|query| query.all) { usize::MAX } else { ROWS };
    let names = move || fitting.with(|names| names.iter().take(rows()).map(ToString::to_string).collect());
    let table = dynamic(move || match (all.get(), fitting.with(Vec::is_empty)) {
        (0, _) => no_apps(),
        (_, true) => nothing_fits(&query.get()),
        _ => apps_table(Box::new(names), store.apps, live.now.into()),
    });
    let count = dynamic(move || count(fitting.with(Vec::len), all.get(), &query.get()));
    let as_of = format!("As of {} UTC", snapshot.checked_at.clock());
    view! {
        <div class="apps-head">
            {page_heading("Apps".to_owned(), routes::apps())}
            {apps_filters(query, organizations, ask)}
        </div>
        {source_notice(store.freshness)}
        <section class="panel" aria-label="Apps">{table}</section>
        <p class="apps-count">{count}<span class="needs-no-script">" "{as_of}</span></p>
        {open_by_name()}
    }
    .erase()
}

/// What the address asks for, and whatever it asks for after a click on a link.
fn query_of_the_address() -> RwSignal<AppsQuery> {
    let query = RwSignal::new(use_query_map().with_untracked(AppsQuery::of));
    let url = use_url();
    Effect::new(move |first: Option<()>| {
        let asked = url.with(|url| (url.path() == routes::APPS).then(|| AppsQuery::of(url.search_params())));
        if let (Some(()), Some(asked)) = (first, asked) {
            query.set(asked);
        }
    });
    query
}

fn ask(query: RwSignal<AppsQuery>, asked: AppsQuery) {
    show_in_the_address(&asked.url());
    query.set(asked);
}

/// Past the router: a route change with each key would come back late and overwrite what was typed
/// meanwhile.
#[cfg(feature = "hydrate")]
fn show_in_the_address(url: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // An address that cannot be shown filters all the same.
        let _ = history.replace_state_with_url(&state, "", Some(url));
    }
}

#[cfg(not(feature = "hydrate"))]
fn show_in_the_address(_: &str) {}

fn organizations(store: &AppsStore) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for app in store.apps.get_all() {
        let organization = (app.organization.slug.to_string(), app.organization.name);
        let by_name = |one: &(String, String)| (&one.1, &one.0).cmp(&(&organization.1, &organization.0));
        if let Err(place) = all.binary_search_by(by_name) {
            all.insert(place, organization);
        }
    }
    all
}

fn no_apps() -> AnyView {
    view! {
        <div class="empty">
            <p>"Your token sees no apps yet. Make one from a folder with code in it:"</p>
            {command("fly launch".to_owned())}
        </div>
    }
    .erase()
}

fn nothing_fits(query: &AppsQuery) -> AnyView {
    let text = format!("No app fits {}.", query.sentence());
    view! { <div class="empty"><p>{text}</p><p><a href=routes::APPS>"Show all apps"</a></p></div> }.erase()
}

fn count(fitting: usize, all: usize, query: &AppsQuery) -> AnyView {
    let shown = if query.all { fitting } else { fitting.min(ROWS) };
    let noun = if all == 1 { "app" } else { "apps" };
    let text = if shown < all { format!("{shown} of {all} {noun}.") } else { format!("{all} {noun}.") };
    let rest = (shown < fitting).then(|| {
        let href = AppsQuery { all: true, ..query.clone() }.url();
        view! { " "<a href=href data-noscroll="">{format!("Show all {fitting}")}</a> }
    });
    let clear = query
        .narrows()
        .then(|| view! { " "<a href=routes::APPS data-noscroll="">"Clear search and filters"</a> });
    view! { {text}{rest}{clear} }.erase()
}

/// No data. Where Fly is the reason the page fills itself later.
fn failed(error: AppError, live: Live, query: RwSignal<AppsQuery>) -> AnyView {
    if !matches!(error, AppError::Upstream { .. }) {
        return nothing(&error);
    }
    let first = first_state(Topic::Apps, live);
    let content = dynamic(move || match first.get().and_then(Snapshot::into_apps) {
        Some(snapshot) => loaded(&snapshot, live, query),
        None => nothing(&error),
    });
    content.erase()
}

fn nothing(error: &AppError) -> AnyView {
    let by_name = !matches!(error, AppError::SignedOut);
    view! {
        {plain_heading("Apps".to_owned(), routes::apps())}
        {error_panel(error, routes::APPS)}
        {by_name.then(open_by_name)}
    }
    .erase()
}
