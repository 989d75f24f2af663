//! Stories: a world to begin with, and what happens to it when.

mod embedded;
mod error;
mod facts;
mod fleet;
mod moment;
mod parse;
mod shared;
mod source;
mod template;
mod validate;
mod worlds;

use serde::{Deserialize, Serialize};

pub use error::{Mistake, StoryError};
pub use fleet::Plan as FleetPlan;

use crate::{
    StoryTime,
    world::{Change, World},
};

/// A story as read from its file and found sound: every fact can be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The name one asks for it by.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// What it shows, where its facts come from.
    pub about: String,
    /// When it begins.
    pub start: StoryTime,
    /// What there is at the beginning.
    pub world: World,
    /// What happens, in order of time.
    pub facts: Vec<Fact>,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Written down by somebody to whom it happened, time and text unchanged.
    Captured,
    /// Made up, because nobody wrote it down.
    Invented,
    /// Asked for by a client while the story was told; no file can say so.
    #[serde(skip_deserializing)]
    Asked,
}

/// Something that happens at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// When.
    pub at: StoryTime,
    /// Where it comes from.
    pub origin: Origin,
    /// What it changes.
    #[serde(flatten)]
    pub change: Change,
}

impl Story {
    /// One of the stories that are built in.
    pub fn embedded(name: &str) -> Result<Self, StoryError> {
        let text = embedded::story(name).ok_or_else(|| StoryError::NoSuchStory {
            name: name.to_owned(),
            known: Self::names().join(", "),
        })?;
        Self::parse(text)
    }

    /// The names of the stories that are built in.
    pub fn names() -> Vec<&'static str> {
        embedded::names()
    }

    /// Reads a story and tells every fact once, so that a story which parses can be played. An
    /// error has every mistake that was found, each with its line.
    pub fn parse(text: &str) -> Result<Self, StoryError> {
        parse::parse(text)
    }
}
