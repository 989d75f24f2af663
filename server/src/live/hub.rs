//! All watches, and the way to them.

use super::access::{Proofs, Verdict, verdict};
use super::channel::Channel;
use super::poll::Failure;
use super::sequence::Sequence;
use super::viewer::{Fingerprint, Viewer};
use super::watch::{Viewing, Watch};
use crate::clock::Clock;
use crate::upstream::Upstream;
use fly::{FlyError, FlyToken};
use model::live::{Snapshot, Topic, TopicState};
use model::{AppName, AppsView, Timestamp};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a page waits for its data before it is rendered without.
const READ_DEADLINE: Duration = Duration::from_secs(3);
/// For how long a failure of Fly says that Windsock is of little use.
const FAILURE_COUNTS: Duration = Duration::from_secs(60);

/// What the hub is made of.
pub struct HubOptions {
    /// Fly.
    pub upstream: Arc<dyn Upstream>,
    /// The time people are shown.
    pub clock: Arc<dyn Clock>,
    /// Names this process in cursors.
    pub epoch: String,
    /// Ends all watches and streams.
    pub shutdown: CancellationToken,
    /// Called with a token that Fly refuses.
    pub on_refused: Box<dyn Fn(&FlyToken) + Send + Sync>,
    /// A number in 0..1 that spreads the polls of many watches.
    pub jitter: Box<dyn Fn() -> f64 + Send + Sync>,
}

/// Why a topic cannot be shown.
#[derive(Clone, Debug)]
pub enum ReadError {
    /// The viewer's token cannot see it, or it does not exist.
    NotFound,
    /// Fly refuses the viewer's token.
    Refused,
    /// Fly did not answer in time.
    Slow,
    /// The viewer may see the app, and what the topic names is not in it.
    Absent,
    /// Fly did not answer usefully.
    Upstream(Failure),
}

/// What watches share.
pub struct Shared {
    pub(super) upstream: Arc<dyn Upstream>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sequence: Sequence,
    pub(super) proofs: Proofs,
    pub(super) shutdown: CancellationToken,
    /// Read by every stream whenever something changes, so it is no lock as the token is.
    stopping: AtomicBool,
    pub(super) on_refused: Box<dyn Fn(&FlyToken) + Send + Sync>,
    jitter: Box<dyn Fn() -> f64 + Send + Sync>,
    last_failure: Mutex<Option<Instant>>,
    watches: Mutex<HashMap<Key, Arc<Watch>>>,
}

/// A topic about an app has one watch for all, any other one for each access.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    topic: Topic,
    access: Option<Fingerprint>,
}

impl Key {
    fn of(topic: &Topic, viewer: &Viewer) -> Self {
        let access = topic.app().is_none().then(|| *viewer.fingerprint());
        Self { topic: watched(topic), access }
    }
}

/// The topic of the watch that knows of a topic: one for the list, whatever is asked of it.
fn watched(topic: &Topic) -> Topic {
    match topic {
        Topic::Apps(_) => Topic::apps(),
        other => other.clone(),
    }
}

/// All watches.
#[derive(Clone)]
pub struct Hub {
    pub(super) shared: Arc<Shared>,
}

