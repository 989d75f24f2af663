//! One viewer's stream: hello, then what it missed, then changes as they come.

use super::access::Verdict;
use super::channel::Missed;
use super::hub::{Hub, ReadError};
use super::outgoing::Outgoing;
use super::viewer::Viewer;
use super::watch::Viewing;
use futures::future::{join_all, select_all};
use model::Timestamp;
use model::live::{Cursor, Hello, PROTOCOL, Ping, SnapshotReason, Topic, event_name};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A sign of life comes this often; a page that misses two knows that the stream is dead.
const PING: Duration = Duration::from_secs(15);
/// The first change goes out at once, later ones are merged for this long.
const MERGE: Duration = Duration::from_millis(100);
/// A page waits about this long after `bye` before it connects again (it spreads by itself).
const RETRY_AFTER_BYE: Duration = Duration::from_secs(1);

struct Followed {
    topic: Topic,
    viewing: Viewing,
    changed: watch::Receiver<()>,
    /// The number up to which this viewer knows the topic; none before its first snapshot.
    known: Option<u64>,
    /// The number up to which this viewer knows the upstream's health.
    told: u64,
    /// When Fly told what the viewer knows; none while it knows nothing.
    checked_at: Option<Timestamp>,
    /// Why a snapshot would be sent.
    why: SnapshotReason,
    proved: bool,
}

/// One viewer's stream.
pub struct Stream {
    hub: Hub,
    topics: Vec<Followed>,
    ping: Interval,
    last_flush: Option<Instant>,
    /// Something changed that is not collected yet.
    dirty: bool,
    pending: VecDeque<Outgoing>,
    over: bool,
    signed_out: SignedOut,
}

/// The end of the viewer's session. Each stream has a token of its own below the session's, and waits
/// for it once: ten thousand streams that wake together do not queue for one lock.
struct SignedOut {
    token: CancellationToken,
    waiting: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl SignedOut {
    fn of(common: &CancellationToken) -> Self {
        let token = common.child_token();
        Self { waiting: Box::pin(token.clone().cancelled_owned()), token }
    }

    fn has_come(&self) -> bool {
        self.token.is_cancelled()
    }
}

/// What is known of the viewer's access without asking.
enum Standing {
    Proved,
    Unknown,
    Lost,
}

/// What woke the stream.
enum Woken {
    Changed,
    Ping,
    SignedOut,
}

impl Stream {
    /// Begins a stream. Topics whose state the viewer does not know at `since` begin with a
    /// snapshot. A topic that the viewer may not see is an error; one that cannot be proved because
    /// Fly does not answer is shown as soon as it can be.
    pub async fn begin(
        hub: Hub,
        viewer: Viewer,
        topics: Vec<Topic>,
        since: Option<Cursor>,
        build: String,
    ) -> Result<Self, ReadError> {
        let viewer = Arc::new(viewer);
        let known = since.as_ref().and_then(|cursor| hub.shared.sequence.seq_of(cursor));
        let why = match (&since, known) {
            (None, _) => SnapshotReason::Fresh,
            (Some(_), None) => SnapshotReason::OtherEpoch,
            (Some(_), Some(_)) => SnapshotReason::OutsideRing,
        };
        let mut followed: Vec<Followed> =
            topics.into_iter().map(|topic| Followed::new(&hub, topic, &viewer, known, why)).collect();
        let proofs = proofs(&hub, &followed).await;
        for (topic, proof) in followed.iter_mut().zip(proofs) {
            topic.proved = match proof {
                Ok(()) => true,
                Err(ReadError::Upstream(_) | ReadError::Slow | ReadError::Absent) => false,
                Err(error) => return Err(error),
            };
        }
        let mut ping = tokio::time::interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let hello = Hello { protocol: PROTOCOL, build, now: hub.shared.clock.now() };
        let pending = VecDeque::from([Outgoing::of(event_name::HELLO, &hello)]);
        let mut stream = Self {
            signed_out: SignedOut::of(&viewer.ended),
            hub,
            topics: followed,
            ping,
            last_flush: None,
            dirty: false,
            pending,
            over: false,
        };
        stream.gather();
        Ok(stream)
    }

