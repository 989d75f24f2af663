//! A topic of which all readers see the same: its state, and the changes that led to it.

use super::channel::Missed;
use super::outgoing::{Json, json};
use super::ring::{Ring, Span};
use super::sequence::Sequence;
use model::Timestamp;
use model::live::{Change, ChangeSet, Topic, TopicState};
use serde_json::value::{RawValue, to_raw_value};
use std::sync::Arc;

/// The state, and the last changes that led to it.
pub(super) struct Whole {
    state: Option<TopicState>,
    /// The state as JSON, written when the first reader needs it.
    json: Option<Arc<RawValue>>,
    ring: Ring,
    /// What was last written for a reader: the next one most likely missed the same.
    told: Option<Told>,
}

struct Told {
    first: u64,
    last: u64,
    checked_at: Timestamp,
    json: Json,
}

impl Whole {
    /// Nothing is known yet.
    pub(super) fn new() -> Self {
        Self { state: None, json: None, ring: Ring::new(), told: None }
    }

    /// The state; none while nothing is known.
    pub(super) fn state(&self) -> Option<&TopicState> {
        self.state.as_ref()
    }

    /// Takes a new state; says whether it differs from the last.
    pub(super) fn take(&mut self, new: TopicState, sequence: &Sequence) -> bool {
        let changes = self.state.as_ref().map(|old| old.changes_to(&new)).unwrap_or_default();
        let differs = self.state.is_none() || !changes.is_empty();
        if differs {
            sequence.publish(|first| self.place(first, new, changes));
        }
        differs
    }

    /// Puts the changes in place from number `first` on; says how many numbers were used.
    fn place(&mut self, first: u64, new: TopicState, changes: Vec<Change>) -> u64 {
        if self.state.is_none() {
            self.ring.begin(first);
        }
        self.state = Some(new);
        self.json = None;
        let used = (changes.len() as u64).max(1);
        self.ring.extend(first, changes);
        used
    }

    /// What a reader missed who has the state at number `since`, and the number of the last change of
    /// it; none where its changes are not written yet.
    pub(super) fn missed(&self, since: Option<u64>, checked_at: Timestamp) -> Option<(Missed, Option<u64>)> {
        if self.state.is_none() {
            return Some((Missed::Nothing, None));
        }
        match self.ring.span(since) {
            Span::Empty => Some((Missed::Nothing, None)),
            Span::TooMuch => Some((Missed::TooMuch, None)),
            Span::Between(first, last) => {
                let same =
                    |told: &&Told| (told.first, told.last, told.checked_at) == (first, last, checked_at);
                let told = self.told.as_ref().filter(same)?;
                Some((Missed::Changes(told.json.clone()), Some(last)))
            }
        }
    }

    /// Writes what such a reader missed. Thousands who missed the same get the same text.
    pub(super) fn write_changes(&mut self, topic: &Topic, since: Option<u64>, checked_at: Timestamp) {
        let Span::Between(first, last) = self.ring.span(since) else { return };
        let changes = self.ring.newest_of_each_key(first);
        let json = json(&ChangeSet { topic: topic.clone(), checked_at, changes });
        self.told = Some(Told { first, last, checked_at, json });
    }

    /// The state as JSON; none while nothing is known.
    pub(super) fn json(&mut self) -> Option<Arc<RawValue>> {
        if self.json.is_none() {
            self.json = written(self.state.as_ref()?);
        }
        self.json.clone()
    }
}

/// A state as JSON.
pub(super) fn written(state: &TopicState) -> Option<Arc<RawValue>> {
    let written = to_raw_value(state);
    written.inspect_err(|error| tracing::error!(%error, "a state could not be written")).ok().map(Arc::from)
}
