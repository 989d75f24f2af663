//! Typed changes. Each has a key: a later change of the same key makes an earlier one superfluous,
//! so what waits for a slow reader is bounded by the number of objects.

use crate::app::{App, AppSummary, ProcessGroup};
use crate::deployment::{Deployment, DeploymentChange};
use crate::diagnosis::{Cause, Diagnosis, DiagnosisChange};
use crate::health::{AppHealth, InstanceHealth};
use crate::id::{AppName, InstanceId, RegionCode, ReleaseVersion};
use crate::instance::{CheckCounts, Instance};
use crate::instance_view::{InstanceHead, Line, Part, PartKind};
use crate::json::FromJson;
use crate::list::AppsTotals;
use crate::release::Release;
use crate::releases::{Place, ReleaseReport};
use crate::state::{DesiredState, HostStatus, InstanceState};
use crate::time::Timestamp;
use crate::timeline::{Entry, Timeline};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One cell of an instance's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum InstanceField {
    /// See [`Instance::process_group`].
    ProcessGroup(String),
    /// See [`Instance::version`].
    Version(Option<ReleaseVersion>),
    /// See [`Instance::region`].
    Region(RegionCode),
    /// See [`Instance::desired`].
    Desired(DesiredState),
    /// See [`Instance::state`].
    State(InstanceState),
    /// See [`Instance::host`].
    Host(HostStatus),
    /// See [`Instance::checks`].
    Checks(CheckCounts),
    /// See [`Instance::restarts`].
    Restarts(u32),
    /// See [`Instance::created_at`].
    CreatedAt(Timestamp),
    /// See [`Instance::updated_at`].
    UpdatedAt(Timestamp),
    /// See [`Instance::judged`].
    Judged(Option<InstanceHealth>),
}

/// A change of the topic `app:NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum AppChange {
    /// The header.
    App(Box<App>),
    /// The word beside the name.
    Health(AppHealth),
    /// The last deployment, as a whole: it is another one now.
    Deployment(Option<Box<Deployment>>),
    /// What changed of the last deployment.
    Deployed(DeploymentChange),
    /// The diagnosis, as a whole: it appeared, went, or is another one now.
    Diagnosis(Option<Box<Diagnosis>>),
    /// What changed of the diagnosis.
    Diagnosed(DiagnosisChange),
    /// All process groups.
    ProcessGroups(Vec<ProcessGroup>),
    /// An instance that was not there before.
    Instance(Box<Instance>),
    /// One cell of an instance.
    Cell(InstanceId, InstanceField),
    /// An instance that is not there any more.
    InstanceGone(InstanceId),
    /// A release that is new or changed.
    Release(Box<Release>),
    /// A release that is not there any more.
    ReleaseGone(ReleaseVersion),
    /// All of how the last deployment went: it is another one now.
    Timeline(Box<Timeline>),
    /// Something more happened.
    TimelineEntry(Box<Entry>),
    /// An entry is not shown any more, by its key.
    TimelineEntryGone(String),
    /// How many older entries are left out.
    TimelineLeftOut(u32),
}

/// A change of the topic `apps`, as its query asks for it. Its words differ from those of
/// [`AppChange`], so that a change can be read without knowing its topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum AppsChange {
    /// A row that is new here or changed. Where it stands is told by the order.
    Listed(Box<AppSummary>),
    /// The names of all rows that are shown, in order: what is not among them is not shown any more.
    Order(Vec<AppName>),
    /// The counts.
    Totals(Box<AppsTotals>),
}

/// A change of the topic `instance:APP:ID`. Its words differ from those of the other topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum InstanceChange {
    /// See [`crate::InstanceView::head`].
    Head(Box<InstanceHead>),
    /// A part of the page as it is now.
    Part(PartKind, Part),
    /// Lines that are new at the end of the log.
    Lines(Vec<Line>),
}

impl InstanceChange {
    fn key(&self) -> ChangeKey {
        match self {
            Self::Head(_) => ChangeKey::Part("head"),
            Self::Part(kind, _) => ChangeKey::InstancePart(*kind),
            Self::Lines(lines) => {
                ChangeKey::Lines(lines.first().map(|line| line.key.clone()).unwrap_or_default())
            }
        }
    }
}

