//! The last changes of a topic, for those who missed some.

use model::live::{Change, ChangeKey};
use std::collections::{HashSet, VecDeque};

/// How many changes of a topic are kept. Who missed more gets a snapshot.
pub(super) const RING: usize = 1_024;

/// The last changes, each with its number.
pub(super) struct Ring {
    /// A reader at or after this number can be served from here.
    floor: u64,
    changes: VecDeque<(u64, Change)>,
}

/// The numbers of the changes a reader missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// It missed none.
    Empty,
    /// From the first to the last, both included.
    Between(u64, u64),
    /// More than is kept.
    TooMuch,
}

impl Ring {
    /// A ring that can serve nobody yet.
    pub(super) fn new() -> Self {
        Self { floor: u64::MAX, changes: VecDeque::new() }
    }

    /// Nobody from before `first` can be served: the state was placed with that number.
    pub(super) fn begin(&mut self, first: u64) {
        self.floor = first;
    }

    /// Adds changes, numbered from `first` on.
    pub(super) fn extend(&mut self, first: u64, changes: Vec<Change>) {
        self.changes.extend((first..).zip(changes));
        while self.changes.len() > RING {
            if let Some((seq, _)) = self.changes.pop_front() {
                self.floor = seq;
            }
        }
    }

    /// What came after `since`.
    pub(super) fn span(&self, since: Option<u64>) -> Span {
        let Some(since) = since.filter(|since| *since >= self.floor) else { return Span::TooMuch };
        match (self.changes.get(self.after(since)), self.changes.back()) {
            (Some((first, _)), Some((last, _))) => Span::Between(*first, *last),
            _ => Span::Empty,
        }
    }

    /// The changes from number `first` on that are not superseded by a later one, in order.
    pub(super) fn newest_of_each_key(&self, first: u64) -> Vec<Change> {
        let fresh = self.changes.range(self.after(first.saturating_sub(1))..);
        newest_of_each_key(fresh.rev().map(|(_, change)| change))
    }

    fn after(&self, since: u64) -> usize {
        self.changes.partition_point(|(seq, _)| *seq <= since)
    }
}

/// From changes, newest first, those that are not superseded, oldest first.
fn newest_of_each_key<'a>(newest_first: impl Iterator<Item = &'a Change>) -> Vec<Change> {
    let mut covered: HashSet<ChangeKey> = HashSet::new();
    let mut kept: Vec<Change> = newest_first
        .filter(|change| {
            let key = change.key();
            let superseded = key.is_covered(&covered);
            covered.insert(key);
            !superseded
        })
        .cloned()
        .collect();
    kept.reverse();
    kept
}
