//! What the page of an instance, of releases or of one release shows: one signal, of which each part of the
//! page follows its own.

use super::cell::{alter, set_if_different};
use super::freshness::Freshness;
use super::topic_event::TopicEvent;
use crate::prelude::*;
use model::live::{Apply, Change, Snapshot, TopicState};
use model::{InstanceView, ReleaseView, ReleasesView};

/// What a topic shows that is one signal on its page.
pub trait Shown: Clone + PartialEq + Send + Sync + 'static {
    /// The view, if the state is of its kind of topic.
    fn of(state: &TopicState) -> Option<&Self>;

    /// Applies a change, if it is of its kind of topic.
    fn take(&mut self, change: &Change);
}

macro_rules! shown {
    ($view:ident = $kind:ident) => {
        impl Shown for $view {
            fn of(state: &TopicState) -> Option<&Self> {
                if let TopicState::$kind(view) = state { Some(view) } else { None }
            }

            fn take(&mut self, change: &Change) {
                if let Change::$kind(change) = change {
                    self.apply(change.clone());
                }
            }
        }
    };
}

shown!(InstanceView = Instance);
shown!(ReleasesView = Releases);
shown!(ReleaseView = Release);

/// The live state of a page that is one signal.
pub struct ViewStore<V: 'static> {
    /// All of it.
    pub view: RwSignal<V>,
    /// How current it is.
    pub freshness: Freshness,
}

/// The live state of one instance.
pub type InstanceStore = ViewStore<InstanceView>;
/// The live state of a page of releases.
pub type ReleasesStore = ViewStore<ReleasesView>;
/// The live state of one release.
pub type ReleaseStore = ViewStore<ReleaseView>;

impl<V> Clone for ViewStore<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for ViewStore<V> {}

impl<V: Shown> ViewStore<V> {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<V>) -> Self {
        Self {
            view: RwSignal::new(snapshot.state.clone()),
            freshness: Freshness::new(snapshot.checked_at, snapshot.source.clone()),
        }
    }

    /// Applies what the stream says of the topic, all at once: what follows the signal runs once. Applying
    /// it twice changes nothing.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let Some(view) = V::of(&snapshot.state) {
                    set_if_different(self.view, view.clone());
                }
            }
            TopicEvent::Changes(set) => {
                alter(self.view, |view| set.changes.iter().for_each(|change| view.take(change)));
            }
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        self.freshness.receive(event);
    }
}
