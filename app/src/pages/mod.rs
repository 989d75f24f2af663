//! The pages, one file each.

pub(crate) mod app;
pub(crate) mod apps;
pub(crate) mod apps_query;
pub(crate) mod instance;
mod loading;
pub(crate) mod not_found;
pub(crate) mod release;
pub(crate) mod releases;
pub(crate) mod sign_in;
mod topics;

use crate::components::error_panel::error_panel;
use crate::components::link_state::show_freshness;
use crate::components::page_heading::page_heading;
use crate::erase::{Erase, dynamic};
use crate::error::AppError;
use crate::handed::Answer;
use crate::live::{Freshness, Live};
use crate::location;
use crate::prelude::*;
use crate::title::title;
pub(crate) use loading::{page_of, topic_of_the_address};
use model::live::{Snapshot, SourceHealth, Topic, TopicState};
use model::{ReleaseVersion, Timestamp};
#[cfg(feature = "ssr")]
pub(crate) use topics::topic_at;

/// Draws the state of the page's own kind of topic; none where it is of another kind.
pub(crate) type Shown = Box<dyn Fn(Snapshot<TopicState>) -> Option<AnyView> + Send + Sync>;

/// A page about something of an app, once it is known whether there is data. Where Fly is the reason
/// that there is none the page fills itself later. `of` is what it is about, without data.
pub(crate) fn when_known(topic: &str, of: &'static str, answer: Answer, live: Live, shown: Shown) -> AnyView {
    let mut parts = topic.split(':').skip(1);
    let (app, part) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    title(&title_of(of, app, part));
    let of = heading(of, part);
    match answer {
        Ok(state) => shown(state).unwrap_or_else(|| nothing(&of, &AppError::Internal)),
        Err(error) => match (&error, topic.parse()) {
            (AppError::Upstream { .. }, Ok(topic)) => {
                let first = first_state(topic, live);
                dynamic(move || first.get().and_then(&shown).unwrap_or_else(|| nothing(&of, &error))).erase()
            }
            _ => nothing(&of, &error),
        },
    }
}

/// What a page without data is headed: a release by its version, where that is one.
fn heading(of: &str, part: &str) -> String {
    match part.parse::<ReleaseVersion>() {
        Ok(version) if of == "Release" => version.to_string(),
        _ => of.to_owned(),
    }
}

/// `v14 · web · Windsock`, in the browser's tab.
fn title_of(of: &str, app: &str, part: &str) -> String {
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
    let here = location::path().get_untracked();
    view! { {plain_heading(of.to_owned(), here.clone())}{error_panel(error, &here)} }.erase()
}

/// The first state that the stream brings to a page which could not be loaded because Fly did not
/// answer: the stream goes on trying, and the page fills itself.
pub(crate) fn first_state(topic: Topic, live: Live) -> RwSignal<Option<Snapshot<TopicState>>> {
    let first = RwSignal::new(None);
    // The header says that Fly does not answer, and not just that the stream is there. Nobody knows since when.
    let since = Timestamp::default();
    let failing = SourceHealth::Failing {
        since,
        message: String::new(),
        retry_at: since,
        request_id: None,
        shown_from: None,
    };
    show_freshness(Freshness::new(since, failing));
    live.follow_until_loaded(topic, move |snapshot| {
        if first.try_with_untracked(Option::is_none) == Some(true) {
            first.set(Some(snapshot));
        }
    });
    first
}

/// The heading of a page that has no data to show.
pub(crate) fn plain_heading(text: String, path: String) -> AnyView {
    view! { <div class="app-header">{page_heading(text, path)}</div> }.erase()
}
