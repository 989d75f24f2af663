//! Pages that are about a topic: there at once with what the server handed over, and otherwise as soon as
//! its state came.

use super::topics::topic_at;
use crate::context::context;
use crate::erase::{Erase, dynamic};
use crate::handed::{Answer, First};
use crate::location;
use crate::prelude::*;
use crate::reactive::memo_with;
use crate::routes::Page;

/// The topic of the page at the address, with names as they were typed. It stays while the page is
/// being left, so that nothing is loaded for the page that comes.
pub(crate) fn topic_of_the_address(page: Page) -> Memo<String> {
    let address = location::address();
    let query = location::query();
    memo_with(move |before: Option<&String>| {
        let topic = address.with(|address| {
            let is_here = Page::at(&address.path) == page;
            is_here.then(|| query.with(|query| topic_at(&address.path, query))).flatten()
        });
        topic.or_else(|| before.cloned()).unwrap_or_default()
    })
}

/// Draws what is known of a topic, which it is told.
pub(crate) type Draw = Box<dyn Fn(&str, Answer) -> AnyView + Send + Sync>;

/// The page of a topic, drawn anew when it becomes another.
pub(crate) fn page_of(topic: Memo<String>, draw: Draw) -> AnyView {
    let first = context().first;
    let known = first.update_untracked(Option::take).flatten();
    let known = RwSignal::new(known.filter(|known| topic.with_untracked(|topic| known.topic == *topic)));
    load(topic, known);
    dynamic(move || {
        known.track();
        // It is drawn once: a page keeps itself current.
        let known = known.update_untracked(Option::take).flatten();
        untrack(|| known.map_or_else(loading, |First { topic, answer }| draw(&topic, answer)))
    })
    .erase()
}

/// While the first data of a page is on its way, after a change of route.
fn loading() -> AnyView {
    view! { <h1 class="dim">"Loading…"</h1> }.erase()
}

/// Reads the state of the topic, and again when it becomes another.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn load(topic: Memo<String>, known: RwSignal<Option<First>>) {
    let mut is_known = known.with_untracked(Option::is_some);
    crate::erase::effect(move || {
        let topic = topic.get();
        if !std::mem::take(&mut is_known) {
            known.set(None);
            let then = move |topic, answer| known.set(Some(First { topic, answer }));
            crate::api::read_then(topic, Box::new(then));
        }
    });
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn load(_: Memo<String>, _: RwSignal<Option<First>>) {}