/// A change of a page of releases. Its words differ from those of the other topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum ReleasesChange {
    /// A release that is new on the page or changed.
    Entry(Box<Release>),
    /// A release that is not on the page any more.
    EntryGone(ReleaseVersion),
    /// See [`crate::ReleasesView::older`].
    Older(Option<Place>),
}

/// A change of the topic `release:APP:NUMBER`. Its words differ from those of the other topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseChange {
    /// See [`crate::ReleaseView::newest`].
    Newest(Option<ReleaseVersion>),
    /// See [`crate::ReleaseView::report`].
    Report(Option<Box<ReleaseReport>>),
}

/// A change of any topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Change {
    /// Of the topic `app:NAME`.
    App(AppChange),
    /// Of the topic `apps`.
    Apps(AppsChange),
    /// Of the topic `instance:APP:ID`.
    Instance(InstanceChange),
    /// Of the topics `releases:APP` and `releases:APP:PLACE`.
    Releases(ReleasesChange),
    /// Of the topic `release:APP:NUMBER`.
    Release(ReleaseChange),
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKey {
    /// Something that a topic has one of, by its name.
    Part(&'static str),
    /// A whole instance: covers each of its cells.
    Instance(InstanceId),
    /// One cell of an instance.
    Cell(InstanceId, &'static str),
    /// A release.
    Release(ReleaseVersion),
    /// A row of the apps list.
    Summary(AppName),
    /// An entry of the timeline, by its key.
    TimelineEntry(String),
    /// A part of the page of an instance.
    InstancePart(PartKind),
    /// Lines of a log, from this one on: no other lines stand for them.
    Lines(String),
    /// A piece of evidence of a finding, by its place.
    Evidence(Cause, usize),
    /// Lines of the log in the diagnosis, from this moment on.
    TailLines(Timestamp),
}

impl ChangeKey {
    /// Whether a change of one of these keys makes an earlier one of this key superfluous.
    pub fn is_covered(&self, later: &HashSet<ChangeKey>) -> bool {
        later.contains(self) || self.covered_by().is_some_and(|whole| whole.is_covered(later))
    }

    /// The key of the whole that this one is a part of, if there is one.
    pub fn covered_by(&self) -> Option<ChangeKey> {
        match self {
            Self::Cell(id, _) => Some(Self::Instance(id.clone())),
            Self::TimelineEntry(_) | Self::Part("left_out") => Some(Self::Part("timeline")),
            Self::Lines(_) => Some(Self::InstancePart(PartKind::Log)),
            Self::Evidence(..) => Some(Self::Part("findings")),
            Self::TailLines(_) | Self::Part("findings" | "diagnosis_frame") => Some(Self::Part("diagnosis")),
            Self::Part("deployment_progress" | "deployment_counts") => Some(Self::Part("deployment")),
            _ => None,
        }
    }
}

impl InstanceField {
    /// The column's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ProcessGroup(_) => "process",
            Self::Version(_) => "version",
            Self::Region(_) => "region",
            Self::Desired(_) => "desired",
            Self::State(_) => "state",
            Self::Host(_) => "host",
            Self::Checks(_) => "checks",
            Self::Restarts(_) => "restarts",
            Self::CreatedAt(_) => "created",
            Self::UpdatedAt(_) => "updated",
            Self::Judged(_) => "judged",
        }
    }
}

