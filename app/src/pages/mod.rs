//! The pages, one file each.

pub(crate) mod app;
pub(crate) mod apps;
pub(crate) mod apps_query;
pub(crate) mod not_found;
pub(crate) mod sign_in;

use crate::api::read_topic;
use crate::components::page_heading::page_heading;
use crate::erase::Erase;
use crate::error::AppError;
use crate::json::Json;
use crate::live::Live;
use leptos::prelude::*;
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

/// A state that is on its way.
pub(crate) type State = Resource<Result<Snapshot<TopicState>, AppError>, Json>;

/// The first state that the stream brings to a page which could not be loaded because Fly did not
/// answer: the stream goes on trying, and the page fills itself.
pub(crate) fn first_state(topic: Topic, live: Live) -> RwSignal<Option<Snapshot<TopicState>>> {
    let first = RwSignal::new(None);
    live.follow_until_loaded(topic, move |snapshot| {
        if first.try_with_untracked(Option::is_none) == Some(true) {
            let _ = first.try_set(Some(snapshot));
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
