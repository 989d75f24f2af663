//! What is known of one topic, and the last changes that led to it.

use super::outgoing::{Json, json};
use super::sequence::Sequence;
use super::whole::{Whole, written};
use super::windows::Windows;
use model::live::{Snapshot, SnapshotEvent, SnapshotReason, SourceHealth, SourceState, Topic, TopicState};
use model::{AppsView, Timestamp};
use serde_json::value::RawValue;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::watch;

/// What a poll tells of a topic.
pub enum Known {
    /// A state of which all readers see the same.
    State(TopicState),
    /// The list of apps, of which each reader asks for a part.
    Apps(AppsView),
}

impl From<TopicState> for Known {
    fn from(state: TopicState) -> Self {
        Self::State(state)
    }
}

struct Inner {
    held: Held,
    checked_at: Timestamp,
    source: SourceHealth,
    /// The number of the last change of `source`; 0 where it never changed.
    source_seq: u64,
}

enum Held {
    Whole(Whole),
    Windows(Windows),
}

/// What a reader missed of the state.
#[derive(Clone, Debug)]
pub enum Missed {
    /// Nothing, or nothing is known yet.
    Nothing,
    /// These changes: a [`model::live::ChangeSet`] with the newest of each key, in order.
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
    /// Of the upstream's health: a [`SourceState`], which is about the state with what was missed.
    pub source: Option<Json>,
    /// The same for whoever does not have that state yet: see [`SourceState::checked_at`].
    pub source_apart: Option<Json>,
    /// Whether parts of the state are older than the rest. Then the health is to be told before the changes as
    /// well, since whoever gets only those must not take all for as new as they are.
    pub has_older_parts: bool,
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
        let held = match &topic {
            Topic::Apps(_) => Held::Windows(Windows::new()),
            _ => Held::Whole(Whole::new()),
        };
        let inner =
            Inner { held, checked_at: Timestamp::default(), source: SourceHealth::Fine, source_seq: 0 };
        Self { topic, inner: RwLock::new(inner), changed: watch::Sender::new(()) }
    }

    /// The topic; of the list, the one that asks for nothing.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// Wakes when something changed.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Takes what a poll tells; says whether it differs from the last. What is equal publishes nothing.
    pub fn publish(&self, new: impl Into<Known>, checked_at: Timestamp, sequence: &Sequence) -> bool {
        self.publish_with(new, None, checked_at, sequence)
    }

    /// Takes what a poll tells together with the upstream's health, so that nobody sees the one without
    /// the other: the health says which parts of the state are older than the rest.
    pub fn publish_with(
        &self,
        new: impl Into<Known>,
        source: Option<SourceHealth>,
        checked_at: Timestamp,
        sequence: &Sequence,
    ) -> bool {
        let mut inner = self.write();
        inner.checked_at = checked_at;
        let differs = match (&mut inner.held, new.into()) {
            (Held::Whole(whole), Known::State(new)) => whole.take(new, sequence),
            (Held::Windows(windows), Known::Apps(new)) => windows.take(new, sequence),
            // A topic tells of its own kind only.
            _ => false,
        };
        let told = source.is_some_and(|source| inner.take_source(source, sequence));
        drop(inner);
        if differs || told {
            self.changed.send_replace(());
        }
        differs
    }

    /// Takes the upstream's health. A change of it has a number, so that who has been told is not
    /// told again after a reconnect.
    pub fn set_source(&self, source: SourceHealth, sequence: &Sequence) {
        if self.write().take_source(source, sequence) {
            self.changed.send_replace(());
        }
    }

    /// Wakes the readers though nothing changed here.
    pub fn wake(&self) {
        self.changed.send_replace(());
    }

    /// What is new of `topic` for a reader who has the state at number `since`, and was told of the
    /// upstream's health up to number `told`. The topic is this one, with what the reader asks for.
    pub fn news(&self, topic: &Topic, since: Option<u64>, told: u64) -> News {
        // Thousands of readers who missed the same read side by side what the first of them wrote.
        let inner = self.read();
        if let Some(missed) = inner.missed(topic, since) {
            return inner.news(topic, missed, told);
        }
        drop(inner);
        let mut inner = self.write();
        inner.write_changes(topic, since);
        let missed = inner.missed(topic, since).unwrap_or((Missed::TooMuch, None));
        inner.news(topic, missed, told)
    }

    /// The state with all that a page needs to go on from it; none while nothing is known.
    pub fn snapshot(
        &self,
        topic: &Topic,
        sequence: &Sequence,
        now: Timestamp,
    ) -> Option<Snapshot<TopicState>> {
        let inner = self.read();
        let state = match (&inner.held, topic) {
            (Held::Windows(windows), Topic::Apps(query)) => windows.window(query)?,
            (Held::Whole(whole), _) => whole.state()?.clone(),
            (Held::Windows(_), _) => return None,
        };
        Some(placed(topic, &inner, sequence, now, state))
    }

    /// The state as an event, with its place; none while nothing is known.
    pub fn snapshot_event(
        &self,
        topic: &Topic,
        why: SnapshotReason,
        sequence: &Sequence,
        now: Timestamp,
    ) -> Option<(Json, Snapshot<()>)> {
        let mut inner = self.write();
        let state: Arc<RawValue> = match (&mut inner.held, topic) {
            (Held::Windows(windows), Topic::Apps(query)) => written(&windows.window(query)?)?,
            (Held::Whole(whole), _) => whole.json()?,
            (Held::Windows(_), _) => return None,
        };
        let place = placed(topic, &inner, sequence, now, ());
        drop(inner);
        let snapshot = place.clone().pick(|()| Some(&*state))?;
        Some((json(&SnapshotEvent { why, snapshot }), place))
    }

    /// The whole list of apps, whatever is asked of it; none while nothing is known, and for a topic of
    /// another kind.
    pub fn all_apps(&self) -> Option<AppsView> {
        match &self.read().held {
            Held::Windows(windows) => windows.list().cloned(),
            Held::Whole(_) => None,
        }
    }

    /// Whether anything is known yet.
    pub fn is_loaded(&self) -> bool {
        self.read().is_loaded()
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
    fn is_loaded(&self) -> bool {
        match &self.held {
            Held::Whole(whole) => whole.state().is_some(),
            Held::Windows(windows) => windows.list().is_some(),
        }
    }

    /// What a reader missed; none where its changes are not written yet.
    fn missed(&self, topic: &Topic, since: Option<u64>) -> Option<(Missed, Option<u64>)> {
        match (&self.held, topic) {
            (Held::Windows(windows), Topic::Apps(query)) => windows.missed(query, since, self.checked_at),
            (Held::Whole(whole), _) => whole.missed(since, self.checked_at),
            (Held::Windows(_), _) => Some((Missed::Nothing, None)),
        }
    }

    fn write_changes(&mut self, topic: &Topic, since: Option<u64>) {
        match (&mut self.held, topic) {
            (Held::Windows(windows), Topic::Apps(query)) => {
                windows.write_changes(query, since, self.checked_at);
            }
            (Held::Whole(whole), topic) => whole.write_changes(topic, since, self.checked_at),
            (Held::Windows(_), _) => {}
        }
    }

    /// Whether it differs from the last.
    fn take_source(&mut self, source: SourceHealth, sequence: &Sequence) -> bool {
        if self.source == source {
            return false;
        }
        sequence.publish(|first| {
            self.source = source;
            self.source_seq = first;
            1
        });
        true
    }

    fn news(&self, topic: &Topic, (missed, last): (Missed, Option<u64>), told: u64) -> News {
        let is_new = self.source_seq > told;
        let has_it = matches!(missed, Missed::Nothing);
        News {
            missed,
            last,
            source: is_new.then(|| source_json(topic, self, self.checked_at)),
            source_apart: (is_new && !has_it).then(|| source_json(topic, self, Timestamp::default())),
            has_older_parts: self.source.shown_from().is_some(),
            source_seq: self.source_seq,
            checked_at: self.checked_at,
            is_loaded: self.is_loaded(),
        }
    }
}

