//! What the APIs and the control port share.

use std::sync::Arc;

use crate::{
    StoryTime,
    clock::{Pace, RealTime, StoryClock},
    faults::Faults,
    limits::{Limits, Rate},
    requests::RequestLog,
    story::Story,
    timeline::{StepReport, Timeline},
    tokens::Tokens,
    world::World,
};

/// A story being told.
///
/// The world is only ever computed from the story and the clock. Commands of viewers (start, stop,
/// restart) are to become facts appended to the timeline, not edits of a world.
pub(crate) struct Engine {
    pub(crate) story: Story,
    pub(crate) timeline: Timeline,
    pub(crate) clock: StoryClock,
    pub(crate) tokens: Tokens,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    limits: Option<Limits>,
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
            timeline: Timeline::of(&story),
            clock: StoryClock::new(Arc::clone(&real), story.start, pace),
            story,
            tokens: Tokens::default(),
            requests: RequestLog::default(),
            faults: Faults::new(Arc::clone(&real)),
            limits: limited.then(|| Limits::new(real)),
        }
    }

    pub(crate) fn view(&self) -> View {
        let now = self.clock.now();
        View { now, world: self.timeline.world_at(now) }
    }

    /// Goes on to the next moment at which something happens; nothing where there is none.
    pub(crate) fn step(&self) -> Option<StepReport> {
        self.clock.advance(|now| {
            let next = self.timeline.step(self.timeline.steps_until(now) + 1);
            (next.as_ref().map_or(now, |step| step.at), next)
        })
    }

    pub(crate) fn jump_to_step(&self, index: usize) -> Result<StepReport, NoSuchStep> {
        let steps = self.timeline.len();
        let step = self.timeline.step(index).ok_or(NoSuchStep { index, steps })?;
        self.clock.jump(step.at);
        Ok(step)
    }

    pub(crate) fn pass(&self, action: &str, target: &str, rate: Rate) -> Result<(), std::time::Duration> {
        self.limits.as_ref().map_or(Ok(()), |limits| limits.pass(action, target, rate))
    }
}
