//! How the last deployment went: what happened to its instances, in order of time.

mod chronicle;
mod happened;
#[cfg(test)]
mod tests;
mod wire;

pub use chronicle::Chronicle;

use crate::health::Tone;
use crate::id::{InstanceId, ReleaseVersion};
use crate::json::FromJson;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// The release was made.
    Made,
    /// An instance runs it.
    Placed,
    /// A check passes.
    Passing,
    /// A check has not passed yet, or again.
    Waiting,
    /// A check fails.
    Failing,
    /// An instance was started.
    Started,
    /// Its main process ended, as it was asked to or well.
    Ended,
    /// Its main process ended with an error.
    Crashed,
    /// Anything else that Fly tells of an instance.
    Event,
    /// A line of the log of the instance that fails.
    Log,
    /// The deployment ended well.
    Succeeded,
    /// The deployment did not.
    Failed,
}

/// What people choose entries by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The release, its instances, and how it ended.
    Deployment,
    /// Results of health checks.
    Checks,
    /// Starts, ends and crashes.
    Restarts,
    /// Other events.
    Events,
    /// Lines of logs.
    Log,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Deployment, Self::Checks, Self::Restarts, Self::Events, Self::Log];

    /// Its name in an address, and in small letters what people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::Checks => "checks",
            Self::Restarts => "restarts",
            Self::Events => "events",
            Self::Log => "log",
        }
    }
}

impl EntryKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Made,
        Self::Placed,
        Self::Passing,
        Self::Waiting,
        Self::Failing,
        Self::Started,
        Self::Ended,
        Self::Crashed,
        Self::Event,
        Self::Log,
        Self::Succeeded,
        Self::Failed,
    ];

    /// What people choose it by.
    pub fn group(self) -> Group {
        match self {
            Self::Made | Self::Placed | Self::Succeeded | Self::Failed => Group::Deployment,
            Self::Passing | Self::Waiting | Self::Failing => Group::Checks,
            Self::Started | Self::Ended | Self::Crashed => Group::Restarts,
            Self::Event => Group::Events,
            Self::Log => Group::Log,
        }
    }

    /// The colour it is shown in.
    pub fn tone(self) -> Tone {
        match self {
            Self::Passing | Self::Succeeded => Tone::Good,
            Self::Made | Self::Placed | Self::Waiting | Self::Started => Tone::Busy,
            Self::Failing | Self::Crashed | Self::Failed => Tone::Bad,
            Self::Ended | Self::Event | Self::Log => Tone::Idle,
        }
    }

    /// The word beside it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Made | Self::Succeeded | Self::Failed => "release",
            Self::Placed => "placed",
            Self::Passing | Self::Waiting | Self::Failing => "check",
            Self::Started => "started",
            Self::Ended => "ended",
            Self::Crashed => "crashed",
            Self::Event => "event",
            Self::Log => "log",
        }
    }
}

/// Something that happened. It never changes: what is told anew is another entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What it tells of.
    pub kind: EntryKind,
    /// To which instance; none for the deployment itself.
    pub instance: Option<InstanceId>,
    /// Its place among the lines that its instance wrote at the same instant; 0 for all else.
    pub nth: u32,
    /// What happened, as one line: plain text, a log line with its colours
    /// ([`crate::logs::ansi::written`]). Its secrets are hidden.
    pub text: String,
}

impl Entry {
    /// Names it among the entries of a timeline: the same for the same content, which is all there is
    /// to it (FNV-1a, 64 bits).
    pub fn key(&self) -> String {
        let id = self.instance.as_ref().map_or("", InstanceId::as_str);
        let parts = [self.kind.word().as_bytes(), id.as_bytes(), self.text.as_bytes()];
        let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        let (at, nth) = (self.at.0.to_le_bytes(), self.nth.to_le_bytes());
        let bytes = at.iter().chain(&nth).chain(parts.into_iter().flatten());
        format!("{:x}", bytes.fold(0xcbf2_9ce4_8422_2325, hash))
    }

    /// Whether `self` happened before `other`, or is told before it.
    pub fn precedes(&self, other: &Self) -> bool {
        (self.at, self.kind, &self.instance, self.nth, &self.text)
            < (other.at, other.kind, &other.instance, other.nth, &other.text)
    }
}

/// The entries that a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Timeline {
    /// The release whose deployment it tells of.
    pub version: Option<ReleaseVersion>,
    /// What happened, oldest first, each once: the newest of all.
    pub entries: Vec<Entry>,
    /// How many older ones are left out.
    pub left_out: u32,
}

impl Timeline {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Puts an entry in its place, once.
    pub fn put(&mut self, entry: Entry) {
        let at = self.entries.partition_point(|one| one.precedes(&entry));
        if self.entries.get(at) != Some(&entry) {
            self.entries.insert(at, entry);
        }
    }

    /// Takes an entry out, if it is there.
    pub fn take(&mut self, key: &str) {
        self.entries.retain(|one| one.key() != key);
    }
}
