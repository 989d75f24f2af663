//! What the pages about releases show.

use super::cell::set_if_different;
use super::freshness::Freshness;
use super::topic_event::TopicEvent;
use crate::prelude::*;
use model::live::{Apply, Change, ReleaseChange, ReleasesChange, Snapshot, TopicState};
use model::{ReleaseView, ReleasesView};

/// The live state of a page of releases.
#[derive(Clone, Copy)]
pub struct ReleasesStore {
    /// The page of the list.
    pub view: RwSignal<ReleasesView>,
    /// How current it is.
    pub freshness: Freshness,
}

/// The live state of one release.
#[derive(Clone, Copy)]
pub struct ReleaseStore {
    /// The release.
    pub view: RwSignal<ReleaseView>,
    /// How current it is.
    pub freshness: Freshness,
}

impl ReleasesStore {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<ReleasesView>) -> Self {
        let freshness = Freshness::new(snapshot.checked_at, snapshot.source.clone());
        Self { view: RwSignal::new(snapshot.state.clone()), freshness }
    }

    /// Applies what the stream says of the page. Applying it twice changes nothing.
    pub fn receive(&self, event: &TopicEvent) {
        let Some(mut view) = self.view.try_get_untracked() else { return };
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::Releases(new) = &snapshot.state {
                    view = ReleasesView::clone(new);
                }
            }
            TopicEvent::Changes(set) => {
                let mine = |change: &Change| match change {
                    Change::Releases(change) => Some(change.clone()),
                    _ => None,
                };
                set.changes.iter().filter_map(mine).for_each(|change: ReleasesChange| view.apply(change));
            }
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        set_if_different(self.view, view);
        self.freshness.receive(event);
    }
}

impl ReleaseStore {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<ReleaseView>) -> Self {
        let freshness = Freshness::new(snapshot.checked_at, snapshot.source.clone());
        Self { view: RwSignal::new(snapshot.state.clone()), freshness }
    }

    /// Applies what the stream says of the release. Applying it twice changes nothing.
    pub fn receive(&self, event: &TopicEvent) {
        let Some(mut view) = self.view.try_get_untracked() else { return };
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::Release(new) = &snapshot.state {
                    view = ReleaseView::clone(new);
                }
            }
            TopicEvent::Changes(set) => {
                let mine = |change: &Change| match change {
                    Change::Release(change) => Some(change.clone()),
                    _ => None,
                };
                set.changes.iter().filter_map(mine).for_each(|change: ReleaseChange| view.apply(change));
            }
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        set_if_different(self.view, view);
        self.freshness.receive(event);
    }
}
