//! `/apps/:name/releases/:version`: one release, why it failed, and what changed with it.

use super::releases::as_of;
use super::{Shown, page_of, topic_of_the_address, when_known};
use crate::components::link_state::show_freshness;
use crate::components::page_heading::page_heading;
use crate::components::release_links::BESIDE;
use crate::components::release_report::{CHANGES, FACTS, GO_BACK, Part, REASON, STATUS};
use crate::components::source_notice::source_notice;
use crate::erase::{Erase, dynamic, memo};
use crate::live::{Live, ReleaseStore, use_live};
use crate::prelude::*;
use crate::routes::{self, Page};
use model::live::Snapshot;
use model::{ReleaseView, Timestamp};

/// The page.
pub(crate) fn release_page() -> AnyView {
    let live = use_live();
    let draw = move |topic: &str, answer| {
        let shown: Shown = Box::new(move |state| Some(loaded(&state.into_release()?, live)));
        when_known(topic, "Release", answer, live, shown)
    };
    page_of(topic_of_the_address(Page::Release), Box::new(draw))
}

fn loaded(snapshot: &Snapshot<ReleaseView>, live: Live) -> AnyView {
    let store = ReleaseStore::new(snapshot);
    live.follow_on(snapshot, Box::new(move |event| store.receive(event)));
    show_freshness(store.freshness);
    let ReleaseView { app, version, .. } = &snapshot.state;
    let (view, now) = (store.view, live.now.into());
    let there = memo(move || view.with(|view| view.report.is_some()));
    let content = dynamic(move || if there.get() { report(view, now) } else { absent(view) });
    let links = part(view, now, &BESIDE);
    let word = part(view, now, &STATUS);
    view! {
        <div class="app-header app-title">
            {page_heading(version.to_string(), routes::release(app, *version))}
            <span data-part="status">{word}</span>
            <span class="facts needs-no-script">{as_of(snapshot.checked_at)}</span>
        </div>
        {source_notice(store.freshness)}
        {content}
        {links}
    }
    .erase()
}

fn report(view: RwSignal<ReleaseView>, now: Signal<Timestamp>) -> AnyView {
    view! {
        <div class="release">
            {part(view, now, &FACTS)}
            {part(view, now, &REASON)}
            {part(view, now, &CHANGES)}
            {part(view, now, &GO_BACK)}
        </div>
    }
    .erase()
}

/// A part of the page, drawn again only when what it says is something else.
fn part(view: RwSignal<ReleaseView>, now: Signal<Timestamp>, part: &'static Part) -> AnyView {
    let says = memo(move || {
        let says = view.with(|view| view.report.as_ref().map(|report| (part.says)(view, report)));
        says.unwrap_or_default()
    });
    dynamic(move || {
        // Not just tracked: a memo that nobody reads is never computed, and so never changes.
        says.with(|_| ());
        view.with_untracked(|view| view.report.as_ref().and_then(|report| (part.draw)(view, report, now)))
    })
    .erase()
}

fn absent(view: RwSignal<ReleaseView>) -> AnyView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let why = memo(move || view.with(ReleaseView::why_none));
    let all = view.with_untracked(|view| routes::releases(&view.app, None));
    view! {
        <section class="panel failure hint">
            <p class="what">{why}</p>
            <p><a href=all>"All releases"</a></p>
        </section>
    }
    .erase()
}
