//! The world at any moment, as a pure function of a story.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use serde_json::Value;

use crate::{
    StoryTime,
    story::{Fact, Story},
    world::World,
};

/// A story seen along time. Facts of one instant are one step: no moment lies between them.
///
/// The worlds are computed once, when the timeline is made: stories are short, and apps that a
/// step does not touch are shared between the worlds before and after it.
#[derive(Clone, Debug)]
pub struct Timeline {
    start: StoryTime,
    first: Arc<World>,
    steps: Vec<Step>,
}

/// All facts of one instant, and the world after them.
#[derive(Clone, Debug)]
struct Step {
    at: StoryTime,
    facts: Vec<Fact>,
    world: Arc<World>,
}

/// A value that an object had from a moment on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryEntry {
    /// From when.
    pub at: StoryTime,
    /// The object's name, such as `allocation:APP/SHORT`.
    pub object: String,
    /// The value; nothing where the object went away.
    pub value: Option<Value>,
}

/// What one step told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// 1 for the first step of the story; 0 is its beginning.
    pub index: usize,
    /// The moment of the step.
    pub at: StoryTime,
    /// The facts of that moment.
    pub applied: Vec<Fact>,
}

impl Timeline {
    /// The timeline of a story. Facts that cannot be told were refused when the story was read;
    /// in a story put together by hand they are left out.
    pub fn of(story: &Story) -> Self {
        let mut world = story.world.clone();
        let mut steps: Vec<Step> = Vec::new();
        for fact in &story.facts {
            if let Err(refused) = world.apply(fact.at, &fact.change) {
                tracing::warn!(at = %fact.at, %refused, "a fact cannot be told");
                continue;
            }
            let now = Arc::new(world.clone());
            match steps.last_mut() {
                Some(step) if step.at == fact.at => {
                    step.facts.push(fact.clone());
                    step.world = now;
                }
                _ => steps.push(Step { at: fact.at, facts: vec![fact.clone()], world: now }),
            }
        }
        Self { start: story.start, first: Arc::new(story.world.clone()), steps }
    }

    /// The world at a moment: everything told up to and with it.
    pub fn world_at(&self, moment: StoryTime) -> Arc<World> {
        match self.steps_until(moment) {
            0 => Arc::clone(&self.first),
            told => Arc::clone(&self.steps[told - 1].world),
        }
    }

    /// How many steps have been told at a moment.
    pub fn steps_until(&self, moment: StoryTime) -> usize {
        self.steps.partition_point(|step| step.at <= moment)
    }

    /// The moment of the next step after a moment.
    pub fn next_after(&self, moment: StoryTime) -> Option<StoryTime> {
        self.steps.get(self.steps_until(moment)).map(|step| step.at)
    }

    /// The step of this index: 0 is the beginning of the story, which tells nothing.
    pub fn step(&self, index: usize) -> Option<StepReport> {
        let Some(before) = index.checked_sub(1) else {
            return Some(StepReport { index, at: self.start, applied: Vec::new() });
        };
        let step = self.steps.get(before)?;
        Some(StepReport { index, at: step.at, applied: step.facts.clone() })
    }

    /// How many steps there are, the beginning not counted.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing happens.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Each value that each object had up to a moment, in order; of one object only, when named.
    pub fn history(&self, object: Option<&str>, until: StoryTime) -> Vec<HistoryEntry> {
        let wanted = |name: &str| object.is_none_or(|one| one == name);
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        let mut history = Vec::new();
        let steps = self.steps.iter().map(|step| (step.at, &step.world));
        for (at, world) in std::iter::once((self.start, &self.first)).chain(steps) {
            if at > until {
                break;
            }
            let mut now = world.objects_beside(object);
            now.retain(|name, _| wanted(name));
            let gone = known.keys().filter(|name| !now.contains_key(*name));
            let gone = gone.map(|name| (name.clone(), None));
            let changed = now.iter().filter(|(name, value)| known.get(*name) != Some(*value));
            let changed = changed.map(|(name, value)| (name.clone(), Some(value.clone())));
            history.extend(gone.chain(changed).map(|(object, value)| HistoryEntry { at, object, value }));
            known = now;
        }
        history
    }
}