/// The lock is held, so every change of this topic up to the published number is in the state, and none
/// after it.
fn placed<T>(topic: &Topic, inner: &Inner, sequence: &Sequence, now: Timestamp, state: T) -> Snapshot<T> {
    Snapshot {
        topic: topic.clone(),
        cursor: sequence.cursor(sequence.published()),
        now,
        checked_at: inner.checked_at,
        source: inner.source.clone(),
        state,
    }
}

fn source_json(topic: &Topic, inner: &Inner, checked_at: Timestamp) -> Json {
    json(&SourceState { topic: topic.clone(), source: inner.source.clone(), checked_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::ring::RING;
    use crate::testing::app_view;
    use model::AppView;
    use model::live::{Apply, Change, ChangeSet};

    fn state(restarts: u32) -> TopicState {
        TopicState::App(Box::new(app_view(restarts)))
    }

    fn channel() -> (Channel, Sequence) {
        (Channel::new(Topic::App("a".parse().unwrap())), Sequence::new("e".into()))
    }

    fn missed(channel: &Channel, since: Option<u64>) -> Missed {
        channel.news(channel.topic(), since, 0).missed
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
        let snapshot = channel.snapshot(channel.topic(), &sequence, Timestamp(1)).unwrap();
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
        assert!(channel.news(channel.topic(), Some(1), 1).source.is_none(), "that all is fine needs no word");
        channel.set_source(SourceHealth::RateLimited { until: Timestamp(9), shown_from: None }, &sequence);
        let news = channel.news(channel.topic(), Some(1), 1);
        assert!(news.source.unwrap().contains("rate_limited"));
        assert_eq!((news.source_seq, sequence.published()), (2, 2));
        assert!(channel.news(channel.topic(), Some(2), 2).source.is_none());
        channel.set_source(SourceHealth::RateLimited { until: Timestamp(9), shown_from: None }, &sequence);
        assert_eq!(sequence.published(), 2, "an equal health was published");
    }

    #[test]
    fn whoever_lacks_the_state_is_told_of_its_health_without_its_age() {
        let (channel, sequence) = channel();
        let partial = SourceHealth::partial(vec!["instances".into()], None, Some(Timestamp(1)), None);
        channel.publish_with(state(0), Some(partial), Timestamp(9), &sequence);
        let checked_at = |json: Option<Json>| {
            json.map(|json| serde_json::from_str::<SourceState>(&json).unwrap().checked_at.millis())
        };
        let behind = channel.news(channel.topic(), None, 0);
        assert_eq!((checked_at(behind.source), checked_at(behind.source_apart)), (Some(9), Some(0)));
        assert!(behind.has_older_parts);
        let there = channel.news(channel.topic(), Some(1), 1);
        assert_eq!((checked_at(there.source), checked_at(there.source_apart)), (Some(9), None));
        channel.publish_with(state(1), Some(SourceHealth::Fine), Timestamp(12), &sequence);
        assert!(!channel.news(channel.topic(), Some(1), 1).has_older_parts);
    }

    #[test]
    fn a_state_and_the_health_that_explains_it_come_together() {
        let (channel, sequence) = channel();
        let partial = SourceHealth::partial(vec!["instances".into()], None, Some(Timestamp(1)), None);
        assert!(channel.publish_with(state(0), Some(SourceHealth::Fine), Timestamp(1), &sequence));
        assert_eq!(sequence.published(), 1, "that all is fine needs no number");
        assert!(channel.publish_with(state(1), Some(partial.clone()), Timestamp(2), &sequence));
        let news = channel.news(channel.topic(), Some(1), 1);
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
            let (json, place) =
                channel.snapshot_event(channel.topic(), why, &sequence, Timestamp(3)).unwrap();
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
        assert!(one.is_same(&other));
        channel.publish(state(1), Timestamp(5), &sequence);
        let Missed::Changes(later) = missed(&channel, Some(1)) else { panic!("no changes") };
        assert!(later.contains(r#""checked_at":5"#), "an age that is out of date was told: {later}");
    }
}
