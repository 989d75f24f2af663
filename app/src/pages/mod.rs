//! The pages, one file each.

pub(crate) mod app;
pub(crate) mod apps;
pub(crate) mod apps_query;
pub(crate) mod instance;
pub(crate) mod not_found;
pub(crate) mod release;
pub(crate) mod releases;
pub(crate) mod sign_in;

use crate::api::read_topic;
use crate::components::error_panel::error_panel;
use crate::components::page_heading::page_heading;
use crate::erase::{Erase, dynamic};
use crate::error::AppError;
use crate::json::Json;
use crate::live::Live;
use crate::prelude::*;
use crate::reactive::memo_with;
use crate::routes::Page;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;
use model::live::{Snapshot, Topic, TopicState};
use std::pin::Pin;

/// A page that is there as soon as its data is. One for all pages, because each type of [`Suspense`]
/// brings its own code.
pub(crate) fn when_loaded(page: Box<dyn Fn() -> Loading + Send + Sync>) -> AnyView {
    view! { <Suspense fallback=loading>{move || Suspend::new(page())}</Suspense> }.erase()
}

/// The state of the topic that `topic` names, loaded anew when it names another.
pub(crate) fn state_of(topic: Box<dyn Fn() -> String + Send + Sync>) -> State {
    Resource::new_with_options(topic, read_topic, false)
}

/// The topic of the page at the address, with names as they were typed. It stays while the page is
/// being left, so that nothing is loaded for the page that comes.
pub(crate) fn topic_at(page: Page, topic: fn(&str, &ParamsMap) -> String) -> Memo<String> {
    let (path, query) = (use_location().pathname, use_query_map());
    memo_with(move |before: Option<&String>| {
        path.with(|path| {
            if Page::at(path) == page {
                query.with(|query| topic(path, query))
            } else {
                before.cloned().unwrap_or_default()
            }
        })
    })
}

/// A name as it was typed, of which a topic can be made: one that would end its part of the topic is no
/// name anyway.
pub(crate) fn typed(segment: &str) -> String {
    Url::unescape(segment).replace(':', "%3A")
}

/// Draws the state of the page's own kind of topic; none where it is of another kind.
pub(crate) type Shown = Box<dyn Fn(Snapshot<TopicState>) -> Option<AnyView> + Send + Sync>;

/// A page about something of an app, once it is known whether there is data. Where Fly is the reason
/// that there is none the page fills itself later. `of` is what it is about, without data.
pub(crate) fn when_known(
    topic: &str,
    of: &'static str,
    answer: Result<Snapshot<TopicState>, AppError>,
    live: Live,
    shown: Shown,
) -> AnyView {
    let mut parts = topic.split(':').skip(1);
    let (app, part) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let title = title(of, app, part);
    let content = match answer {
        Ok(state) => shown(state).unwrap_or_else(|| nothing(of, &AppError::Internal)),
        Err(error) => match (&error, topic.parse()) {
            (AppError::Upstream { .. }, Ok(topic)) => {
                let first = first_state(topic, live);
                dynamic(move || first.get().and_then(&shown).unwrap_or_else(|| nothing(of, &error))).erase()
            }
            _ => nothing(of, &error),
        },
    };
    view! { <Title text=title />{content} }.erase()
}

/// `v14 · web · Windsock`, in the browser's tab.
fn title(of: &str, app: &str, part: &str) -> String {
    let mut text = String::new();
    if of == "Release" {
        text.push('v');
        text.push_str(part.strip_prefix('v').unwrap_or(part));
    } else {
        text.push_str(of);
    }
    for part in [" · ", app, " · Windsock"] {
        text.push_str(part);
    }
    text
}

fn nothing(of: &str, error: &AppError) -> AnyView {
    let here = use_location().pathname.get_untracked();
    view! { {plain_heading(of.to_owned(), here.clone())}{error_panel(error, &here)} }.erase()
}

/// A state that is on its way.
pub(crate) type State = Resource<Result<Snapshot<TopicState>, AppError>, Json>;

/// The first state that the stream brings to a page which could not be loaded because Fly did not
/// answer: the stream goes on trying, and the page fills itself.
pub(crate) fn first_state(topic: Topic, live: Live) -> RwSignal<Option<Snapshot<TopicState>>> {
    let first = RwSignal::new(None);
    live.follow_until_loaded(topic, move |snapshot| {
        if first.try_with_untracked(Option::is_none) == Some(true) {
            first.set(Some(snapshot));
        }
    });
    first
}

/// A page whose data is on its way.
pub(crate) type Loading = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// While the first data of a page is on its way, after a change of route.
fn loading() -> AnyView {
    view! { <p class="dim">"Loading…"</p> }.erase()
}

/// The heading of a page that has no data to show.
pub(crate) fn plain_heading(text: String, path: String) -> AnyView {
    view! { <div class="app-header">{page_heading(text, path)}</div> }.erase()
}
