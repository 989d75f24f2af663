//! The state of one topic and the last changes that led to it.

use super::sequence::Sequence;
use model::Timestamp;
use model::live::{Change, ChangeKey, Snapshot, SourceHealth, Topic, TopicState, diff_app, diff_apps};
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// How many changes of a topic are kept for those who missed some. Who missed more gets a snapshot.
const RING: usize = 1_024;

struct Inner {
    state: Option<TopicState>,
    /// A reader at or after this number can be served from the ring.
    floor: u64,
    ring: VecDeque<(u64, Change)>,
    checked_at: Timestamp,
    source: SourceHealth,
    source_version: u64,
}

/// What a reader missed.
pub enum Missed {
    /// Nothing, or nothing is known yet.
    Nothing,
    /// These changes, the newest of each key, in order.
    Changes(Vec<Change>),
    /// More than is kept, or everything: begin anew with a snapshot.
    TooMuch,
}

/// The state of one topic. Readers keep a number each; nothing here grows with their count.
pub struct Channel {
    topic: Topic,
    inner: Mutex<Inner>,
    changed: watch::Sender<()>,
}

impl Channel {
    /// A topic of which nothing is known yet.
    pub fn new(topic: Topic) -> Self {
        let inner = Inner {
            state: None,
            floor: u64::MAX,
            ring: VecDeque::new(),
            checked_at: Timestamp::default(),
            source: SourceHealth::Fine,
            source_version: 0,
        };
        Self { topic, inner: Mutex::new(inner), changed: watch::Sender::new(()) }
    }

    /// The topic.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// Wakes when something changed.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Takes a new state; says whether it differs from the last. An equal state publishes nothing.
    pub fn publish(&self, new: TopicState, checked_at: Timestamp, sequence: &Sequence) -> bool {
        let mut inner = self.lock();
        inner.checked_at = checked_at;
        let changes = match (&inner.state, &new) {
            (Some(TopicState::App(old)), TopicState::App(new)) => {
                diff_app(old, new).into_iter().map(Change::App).collect()
            }
            (Some(TopicState::Apps(old)), TopicState::Apps(new)) => {
                diff_apps(old, new).into_iter().map(Change::Apps).collect()
            }
            _ => Vec::new(),
        };
        if inner.state.is_some() && changes.is_empty() {
            return false;
        }
        sequence.publish(|first| inner.place(first, new, changes));
        drop(inner);
        self.changed.send_replace(());
        true
    }

    /// Takes the upstream's health.
    pub fn set_source(&self, source: SourceHealth) {
        let mut inner = self.lock();
        if inner.source != source {
            inner.source = source;
            inner.source_version += 1;
            drop(inner);
            self.changed.send_replace(());
        }
    }

    /// Wakes the readers though nothing changed here.
    pub fn wake(&self) {
        self.changed.send_replace(());
    }

    /// What a reader at number `since` missed up to number `until`.
    pub fn missed(&self, since: Option<u64>, until: u64) -> Missed {
        let inner = self.lock();
        if inner.state.is_none() {
            return Missed::Nothing;
        }
        match since {
            Some(since) if since >= inner.floor => {
                let fresh = inner.ring.iter().rev().take_while(|(seq, _)| *seq > since);
                let changes =
                    newest_of_each_key(fresh.filter(|(seq, _)| *seq <= until).map(|(_, change)| change));
                if changes.is_empty() { Missed::Nothing } else { Missed::Changes(changes) }
            }
            _ => Missed::TooMuch,
        }
    }

    /// The state with all that a page needs to go on from it; none while nothing is known.
    pub fn snapshot(&self, sequence: &Sequence, now: Timestamp) -> Option<Snapshot<TopicState>> {
        let until = sequence.published();
        let inner = self.lock();
        let state = inner.state.clone()?;
        Some(Snapshot {
            topic: self.topic.clone(),
            cursor: sequence.cursor(until.max(inner.ring.back().map_or(0, |(seq, _)| *seq))),
            now,
            checked_at: inner.checked_at,
            source: inner.source.clone(),
            state,
        })
    }

    /// When Fly last told that the state is this.
    pub fn checked_at(&self) -> Timestamp {
        self.lock().checked_at
    }

    /// The upstream's health and a number that grows with each change of it.
    pub fn source(&self) -> (SourceHealth, u64) {
        let inner = self.lock();
        (inner.source.clone(), inner.source_version)
    }

