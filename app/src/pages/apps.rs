//! `/apps`: the apps one access can see, worst first.

use super::apps_query::{apps_in_words, grouped, query_of, sentence, topic_of};
use super::{first_state, page_of, plain_heading};
use crate::components::apps_filters::apps_filters;
use crate::components::apps_pager::{apps_count, apps_pager};
use crate::components::apps_summary::apps_summary;
use crate::components::apps_table::apps_table;
use crate::components::copy_button::command;
use crate::components::error_panel::error_panel;
use crate::components::link_state::show_freshness;
use crate::components::list_in_use::{hold_while_in_use, list, waits};
use crate::components::open_by_name::open_by_name;
use crate::components::page_heading::page_heading;
use crate::components::source_notice::source_notice;
use crate::erase::{Erase, dynamic, effect, memo};
use crate::error::AppError;
use crate::handed::Answer;
use crate::live::{AppsStore, Live, use_live};
use crate::location::{self, Query};
use crate::prelude::*;
use crate::routes;
use crate::title::title;
use model::list::AppsTotals;
use model::live::Snapshot;
use model::{AppsQuery, AppsWindow};

/// The page.
pub(crate) fn apps_page() -> AnyView {
    title("Apps · Windsock");
    let query = query_of_the_address();
    // What is asked for later is read by the page that is there then.
    let first = query.with_untracked(topic_of).to_string();
    let live = use_live();
    let draw = move |_: &str, answer: Answer| match answer
        .and_then(|state| state.into_apps().ok_or(AppError::Internal))
    {
        Ok(snapshot) => loaded(&snapshot, live, query),
        Err(error) => failed(error, live, query),
    };
    page_of(Signal::stored(first), Box::new(draw))
}

fn loaded(snapshot: &Snapshot<AppsWindow>, live: Live, query: RwSignal<AppsQuery>) -> AnyView {
    let store = AppsStore::new(snapshot);
    let asked = live.follow_apps(store, memo(move || query.with(topic_of).to_string()), snapshot);
    show_freshness(store.freshness);
    hold_while_in_use(store, live.now);
    let totals = store.totals;
    let (none, nothing) =
        (memo(move || totals.with(AppsTotals::count) == 0), memo(move || totals.with(|it| it.fitting == 0)));
    let table = dynamic(move || match (none.get(), nothing.get()) {
        (true, _) => no_apps(),
        (_, true) => {
            asked.answers.track();
            nothing_fits(&query.get_untracked())
        }
        _ => apps_table(store, live.now.into()),
    });
    let failed = dynamic(move || asked.failed.get().then(not_loaded));
    let answer =
        dynamic(move || if asked.answers.get() == 0 { String::new() } else { totals.with_untracked(answer) });
    let as_of = format!("As of {} UTC", snapshot.checked_at.clock());
    view! {
        <div class="apps-head">
            {page_heading("Apps".to_owned(), routes::apps())}
            {apps_filters(query, totals, ask)}
        </div>
        <div class="apps-line">{apps_summary(totals)}{waits(store)}</div>
        {source_notice(store.freshness)}
        {failed}
        {list(table.erase(), asked.busy)}
        <p class="visually-hidden" role="status">{answer}</p>
        <div class="apps-line">
            <p class="apps-count">
                {apps_count(totals, query)}<span class="needs-no-script">" "{as_of}</span>
            </p>
            {apps_pager(totals, query)}
        </div>
        {open_by_name()}
    }
    .erase()
}

/// What the address asks for, and whatever it asks for after a click on a link or a way back.
fn query_of_the_address() -> RwSignal<AppsQuery> {
    let query = RwSignal::new(location::query().with_untracked(query_of));
    let address = location::address();
    let mut is_first = true;
    effect(move || {
        let asked = address
            .with(|address| (address.path == routes::APPS).then(|| query_of(&Query::parse(&address.query))));
        if let Some(asked) = asked.filter(|_| !std::mem::take(&mut is_first)) {
            query.set(asked);
        }
    });
    query
}

/// What was chosen can be taken back with the back button, what was typed cannot: each letter would
/// be a step of the way.
fn ask(query: RwSignal<AppsQuery>, asked: AppsQuery, chosen: bool) {
    query.set(asked);
    if chosen {
        show_in_the_address(&query.get_untracked(), true);
    } else {
        show_once_settled(query);
    }
}

/// Browsers refuse addresses that are written a hundred times within seconds, which a key that is held
/// down does: what was typed is shown when nobody has typed for a moment, and not once the page is left.
#[cfg(feature = "hydrate")]
fn show_once_settled(query: RwSignal<AppsQuery>) {
    const SETTLED: std::time::Duration = std::time::Duration::from_millis(400);
    let typed = query.get_untracked();
    set_timeout(
        move || {
            if query.try_with_untracked(|query| *query == typed) == Some(true) {
                show_in_the_address(&typed, false);
            }
        },
        SETTLED,
    );
}

#[cfg(not(feature = "hydrate"))]
fn show_once_settled(_: RwSignal<AppsQuery>) {}

/// Past the router: a route change with each key would come back late and overwrite what was typed
/// meanwhile.
#[cfg(feature = "hydrate")]
fn show_in_the_address(query: &AppsQuery, as_a_step: bool) {
    let url = &routes::apps_asked(query);
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // An address that cannot be shown filters all the same.
        let _ = if as_a_step {
            history.push_state_with_url(&state, "", Some(url))
        } else {
            history.replace_state_with_url(&state, "", Some(url))
        };
    }
}

#[cfg(not(feature = "hydrate"))]
fn show_in_the_address(_: &AppsQuery, _: bool) {}

fn no_apps() -> AnyView {
    view! {
        <div class="empty no-apps">
            <p>"Your token sees no apps yet. Make the first one in a folder with code in it:"</p>
            {command("fly launch".to_owned())}
        </div>
    }
    .erase()
}

fn nothing_fits(query: &AppsQuery) -> AnyView {
    let text = format!("No app matches {}.", sentence(query));
    view! { <div class="empty"><p>{text}</p><p><a href=routes::APPS>"Show all apps"</a></p></div> }.erase()
}

fn not_loaded() -> AnyView {
    view! {
        <p class="notice">"What you asked for could not be loaded: the rows below are the ones from before. Windsock tries again by itself."</p>
    }
    .erase()
}

/// For those who do not see the rows change.
fn answer(totals: &AppsTotals) -> String {
    let mut text = apps_in_words(totals.fitting);
    text.push_str(if totals.fitting == 1 { " matches." } else { " match." });
    if totals.pages() > 1 {
        let (page, pages) = (grouped(totals.page() + 1), grouped(totals.pages()));
        for part in [" Page ", &page, " of ", &pages, "."] {
            text.push_str(part);
        }
    }
    text
}

/// No data. Where Fly is the reason the page fills itself later.
fn failed(error: AppError, live: Live, query: RwSignal<AppsQuery>) -> AnyView {
    if !matches!(error, AppError::Upstream { .. }) {
        return nothing(&error);
    }
    let first = first_state(query.with_untracked(topic_of), live);
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
