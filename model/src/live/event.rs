//! The events of `/events`, in the order a stream sends them.

use super::change::Change;
use super::cursor::Cursor;
use super::topic::Topic;
use crate::instance_view::InstanceView;
use crate::json::{FromJson, Json, is_zero};
use crate::list::AppsWindow;
use crate::releases::{ReleaseView, ReleasesView};
use crate::time::Timestamp;
use crate::view::AppView;
use serde::{Deserialize, Serialize};

/// The version of this protocol. A page that reads another one must reload.
pub const PROTOCOL: u32 = 1;

/// The names of the events on the wire.
pub mod event_name {
    /// [`super::Hello`].
    pub const HELLO: &str = "hello";
    /// [`super::Snapshot`] of a [`super::TopicState`].
    pub const SNAPSHOT: &str = "snapshot";
    /// [`super::ChangeSet`].
    pub const CHANGE: &str = "change";
    /// [`super::SourceState`].
    pub const SOURCE: &str = "source";
    /// [`super::Ping`].
    pub const PING: &str = "ping";
    /// The server is stopping: connect again after a while.
    pub const BYE: &str = "bye";
    /// The session ended: do not connect again.
    pub const SIGNED_OUT: &str = "signed-out";
}

/// The first event of every stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Hello {
    /// [`PROTOCOL`] of the server.
    pub protocol: u32,
    /// Names the build: another one means that the page's code is old.
    pub build: String,
    /// The server's time.
    pub now: Timestamp,
}

/// The upstream's health for one topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum SourceHealth {
    /// Fly answers.
    #[default]
    Fine,
    /// Fly asked to wait.
    RateLimited {
        /// Until when nothing is asked.
        until: Timestamp,
        /// See [`SourceHealth::shown_from`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown_from: Option<Timestamp>,
    },
    /// Fly does not answer, or not with anything useful.
    Failing {
        /// Since when.
        since: Timestamp,
        /// What happened, as a sentence for a person.
        message: String,
        /// When it is tried next.
        retry_at: Timestamp,
        /// Fly's name for the request that failed.
        request_id: Option<String>,
        /// See [`SourceHealth::shown_from`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown_from: Option<Timestamp>,
    },
    /// Some parts could not be loaded; the rest is current.
    Partial {
        /// Which, as a person calls them ("machines"): the first few.
        missing: Vec<String>,
        /// How many more.
        #[serde(default, skip_serializing_if = "is_zero")]
        more: u32,
        /// Why, as a sentence for a person, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// See [`SourceHealth::shown_from`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown_from: Option<Timestamp>,
        /// When they are asked for again, where Fly told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_at: Option<Timestamp>,
    },
}

/// As many missing parts as are named: all that a page has, but not thousands of apps.
const NAMED: usize = 8;

impl SourceHealth {
    /// Some parts could not be loaded; fine where there are none. The first few are named.
    pub fn partial(
        mut missing: Vec<String>,
        why: Option<String>,
        shown_from: Option<Timestamp>,
        retry_at: Option<Timestamp>,
    ) -> Self {
        if missing.is_empty() {
            return Self::Fine;
        }
        let more = u32::try_from(missing.len().saturating_sub(NAMED)).unwrap_or(u32::MAX);
        missing.truncate(NAMED);
        for part in &mut missing {
            // That it is missing is said of all of them.
            part.truncate(part.strip_suffix(" that could not be read").unwrap_or(part).len());
        }
        Self::Partial { missing, more, why, shown_from, retry_at }
    }

    /// When Fly is asked again, where that is told.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Fine => None,
            Self::RateLimited { until, .. } => Some(*until),
            Self::Failing { retry_at, .. } => Some(*retry_at),
            Self::Partial { retry_at, .. } => *retry_at,
        }
    }

    /// From when the oldest part of what is shown is, where some parts are older than the rest: they
    /// could not be loaded since. None where everything was loaded together, or never.
    pub fn shown_from(&self) -> Option<Timestamp> {
        match self {
            Self::Fine => None,
            Self::RateLimited { shown_from, .. }
            | Self::Failing { shown_from, .. }
            | Self::Partial { shown_from, .. } => *shown_from,
        }
    }

    /// The same, said where some of what is shown is from this moment.
    #[must_use]
    pub fn with_parts_from(mut self, from: Timestamp) -> Self {
        match &mut self {
            Self::Fine => {}
            Self::RateLimited { shown_from, .. }
            | Self::Failing { shown_from, .. }
            | Self::Partial { shown_from, .. } => {
                *shown_from = Some(shown_from.map_or(from, |known| known.min(from)));
            }
        }
        self
    }
}

/// The whole state of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    /// Of `apps`, as its query asks for it.
    Apps(Box<AppsWindow>),
    /// Of `app:NAME`.
    App(Box<AppView>),
    /// Of `instance:APP:ID`.
    Instance(Box<InstanceView>),
    /// Of `releases:APP` and `releases:APP:PLACE`.
    Releases(Box<ReleasesView>),
    /// Of `release:APP:NUMBER`.
    Release(Box<ReleaseView>),
}

