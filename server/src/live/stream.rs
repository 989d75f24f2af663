//! One viewer's stream: hello, then what it missed, then changes as they come.

use super::access::Verdict;
use super::channel::Missed;
use super::hub::{Hub, ReadError, Viewer};
use super::watch::Viewing;
use axum::response::sse::Event;
use futures::future::{join_all, select_all};
use model::live::{ChangeSet, Cursor, Hello, PROTOCOL, Ping, SourceState, Topic, event_name};
use serde::Serialize;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior};

/// A sign of life comes this often; a page that misses two knows that the stream is dead.
const PING: Duration = Duration::from_secs(15);
/// The first change goes out at once, later ones are merged for this long.
const MERGE: Duration = Duration::from_millis(100);
/// A page waits about this long after `bye` before it connects again (it spreads by itself).
const RETRY_AFTER_BYE: Duration = Duration::from_secs(1);

struct Followed {
    viewing: Viewing,
    changed: watch::Receiver<()>,
    /// The number up to which this viewer knows the topic; none before its first snapshot.
    known: Option<u64>,
    told_source: u64,
    proved: bool,
}

/// One viewer's stream.
pub struct Stream {
    hub: Hub,
    viewer: Viewer,
    topics: Vec<Followed>,
    ping: Interval,
    last_flush: Option<Instant>,
    pending: VecDeque<Event>,
    over: bool,
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
    Stopping,
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
        let since = since.and_then(|cursor| hub.shared.sequence.seq_of(&cursor));
        let mut followed: Vec<Followed> = topics
            .iter()
            .map(|topic| {
                let viewing = hub.join(topic, &viewer.token);
                let changed = viewing.watch.channel.subscribe();
                Followed { viewing, changed, known: since, told_source: 0, proved: false }
            })
            .collect();
        let proofs = proofs(&hub, &viewer, &followed).await;
        for (topic, proof) in followed.iter_mut().zip(proofs) {
            topic.proved = match proof {
                Ok(()) => true,
                Err(ReadError::Upstream(_) | ReadError::Slow) => false,
                Err(error) => return Err(error),
            };
        }
        let mut ping = tokio::time::interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let hello = Hello { protocol: PROTOCOL, build, now: hub.shared.clock.now() };
        let pending = VecDeque::from([event(event_name::HELLO, &hello)]);
        let mut stream = Self { hub, viewer, topics: followed, ping, last_flush: None, pending, over: false };
        stream.gather();
        Ok(stream)
    }

    /// The next event; none when the stream is over.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            match self.woken().await {
                Woken::Changed => self.flush().await,
                Woken::Ping => self.tick().await,
                Woken::Stopping => {
                    let bye = event(event_name::BYE, &()).retry(RETRY_AFTER_BYE);
                    self.end_with(bye);
                }
                Woken::SignedOut => self.end_with(event(event_name::SIGNED_OUT, &())),
            }
        }
    }

    async fn woken(&mut self) -> Woken {
        // A stream has at least one topic: the route refuses one without.
        let topics = self.topics.iter_mut().map(|topic| Box::pin(topic.changed.changed()));
        let mut any_topic = select_all(topics);
        tokio::select! {
            biased;
            () = self.viewer.ended.cancelled() => Woken::SignedOut,
            () = self.hub.shared.shutdown.cancelled() => Woken::Stopping,
            _ = self.ping.tick() => Woken::Ping,
            _ = &mut any_topic => Woken::Changed,
        }
    }

    fn end_with(&mut self, last: Event) {
        self.pending.push_back(last);
        self.over = true;
    }

    /// The first change goes out at once; what follows within the merge time goes out together.
    async fn flush(&mut self) {
        if let Some(last) = self.last_flush {
            tokio::time::sleep_until(last + MERGE).await;
        }
        self.gather();
    }

    /// Collects what the viewer does not know yet. Only the last event carries an id: whoever has
    /// it has all events before it.
    fn gather(&mut self) {
        // First the mark, then the number: a change in between wakes the stream again.
        for topic in &mut self.topics {
            topic.changed.mark_unchanged();
        }
        let sequence = &self.hub.shared.sequence;
        let until = sequence.published();
        let stopping = self.hub.shared.shutdown.is_cancelled();
        let mut gathered = Vec::new();
        for topic in &mut self.topics {
            if topic.viewing.watch.is_closed() && !stopping {
                // The page comes back and begins a new watch.
                return self.over = true;
            }
            match topic.standing(&self.hub, &self.viewer) {
                Standing::Proved => topic.proved = true,
                Standing::Unknown => {}
                // The next request for this topic is answered with 404 or 401: the page says so.
                Standing::Lost => return self.over = true,
            }
            let channel = &topic.viewing.watch.channel;
            if topic.proved {
                match channel.missed(topic.known, until) {
                    Missed::Nothing => topic.known = topic.known.map(|known| known.max(until)),
                    Missed::Changes(changes) => {
                        let set = ChangeSet {
                            topic: channel.topic().clone(),
                            checked_at: channel.checked_at(),
                            changes,
                        };
                        gathered.push(event(event_name::CHANGE, &set));
                        topic.known = Some(until);
                    }
                    Missed::TooMuch => {
                        if let Some(snapshot) = channel.snapshot(sequence, self.hub.shared.clock.now()) {
                            topic.known = Some(snapshot.cursor.seq);
                            gathered.push(event(event_name::SNAPSHOT, &snapshot));
                        }
                    }
                }
            }
            if topic.proved || topic.viewing.watch.is_owned_by(&self.viewer.token) {
                gathered.extend(topic.source_news());
            }
        }
        if let Some(last) = gathered.pop() {
            let known = self.topics.iter().filter_map(|topic| topic.known).min();
            gathered.push(match known {
                Some(known) => last.id(sequence.cursor(known).to_string()),
                None => last,
            });
            self.last_flush = Some(Instant::now());
        }
        self.pending.extend(gathered);
    }

    /// Every ping: a sign of life, and access proved again where that is due.
    async fn tick(&mut self) {
        let proofs = tokio::select! {
            biased;
            // Both are told by whoever waits next.
            () = self.viewer.ended.cancelled() => return,
            () = self.hub.shared.shutdown.cancelled() => return,
            proofs = proofs(&self.hub, &self.viewer, &self.topics) => proofs,
        };
        for (topic, proof) in self.topics.iter_mut().zip(proofs) {
            match proof {
                Ok(()) => topic.proved = true,
                Err(ReadError::Upstream(_) | ReadError::Slow) => topic.proved = false,
                Err(ReadError::Refused) => return self.end_with(event(event_name::SIGNED_OUT, &())),
                Err(ReadError::NotFound) => return self.over = true,
            }
        }
        let checked_at = self.topics.iter().filter(|topic| topic.proved).map(|topic| {
            let channel = &topic.viewing.watch.channel;
            (channel.topic().clone(), channel.checked_at())
        });
        let ping = Ping { now: self.hub.shared.clock.now(), checked_at: checked_at.collect() };
        self.gather();
        self.pending.push_back(event(event_name::PING, &ping));
    }
}