    /// Whether anything is known yet.
    pub fn is_loaded(&self) -> bool {
        self.lock().state.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change below is complete before the lock is let go, panic or not.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Puts the changes in place from number `first` on; says how many numbers were used.
    fn place(&mut self, first: u64, new: TopicState, changes: Vec<Change>) -> u64 {
        if self.state.is_none() {
            self.floor = first;
        }
        self.state = Some(new);
        let used = (changes.len() as u64).max(1);
        self.ring.extend((first..).zip(changes));
        while self.ring.len() > RING {
            if let Some((seq, _)) = self.ring.pop_front() {
                self.floor = seq;
            }
        }
        used
    }
}

/// From changes, newest first, those that are not superseded, oldest first.
fn newest_of_each_key<'a>(newest_first: impl Iterator<Item = &'a Change>) -> Vec<Change> {
    let mut covered: HashSet<ChangeKey> = HashSet::new();
    let mut kept: Vec<Change> = newest_first
        .filter(|change| {
            let key = change.key();
            let superseded =
                covered.contains(&key) || key.covered_by().is_some_and(|whole| covered.contains(&whole));
            covered.insert(key);
            !superseded
        })
        .cloned()
        .collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::app_view;
    use model::live::{AppChange, Apply};
    use model::{AppView, Timestamp};

    fn state(restarts: u32) -> TopicState {
        TopicState::App(Box::new(app_view(restarts)))
    }

    fn channel() -> (Channel, Sequence) {
        (Channel::new(Topic::App("a".parse().unwrap())), Sequence::new("e".into()))
    }

    fn followed(channel: &Channel, sequence: &Sequence, view: &mut AppView, since: u64) -> usize {
        match channel.missed(Some(since), sequence.published()) {
            Missed::Nothing => 0,
            Missed::Changes(changes) => {
                let count = changes.len();
                for change in changes {
                    let Change::App(change) = change else { panic!("a change of the list") };
                    let change: AppChange = change;
                    view.apply(change);
                }
                count
            }
            Missed::TooMuch => panic!("a snapshot where changes would do"),
        }
    }

    #[test]
    fn an_equal_state_publishes_nothing_but_is_known_to_be_fresh() {
        let (channel, sequence) = channel();
        assert!(channel.publish(state(0), Timestamp(1), &sequence));
        let mut changed = channel.subscribe();
        changed.mark_unchanged();
        assert!(!channel.publish(state(0), Timestamp(2), &sequence));
        assert!(!changed.has_changed().unwrap());
        assert_eq!(channel.checked_at(), Timestamp(2));
    }

    #[test]
    fn a_reader_at_the_snapshot_gets_only_what_came_after_it() {
        let (channel, sequence) = channel();
        channel.publish(state(0), Timestamp(1), &sequence);
        let snapshot = channel.snapshot(&sequence, Timestamp(1)).unwrap();
        assert!(matches!(channel.missed(Some(snapshot.cursor.seq), sequence.published()), Missed::Nothing));

        channel.publish(state(1), Timestamp(2), &sequence);
        let TopicState::App(mut view) = snapshot.state else { panic!() };
        assert_eq!(followed(&channel, &sequence, &mut view, snapshot.cursor.seq), 1);
        assert_eq!(*view, app_view(1));
    }

    #[test]
    fn a_slow_reader_gets_the_newest_of_each_key_and_ends_on_the_right_state() {
        let (channel, sequence) = channel();
        channel.publish(state(0), Timestamp(1), &sequence);
        let since = sequence.published();
        for restarts in 1..=100 {
            channel.publish(state(restarts), Timestamp(2), &sequence);
        }
        let mut view = app_view(0);
        assert_eq!(followed(&channel, &sequence, &mut view, since), 1);
        assert_eq!(view, app_view(100));
    }

    #[test]
    fn a_reader_outside_of_the_ring_gets_a_snapshot() {
        let (channel, sequence) = channel();
        channel.publish(state(0), Timestamp(1), &sequence);
        let since = sequence.published();
        for restarts in 1..=u32::try_from(RING).unwrap() + 1 {
            channel.publish(state(restarts), Timestamp(2), &sequence);
        }
        assert!(matches!(channel.missed(Some(since), sequence.published()), Missed::TooMuch));
        assert!(matches!(channel.missed(Some(since + 1), sequence.published()), Missed::Changes(_)));
        assert!(matches!(channel.missed(None, sequence.published()), Missed::TooMuch));
    }

    #[test]
    fn a_topic_whose_state_is_newer_than_the_reader_begins_with_a_snapshot() {
        let (channel, sequence) = channel();
        sequence.publish(|_| 5);
        channel.publish(state(0), Timestamp(1), &sequence);
        assert!(matches!(channel.missed(Some(3), sequence.published()), Missed::TooMuch));
    }
}
