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
///
/// What clients ask for while the story is told becomes further facts, which stand beside those of
/// the story: see [`Timeline::ask`].
#[derive(Clone, Debug)]
pub struct Timeline {
    start: StoryTime,
    first: Arc<World>,
    told: Vec<Fact>,
    asked: Vec<Asked>,
    steps: Vec<Step>,
}

/// What a client asked for, and when it did.
#[derive(Clone, Debug)]
struct Asked {
    at: StoryTime,
    facts: Vec<Fact>,
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
        let mut timeline = Self {
            start: story.start,
            first: Arc::new(story.world.clone()),
            told: story.facts.clone(),
            asked: Vec::new(),
            steps: Vec::new(),
        };
        timeline.retell(StoryTime::from_ms(i64::MIN));
        timeline
    }

    /// Adds what a client asks for at a moment: facts of that moment and what follows from them
    /// later. The story's own facts stay where they are; one that cannot be told any more, because
    /// what it speaks of is gone, is left out.
    pub fn ask(&mut self, moment: StoryTime, facts: Vec<Fact>) {
        let Some(first) = facts.iter().map(|fact| fact.at).min() else {
            return;
        };
        self.asked.push(Asked { at: moment, facts });
        self.retell(first);
    }

    /// Forgets what was asked for after a moment: whoever goes back in a story has not asked yet.
    pub fn forget_after(&mut self, moment: StoryTime) {
        if self.last_asked().is_some_and(|last| last > moment) {
            self.asked.retain(|one| one.at <= moment);
            self.retell(moment);
        }
    }

    /// When a client last asked for something.
    pub fn last_asked(&self) -> Option<StoryTime> {
        self.asked.iter().map(|one| one.at).max()
    }

    /// Computes all steps from a moment on. What is asked for while the clock stands still is a
    /// step of its own each time, because somebody saw the world before it.
    fn retell(&mut self, from: StoryTime) {
        self.steps.truncate(self.steps.partition_point(|step| step.at < from));
        let before = self.steps.last().map_or(&self.first, |step| &step.world);
        let mut world = World::clone(before);
        let asked = self.asked.iter().map(|one| &one.facts);
        let all = std::iter::once(&self.told).chain(asked).enumerate();
        let all = all.flat_map(|(batch, facts)| facts.iter().map(move |fact| ((fact.at, batch), fact)));
        let mut facts: Vec<((StoryTime, usize), &Fact)> = all.filter(|(_, fact)| fact.at >= from).collect();
        facts.sort_by_key(|(when, _)| *when);
        for of_one_instant in facts.chunk_by(|one, other| one.0 == other.0) {
            let facts = tell(&mut world, of_one_instant.iter().map(|(_, fact)| *fact));
            if let Some(first) = facts.first() {
                let (at, world) = (first.at, Arc::new(world.clone()));
                self.steps.push(Step { at, facts, world });
            }
        }
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

/// Changes a world by facts; gives back those that could be told.
fn tell<'a>(world: &mut World, facts: impl Iterator<Item = &'a Fact>) -> Vec<Fact> {
    let mut told = Vec::new();
    for fact in facts {
        match world.apply(fact.at, &fact.change) {
            Ok(()) => told.push(fact.clone()),
            Err(refused) => tracing::warn!(at = %fact.at, %refused, "a fact cannot be told"),
        }
    }
    told
}
