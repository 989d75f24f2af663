//! `/apps/:name/releases`: the releases of an app, newest first, a page at a time.

use super::{Shown, page_of, topic_of_the_address, when_known};
use crate::components::copy_button::command;
use crate::components::link_state::show_freshness;
use crate::components::page_heading::page_heading;
use crate::components::releases_table::releases_table;
use crate::components::source_notice::source_notice;
use crate::components::tabs::app_tabs;
use crate::erase::{Erase, dynamic, memo};
use crate::live::{Live, ReleasesStore, use_live};
use crate::prelude::*;
use crate::routes::{self, Page};
use model::live::Snapshot;
use model::releases::Place;
use model::{AppName, ReleasesView};

/// The page.
pub(crate) fn releases_page() -> AnyView {
    let live = use_live();
    let draw = move |topic: &str, answer| {
        let shown: Shown = Box::new(move |state| Some(loaded(&state.into_releases()?, live)));
        when_known(topic, "Releases", answer, live, shown)
    };
    page_of(topic_of_the_address(Page::Releases), Box::new(draw))
}

fn loaded(snapshot: &Snapshot<ReleasesView>, live: Live) -> AnyView {
    let store = ReleasesStore::new(snapshot);
    live.follow_on(snapshot, Box::new(move |event| store.receive(event)));
    show_freshness(store.freshness);
    let name = snapshot.state.app.clone();
    let is_first = snapshot.topic.to_string().split(':').count() == 2;
    let (view, app) = (store.view, name.clone());
    let of_app = name.clone();
    let empty = memo(move || view.with(|view| view.releases.is_empty()));
    let table = dynamic(move || {
        if empty.get() {
            nothing(is_first, &of_app)
        } else {
            releases_table(app.clone(), view, live.now.into())
        }
    });
    let app = name.clone();
    let older = dynamic(move || {
        let place = view.with(|view| view.older.clone());
        pages(
            &routes::releases(&app, None),
            is_first,
            place.map(|place: Place| routes::releases(&app, Some(&place))),
        )
    });
    let path = routes::releases(&name, None);
    let tabs = app_tabs(&name, &path);
    view! {
        <div class="app-header app-title">
            {page_heading("Releases".to_owned(), path)}
            <span class="facts needs-no-script">{as_of(snapshot.checked_at)}</span>
            {tabs}
        </div>
        {source_notice(store.freshness)}
        <section class="panel" aria-label="Releases">{table}</section>
        {older}
    }
    .erase()
}

/// The age of what is shown, where nothing keeps it current.
pub(super) fn as_of(at: model::Timestamp) -> String {
    let mut text = "As of ".to_owned();
    text.push_str(&at.clock());
    text.push_str(" UTC");
    text
}

fn nothing(is_first: bool, app: &AppName) -> AnyView {
    if !is_first {
        return view! { <p class="dim">"There are no older releases."</p> }.erase();
    }
    let deploy = ["fly deploy -a ", app.as_str()].concat();
    view! {
        <div class="empty">
            <p>"Nothing was released yet. The first deployment makes the first release:"</p>
            {command(deploy)}
        </div>
    }
    .erase()
}

fn pages(newest: &str, is_first: bool, older: Option<String>) -> AnyView {
    let older = older.map(|older| view! { <a href=older rel="next">"Older releases"</a> }.erase());
    let newest = (!is_first).then(|| view! { <a href=newest.to_owned()>"Newest releases"</a> }.erase());
    view! { <nav class="pages" aria-label="Pages of releases">{newest}{older}</nav> }.erase()
}
