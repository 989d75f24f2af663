//! One watch: polls Fly for one topic, with one viewer's token, for all viewers of the topic.

use super::access::Verdict;
use super::channel::Channel;
use super::hub::Shared;
use super::last_rows;
use super::list::ListMemory;
use super::memory::{Memory, Polled};
use super::pace::{Outcome, Pace, UNSEEN};
use super::viewer::Viewer;
use super::viewers::Viewers;
use crate::upstream::OrgNews;
use fly::{Fetched, FlyError, FlyToken};
use model::live::{Snapshot, SourceHealth, Topic, TopicState};
use model::{AppSummary, AppsView, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How far the polls have come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    started: u64,
    finished: u64,
    /// The error of the last poll, if it failed.
    pub failure: Option<Arc<FlyError>>,
}

/// One watch.
pub struct Watch {
    /// The state it keeps.
    pub channel: Channel,
    viewers: Mutex<Viewers>,
    wake: Notify,
    /// Somebody came who may look where nobody did.
    arrived: Notify,
    progress: watch::Sender<Progress>,
}

/// Being a viewer of a watch; ends when dropped.
pub struct Viewing {
    /// The watch.
    pub watch: Arc<Watch>,
    /// Who views.
    pub viewer: Arc<Viewer>,
    id: u64,
}

impl Drop for Viewing {
    fn drop(&mut self) {
        self.watch.viewers().leave(self.id);
    }
}

impl Watch {
    /// A watch that has not begun to poll.
    pub(super) fn new(topic: Topic, viewer: Arc<Viewer>) -> Self {
        Self {
            channel: Channel::new(topic),
            viewers: Mutex::new(Viewers::new(viewer)),
            wake: Notify::new(),
            arrived: Notify::new(),
            progress: watch::Sender::new(Progress::default()),
        }
    }

    /// Joins; none where the watch has ended.
    pub(super) fn join(self: &Arc<Self>, viewer: &Arc<Viewer>) -> Option<Viewing> {
        let id = self.viewers().join(viewer)?;
        if !viewer.hidden {
            self.arrived.notify_one();
        }
        Some(Viewing { watch: self.clone(), viewer: viewer.clone(), id })
    }

    /// Whether the watch polls with this viewer's token.
    pub fn is_owned_by(&self, viewer: &Viewer) -> bool {
        self.viewers().first() == viewer.fingerprint()
    }

