//! What can be wrong with a story.

use std::fmt;

/// A story that cannot be played, with every place and reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoryError {
    /// No built-in story has this name.
    #[error("there is no story `{name}`; there are: {known}")]
    NoSuchStory {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The file has mistakes.
    #[error("story `{story}`: {}", listed(.mistakes))]
    Wrong {
        /// Name of the story, or `(no name)` where not even that could be read.
        story: String,
        /// All of them, in the order of the file; at least one.
        mistakes: Vec<Mistake>,
    },
}

/// One thing that is wrong with a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The shared file (`world quiet`, `scene boot`) where it is not the story's own.
    pub file: Option<String>,
    /// Line of the file; 1 is the first.
    pub line: usize,
    /// What stands there, such as `fact 3 (+12s check)`; empty where the line says it all.
    pub place: String,
    /// What is wrong and what is allowed.
    pub reason: String,
}

impl Mistake {
    pub(super) fn new(line: usize, place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: None, line, place: place.into(), reason: reason.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(out, "{file}, ")?;
        }
        write!(out, "line {}", self.line)?;
        if !self.place.is_empty() {
            write!(out, ", {}", self.place)?;
        }
        write!(out, ": {}", self.reason)
    }
}

fn listed(mistakes: &[Mistake]) -> String {
    let texts: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
    texts.join("\n  ")
}