impl Change {
    /// What the change is about.
    pub fn key(&self) -> ChangeKey {
        match self {
            Self::App(change) => match change {
                AppChange::App(_) => ChangeKey::Part("app"),
                AppChange::Health(_) => ChangeKey::Part("health"),
                AppChange::Deployment(_) => ChangeKey::Part("deployment"),
                AppChange::Deployed(change) => change.key(),
                AppChange::Diagnosis(_) => ChangeKey::Part("diagnosis"),
                AppChange::Diagnosed(change) => change.key(),
                AppChange::ProcessGroups(_) => ChangeKey::Part("process_groups"),
                AppChange::Instance(instance) => ChangeKey::Instance(instance.id.clone()),
                AppChange::InstanceGone(id) => ChangeKey::Instance(id.clone()),
                AppChange::Cell(id, field) => ChangeKey::Cell(id.clone(), field.name()),
                AppChange::Release(release) => ChangeKey::Release(release.version),
                AppChange::ReleaseGone(version) => ChangeKey::Release(*version),
                AppChange::Timeline(_) => ChangeKey::Part("timeline"),
                AppChange::TimelineEntry(entry) => ChangeKey::TimelineEntry(entry.key()),
                AppChange::TimelineEntryGone(key) => ChangeKey::TimelineEntry(key.clone()),
                AppChange::TimelineLeftOut(_) => ChangeKey::Part("left_out"),
            },
            Self::Apps(AppsChange::Listed(app)) => ChangeKey::Summary(app.name.clone()),
            Self::Apps(AppsChange::Order(_)) => ChangeKey::Part("order"),
            Self::Apps(AppsChange::Totals(_)) => ChangeKey::Part("totals"),
            Self::Releases(change) => match change {
                ReleasesChange::Entry(release) => ChangeKey::Release(release.version),
                ReleasesChange::EntryGone(version) => ChangeKey::Release(*version),
                ReleasesChange::Older(_) => ChangeKey::Part("older"),
            },
            Self::Release(change) => ChangeKey::Part(match change {
                ReleaseChange::Newest(_) => "newest",
                ReleaseChange::Report(_) => "report",
            }),
            Self::Instance(change) => change.key(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use std::collections::BTreeMap;

    /// The words by which a kind of change is told on the wire, as its decoder names them.
    fn words<C: DeserializeOwned>() -> Vec<String> {
        let unknown = serde_json::from_str::<C>(r#"{"\u0000":0}"#).err().unwrap().to_string();
        let (_, expected) = unknown.split_once("expected ").unwrap();
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// Each kind of change, in the order in which [`Change`] tries them.
    fn kinds() -> [(&'static str, Vec<String>); 5] {
        [
            ("app", words::<AppChange>()),
            ("apps", words::<AppsChange>()),
            ("instance", words::<InstanceChange>()),
            ("releases", words::<ReleasesChange>()),
            ("release", words::<ReleaseChange>()),
        ]
    }

    /// A kind that is added must be added to [`kinds`] as well: this does not compile before.
    fn kind_of(change: &Change) -> usize {
        match change {
            Change::App(_) => 0,
            Change::Apps(_) => 1,
            Change::Instance(_) => 2,
            Change::Releases(_) => 3,
            Change::Release(_) => 4,
        }
    }

    #[test]
    fn no_two_kinds_of_changes_share_a_word_on_the_wire() {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (kind, words) in kinds() {
            assert!(words.len() > 1, "{kind}: {words:?}");
            for word in words {
                if let Some(other) = owners.insert(word.clone(), kind) {
                    panic!("`{word}` is a change of {other} and of {kind}");
                }
            }
        }
        assert!(
            ["app", "cell", "listed", "lines", "entry", "newest"].map(|word| owners.contains_key(word))[..]
                == [true; 6]
        );
    }

    #[test]
    fn a_change_is_read_as_the_kind_it_was_written_as() {
        let changes = [
            Change::App(AppChange::ReleaseGone(ReleaseVersion(1))),
            Change::Apps(AppsChange::Order(vec![])),
            Change::Instance(InstanceChange::Lines(vec![])),
            Change::Releases(ReleasesChange::EntryGone(ReleaseVersion(1))),
            Change::Release(ReleaseChange::Newest(None)),
        ];
        for (place, change) in changes.into_iter().enumerate() {
            let text = serde_json::to_string(&change).unwrap();
            let word = text.split('"').nth(1).unwrap();
            assert!(kinds()[place].1.iter().any(|known| known == word), "{text}");
            let read: Change = serde_json::from_str(&text).unwrap();
            assert_eq!((kind_of(&read), &read), (place, &change));
        }
    }
}
