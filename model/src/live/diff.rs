//! From two states of a topic to the changes between them.

use super::change::{
    AppChange, AppsChange, Change, InstanceChange, InstanceField, ReleaseChange, ReleasesChange,
};
use super::event::TopicState;
use crate::app::AppSummary;
use crate::deployment::Deployment;
use crate::diagnosis::Diagnosis;
use crate::id::{AppName, ReleaseVersion};
use crate::instance::Instance;
use crate::instance_view::{InstanceView, PartKind, log};
use crate::list::AppsWindow;
use crate::release::Release;
use crate::releases::{ReleaseView, ReleasesView};
use crate::timeline::{Entry, Timeline};
use crate::view::AppView;
use std::collections::HashMap;

impl TopicState {
    /// The changes that lead from this state of a topic to `new`. Empty where they are equal, and where
    /// `new` is of a topic of another kind.
    pub fn changes_to(&self, new: &Self) -> Vec<Change> {
        match (self, new) {
            (Self::Apps(old), Self::Apps(new)) => wrapped(diff_apps(old, new), Change::Apps),
            (Self::App(old), Self::App(new)) => wrapped(diff_app(old, new), Change::App),
            (Self::Instance(old), Self::Instance(new)) => wrapped(diff_instance(old, new), Change::Instance),
            (Self::Releases(old), Self::Releases(new)) => wrapped(diff_releases(old, new), Change::Releases),
            (Self::Release(old), Self::Release(new)) => wrapped(diff_release(old, new), Change::Release),
            _ => Vec::new(),
        }
    }
}

fn wrapped<C>(changes: Vec<C>, wrap: fn(C) -> Change) -> Vec<Change> {
    changes.into_iter().map(wrap).collect()
}

/// The changes that lead from `old` to `new`. Empty where they are equal.
pub fn diff_app(old: &AppView, new: &AppView) -> Vec<AppChange> {
    let mut changes = Vec::new();
    if old.app != new.app {
        changes.push(AppChange::App(Box::new(new.app.clone())));
    }
    if old.health != new.health {
        changes.push(AppChange::Health(new.health));
    }
    deployment(old.deployment.as_ref(), new.deployment.as_ref(), &mut changes);
    diagnosis(old.diagnosis.as_ref(), new.diagnosis.as_ref(), &mut changes);
    if old.process_groups != new.process_groups {
        changes.push(AppChange::ProcessGroups(new.process_groups.clone()));
    }
    instances(old, new, &mut changes);
    releases(old, new, &mut changes);
    timeline(&old.timeline, &new.timeline, &mut changes);
    changes
}

fn deployment(old: Option<&Deployment>, new: Option<&Deployment>, changes: &mut Vec<AppChange>) {
    if old == new {
        return;
    }
    match old.zip(new).and_then(|(old, new)| old.changes_to(new)) {
        Some(parts) => changes.extend(parts.into_iter().map(AppChange::Deployed)),
        None => changes.push(AppChange::Deployment(new.cloned().map(Box::new))),
    }
}

fn diagnosis(old: Option<&Diagnosis>, new: Option<&Diagnosis>, changes: &mut Vec<AppChange>) {
    if old == new {
        return;
    }
    match old.zip(new).and_then(|(old, new)| old.changes_to(new)) {
        Some(parts) => changes.extend(parts.into_iter().map(AppChange::Diagnosed)),
        None => changes.push(AppChange::Diagnosis(new.cloned().map(Box::new))),
    }
}

fn instances(old: &AppView, new: &AppView, changes: &mut Vec<AppChange>) {
    for instance in &new.instances {
        match old.instances.iter().find(|one| one.id == instance.id) {
            Some(before) => changes.extend(cells(before, instance)),
            None => changes.push(AppChange::Instance(Box::new(instance.clone()))),
        }
    }
    for gone in old.instances.iter().filter(|one| !new.instances.iter().any(|other| other.id == one.id)) {
        changes.push(AppChange::InstanceGone(gone.id.clone()));
    }
}

fn cells(old: &Instance, new: &Instance) -> Vec<AppChange> {
    use InstanceField as F;
    let mut fields = Vec::new();
    let mut add = |changed: bool, field: F| {
        if changed {
            fields.push(AppChange::Cell(new.id.clone(), field));
        }
    };
    add(old.process_group != new.process_group, F::ProcessGroup(new.process_group.clone()));
    add(old.version != new.version, F::Version(new.version));
    add(old.region != new.region, F::Region(new.region.clone()));
    add(old.desired != new.desired, F::Desired(new.desired.clone()));
    add(old.state != new.state, F::State(new.state.clone()));
    add(old.host != new.host, F::Host(new.host.clone()));
    add(old.checks != new.checks, F::Checks(new.checks));
    add(old.restarts != new.restarts, F::Restarts(new.restarts));
    add(old.created_at != new.created_at, F::CreatedAt(new.created_at));
    add(old.updated_at != new.updated_at, F::UpdatedAt(new.updated_at));
    add(old.judged != new.judged, F::Judged(new.judged));
    fields
}

