//! What the page of one instance shows: one signal, of which each part of the page follows its own.

use super::cell::set_if_different;
use super::freshness::Freshness;
use super::topic_event::TopicEvent;
use crate::prelude::*;
use model::InstanceView;
use model::live::{Apply, Change, Snapshot, TopicState};

/// The live state of one instance.
#[derive(Clone, Copy)]
pub struct InstanceStore {
    /// All of it.
    pub view: RwSignal<InstanceView>,
    /// How current it is.
    pub freshness: Freshness,
}

impl InstanceStore {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<InstanceView>) -> Self {
        Self {
            view: RwSignal::new(snapshot.state.clone()),
            freshness: Freshness::new(snapshot.checked_at, snapshot.source.clone()),
        }
    }

    /// Applies what the stream says of this instance. Applying it twice changes nothing.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::Instance(view) = &snapshot.state {
                    set_if_different(self.view, InstanceView::clone(view));
                }
            }
            TopicEvent::Changes(set) => self.change(&set.changes),
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        self.freshness.receive(event);
    }

    /// All changes at once: what follows the signal runs once.
    fn change(&self, changes: &[Change]) {
        let Some(mut view) = self.view.try_get_untracked() else { return };
        for change in changes {
            if let Change::Instance(change) = change {
                view.apply(change.clone());
            }
        }
        set_if_different(self.view, view);
    }
}
