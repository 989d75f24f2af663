//! What a rule concludes, and what it rests on.

use super::Cause;
use crate::id::{InstanceId, ReleaseVersion};
use crate::json::{FromJson, Json};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How sure a finding is, by the kind of its evidence. Ordered: the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The evidence shows the cause itself.
    Proven,
    /// The evidence shows what would cause it, but not that it did.
    Likely,
    /// The evidence fits.
    Possible,
}

impl Certainty {
    /// The word beside the heading.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// Where a piece of evidence was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A line of an instance's log.
    Log(InstanceId),
    /// An event of an instance.
    Event(InstanceId),
    /// The result of an instance's health check.
    Check(InstanceId),
    /// The app's configuration.
    Configuration,
    /// The sockets that an instance's processes listen on.
    Sockets(InstanceId),
    /// The machine itself: its state, its host, its lease.
    Machine(InstanceId),
    /// What is recorded of a release.
    Release(ReleaseVersion),
    /// A line of Fly's proxy.
    Proxy,
    /// A notice of Fly's about its hosts.
    Fly,
}

impl Source {
    /// The instance that it was found at, with the part of its page that shows it.
    pub fn place(&self) -> Option<(&InstanceId, &'static str)> {
        match self {
            Self::Log(id) => Some((id, "#logs")),
            Self::Event(id) => Some((id, "#events")),
            Self::Check(id) => Some((id, "#checks")),
            Self::Sockets(id) => Some((id, "#processes")),
            Self::Machine(id) => Some((id, "")),
            Self::Configuration | Self::Release(_) | Self::Proxy | Self::Fly => None,
        }
    }

    /// What the page calls it.
    pub fn label(&self) -> String {
        match self {
            Self::Log(id) => format!("log {id}"),
            Self::Event(id) => format!("event {id}"),
            Self::Check(id) => format!("check {id}"),
            Self::Configuration => "configuration".to_owned(),
            Self::Sockets(id) => format!("sockets {id}"),
            Self::Machine(id) => format!("machine {id}"),
            Self::Release(version) => format!("release {version}"),
            Self::Proxy => "Fly's proxy".to_owned(),
            Self::Fly => "Fly".to_owned(),
        }
    }
}

/// What a piece of evidence does to the finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Speaks for it.
    #[default]
    Supports,
    /// Seems to speak against it; its note says what to make of that.
    Contradicts,
}

impl Stance {
    /// What most evidence does: it is left out where it is written.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    fn is_usual(&self) -> bool {
        *self == Self::Supports
    }
}

/// A run of text of a piece of evidence. It is written as the text alone, in a list where it is marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Segment {
    /// The text, as it came.
    pub text: String,
    /// Whether this is the part that matters.
    pub marked: bool,
}

/// A segment as it is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Plain(String),
    Marked([String; 1]),
}

impl From<Segment> for Written {
    fn from(Segment { text, marked }: Segment) -> Self {
        if marked { Self::Marked([text]) } else { Self::Plain(text) }
    }
}

impl From<Written> for Segment {
    fn from(written: Written) -> Self {
        match written {
            Written::Plain(text) => Self { text, marked: false },
            Written::Marked([text]) => Self { text, marked: true },
        }
    }
}

impl FromJson for Segment {
    fn from_json(json: &Json) -> Option<Self> {
        let marked = matches!(json, Json::List(_));
        let text = if marked { json.item(0)? } else { String::from_json(json)? };
        Some(Self { text, marked })
    }
}

/// One piece of evidence, quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Evidence {
    /// When it was written or happened; none for configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Where it was found.
    pub source: Source,
    /// The quotation.
    pub text: Vec<Segment>,
    /// What it does to the finding.
    #[serde(default, skip_serializing_if = "Stance::is_usual")]
    pub stance: Stance,
    /// What to make of it, where the quotation alone could mislead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Evidence {
    /// The quotation as plain text.
    pub fn plain(&self) -> String {
        self.text.iter().map(|segment| segment.text.as_str()).collect()
    }
}

/// Cuts `text` into segments so that each of `marked` stands out where it first occurs.
pub(crate) fn mark(text: &str, marked: &[&str]) -> Vec<Segment> {
    let mut spans: Vec<(usize, usize)> = marked
        .iter()
        .filter(|part| !part.is_empty())
        .filter_map(|part| text.find(part).map(|start| (start, start + part.len())))
        .collect();
    spans.sort_unstable();
    let mut segments = Vec::new();
    let mut from = 0;
    for (start, end) in spans {
        if start < from {
            continue;
        }
        if start > from {
            segments.push(Segment { text: text[from..start].to_owned(), marked: false });
        }
        segments.push(Segment { text: text[start..end].to_owned(), marked: true });
        from = end;
    }
    if from < text.len() {
        segments.push(Segment { text: text[from..].to_owned(), marked: false });
    }
    segments
}

/// What a rule concludes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Finding {
    /// What is wrong, as a stable name.
    pub cause: Cause,
    /// One sentence that a tired person understands.
    pub headline: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// What it rests on. Never empty.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub advice: String,
    /// The command that does it, ready to paste.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Fly's own page on the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Finding {
    /// A finding without command and reference.
    pub(super) fn new(
        cause: Cause,
        certainty: Certainty,
        headline: impl Into<String>,
        evidence: Vec<Evidence>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            cause,
            headline: headline.into(),
            certainty,
            evidence,
            advice: advice.into(),
            command: None,
            reference: None,
        }
    }

    /// With the command that does what the advice says.
    pub(super) fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// With Fly's page on the subject.
    pub(super) fn reference(mut self, page: &str) -> Self {
        self.reference = Some(format!("https://fly.io/docs/{page}"));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, marked: &[&str]) -> String {
        mark(text, marked)
            .iter()
            .map(|s| if s.marked { format!("[{}]", s.text) } else { s.text.clone() })
            .collect()
    }

    #[test]
    fn the_marked_part_stands_out_and_nothing_is_lost() {
        assert_eq!(shown("at :::8080 (http)", &[":::8080"]), "at [:::8080] (http)");
        assert_eq!(shown("a = 1, b = 2", &["b = 2", "a = 1"]), "[a = 1], [b = 2]");
        assert_eq!(shown("aaa", &["aa", "a"]), "[a]aa");
        assert_eq!(shown("nothing", &["else", ""]), "nothing");
    }
}
