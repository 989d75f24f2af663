//! The state of one topic and the last changes that led to it.

use super::outgoing::{Json, json};
use super::ring::{Ring, Span};
use super::sequence::Sequence;
use model::Timestamp;
use model::live::{
    Change, ChangeSet, Snapshot, SnapshotEvent, SnapshotReason, SourceHealth, SourceState, Topic, TopicState,
};
use serde_json::value::{RawValue, to_raw_value};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::watch;

struct Inner {
    state: Option<TopicState>,
    /// The state as JSON, written when the first reader needs it.
    state_json: Option<Arc<RawValue>>,
    ring: Ring,
    checked_at: Timestamp,
    source: SourceHealth,
    /// The number of the last change of `source`; 0 where it never changed.
    source_seq: u64,
    /// What was last written for a reader: the next one most likely missed the same.
    told: Option<Told>,
}

struct Told {
    first: u64,
    last: u64,
    checked_at: Timestamp,
    json: Json,
}

/// What a reader missed of the state.
#[derive(Clone, Debug)]
pub enum Missed {
    /// Nothing, or nothing is known yet.
    Nothing,
    /// These changes: a [`ChangeSet`] with the newest of each key, in order.
    Changes(Json),
    /// More than is kept, or everything: begin anew with a snapshot.
    TooMuch,
}

/// What is new for a reader.
#[derive(Clone, Debug)]
pub struct News {
    /// Of the state.
    pub missed: Missed,
    /// The number of the last change that `missed` holds; none where it holds none.
    pub last: Option<u64>,
    /// Of the upstream's health: a [`SourceState`].
    pub source: Option<Json>,
    /// The number of the last change of the upstream's health.
    pub source_seq: u64,
    /// When Fly last told that the state is what the reader has after these news.
    pub checked_at: Timestamp,
    /// Whether anything is known of the topic.
    pub is_loaded: bool,
}

/// The state of one topic. Readers keep a number each; nothing here grows with their count.
pub struct Channel {
    topic: Topic,
    inner: RwLock<Inner>,
    changed: watch::Sender<()>,
}

impl Channel {
    /// A topic of which nothing is known yet.
    pub fn new(topic: Topic) -> Self {
        let inner = Inner {
            state: None,
            state_json: None,
            ring: Ring::new(),
            checked_at: Timestamp::default(),
            source: SourceHealth::Fine,
            source_seq: 0,
            told: None,
        };
        Self { topic, inner: RwLock::new(inner), changed: watch::Sender::new(()) }
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
        self.publish_with(new, None, checked_at, sequence)
    }

    /// Takes a new state together with the upstream's health, so that nobody sees the one without the
    /// other: the health says which parts of the state are older than the rest.
    pub fn publish_with(
        &self,
        new: TopicState,
        source: Option<SourceHealth>,
        checked_at: Timestamp,
        sequence: &Sequence,
    ) -> bool {
        let mut inner = self.write();
        inner.checked_at = checked_at;
        let changes = inner.state.as_ref().map(|old| old.changes_to(&new)).unwrap_or_default();
        let differs = inner.state.is_none() || !changes.is_empty();
        let source = source.filter(|source| *source != inner.source);
        if !differs && source.is_none() {
            return false;
        }
        sequence.publish(|first| {
            let used = if differs { inner.place(first, new, changes) } else { 0 };
            used + source.map_or(0, |source| inner.put_source(source, first + used))
        });
        drop(inner);
        self.changed.send_replace(());
        differs
    }

    /// Takes the upstream's health. A change of it has a number, so that who has been told is not
    /// told again after a reconnect.
    pub fn set_source(&self, source: SourceHealth, sequence: &Sequence) {
        let mut inner = self.write();
        if inner.source != source {
            sequence.publish(|first| inner.put_source(source, first));
            drop(inner);
            self.changed.send_replace(());
        }
    }

    /// Wakes the readers though nothing changed here.
    pub fn wake(&self) {
        self.changed.send_replace(());
    }

    /// What is new for a reader who has the state at number `since`, and was told of the upstream's
    /// health up to number `told`.
    pub fn news(&self, since: Option<u64>, told: u64) -> News {
        // Thousands of readers who missed the same read side by side what the first of them wrote.
        let inner = self.read();
        if let Some(missed) = inner.missed(since) {
            return self.news_of(&inner, missed, told);
        }
        drop(inner);
        let mut inner = self.write();
        inner.write_changes(&self.topic, since);
        let missed = inner.missed(since).unwrap_or((Missed::TooMuch, None));
        self.news_of(&inner, missed, told)
    }

    fn news_of(&self, inner: &Inner, (missed, last): (Missed, Option<u64>), told: u64) -> News {
        News {
            missed,
            last,
            source: (inner.source_seq > told).then(|| self.source_json(inner)),
            source_seq: inner.source_seq,
            checked_at: inner.checked_at,
            is_loaded: inner.state.is_some(),
        }
    }