/// A state with its place in the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Snapshot<T> {
    /// The topic.
    pub topic: Topic,
    /// The stream goes on from here.
    pub cursor: Cursor,
    /// The server's time.
    pub now: Timestamp,
    /// When Fly last told that this is the state.
    pub checked_at: Timestamp,
    /// The upstream's health.
    pub source: SourceHealth,
    /// The state.
    pub state: T,
}

/// Why a stream sends the whole state of a topic instead of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotReason {
    /// The reader named no place to go on from.
    Fresh,
    /// The reader's place is older than what is kept, or than the watch of this topic.
    OutsideRing,
    /// The reader's place belongs to another process of the server, or to none.
    OtherEpoch,
}

/// A snapshot as a stream sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SnapshotEvent<T> {
    /// Why the whole state comes.
    pub why: SnapshotReason,
    /// The state with its place in the stream.
    #[serde(flatten)]
    pub snapshot: Snapshot<T>,
}

impl<T> Snapshot<T> {
    /// The same place in the stream with what `pick` takes of the state, if it takes anything.
    pub fn pick<U>(self, pick: impl FnOnce(T) -> Option<U>) -> Option<Snapshot<U>> {
        let Self { topic, cursor, now, checked_at, source, state } = self;
        Some(Snapshot { topic, cursor, now, checked_at, source, state: pick(state)? })
    }
}

impl Snapshot<TopicState> {
    /// The state of one app, if this is one.
    pub fn into_app(self) -> Option<Snapshot<AppView>> {
        self.pick(|state| match state {
            TopicState::App(view) => Some(*view),
            _ => None,
        })
    }

    /// What is shown of the list, if this is it.
    pub fn into_apps(self) -> Option<Snapshot<AppsWindow>> {
        self.pick(|state| match state {
            TopicState::Apps(view) => Some(*view),
            _ => None,
        })
    }

    /// The state of one instance, if this is one.
    pub fn into_instance(self) -> Option<Snapshot<InstanceView>> {
        self.pick(|state| match state {
            TopicState::Instance(view) => Some(*view),
            _ => None,
        })
    }

    /// The state of a page of releases, if this is one.
    pub fn into_releases(self) -> Option<Snapshot<ReleasesView>> {
        self.pick(|state| match state {
            TopicState::Releases(view) => Some(*view),
            _ => None,
        })
    }

    /// The state of one release, if this is one.
    pub fn into_release(self) -> Option<Snapshot<ReleaseView>> {
        self.pick(|state| match state {
            TopicState::Release(view) => Some(*view),
            _ => None,
        })
    }
}

/// What changed in one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// The topic.
    pub topic: Topic,
    /// When Fly told.
    pub checked_at: Timestamp,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

/// The topic says of which kind the changes are, so they are read as that kind only.
impl FromJson for ChangeSet {
    fn from_json(json: &Json) -> Option<Self> {
        fn read<C: FromJson>(json: &Json, wrap: fn(C) -> Change) -> Option<Vec<Change>> {
            let changes: Vec<C> = json.field("changes")?;
            Some(changes.into_iter().map(wrap).collect())
        }
        let topic = json.field("topic")?;
        let changes = match &topic {
            Topic::App(_) => read(json, Change::App)?,
            Topic::Apps(_) => read(json, Change::Apps)?,
            Topic::Releases(..) => read(json, Change::Releases)?,
            Topic::Release(..) => read(json, Change::Release)?,
            Topic::Instance(..) => read(json, Change::Instance)?,
        };
        Some(Self { topic, checked_at: json.field("checked_at")?, changes })
    }
}

/// The upstream's health changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct SourceState {
    /// The topic.
    pub topic: Topic,
    /// The upstream's health.
    pub source: SourceHealth,
    /// When Fly last told that the state is what the page shows. 0 where the health is about a state that the
    /// page has not been told, if there is any: of what it shows this says nothing, which is as old as it was.
    pub checked_at: Timestamp,
}

/// A sign of life, every 15 s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Ping {
    /// The server's time.
    pub now: Timestamp,
    /// For each topic of the stream, when Fly last told that the state is what the page shows.
    pub checked_at: Vec<(Topic, Timestamp)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_thousands_of_missing_parts_the_first_eight_are_named_and_the_others_counted() {
        let missing = |count: usize| (0..count).map(|number| format!("part {number}")).collect::<Vec<_>>();
        let named = |count| match SourceHealth::partial(missing(count), None, None, None) {
            SourceHealth::Partial { missing, more, .. } => (missing.len(), more),
            other => panic!("{other:?}"),
        };
        assert_eq!(named(8), (8, 0));
        assert_eq!(named(9), (8, 1));
        assert_eq!(named(5_000), (8, 4_992));
        assert_eq!(SourceHealth::partial(vec![], None, None, None), SourceHealth::Fine);
    }
}
