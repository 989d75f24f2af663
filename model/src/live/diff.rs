//! From two states of a topic to the changes between them.

use super::change::{AppChange, AppsChange, InstanceField};
use crate::instance::Instance;
use crate::view::{AppView, AppsView};

/// The changes that lead from `old` to `new`. Empty where they are equal.
pub fn diff_app(old: &AppView, new: &AppView) -> Vec<AppChange> {
    let mut changes = Vec::new();
    if old.app != new.app {
        changes.push(AppChange::App(Box::new(new.app.clone())));
    }
    if old.health != new.health {
        changes.push(AppChange::Health(new.health));
    }
    if old.deployment != new.deployment {
        changes.push(AppChange::Deployment(new.deployment.clone().map(Box::new)));
    }
    if old.diagnosis != new.diagnosis {
        changes.push(AppChange::Diagnosis(new.diagnosis.clone().map(Box::new)));
    }
    if old.process_groups != new.process_groups {
        changes.push(AppChange::ProcessGroups(new.process_groups.clone()));
    }
    instances(old, new, &mut changes);
    releases(old, new, &mut changes);
    changes
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
    fields
}

fn releases(old: &AppView, new: &AppView, changes: &mut Vec<AppChange>) {
    for release in &new.releases {
        if old.releases.iter().find(|one| one.version == release.version) != Some(release) {
            changes.push(AppChange::Release(Box::new(release.clone())));
        }
    }
    for gone in
        old.releases.iter().filter(|one| !new.releases.iter().any(|other| other.version == one.version))
    {
        changes.push(AppChange::ReleaseGone(gone.version));
    }
}

/// The changes that lead from `old` to `new`. Empty where they are equal. Both are ordered by
/// name, so that a list of thousands is compared in one walk.
pub fn diff_apps(old: &AppsView, new: &AppsView) -> Vec<AppsChange> {
    let mut before = old.apps.iter().peekable();
    let mut changes = Vec::new();
    for app in &new.apps {
        while let Some(gone) = before.next_if(|one| one.name < app.name) {
            changes.push(AppsChange::Unlisted(gone.name.clone()));
        }
        if before.next_if(|one| one.name == app.name) != Some(app) {
            changes.push(AppsChange::Listed(Box::new(app.clone())));
        }
    }
    changes.extend(before.map(|gone| AppsChange::Unlisted(gone.name.clone())));
    changes
}