    fn source_json(&self, inner: &Inner) -> Json {
        let (topic, source) = (self.topic.clone(), inner.source.clone());
        json(&SourceState { topic, source, checked_at: inner.checked_at })
    }

    /// The state with all that a page needs to go on from it; none while nothing is known.
    pub fn snapshot(&self, sequence: &Sequence, now: Timestamp) -> Option<Snapshot<TopicState>> {
        let inner = self.read();
        let state = inner.state.clone()?;
        Some(self.placed(&inner, sequence, now, state))
    }

    /// The state as an event, with its place; none while nothing is known.
    pub fn snapshot_event(
        &self,
        why: SnapshotReason,
        sequence: &Sequence,
        now: Timestamp,
    ) -> Option<(Json, Snapshot<()>)> {
        let mut inner = self.write();
        let state = inner.state_json()?;
        let place = self.placed(&inner, sequence, now, ());
        drop(inner);
        let snapshot = place.clone().pick(|()| Some(&*state))?;
        Some((json(&SnapshotEvent { why, snapshot }), place))
    }

    /// The lock is held, so every change of this topic up to the published number is in the state,
    /// and none after it.
    fn placed<T>(&self, inner: &Inner, sequence: &Sequence, now: Timestamp, state: T) -> Snapshot<T> {
        Snapshot {
            topic: self.topic.clone(),
            cursor: sequence.cursor(sequence.published()),
            now,
            checked_at: inner.checked_at,
            source: inner.source.clone(),
            state,
        }
    }

    /// Whether anything is known yet.
    pub fn is_loaded(&self) -> bool {
        self.read().state.is_some()
    }

    /// When Fly last told that the state is this.
    pub fn checked_at(&self) -> Timestamp {
        self.read().checked_at
    }

