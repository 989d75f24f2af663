//! From a state of a topic and a change to the next state.

use super::change::{AppChange, AppsChange, InstanceChange, InstanceField, ReleaseChange, ReleasesChange};
use crate::instance::Instance;
use crate::instance_view::{InstanceView, PartKind, log};
use crate::list::AppsWindow;
use crate::releases::{ReleaseView, ReleasesView};
use crate::view::AppView;

/// A state that changes can be applied to. Applying the same change twice changes nothing.
pub trait Apply<C> {
    /// Applies one change.
    fn apply(&mut self, change: C);
}

/// What is not there has nothing that changes.
impl<C, T: Apply<C>> Apply<C> for Option<T> {
    fn apply(&mut self, change: C) {
        if let Some(state) = self {
            state.apply(change);
        }
    }
}

impl Apply<InstanceField> for Instance {
    fn apply(&mut self, field: InstanceField) {
        match field {
            InstanceField::ProcessGroup(value) => self.process_group = value,
            InstanceField::Version(value) => self.version = value,
            InstanceField::Region(value) => self.region = value,
            InstanceField::Desired(value) => self.desired = value,
            InstanceField::State(value) => self.state = value,
            InstanceField::Host(value) => self.host = value,
            InstanceField::Checks(value) => self.checks = value,
            InstanceField::Restarts(value) => self.restarts = value,
            InstanceField::CreatedAt(value) => self.created_at = value,
            InstanceField::UpdatedAt(value) => self.updated_at = value,
            InstanceField::Judged(value) => self.judged = value,
        }
    }
}

impl Instance {
    /// Whether `self` stands before `other` in the table.
    pub fn precedes(&self, other: &Instance) -> bool {
        (&self.process_group, &self.region, &self.id) < (&other.process_group, &other.region, &other.id)
    }
}

impl Apply<AppChange> for AppView {
    fn apply(&mut self, change: AppChange) {
        match change {
            AppChange::App(app) => self.app = *app,
            AppChange::Health(health) => self.health = health,
            AppChange::Deployment(deployment) => self.deployment = deployment.map(|d| *d),
            AppChange::Deployed(change) => self.deployment.apply(change),
            AppChange::Diagnosis(diagnosis) => self.diagnosis = diagnosis.map(|d| *d),
            AppChange::Diagnosed(change) => self.diagnosis.apply(change),
            AppChange::ProcessGroups(groups) => self.process_groups = groups,
            AppChange::Instance(instance) => {
                self.instances.retain(|one| one.id != instance.id);
                let at = self.instances.partition_point(|one| one.precedes(&instance));
                self.instances.insert(at, *instance);
            }
            AppChange::Cell(id, field) => {
                if let Some(at) = self.instances.iter().position(|one| one.id == id) {
                    let mut instance = self.instances.remove(at);
                    instance.apply(field);
                    let at = self.instances.partition_point(|one| one.precedes(&instance));
                    self.instances.insert(at, instance);
                }
            }
            AppChange::InstanceGone(id) => self.instances.retain(|one| one.id != id),
            AppChange::Release(release) => release.put_into(&mut self.releases),
            AppChange::ReleaseGone(version) => self.releases.retain(|one| one.version != version),
            AppChange::Timeline(timeline) => self.timeline = *timeline,
            AppChange::TimelineEntry(entry) => self.timeline.put(*entry),
            AppChange::TimelineEntryGone(key) => self.timeline.take(&key),
            AppChange::TimelineLeftOut(count) => self.timeline.left_out = count,
        }
    }
}

/// Rows that the order does not name yet stand at the end until it comes.
impl Apply<AppsChange> for AppsWindow {
    fn apply(&mut self, change: AppsChange) {
        match change {
            AppsChange::Listed(app) => match self.apps.iter_mut().find(|one| one.name == app.name) {
                Some(row) => *row = *app,
                None => self.apps.push(*app),
            },
            AppsChange::Order(names) => {
                let mut rows = std::mem::take(&mut self.apps);
                self.apps = names
                    .iter()
                    .filter_map(|name| {
                        rows.iter().position(|one| one.name == *name).map(|at| rows.swap_remove(at))
                    })
                    .collect();
            }
            AppsChange::Totals(totals) => self.totals = *totals,
        }
    }
}

impl Apply<InstanceChange> for InstanceView {
    fn apply(&mut self, change: InstanceChange) {
        match change {
            InstanceChange::Head(head) => self.head = *head,
            InstanceChange::Part(kind, part) => {
                if let Some(known) = self.part_mut(kind) {
                    *known = part;
                }
            }
            InstanceChange::Lines(lines) => {
                if let Some(log) = self.part_mut(PartKind::Log) {
                    log::append(&mut log.lines, lines);
                }
            }
        }
    }
}

impl Apply<ReleasesChange> for ReleasesView {
    fn apply(&mut self, change: ReleasesChange) {
        match change {
            ReleasesChange::Entry(release) => release.put_into(&mut self.releases),
            ReleasesChange::EntryGone(version) => self.releases.retain(|one| one.version != version),
            ReleasesChange::Older(place) => self.older = place,
        }
    }
}

impl Apply<ReleaseChange> for ReleaseView {
    fn apply(&mut self, change: ReleaseChange) {
        match change {
            ReleaseChange::Newest(version) => self.newest = version,
            ReleaseChange::Report(report) => self.report = report,
        }
    }
}
