//! One watch: polls Fly for one topic, with one viewer's token, for all viewers of the topic.

use super::access::Verdict;
use super::channel::Channel;
use super::hub::Shared;
use super::memory::Memory;
use super::pace::{Outcome, Pace};
use fly::{Fetched, FlyError, FlyToken};
use model::AppsView;
use model::live::{SourceHealth, Topic, TopicState};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How long a watch goes on after its last viewer left, so that a reload finds it warm.
const GRACE: Duration = Duration::from_secs(30);

/// How far the polls have come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    started: u64,
    finished: u64,
    /// The error of the last poll, if it failed.
    pub failure: Option<Arc<FlyError>>,
}

/// The viewers of a watch. The first in order owns it: its token is used.
struct Viewers {
    next_id: u64,
    present: BTreeMap<u64, FlyToken>,
    last_token: FlyToken,
    empty_since: Option<Instant>,
    /// Set when the watch has taken itself off the hub: nobody can join it any more.
    closed: bool,
}

/// One watch.
pub struct Watch {
    /// The state it keeps.
    pub channel: Channel,
    viewers: Mutex<Viewers>,
    wake: Notify,
    progress: watch::Sender<Progress>,
}

/// Being a viewer of a watch; ends when dropped.
pub struct Viewing {
    /// The watch.
    pub watch: Arc<Watch>,
    id: u64,
}

impl Drop for Viewing {
    fn drop(&mut self) {
        let mut viewers = self.watch.viewers();
        viewers.present.remove(&self.id);
        if viewers.present.is_empty() {
            viewers.empty_since = Some(Instant::now());
        }
    }
}

impl Watch {
    /// A watch that has not begun to poll.
    pub(super) fn new(topic: Topic, token: FlyToken) -> Self {
        let viewers = Viewers {
            next_id: 0,
            present: BTreeMap::new(),
            last_token: token,
            empty_since: Some(Instant::now()),
            closed: false,
        };
        Self {
            channel: Channel::new(topic),
            viewers: Mutex::new(viewers),
            wake: Notify::new(),
            progress: watch::Sender::new(Progress::default()),
        }
    }

    /// Joins; none where the watch has just ended.
    pub(super) fn join(self: &Arc<Self>, token: &FlyToken) -> Option<Viewing> {
        let mut viewers = self.viewers();
        if viewers.closed {
            return None;
        }
        let id = viewers.next_id;
        viewers.next_id += 1;
        if viewers.present.is_empty() {
            // Nobody else's token may be used any longer than its owner watches.
            viewers.last_token = token.clone();
        }
        viewers.present.insert(id, token.clone());
        viewers.empty_since = None;
        Some(Viewing { watch: self.clone(), id })
    }

    /// Whether the watch polls with this token.
    pub fn is_owned_by(&self, token: &FlyToken) -> bool {
        let viewers = self.viewers();
        let owner = viewers.present.values().next().unwrap_or(&viewers.last_token);
        owner.fingerprint() == token.fingerprint()
    }

    /// Polls at once and returns when that poll is done.
    pub async fn poll_now(&self) {
        let mut progress = self.progress.subscribe();
        let wanted = progress.borrow_and_update().started + 1;
        self.wake.notify_one();
        let _ = progress.wait_for(|progress| progress.finished >= wanted).await;
    }

    /// Returns when at least one poll was done, with the error of the last one if it failed.
    pub async fn first_poll(&self) -> Option<Arc<FlyError>> {
        let mut progress = self.progress.subscribe();
        match progress.wait_for(|progress| progress.finished > 0).await {
            Ok(progress) => progress.failure.clone(),
            Err(_) => None,
        }
    }

    /// Returns when a poll was done with the token of the present owner, with its error if it
    /// failed: what was polled before may have been polled with somebody else's.
    pub(super) async fn own_poll(&self) -> Option<Arc<FlyError>> {
        if self.progress.borrow().finished > 0 {
            self.poll_now().await;
        }
        self.first_poll().await
    }

