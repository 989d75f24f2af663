//! The live half of the pages: one stream for all tabs of the browser, and the stores it feeds.
//!
//! A page makes a store from its snapshot and calls [`Live::follow_app`] or [`Live::follow_apps`];
//! from then on the store's signals follow the server. On the server nothing happens.

mod app_store;
mod apps_store;
mod asked;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser;
mod cell;
pub mod clock;
pub mod connection;
pub mod event_stream;
pub mod follows;
mod freshness;
mod link;
pub mod message;
pub mod rows;
pub mod sharing;
#[cfg(test)]
mod store_tests;
mod topic_event;
mod view_store;

pub use app_store::AppStore;
pub use apps_store::AppsStore;
pub use asked::Asked;
pub use freshness::Freshness;
pub use link::{Crowd, Link};
pub use rows::Rows;
pub use topic_event::TopicEvent;
pub use view_store::{InstanceStore, ReleaseStore, ReleasesStore};

use crate::context::context;
use crate::prelude::*;
use crate::session::Session;
use model::live::{Cursor, Snapshot, Topic, TopicState};
use model::{AppView, Timestamp};

/// The tab's connection to the server.
#[derive(Clone, Copy)]
pub struct Live {
    /// The state of the stream.
    pub link: RwSignal<Link>,
    /// The server's time, which ticks each second. It starts from a snapshot's `now`, so that the
    /// server and the browser render the same ages; before any snapshot it is 0.
    pub now: RwSignal<Timestamp>,
    /// Whether the server is of another build than this page: reload for the new version.
    pub new_build: RwSignal<bool>,
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    tab: StoredValue<browser::Tab, LocalStorage>,
}

/// The connection of this tab.
pub(crate) fn use_live() -> Live {
    context().live
}

impl Live {
    #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
    pub(crate) fn new(_session: &Session) -> Self {
        Self {
            link: RwSignal::new(Link::Static),
            now: RwSignal::new(Timestamp::default()),
            new_build: RwSignal::new(false),
        }
    }

    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    /// Makes the connection of a page that was rendered for this session.
    pub(crate) fn new(session: &Session) -> Self {
        let link = RwSignal::new(Link::Static);
        let now = RwSignal::new(Timestamp::default());
        let new_build = RwSignal::new(false);
        let tab = browser::Tab::new(session, link, now, new_build);
        Self { link, now, new_build, tab: StoredValue::new_local(tab) }
    }

    /// Keeps the store current as long as the current reactive owner lives.
    pub fn follow_app(&self, store: &AppStore, snapshot: &Snapshot<AppView>) {
        let store = *store;
        self.begin_at(snapshot.now);
        self.follow(snapshot.topic.clone(), Some(snapshot.cursor.clone()), move |event| store.receive(event));
    }

    /// Hands everything that comes after a state to `sink`, as long as the current reactive owner lives.
    pub fn follow_on<T>(&self, snapshot: &Snapshot<T>, sink: Box<dyn Fn(&TopicEvent)>) {
        self.begin_at(snapshot.now);
        self.follow(snapshot.topic.clone(), Some(snapshot.cursor.clone()), sink);
    }

    /// For a page without data, because Fly did not answer: calls back with each whole state that
    /// the stream brings, as long as the current reactive owner lives.
    pub fn follow_until_loaded(&self, topic: Topic, loaded: impl Fn(Snapshot<TopicState>) + 'static) {
        self.follow(topic, None, move |event| {
            if let TopicEvent::Snapshot(snapshot) = event {
                loaded(Snapshot::clone(snapshot));
            }
        });
    }

    /// Hands everything the stream says of a topic to `sink`, as long as the current reactive
    /// owner lives. `since` is the place of the state the page already has; without one the stream
    /// begins with a snapshot. Does nothing on the server.
    #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
    pub fn follow(&self, _topic: Topic, _since: Option<Cursor>, _sink: impl Fn(&TopicEvent) + 'static) {}

    /// Hands everything the stream says of a topic to `sink`, as long as the current reactive
    /// owner lives. `since` is the place of the state the page already has; without one the stream
    /// begins with a snapshot. Does nothing on the server.
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    pub fn follow(&self, topic: Topic, since: Option<Cursor>, sink: impl Fn(&TopicEvent) + 'static) {
        let tab = self.tab;
        let Some(id) = tab.try_with_value(|tab| tab.follow(topic, since, sink)) else { return };
        on_cleanup(move || {
            let _ = tab.try_with_value(|tab| tab.unfollow(id));
        });
    }

    /// The server's time at which a snapshot was made.
    fn begin_at(&self, now: Timestamp) {
        #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
        let _ = self.tab.try_with_value(|tab| tab.heard_of(now));
        #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
        cell::set_if_different(self.now, now);
    }
}
