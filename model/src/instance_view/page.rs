//! The parts of the page of one instance, ready to be shown: tables of lines of cells. One shape for all of
//! them, because each type that a page reads, and each way of showing one, weighs on its first load.

use crate::health::Tone;
use crate::json::FromJson;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Cell {
    /// What it says; lines of a log with their colours. Empty where only the instant is shown, as its age.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// For a status: the colour and the shape beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// The instant that it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// A line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Line {
    /// Names it among the lines of its table, as long as it stands there.
    pub key: String,
    /// Its cells, one a column.
    pub cells: Vec<Cell>,
}

/// A part of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Part {
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// What is said where there are no lines, that there are none or that they were not loaded; and at the
    /// end of a log to which nothing is added for now.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Which part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// The last result of each health check: name, result, when it changed, output.
    Checks,
    /// What happened, newest first: when, what, what it led to, who asked.
    Events,
    /// The last lines of the log, oldest first: when, level, line.
    Log,
    /// What runs in it: command, where it listens, what it uses.
    Processes,
    /// What it is configured with: what about, name, value.
    Configuration,
    /// What it is: name and value.
    About,
}

impl PartKind {
    /// All of them, in the order of a page's parts.
    pub const ALL: [Self; 6] =
        [Self::Checks, Self::Events, Self::Log, Self::Processes, Self::Configuration, Self::About];
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A status.
    pub fn status(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone: Some(tone), ..Self::text(word) }
    }

    /// An instant, shown as its age.
    pub fn age(at: Timestamp) -> Self {
        Self { at: Some(at), ..Self::default() }
    }
}