    /// The next event; none when the stream is over.
    pub async fn next(&mut self) -> Option<Outgoing> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            self.advance().await;
        }
    }

    /// For a long poll: all events up to the first news, or a sign of life when `patience` has
    /// passed without any.
    pub async fn until_news(mut self, patience: Duration) -> Vec<Outgoing> {
        let deadline = Instant::now() + patience;
        let mut events = Vec::new();
        loop {
            events.extend(self.pending.drain(..));
            if self.over || events.iter().any(is_news) {
                return events;
            }
            if tokio::time::timeout_at(deadline, self.advance()).await.is_err() {
                // Fly may have been asked since: that nothing changed makes no stream wake.
                self.gather();
                events.extend(self.pending.drain(..));
                events.retain(|event| event.name != event_name::PING);
                if !self.over {
                    events.push(self.sign_of_life());
                }
                return events;
            }
        }
    }

    /// Waits until something happens and collects what it brings. Nothing is lost when the wait is
    /// given up half-way.
    async fn advance(&mut self) {
        if self.dirty {
            return self.flush().await;
        }
        match self.woken().await {
            Woken::Changed => self.dirty = true,
            Woken::Ping => self.tick().await,
            Woken::SignedOut => self.end_with(Outgoing::of(event_name::SIGNED_OUT, &())),
        }
    }

    async fn woken(&mut self) -> Woken {
        tokio::select! {
            biased;
            () = &mut self.signed_out.waiting => Woken::SignedOut,
            _ = self.ping.tick() => Woken::Ping,
            () = any_change(&mut self.topics) => Woken::Changed,
        }
    }

    fn end_with(&mut self, last: Outgoing) {
        self.pending.push_back(last);
        self.over = true;
    }

    /// The first change goes out at once; what follows within the merge time goes out together.
    async fn flush(&mut self) {
        if let Some(merged_until) = self.last_flush.map(|last| last + MERGE)
            && Instant::now() < merged_until
        {
            tokio::time::sleep_until(merged_until).await;
        }
        self.gather();
    }

    /// Collects what the viewer does not know yet. Only the last event carries an id: whoever has
    /// it has all events before it.
    fn gather(&mut self) {
        if self.signed_out.has_come() {
            // Whoever waits next says so; nothing more is shown.
            return self.dirty = false;
        }
        if self.hub.shared.is_stopping() {
            let mut bye = Outgoing::of(event_name::BYE, &());
            bye.retry = Some(RETRY_AFTER_BYE);
            return self.end_with(bye);
        }
        // First the mark, then the number: a change in between wakes the stream again.
        for topic in &mut self.topics {
            topic.changed.mark_unchanged();
        }
        self.dirty = false;
        let until = self.hub.shared.sequence.published();
        let mut gathered = Vec::new();
        for topic in &mut self.topics {
            if topic.viewing.watch.is_closed() {
                // The page comes back and begins a new watch.
                return self.over = true;
            }
            match topic.standing(&self.hub) {
                Standing::Proved => topic.proved = true,
                Standing::Unknown => {}
                // The next request for this topic is answered with 404 or 401: the page says so.
                Standing::Lost => return self.over = true,
            }
            topic.gather(&self.hub, until, &mut gathered);
        }
        if let Some(last) = gathered.last_mut() {
            last.id = self.place(until).map(|seq| self.hub.shared.sequence.cursor(seq));
            self.last_flush = Some(Instant::now());
        }
        self.pending.extend(gathered);
    }

    /// The number up to which this viewer knows every topic; none where it has still to get a state
    /// that is there: it must not go on from a place after that. A state that is not there yet will
    /// be after every place there is now.
    fn place(&self, until: u64) -> Option<u64> {
        self.topics.iter().try_fold(until, |place, topic| {
            if !topic.viewing.watch.channel.is_loaded() {
                return Some(place);
            }
            topic.known.map(|known| place.min(known))
        })
    }

    /// Every ping: a sign of life, and access proved again where that is due.
    async fn tick(&mut self) {
        let proofs = tokio::select! {
            biased;
            // Both are told by whoever waits next.
            () = self.signed_out.token.cancelled() => return,
            () = self.hub.shared.shutdown.cancelled() => return,
            proofs = proofs(&self.hub, &self.topics) => proofs,
        };
        for (topic, proof) in self.topics.iter_mut().zip(proofs) {
            match proof {
                Ok(()) => topic.proved = true,
                Err(ReadError::Upstream(_) | ReadError::Slow | ReadError::Absent) => topic.proved = false,
                Err(ReadError::Refused) => {
                    return self.end_with(Outgoing::of(event_name::SIGNED_OUT, &()));
                }
                Err(ReadError::NotFound) => return self.over = true,
            }
        }
        self.gather();
        if !self.over {
            self.pending.push_back(self.sign_of_life());
        }
    }

    fn sign_of_life(&self) -> Outgoing {
        let proved = self.topics.iter().filter(|topic| topic.proved);
        let checked_at = proved.filter_map(|topic| Some((topic.topic.clone(), topic.checked_at?)));
        let ping = Ping { now: self.hub.shared.clock.now(), checked_at: checked_at.collect() };
        Outgoing::of(event_name::PING, &ping)
    }
}

