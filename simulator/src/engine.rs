//! What the APIs and the control port share.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::{
    StoryTime,
    clock::{Pace, RealTime, StoryClock},
    faults::Faults,
    limits::{Limits, Rate},
    refusal::Refusal,
    requests::RequestLog,
    story::{Fact, Story},
    timeline::{StepReport, Timeline},
    tokens::Tokens,
    world::World,
};

/// A story being told.
///
/// The world is only ever computed from the timeline and the clock. What clients ask for (start,
/// stop, restart) becomes facts of the timeline, never an edit of a world.
pub(crate) struct Engine {
    pub(crate) story: Story,
    timeline: RwLock<Timeline>,
    pub(crate) clock: StoryClock,
    pub(crate) tokens: Tokens,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    limits: Option<Limits>,
    real: Arc<dyn RealTime>,
}

/// The world at one moment: what one request sees from its beginning to its end.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) now: StoryTime,
    pub(crate) world: Arc<World>,
}

/// Where a story cannot be jumped to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the story has {steps} steps; there is no step {index}")]
pub struct NoSuchStep {
    /// The step asked for.
    pub index: usize,
    /// How many there are.
    pub steps: usize,
}

impl Engine {
    pub(crate) fn new(story: Story, pace: Pace, real: Arc<dyn RealTime>, limited: bool) -> Self {
        Self {
            timeline: RwLock::new(Timeline::of(&story)),
            clock: StoryClock::new(Arc::clone(&real), story.start, pace),
            story,
            tokens: Tokens::default(),
            requests: RequestLog::default(),
            faults: Faults::new(Arc::clone(&real)),
            limits: limited.then(|| Limits::new(Arc::clone(&real))),
            real,
        }
    }

    pub(crate) fn view(&self) -> View {
        let now = self.clock.now();
        View { now, world: self.timeline().world_at(now) }
    }

    /// The timeline as it is; without what was asked for later than now, if the clock went back.
    pub(crate) fn timeline(&self) -> RwLockReadGuard<'_, Timeline> {
        let now = self.clock.now();
        // A holder that panicked left a whole timeline behind: facts are added before it is retold.
        let timeline = self.timeline.read().unwrap_or_else(PoisonError::into_inner);
        if timeline.last_asked().is_none_or(|last| last <= now) {
            return timeline;
        }
        drop(timeline);
        self.timeline.write().unwrap_or_else(PoisonError::into_inner).forget_after(now);
        self.timeline.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a client change the world. `decide` sees the world as it is and says what is to
    /// happen, or why not; nobody else decides meanwhile. Gives back the world after it.
    pub(crate) fn act<T>(
        &self,
        decide: impl FnOnce(&View) -> Result<(Vec<Fact>, T), Refusal>,
    ) -> Result<(View, T), Refusal> {
        let mut timeline = self.timeline.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        timeline.forget_after(now);
        let (facts, told) = decide(&View { now, world: timeline.world_at(now) })?;
        timeline.ask(now, facts);
        Ok((View { now, world: timeline.world_at(now) }, told))
    }

    /// Goes to a moment, forth or back; back also means before what was asked for later.
    pub(crate) fn jump(&self, to: StoryTime) {
        self.clock.jump(to);
        drop(self.timeline());
    }

    /// Goes on to the next moment at which something happens; nothing where there is none.
    pub(crate) fn step(&self) -> Option<StepReport> {
        let timeline = self.timeline();
        self.clock.advance(|now| {
            let next = timeline.step(timeline.steps_until(now) + 1);
            (next.as_ref().map_or(now, |step| step.at), next)
        })
    }

    pub(crate) fn jump_to_step(&self, index: usize) -> Result<StepReport, NoSuchStep> {
        let timeline = self.timeline();
        let steps = timeline.len();
        let step = timeline.step(index).ok_or(NoSuchStep { index, steps })?;
        drop(timeline);
        self.jump(step.at);
        Ok(step)
    }

    /// Real time since some fixed moment.
    pub(crate) fn real_elapsed(&self) -> std::time::Duration {
        self.real.elapsed()
    }

    pub(crate) fn pass(&self, action: &str, target: &str, rate: Rate) -> Result<(), std::time::Duration> {
        self.limits.as_ref().map_or(Ok(()), |limits| limits.pass(action, target, rate))
    }
}
