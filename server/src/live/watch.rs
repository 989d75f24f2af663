//! One watch: polls Fly for one topic, with one viewer's token, for all viewers of the topic.

use super::access::Verdict;
use super::channel::Channel;
use super::hub::Shared;
use super::pace::{Pace, UNSEEN};
use super::poll::{Asking, Failure, Polls, later};
use super::viewer::Viewer;
use super::viewers::Viewers;
use model::live::{SourceHealth, Topic};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How far the polls have come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    started: u64,
    finished: u64,
    /// Why the last poll failed, if it did.
    pub failure: Option<Failure>,
}

/// One watch.
pub struct Watch {
    /// The state it keeps.
    pub channel: Channel,
    viewers: Mutex<Viewers>,
    /// Apart from the viewers: each of thousands of streams asks for it whenever something changes.
    ended: AtomicBool,
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
            ended: AtomicBool::new(false),
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
        self.ended.load(Ordering::Acquire)
    }

    /// Polls at once and returns when that poll is done.
    pub async fn poll_now(&self) {
        let mut progress = self.progress.subscribe();
        let wanted = progress.borrow_and_update().started + 1;
        self.wake.notify_one();
        let _ = progress.wait_for(|progress| progress.finished >= wanted).await;
    }

    /// Returns when at least one poll was done, and why the last one failed, if it did.
    pub async fn first_poll(&self) -> Option<Failure> {
        let mut progress = self.progress.subscribe();
        match progress.wait_for(|progress| progress.finished > 0).await {
            Ok(progress) => progress.failure.clone(),
            Err(_) => None,
        }
    }

    /// Polls until nobody watches any more. That the server stops is told at once, whatever a poll does.
    pub(super) async fn run(self: Arc<Self>, shared: Arc<Shared>) {
        let _ending = Ending { watch: &self, shared: &shared };
        let mut polling = pin!(self.poll_while_watched(&shared));
        tokio::select! {
            biased;
            () = shared.shutdown.cancelled() => shared.tell_of_stopping(&self.channel),
            () = &mut polling => return,
        }
        polling.await;
    }

    async fn poll_while_watched(&self, shared: &Shared) {
        let mut pace = Pace::default();
        let mut polls = Polls::of(self.channel.topic());
        while let Some(owner) = self.owner(shared) {
            self.progress.send_modify(|progress| progress.started += 1);
            let asked = Instant::now();
            let asking = Asking { shared, channel: &self.channel, token: &owner.token, asked };
            let (outcome, failure) = polls.once(asking).await;
            let denied = failure.as_ref().is_some_and(Failure::is_denial);
            if denied && self.owner(shared).is_some_and(|next| next.fingerprint() != owner.fingerprint()) {
                // That concerns this token only: the others get their answer at once.
                shared.tell_of_access(&self.channel);
                continue;
            }
            let wait = pace.next(outcome, shared.jitter());
            match &failure {
                // Not a matter of Fly's health: each stream finds its own verdict when it wakes.
                Some(_) if denied => shared.tell_of_access(&self.channel),
                Some(Failure::Absent) => self.channel.set_source(SourceHealth::Fine, &shared.sequence),
                Some(failure) => self.report(shared, failure, wait),
                None => {}
            }
            self.progress.send_modify(|progress| {
                progress.finished = progress.started;
                progress.failure = failure;
            });
            tokio::select! {
                biased;
                // A server that stops asks nothing more, whoever wants a poll.
                () = shared.shutdown.cancelled() => break,
                () = self.pause(wait) => {}
                () = self.wake.notified() => polls.hurry(),
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
                biased;
                () = tokio::time::sleep_until(began + wait) => return,
                () = arrived => {}
            }
        }
    }

    /// Whom to poll for: a viewer who was not denied.
    fn owner(&self, shared: &Shared) -> Option<Arc<Viewer>> {
        let app = self.channel.topic().app();
        let denied = |viewer: &Viewer| {
            let known = app.and_then(|app| shared.proofs.fresh(viewer.fingerprint(), app));
            matches!(known, Some(Verdict::Denied | Verdict::Refused))
        };
        self.viewers().owner(denied)
    }

    /// Tells the viewers that Fly does not answer, since when, and when it is asked again.
    fn report(&self, shared: &Shared, failure: &Failure, wait: Duration) {
        let now = shared.clock.now();
        let retry_at = later(now, wait);
        let before = self.channel.source();
        let shown_from = before.shown_from();
        let source = if failure.is_rate_limit() {
            SourceHealth::RateLimited { until: retry_at, shown_from }
        } else {
            SourceHealth::Failing {
                shown_from,
                since: if let SourceHealth::Failing { since, .. } = before { since } else { now },
                message: failure.person(),
                retry_at,
                request_id: failure.request_id().map(str::to_owned),
            }
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
        self.watch.ended.store(true, Ordering::Release);
        self.shared.forget(self.watch);
        self.watch.progress.send_modify(|progress| progress.finished = u64::MAX);
        self.watch.channel.wake();
    }
}
