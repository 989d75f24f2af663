//! One poll of a topic: what is asked is a matter of its kind, what follows from the answer is not.
//!
//! Each kind of topic is a small type of its own that lives as long as its watch, and [`kind_of`] is the
//! one place that knows all of them.

mod added;
mod app;
mod apps;
mod around;
mod failure;
mod instance;
mod log;
mod release;
mod releases;

use super::channel::Channel;
use super::gaps::Gaps;
use super::hub::Shared;
use super::memory::Polled;
use super::pace::Outcome;
use async_trait::async_trait;
pub use failure::Failure;
use fly::FlyToken;
use model::live::{SourceHealth, Topic, TopicState};
use model::{Release, Timestamp};
use std::time::Duration;
use tokio::time::Instant;

/// With what a poll asks, and where its answer goes.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) shared: &'a Shared,
    pub(super) channel: &'a Channel,
    /// The token of the viewer whom the watch polls for.
    pub(super) token: &'a FlyToken,
    /// When the poll began.
    pub(super) asked: Instant,
}

/// How one kind of topic is polled, with what is remembered from poll to poll.
#[async_trait]
trait Kind: Send {
    /// Asks Fly for the state; none where a cheaper question told that nothing is new. What an answer
    /// says of the token's access to the app is to be remembered: see [`Shared::learn_access`].
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure>;

    /// Asks for what may be added to the state, which is shown by now; none where that is nothing.
    async fn ask_more(&mut self, asking: Asking<'_>) -> Option<TopicState> {
        let _ = asking;
        None
    }

    /// How long to wait after an answer at least, though something changed: for what is costly to ask, or
    /// does not change any more.
    fn least_wait(&self) -> Option<Duration> {
        None
    }

    /// Somebody wants to know now: nothing is put off for its pace.
    fn hurry(&mut self);
}

/// The wait for what does not change any more: a proof of access is renewed as often.
const SETTLED: Duration = Duration::from_secs(60);
/// A release that says for longer that it is being deployed was left behind.
const LONGEST_DEPLOYMENT_MS: i64 = 60 * 60 * 1_000;

/// Whether a release is being deployed, and not just left in that state.
fn is_deployed_now(release: &Release, now: Timestamp) -> bool {
    release.status.is_under_way() && now.since(release.created_at) < LONGEST_DEPLOYMENT_MS
}

/// The kind of a topic.
fn kind_of(topic: &Topic) -> Box<dyn Kind> {
    match topic {
        Topic::Apps(_) => Box::new(apps::Apps::default()),
        Topic::App(app) => Box::new(app::App::of(app.clone())),
        Topic::Releases(app, place) => Box::new(releases::Releases::of(app.clone(), place.clone())),
        Topic::Release(app, version) => Box::new(release::OneRelease::of(app.clone(), *version)),
        Topic::Instance(app, id) => Box::new(instance::OneInstance::of(app.clone(), id.clone())),
    }
}

/// The polls of one watch.
pub(super) struct Polls {
    kind: Box<dyn Kind>,
    /// Since when parts are missing.
    gaps: Gaps,
}

impl Polls {
    /// The polls of a topic, none of which was made yet.
    pub(super) fn of(topic: &Topic) -> Self {
        Self { kind: kind_of(topic), gaps: Gaps::default() }
    }

    /// Somebody wants to know now.
    pub(super) fn hurry(&mut self) {
        self.kind.hurry();
    }

    /// Asks Fly once and publishes what it tells.
    pub(super) async fn once(&mut self, asking: Asking<'_>) -> (Outcome, Option<Failure>) {
        let Asking { shared, channel, token, .. } = asking;
        // The state is at least as new as the question, whenever its answer comes.
        let asked_at = shared.clock.now();
        match self.kind.ask(asking).await {
            Ok(None) => {
                shared.note_upstream(true);
                (Outcome::Same, None)
            }
            Ok(Some(polled)) => {
                shared.note_upstream(true);
                let outcome = self.take_in(asking, polled, asked_at).await;
                (self.kind.least_wait().map_or(outcome, |least| outcome.no_sooner(least)), None)
            }
            Err(failure) => {
                if failure.is_refused() {
                    (shared.on_refused)(token);
                }
                if !failure.is_denial() {
                    shared.note_upstream(failure.has_answered());
                    tracing::warn!(topic = %channel.topic(), %failure, "polling failed");
                }
                (failure.outcome(), Some(failure))
            }
        }
    }

    async fn take_in(&mut self, asking: Asking<'_>, polled: Polled, asked_at: Timestamp) -> Outcome {
        let Asking { shared, channel, .. } = asking;
        let Polled { state, missing, older_from, retry_after, why, moving } = polled;
        let shown_from = self.gaps.note(&missing, asked_at).into_iter().chain(older_from).min();
        let retry_at = retry_after.map(|wait| later(shared.clock.now(), wait));
        let source = SourceHealth::partial(missing, why, shown_from, retry_at);
        let changed = channel.publish_with(state, Some(source), asked_at, &shared.sequence);
        // The state does not wait for what is added to it.
        let more = self.kind.ask_more(asking).await;
        let changed = more.is_some_and(|state| channel.publish(state, asked_at, &shared.sequence)) || changed;
        match retry_after {
            Some(wait) => Outcome::RateLimited(wait),
            None if changed || moving => Outcome::Busy,
            None => Outcome::Same,
        }
    }
}

/// So long after a moment.
pub(super) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}