fn releases(old: &AppView, new: &AppView, changes: &mut Vec<AppChange>) {
    let (put, gone) = moved(&old.releases, &new.releases);
    changes.extend(put.cloned().map(Box::new).map(AppChange::Release));
    changes.extend(gone.map(AppChange::ReleaseGone));
}

/// The releases that are new or changed, and the numbers of those that are gone.
fn moved<'a>(
    old: &'a [Release],
    new: &'a [Release],
) -> (impl Iterator<Item = &'a Release>, impl Iterator<Item = ReleaseVersion>) {
    let differs = move |one: &&Release| old.iter().find(|other| other.version == one.version) != Some(*one);
    let gone = move |one: &&Release| !new.iter().any(|other| other.version == one.version);
    (new.iter().filter(differs), old.iter().filter(gone).map(|one| one.version))
}

/// The changes that lead from `old` to `new`, two states of one page of the list. Empty where they are
/// equal.
pub fn diff_releases(old: &ReleasesView, new: &ReleasesView) -> Vec<ReleasesChange> {
    let (put, gone) = moved(&old.releases, &new.releases);
    let mut changes: Vec<ReleasesChange> = put.cloned().map(Box::new).map(ReleasesChange::Entry).collect();
    changes.extend(gone.map(ReleasesChange::EntryGone));
    if old.older != new.older {
        changes.push(ReleasesChange::Older(new.older.clone()));
    }
    changes
}

/// The changes that lead from `old` to `new`, two states of the page of one release. Empty where they
/// are equal.
pub fn diff_release(old: &ReleaseView, new: &ReleaseView) -> Vec<ReleaseChange> {
    let mut changes = Vec::new();
    if old.newest != new.newest {
        changes.push(ReleaseChange::Newest(new.newest));
    }
    if old.report != new.report {
        changes.push(ReleaseChange::Report(new.report.clone()));
    }
    changes
}

/// Both are in order: one walk.
fn timeline(old: &Timeline, new: &Timeline, changes: &mut Vec<AppChange>) {
    if old.version != new.version {
        return changes.push(AppChange::Timeline(Box::new(new.clone())));
    }
    let mut before = old.entries.iter().peekable();
    let gone = |entry: &Entry| AppChange::TimelineEntryGone(entry.key());
    for entry in &new.entries {
        while let Some(left) = before.next_if(|one| one.precedes(entry)) {
            changes.push(gone(left));
        }
        if before.next_if(|one| *one == entry).is_none() {
            changes.push(AppChange::TimelineEntry(Box::new(entry.clone())));
        }
    }
    changes.extend(before.map(gone));
    if old.left_out != new.left_out {
        changes.push(AppChange::TimelineLeftOut(new.left_out));
    }
}

/// The changes that lead from `old` to `new`, both for the same query. Empty where they are equal.
pub fn diff_apps(old: &AppsWindow, new: &AppsWindow) -> Vec<AppsChange> {
    let mut changes = Vec::new();
    let before: HashMap<&AppName, &AppSummary> = old.apps.iter().map(|app| (&app.name, app)).collect();
    for app in &new.apps {
        if before.get(&app.name) != Some(&app) {
            changes.push(AppsChange::Listed(Box::new(app.clone())));
        }
    }
    if !old.apps.iter().map(|app| &app.name).eq(new.apps.iter().map(|app| &app.name)) {
        changes.push(AppsChange::Order(new.apps.iter().map(|app| app.name.clone()).collect()));
    }
    if old.totals != new.totals {
        changes.push(AppsChange::Totals(Box::new(new.totals.clone())));
    }
    changes
}

/// The changes that lead from `old` to `new`: each part that differs, as it is in `new`; of a log that goes
/// on, its new lines. Empty where the two are equal.
pub fn diff_instance(old: &InstanceView, new: &InstanceView) -> Vec<InstanceChange> {
    let mut changes = Vec::new();
    if old.head != new.head {
        changes.push(InstanceChange::Head(Box::new(new.head.clone())));
    }
    for kind in PartKind::ALL {
        let (Some(before), Some(after)) = (old.part(kind), new.part(kind)) else { continue };
        let lines = if kind == PartKind::Log && !before.lines.is_empty() && before.note == after.note {
            log::appended(&before.lines, &after.lines)
        } else {
            None
        };
        match lines {
            _ if before == after => {}
            Some(lines) => changes.push(InstanceChange::Lines(lines)),
            None => changes.push(InstanceChange::Part(kind, after.clone())),
        }
    }
    changes
}