/// A stream has at least one topic, and mostly no other: the route refuses one without.
async fn any_change(topics: &mut [Followed]) {
    if let [only] = topics {
        // An error means that the watch is gone, which is news as well.
        let _ = only.changed.changed().await;
        return;
    }
    let _ = select_all(topics.iter_mut().map(|topic| Box::pin(topic.changed.changed()))).await;
}

/// Proves all topics at the same time.
async fn proofs(hub: &Hub, topics: &[Followed]) -> Vec<Result<(), ReadError>> {
    join_all(topics.iter().map(|topic| hub.prove(&topic.viewing))).await
}

/// Whether a long poll is answered with it at once.
fn is_news(event: &Outgoing) -> bool {
    !matches!(event.name, event_name::HELLO | event_name::PING)
}

impl Followed {
    /// A stream begins as if told that all is fine.
    fn new(hub: &Hub, topic: Topic, viewer: &Arc<Viewer>, known: Option<u64>, why: SnapshotReason) -> Self {
        let viewing = hub.join(&topic, viewer);
        let changed = viewing.watch.channel.subscribe();
        Self {
            topic,
            viewing,
            changed,
            known,
            told: known.unwrap_or(0),
            checked_at: None,
            why,
            proved: false,
        }
    }

    fn standing(&self, hub: &Hub) -> Standing {
        let Some(app) = self.viewing.watch.channel.topic().app() else { return Standing::Proved };
        match hub.shared.proofs.last(self.viewing.viewer.fingerprint(), app) {
            Some((Verdict::Denied | Verdict::Refused, true)) => Standing::Lost,
            Some((Verdict::Allowed, _)) => Standing::Proved,
            Some(_) | None => Standing::Unknown,
        }
    }

    /// What this viewer does not know of the topic. `until` was published before this was called.
    fn gather(&mut self, hub: &Hub, until: u64, gathered: &mut Vec<Outgoing>) {
        let channel = &self.viewing.watch.channel;
        // Of one's own token one is told that Fly does not answer, though no access is proved.
        if !self.proved && !self.viewing.watch.is_owned_by(&self.viewing.viewer) {
            return;
        }
        let news = channel.news(&self.topic, self.known, self.told);
        let told = if news.source.is_some() { news.source_seq } else { self.told };
        let source_event = |source| Outgoing::shared(event_name::SOURCE, source);
        let mut source = news.source;
        match news.missed {
            Missed::Nothing => self.known = self.known.map(|known| known.max(until)),
            Missed::Changes(changes) if self.proved => {
                gathered.extend(news.source_apart.filter(|_| news.has_older_parts).map(source_event));
                gathered.push(Outgoing::shared(event_name::CHANGE, changes));
                self.known = news.last.map(|last| last.max(until));
            }
            Missed::TooMuch if self.proved => return self.begin_anew(hub, gathered),
            Missed::Changes(_) | Missed::TooMuch => source = news.source_apart,
        }
        if self.proved {
            self.checked_at = news.is_loaded.then_some(news.checked_at);
        }
        gathered.extend(source.map(source_event));
        self.told = told;
    }

    /// A snapshot tells the upstream's health as well.
    fn begin_anew(&mut self, hub: &Hub, gathered: &mut Vec<Outgoing>) {
        let channel = &self.viewing.watch.channel;
        let event =
            channel.snapshot_event(&self.topic, self.why, &hub.shared.sequence, hub.shared.clock.now());
        let Some((json, place)) = event else { return };
        gathered.push(Outgoing::shared(event_name::SNAPSHOT, json));
        self.known = Some(place.cursor.seq);
        self.told = place.cursor.seq;
        self.checked_at = Some(place.checked_at);
        self.why = SnapshotReason::OutsideRing;
    }
}