    /// Polls until nobody watches any more.
    pub(super) async fn run(self: Arc<Self>, shared: Arc<Shared>) {
        let mut pace = Pace::default();
        let mut memory = Memory::default();
        loop {
            let Some(token) = self.owner(&shared) else { break };
            self.progress.send_modify(|progress| progress.started += 1);
            let (outcome, failure) = self.poll(&shared, &token, &mut memory).await;
            let wait = pace.next(outcome, shared.jitter());
            match &failure {
                // Not a matter of Fly's health: each stream finds its own verdict when it wakes.
                Some(error) if error.is_access_denied() => self.channel.wake(),
                Some(error) => self.report(&shared, error, wait),
                None => {}
            }
            self.progress.send_modify(|progress| {
                progress.finished = progress.started;
                progress.failure = failure;
            });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.wake.notified() => {}
                () = shared.shutdown.cancelled() => break,
            }
            if self.close_when_idle() {
                break;
            }
        }
        self.viewers().closed = true;
        shared.forget(&self);
        // Nobody may wait for a poll that will not come.
        self.progress.send_modify(|progress| progress.finished = u64::MAX);
    }

    /// The token to poll with: a viewer's that was not denied.
    fn owner(&self, shared: &Shared) -> Option<FlyToken> {
        let viewers = self.viewers();
        let Topic::App(app) = self.channel.topic() else {
            return Some(viewers.last_token.clone());
        };
        let denied = |token: &FlyToken| {
            matches!(shared.proofs.fresh(token, app), Some(Verdict::Denied | Verdict::Refused))
        };
        let mut candidates = viewers.present.values().chain(std::iter::once(&viewers.last_token));
        candidates.find(|token| !denied(token)).cloned()
    }

    fn close_when_idle(&self) -> bool {
        let mut viewers = self.viewers();
        let idle = viewers.empty_since.is_some_and(|since| since.elapsed() >= GRACE);
        viewers.closed |= idle;
        idle
    }

    async fn poll(
        &self,
        shared: &Shared,
        token: &FlyToken,
        memory: &mut Memory,
    ) -> (Outcome, Option<Arc<FlyError>>) {
        let result = match self.channel.topic() {
            Topic::Apps => shared.upstream.apps(token).await.map(|fetched| {
                let Fetched { value, missing } = fetched;
                (TopicState::Apps(Box::new(AppsView { apps: value })), missing, false)
            }),
            Topic::App(app) => {
                let answer = shared.upstream.app_facts(token, app).await;
                shared.learn_access(token, app, &answer);
                answer.map(|fetched| memory.app_state(fetched, shared.clock.now()))
            }
        };
        match result {
            Ok((state, missing, moving)) => {
                shared.note_upstream(true);
                let changed = self.channel.publish(state, shared.clock.now(), &shared.sequence);
                let fine = missing.is_empty();
                self.channel.set_source(if fine {
                    SourceHealth::Fine
                } else {
                    SourceHealth::Partial { missing }
                });
                (if changed || moving { Outcome::Busy } else { Outcome::Same }, None)
            }
            Err(error) => {
                if error.is_refused() {
                    (shared.on_refused)(token);
                }
                if !error.is_access_denied() {
                    shared.note_upstream(false);
                    tracing::warn!(topic = %self.channel.topic(), %error, "polling failed");
                }
                let outcome = error.retry_after().map_or(Outcome::Failed, Outcome::RateLimited);
                (outcome, Some(Arc::new(error)))
            }
        }
    }

    /// Tells the viewers that Fly does not answer, since when, and when it is asked again.
    fn report(&self, shared: &Shared, error: &FlyError, wait: Duration) {
        let now = shared.clock.now();
        let retry_at = now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let source = match (error, self.channel.source().0) {
            (FlyError::RateLimited { .. }, _) => SourceHealth::RateLimited { until: retry_at },
            (_, before) => SourceHealth::Failing {
                since: if let SourceHealth::Failing { since, .. } = before { since } else { now },
                message: error.person(),
                retry_at,
                request_id: error.request_id().map(str::to_owned),
            },
        };
        self.channel.set_source(source);
    }

    fn viewers(&self) -> MutexGuard<'_, Viewers> {
        // Every change of the viewers is complete before the lock is let go.
        self.viewers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