/// Proves all topics at the same time.
async fn proofs(hub: &Hub, viewer: &Viewer, topics: &[Followed]) -> Vec<Result<(), ReadError>> {
    join_all(topics.iter().map(|topic| hub.prove(&topic.viewing, &viewer.token))).await
}

impl Followed {
    fn standing(&self, hub: &Hub, viewer: &Viewer) -> Standing {
        let Topic::App(app) = self.viewing.watch.channel.topic() else { return Standing::Proved };
        let proofs = &hub.shared.proofs;
        match proofs.fresh(&viewer.token, app) {
            Some(Verdict::Denied | Verdict::Refused) => Standing::Lost,
            Some(Verdict::Allowed) => Standing::Proved,
            None if proofs.holds(&viewer.token, app) => Standing::Proved,
            None => Standing::Unknown,
        }
    }

    /// The upstream's health, where it differs from what was told. A stream begins as if told that
    /// all is fine; a snapshot tells its own.
    fn source_news(&mut self) -> Option<Event> {
        let channel = &self.viewing.watch.channel;
        let (source, version) = channel.source();
        if version == self.told_source {
            return None;
        }
        self.told_source = version;
        let news = SourceState { topic: channel.topic().clone(), source, checked_at: channel.checked_at() };
        Some(event(event_name::SOURCE, &news))
    }
}

fn event(name: &'static str, data: &impl Serialize) -> Event {
    let named = Event::default().event(name);
    named.json_data(data).unwrap_or_else(|error| {
        tracing::error!(%error, name, "an event could not be written");
        Event::default().event(name)
    })
}