impl Hub {
    /// A hub without watches: they begin with their first viewer.
    pub fn new(options: HubOptions) -> Self {
        let HubOptions { upstream, clock, epoch, shutdown, on_refused, jitter } = options;
        let shared = Shared {
            upstream,
            clock,
            sequence: Sequence::new(epoch),
            proofs: Proofs::default(),
            shutdown,
            stopping: AtomicBool::new(false),
            on_refused,
            jitter,
            last_failure: Mutex::new(None),
            watches: Mutex::new(HashMap::new()),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Becomes a viewer of a topic, beginning its watch where there is none. Says nothing of
    /// access: see [`Hub::prove`].
    pub fn join(&self, topic: &Topic, viewer: &Arc<Viewer>) -> Viewing {
        let key = Key::of(topic, viewer);
        let mut watches = self.shared.watches();
        if let Some(viewing) = watches.get(&key).and_then(|watch| watch.join(viewer)) {
            return viewing;
        }
        loop {
            let watch = Arc::new(Watch::new(watched(topic), viewer.clone()));
            if let Some(viewing) = watch.join(viewer) {
                watches.insert(key, watch.clone());
                tokio::spawn(watch.run(self.shared.clone()));
                return viewing;
            }
        }
    }

    /// Proves that the viewer may see the topic. A watch's own poll is the proof of its owner, so
    /// any number of viewers with one token cost no question of their own.
    pub async fn prove(&self, viewing: &Viewing) -> Result<(), ReadError> {
        let Some(app) = viewing.watch.channel.topic().app() else { return Ok(()) };
        let viewer = &viewing.viewer;
        let asking = self.ask_for_proof(viewing, app);
        let proof = tokio::time::timeout(READ_DEADLINE, asking).await.unwrap_or(Err(ReadError::Slow));
        match proof {
            Ok(Verdict::Allowed) => Ok(()),
            Ok(Verdict::Denied) => {
                // The other tabs of this viewer are told now, and not at their next sign of life.
                self.shared.tell_of_access(&viewing.watch.channel);
                Err(ReadError::NotFound)
            }
            Ok(Verdict::Refused) => {
                (self.shared.on_refused)(&viewer.token);
                self.shared.tell_of_access(&viewing.watch.channel);
                Err(ReadError::Refused)
            }
            Err(_) if self.shared.proofs.holds(viewer.fingerprint(), app) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn ask_for_proof(&self, viewing: &Viewing, app: &AppName) -> Result<Verdict, ReadError> {
        let (proofs, viewer) = (&self.shared.proofs, &viewing.viewer);
        if let Some(known) = proofs.fresh(viewer.fingerprint(), app) {
            return Ok(known);
        }
        if viewing.watch.is_owned_by(viewer) {
            return self.proof_of_owner(&viewing.watch, viewer, app).await;
        }
        let proof = proofs.prove(&*self.shared.upstream, &viewer.token, app).await;
        proof.map_err(|error| ReadError::Upstream(Failure::Fly(error)))
    }

    /// The owner's proof is the watch's own poll. A failure that is known is the answer: a watch
    /// that waits because Fly asked it to must not be woken for a proof.
    async fn proof_of_owner(
        &self,
        watch: &Watch,
        viewer: &Viewer,
        app: &AppName,
    ) -> Result<Verdict, ReadError> {
        let proof = || self.shared.proofs.fresh(viewer.fingerprint(), app);
        let failure = watch.first_poll().await;
        if let Some(known) = proof() {
            return Ok(known);
        }
        if let Some(failure) = failure.filter(|failure| !failure.is_denial() && !failure.is_absence()) {
            return Err(ReadError::Upstream(failure));
        }
        // What was polled so far was polled with somebody else's token.
        watch.poll_now().await;
        let failure = watch.first_poll().await;
        proof().ok_or(failure.map_or(ReadError::Slow, ReadError::Upstream))
    }

    /// A new sign-in with a token asks Fly anew.
    pub fn forget_verdicts(&self, token: &FlyToken) {
        self.shared.proofs.forget(&token.fingerprint());
    }

    /// The present state of a topic, for a page.
    pub async fn read(&self, topic: &Topic, viewer: &Viewer) -> Result<Snapshot<TopicState>, ReadError> {
        let Shared { sequence, clock, .. } = &*self.shared;
        self.read_with(topic, viewer, |channel| channel.snapshot(topic, sequence, clock.now())).await
    }

    /// All apps the viewer can see, whatever pages show of them.
    pub async fn all_apps(&self, viewer: &Viewer) -> Result<AppsView, ReadError> {
        self.read_with(&Topic::apps(), viewer, Channel::all_apps).await
    }

    async fn read_with<T>(
        &self,
        topic: &Topic,
        viewer: &Viewer,
        take: impl Fn(&Channel) -> Option<T>,
    ) -> Result<T, ReadError> {
        let viewing = self.join(topic, &Arc::new(viewer.clone()));
        let reading = async {
            self.prove(&viewing).await?;
            let failure = viewing.watch.first_poll().await;
            match (take(&viewing.watch.channel), failure) {
                (Some(state), _) => Ok(state),
                (None, Some(failure)) => Err(read_error(failure)),
                (None, None) => Err(ReadError::Slow),
            }
        };
        tokio::time::timeout(READ_DEADLINE, reading).await.unwrap_or(Err(ReadError::Slow))
    }

    /// When a topic that could not be read is asked for again, where that is known.
    pub fn next_try(&self, topic: &Topic, viewer: &Viewer) -> Option<Timestamp> {
        let watches = self.shared.watches();
        watches.get(&Key::of(topic, viewer)).and_then(|watch| watch.channel.source().retry_at())
    }

    /// Polls every watch at once and returns when all are done.
    pub async fn poll_now(&self) {
        let watches: Vec<Arc<Watch>> = self.shared.watches().values().cloned().collect();
        futures::future::join_all(watches.iter().map(|watch| watch.poll_now())).await;
    }

    /// How many watches there are: each goes on for half a minute after its last viewer.
    pub fn watches(&self) -> usize {
        self.shared.watches().len()
    }

    /// Whether the last answer of Fly was a failure. False before the first, and when that was too
    /// long ago to say anything: without viewers nobody asks.
    pub fn last_failed(&self) -> bool {
        let last = self.shared.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| at.elapsed() < FAILURE_COUNTS)
    }
}

fn read_error(failure: Failure) -> ReadError {
    match failure {
        Failure::Absent => ReadError::Absent,
        failure if failure.is_refused() => ReadError::Refused,
        failure if failure.is_denial_of_app() => ReadError::NotFound,
        failure => ReadError::Upstream(failure),
    }
}

impl Shared {
    pub(super) fn jitter(&self) -> f64 {
        (self.jitter)()
    }

    pub(super) fn note_upstream(&self, fine: bool) {
        let mut last = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (!fine).then(Instant::now);
    }

    /// A poll that began at `asked` says what a question would have said.
    pub(super) fn learn_access<T>(
        &self,
        token: &FlyToken,
        app: &AppName,
        answer: &Result<T, FlyError>,
        asked: Instant,
    ) {
        if let Some(known) = verdict(answer) {
            self.proofs.remember(&token.fingerprint(), app, known, asked);
        }
    }

    /// Wakes all streams about the app that this channel is about: each finds out for itself what
    /// became of its access.
    pub(super) fn tell_of_access(&self, channel: &Channel) {
        channel.wake();
        let Some(app) = channel.topic().app() else { return };
        for watch in self.watches().values().filter(|watch| watch.channel.topic().app() == Some(app)) {
            watch.channel.wake();
        }
    }

    /// Tells the streams of a topic that the server stops: none of them waits for that by itself.
    pub(super) fn tell_of_stopping(&self, channel: &Channel) {
        self.stopping.store(true, Ordering::Release);
        channel.wake();
    }

    /// Whether the server stops.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(super) fn forget(&self, watch: &Arc<Watch>) {
        self.watches().retain(|_, known| !Arc::ptr_eq(known, watch));
    }

    fn watches(&self) -> MutexGuard<'_, HashMap<Key, Arc<Watch>>> {
        // The map is whole after every single call on it.
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