    /// Whether it has ended: who still follows it must begin anew.
    pub fn is_closed(&self) -> bool {
        self.viewers().is_closed()
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

    /// Polls until nobody watches any more.
    pub(super) async fn run(self: Arc<Self>, shared: Arc<Shared>) {
        let _ending = Ending { watch: &self, shared: &shared };
        let mut pace = Pace::default();
        let mut memory = Memory::default();
        let mut list = ListMemory::default();
        while let Some(owner) = self.owner(&shared) {
            self.progress.send_modify(|progress| progress.started += 1);
            let (outcome, failure) = self.poll(&shared, &owner.token, &mut memory, &mut list).await;
            let denied = failure.as_ref().is_some_and(|error| is_denial(error));
            if denied && self.owner(&shared).is_some_and(|next| next.fingerprint() != owner.fingerprint()) {
                // That concerns this token only: the others get their answer at once.
                self.channel.wake();
                continue;
            }
            let wait = pace.next(outcome, shared.jitter());
            match &failure {
                // Not a matter of Fly's health: each stream finds its own verdict when it wakes.
                Some(_) if denied => self.channel.wake(),
                Some(error) => self.report(&shared, error, wait),
                None => {}
            }
            self.progress.send_modify(|progress| {
                progress.finished = progress.started;
                progress.failure = failure;
            });
            tokio::select! {
                () = self.pause(wait) => {}
                () = self.wake.notified() => {
                    list.forget();
                    memory.hurry();
                }
                () = shared.shutdown.cancelled() => break,
            }
            if self.viewers().close_when_idle() {
                break;
            }
        }
    }

    /// Waits for the next poll: longer while nobody looks, and no longer when somebody comes.
    async fn pause(&self, wait: Duration) {
        let began = Instant::now();
        loop {
            let arrived = self.arrived.notified();
            let wait = if self.viewers().all_hidden() { wait.max(UNSEEN) } else { wait };
            tokio::select! {
                () = tokio::time::sleep_until(began + wait) => return,
                () = arrived => {}
            }
        }
    }

    /// Whom to poll for: a viewer who was not denied.
    fn owner(&self, shared: &Shared) -> Option<Arc<Viewer>> {
        let denied = |viewer: &Viewer| match self.channel.topic() {
            Topic::App(app) => {
                let known = shared.proofs.fresh(viewer.fingerprint(), app);
                matches!(known, Some(Verdict::Denied | Verdict::Refused))
            }
            Topic::Apps => false,
        };
        self.viewers().owner(denied)
    }

    async fn poll(
        &self,
        shared: &Shared,
        token: &FlyToken,
        memory: &mut Memory,
        list: &mut ListMemory,
    ) -> (Outcome, Option<Arc<FlyError>>) {
        // The state is at least as new as the question, whenever its answer comes.
        let asked_at = shared.clock.now();
        let result = match self.channel.topic() {
            Topic::Apps => match self.read_list(shared, token, list).await {
                Ok(None) => {
                    shared.note_upstream(true);
                    return (Outcome::Same, None);
                }
                Ok(Some(read)) => Ok(read),
                Err(error) => Err(error),
            },
            Topic::App(app) => {
                let answer = shared.upstream.app_facts(token, app).await;
                shared.learn_access(token, app, &answer);
                answer.map(|fetched| memory.app_state(fetched, shared.clock.now()))
            }
        };
        match result {
            Ok(Polled { state, missing, retry_after, why, moving }) => {
                shared.note_upstream(true);
                let changed = self.channel.publish(state, asked_at, &shared.sequence);
                let shown_from = memory.gaps.note(&missing, asked_at);
                let retry_at = retry_after.map(|wait| later(shared.clock.now(), wait));
                let source = SourceHealth::partial(missing, why, shown_from, retry_at);
                self.channel.set_source(source, &shared.sequence);
                // The state does not wait for what explains it.
                let explained = memory.with_evidence(&*shared.upstream, token, &*shared.clock).await;
                let changed = explained
                    .is_some_and(|state| self.channel.publish(state, asked_at, &shared.sequence))
                    || changed;
                let outcome = match retry_after {
                    Some(wait) => Outcome::RateLimited(wait),
                    None if changed || moving => Outcome::Busy,
                    None => Outcome::Same,
                };
                (outcome, None)
            }
            Err(error) => {
                if error.is_refused() {
                    (shared.on_refused)(token);
                }
                if !is_denial(&error) {
                    shared.note_upstream(false);
                    tracing::warn!(topic = %self.channel.topic(), %error, "polling failed");
                }
                let outcome = error.retry_after().map_or(Outcome::Failed, Outcome::RateLimited);
                (outcome, Some(Arc::new(error)))
            }
        }
    }

    /// The list of apps, or nothing where the cheaper question brought nothing new.
    async fn read_list(
        &self,
        shared: &Shared,
        token: &FlyToken,
        list: &mut ListMemory,
    ) -> Result<Option<Polled>, FlyError> {
        if let Some(question) = list.question(Instant::now()) {
            let news = shared.upstream.org_news(token, &question.organizations, question.after).await;
            match news.inspect_err(|_| list.forget())? {
                OrgNews::Newest(newest) if !list.is_news(newest) => return Ok(None),
                OrgNews::Newest(_) | OrgNews::Unknown => {}
            }
        }
        list.forget();
        let (asked_at, began) = (shared.clock.now(), Instant::now());
        let Fetched { mut value, missing, retry_after, why } = shared.upstream.apps(token).await?;
        list.read(&value, missing.is_empty(), asked_at, began);
        if !missing.is_empty() || value.iter().any(|app| !app.not_loaded.is_empty()) {
            last_rows::fill(&mut value, &self.last_rows(shared), &missing);
        }
        let state = TopicState::Apps(Box::new(AppsView { apps: value }));
        Ok(Some(Polled { state, missing, retry_after, why, moving: false }))
    }

    /// The rows of the apps list that are shown now.
    fn last_rows(&self, shared: &Shared) -> Vec<AppSummary> {
        let shown = self.channel.snapshot(&shared.sequence, shared.clock.now());
        shown.and_then(Snapshot::into_apps).map_or_else(Vec::new, |snapshot| snapshot.state.apps)
    }

    /// Tells the viewers that Fly does not answer, since when, and when it is asked again.
    fn report(&self, shared: &Shared, error: &FlyError, wait: Duration) {
        let now = shared.clock.now();
        let retry_at = later(now, wait);
        let source = match (error, self.channel.source()) {
            (FlyError::RateLimited { .. }, _) => SourceHealth::RateLimited { until: retry_at },
            (_, before) => SourceHealth::Failing {
                since: if let SourceHealth::Failing { since, .. } = before { since } else { now },
                message: error.person(),
                retry_at,
                request_id: error.request_id().map(str::to_owned),
            },
        };
        self.channel.set_source(source, &shared.sequence);
    }

    fn viewers(&self) -> MutexGuard<'_, Viewers> {
        // Every change of the viewers is complete before the lock is let go.
        self.viewers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whatever ends a watch, a panic too: nobody can join it, nobody waits for a poll that will not
/// come, and the streams of it notice.
struct Ending<'a> {
    watch: &'a Arc<Watch>,
    shared: &'a Shared,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.watch.viewers().close();
        self.shared.forget(self.watch);
        self.watch.progress.send_modify(|progress| progress.finished = u64::MAX);
        self.watch.channel.wake();
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// Whether an error concerns the token, and not Fly's health.
fn is_denial(error: &FlyError) -> bool {
    error.is_access_denied() || error.is_list_denied()
}
