//! The part that a tab plays, and what it knows of its leader.

use super::super::connection::StreamId;
use super::said::Term;

/// A leader that is silent for this long is asked for.
const SILENCE_MS: u64 = 900;
/// How long its answer may take.
pub(super) const ANSWER_MS: u64 = 500;
/// How long the lock may take once it is taken away from somebody.
pub(super) const LOCK_MS: u64 = 1_000;
/// A tab says something this often, so that the leader knows that it lives.
pub(super) const ALIVE_MS: u64 = 15_000;
/// A tab that is not carried does not ask for it more often than this.
const JOIN_AGAIN_MS: u64 = 500;

#[derive(Debug)]
pub(super) enum Role {
    /// Wants no stream.
    Out,
    /// Waits for the lock.
    Waiting(Watch),
    /// Has the lock.
    Leading(Term),
    /// Has a stream of its own, for so long.
    Alone { until: Option<u64> },
}

/// What a tab that waits knows of its leader.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) leader: Option<Term>,
    /// The stream that carries this tab, and the number of the next message with its frames.
    pub(super) carrier: Option<(StreamId, u32)>,
    pub(super) heard_at: u64,
    pub(super) spoke_at: u64,
    pub(super) joined_at: u64,
    pub(super) asked_at: Option<u64>,
    pub(super) stole_at: Option<u64>,
}

impl Watch {
    pub(super) fn new(now: u64) -> Self {
        Self {
            leader: None,
            carrier: None,
            heard_at: now,
            spoke_at: now,
            joined_at: now,
            asked_at: None,
            stole_at: None,
        }
    }

    pub(super) fn ask_at(&self) -> u64 {
        (self.heard_at + SILENCE_MS).min(self.spoke_at + ALIVE_MS)
    }

    /// When to ask again for being carried; not while it is.
    pub(super) fn join_at(&self) -> Option<u64> {
        (self.leader.is_some() && self.carrier.is_none()).then_some(self.joined_at + JOIN_AGAIN_MS)
    }

    /// When something is due. A tab that nobody looks at only has to say that it lives.
    pub(super) fn wakes_at(&self, hidden: bool) -> u64 {
        let asks = match (self.stole_at, self.asked_at) {
            (Some(stole), _) => stole + LOCK_MS,
            (None, _) if hidden => self.spoke_at + ALIVE_MS,
            (None, Some(asked)) => asked + ANSWER_MS,
            (None, None) => self.ask_at(),
        };
        self.join_at().map_or(asks, |join| join.min(asks))
    }

    pub(super) fn heard(&mut self, now: u64) {
        self.heard_at = now;
        self.asked_at = None;
        self.stole_at = None;
    }
}
