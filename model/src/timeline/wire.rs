//! How a timeline is written between server and browser: a line for its head and one for each entry,
//! with tabs between the fields, neither of which a text has in it. What serde derives for the same
//! weighs several times as much in the browser's module.

use super::{Entry, EntryKind, Timeline};
use crate::id::{InstanceId, ReleaseVersion};
use crate::time::Timestamp;
use std::fmt;

/// A text that is no timeline, or no entry of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("that is no timeline that this version knows")
    }
}

impl std::error::Error for Unreadable {}

impl From<Entry> for String {
    fn from(entry: Entry) -> Self {
        let Entry { at, kind, instance, nth, text } = entry;
        let kind = EntryKind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
        let instance = instance.as_ref().map_or("", InstanceId::as_str);
        format!("{}\t{kind}\t{instance}\t{nth}\t{text}", at.0)
    }
}

impl TryFrom<String> for Entry {
    type Error = Unreadable;

    fn try_from(line: String) -> Result<Self, Unreadable> {
        entry(&line).ok_or(Unreadable)
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut fields = line.splitn(5, '\t');
    let mut next = || fields.next();
    let at = Timestamp(next()?.parse().ok()?);
    let kind = *EntryKind::ALL.get(next()?.parse::<usize>().ok()?)?;
    let instance = match next()? {
        "" => None,
        id => Some(InstanceId::new(id).ok()?),
    };
    Some(Entry { at, kind, instance, nth: next()?.parse().ok()?, text: next()?.to_owned() })
}

impl From<Timeline> for String {
    fn from(timeline: Timeline) -> Self {
        let version = timeline.version.map(|version| version.0.to_string()).unwrap_or_default();
        let mut text = format!("{version}\t{}", timeline.left_out);
        for entry in timeline.entries {
            text.push('\n');
            text.push_str(&Self::from(entry));
        }
        text
    }
}

impl TryFrom<String> for Timeline {
    type Error = Unreadable;

    fn try_from(text: String) -> Result<Self, Unreadable> {
        timeline(&text).ok_or(Unreadable)
    }
}

fn timeline(text: &str) -> Option<Timeline> {
    let mut lines = text.split('\n');
    let (version, left_out) = lines.next()?.split_once('\t')?;
    let version = match version {
        "" => None,
        number => Some(ReleaseVersion(number.parse().ok()?)),
    };
    let entries = lines.map(entry).collect::<Option<Vec<Entry>>>()?;
    Some(Timeline { version, entries, left_out: left_out.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Timeline {
        let entry = |kind: EntryKind, id: Option<&str>| Entry {
            at: Timestamp(-5),
            kind,
            instance: id.map(|id| InstanceId::new(id).unwrap()),
            nth: 3,
            text: "a \u{1b}[0;31mred\u{1b}[0m line".into(),
        };
        let mut entries: Vec<Entry> = EntryKind::ALL.map(|kind| entry(kind, Some("e80d7fbd"))).into();
        entries.push(Entry { text: String::new(), ..entry(EntryKind::Failed, None) });
        Timeline { version: Some(ReleaseVersion(14)), entries, left_out: 7 }
    }

    #[test]
    fn what_was_written_is_read() {
        for timeline in [sample(), Timeline::default()] {
            let json = serde_json::to_string(&timeline).unwrap();
            assert_eq!(serde_json::from_str::<Timeline>(&json).unwrap(), timeline);
        }
    }

    #[test]
    fn anything_else_is_an_error() {
        for bad in
            ["", "14", "x\t0", "14\tx", "14\t0\nx", "14\t0\n1\t99\t\t0\tx", "14\t0\n1\t0\tnot hex\t0\tx"]
        {
            assert!(Timeline::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}