    /// The upstream's health.
    pub fn source(&self) -> SourceHealth {
        self.read().source.clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        // Every change below is complete before the lock is let go, panic or not.
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Puts the changes in place from number `first` on; says how many numbers were used.
    fn place(&mut self, first: u64, new: TopicState, changes: Vec<Change>) -> u64 {
        if self.state.is_none() {
            self.ring.begin(first);
        }
        self.state = Some(new);
        self.state_json = None;
        let used = (changes.len() as u64).max(1);
        self.ring.extend(first, changes);
        used
    }

    /// What a reader missed; none where its changes are not written yet.
    fn missed(&self, since: Option<u64>) -> Option<(Missed, Option<u64>)> {
        if self.state.is_none() {
            return Some((Missed::Nothing, None));
        }
        match self.ring.span(since) {
            Span::Empty => Some((Missed::Nothing, None)),
            Span::TooMuch => Some((Missed::TooMuch, None)),
            Span::Between(first, last) => {
                let same =
                    |told: &&Told| (told.first, told.last, told.checked_at) == (first, last, self.checked_at);
                let told = self.told.as_ref().filter(same)?;
                Some((Missed::Changes(told.json.clone()), Some(last)))
            }
        }
    }

    fn write_changes(&mut self, topic: &Topic, since: Option<u64>) {
        let Span::Between(first, last) = self.ring.span(since) else { return };
        let checked_at = self.checked_at;
        let changes = self.ring.newest_of_each_key(first);
        let json = json(&ChangeSet { topic: topic.clone(), checked_at, changes });
        self.told = Some(Told { first, last, checked_at, json });
    }

    /// Puts the upstream's health in place with this number; says how many numbers were used.
    fn put_source(&mut self, source: SourceHealth, number: u64) -> u64 {
        self.source = source;
        self.source_seq = number;
        1
    }

    fn state_json(&mut self) -> Option<Arc<RawValue>> {
        if self.state_json.is_none() {
            let written = to_raw_value(self.state.as_ref()?);
            let written =
                written.inspect_err(|error| tracing::error!(%error, "a state could not be written"));
            self.state_json = written.ok().map(Arc::from);
        }
        self.state_json.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::ring::RING;
    use crate::testing::app_view;
    use model::AppView;
    use model::live::Apply;

    fn state(restarts: u32) -> TopicState {
        TopicState::App(Box::new(app_view(restarts)))
    }

    fn channel() -> (Channel, Sequence) {
        (Channel::new(Topic::App("a".parse().unwrap())), Sequence::new("e".into()))
    }

    fn missed(channel: &Channel, since: Option<u64>) -> Missed {
        channel.news(since, 0).missed
    }

    fn followed(channel: &Channel, view: &mut AppView, since: u64) -> usize {
        match missed(channel, Some(since)) {
            Missed::Nothing => 0,
            Missed::Changes(json) => {
                let set: ChangeSet = serde_json::from_str(&json).unwrap();
                let count = set.changes.len();
                for change in set.changes {
                    let Change::App(change) = change else { panic!("a change of the list") };
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
        assert!(matches!(missed(&channel, Some(snapshot.cursor.seq)), Missed::Nothing));

        channel.publish(state(1), Timestamp(2), &sequence);
        let TopicState::App(mut view) = snapshot.state else { panic!() };
        assert_eq!(followed(&channel, &mut view, snapshot.cursor.seq), 1);
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
        assert_eq!(followed(&channel, &mut view, since), 1);
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
        assert!(matches!(missed(&channel, Some(since)), Missed::TooMuch));
        assert!(matches!(missed(&channel, Some(since + 1)), Missed::Changes(_)));
        assert!(matches!(missed(&channel, None), Missed::TooMuch));
    }

    #[test]
    fn a_topic_whose_state_is_newer_than_the_reader_begins_with_a_snapshot() {
        let (channel, sequence) = channel();
        sequence.publish(|_| 5);
        channel.publish(state(0), Timestamp(1), &sequence);
        assert!(matches!(missed(&channel, Some(3)), Missed::TooMuch));
    }

    #[test]
    fn a_change_of_the_health_has_a_number_and_is_told_once() {
        let (channel, sequence) = channel();
        channel.publish(state(0), Timestamp(1), &sequence);
        assert!(channel.news(Some(1), 1).source.is_none(), "that all is fine needs no word");
        channel.set_source(SourceHealth::RateLimited { until: Timestamp(9), shown_from: None }, &sequence);
        let news = channel.news(Some(1), 1);
        assert!(news.source.unwrap().contains("rate_limited"));
        assert_eq!((news.source_seq, sequence.published()), (2, 2));
        assert!(channel.news(Some(2), 2).source.is_none());
        channel.set_source(SourceHealth::RateLimited { until: Timestamp(9), shown_from: None }, &sequence);
        assert_eq!(sequence.published(), 2, "an equal health was published");
    }

    #[test]
    fn a_state_and_the_health_that_explains_it_come_together() {
        let (channel, sequence) = channel();
        let partial = SourceHealth::partial(vec!["instances".into()], None, Some(Timestamp(1)), None);
        assert!(channel.publish_with(state(0), Some(SourceHealth::Fine), Timestamp(1), &sequence));
        assert_eq!(sequence.published(), 1, "that all is fine needs no number");
        assert!(channel.publish_with(state(1), Some(partial.clone()), Timestamp(2), &sequence));
        let news = channel.news(Some(1), 1);
        assert!(matches!(news.missed, Missed::Changes(_)) && news.source.is_some());
        assert_eq!((news.last, news.source_seq, sequence.published()), (Some(2), 3, 3));
        assert!(!channel.publish_with(state(1), Some(SourceHealth::Fine), Timestamp(3), &sequence));
        assert_eq!(sequence.published(), 4, "that it is fine again is told");
        assert!(!channel.publish_with(state(1), Some(SourceHealth::Fine), Timestamp(4), &sequence));
        assert_eq!(sequence.published(), 4);
    }

    #[test]
    fn a_snapshot_says_why_it_comes_and_reads_back_as_the_state() {
        let (channel, sequence) = channel();
        channel.publish(state(4), Timestamp(1), &sequence);
        for (why, word) in [
            (SnapshotReason::Fresh, "fresh"),
            (SnapshotReason::OutsideRing, "outside_ring"),
            (SnapshotReason::OtherEpoch, "other_epoch"),
        ] {
            let (json, place) = channel.snapshot_event(why, &sequence, Timestamp(3)).unwrap();
            assert!(
                json.starts_with(&format!(r#"{{"why":"{word}","topic":"app:a","cursor":"e-1""#)),
                "{json}"
            );
            assert_eq!((place.cursor.seq, place.checked_at, place.now), (1, Timestamp(1), Timestamp(3)));
            let page: Snapshot<TopicState> = serde_json::from_str(&json).unwrap();
            assert_eq!(page.state, state(4));
        }
    }

    #[test]
    fn what_many_missed_is_written_once() {
        let (channel, sequence) = channel();
        channel.publish(state(0), Timestamp(1), &sequence);
        channel.publish(state(1), Timestamp(2), &sequence);
        let (Missed::Changes(one), Missed::Changes(other)) =
            (missed(&channel, Some(1)), missed(&channel, Some(1)))
        else {
            panic!("no changes")
        };
        assert!(Arc::ptr_eq(&one, &other));
        channel.publish(state(1), Timestamp(5), &sequence);
        let Missed::Changes(later) = missed(&channel, Some(1)) else { panic!("no changes") };
        assert!(later.contains(r#""checked_at":5"#), "an age that is out of date was told: {later}");
    }
}
