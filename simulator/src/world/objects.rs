//! The objects of a world under names, so that a history can tell the values each one had.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Allocation, App, Check, CheckStatus, Machine};

/// `app:NAME`, `release:NAME/VERSION`, `deployment:NAME`, `allocation:NAME/SHORT`,
/// `machine:NAME/ID`, `volume:NAME/ID` and `check:NAME/INSTANCE/CHECK`.
pub(super) fn of<'a>(apps: impl Iterator<Item = &'a App>) -> BTreeMap<String, Value> {
    let mut objects = BTreeMap::new();
    for app in apps {
        add_app(app, &mut objects);
    }
    objects
}

fn add_app(app: &App, to: &mut BTreeMap<String, Value>) {
    let name = &app.name;
    to.insert(
        format!("app:{name}"),
        json!({
            "name": name,
            "status": app.status,
            "state": app.state,
            "deployed": app.deployed,
            "version": app.current_release().map_or(0, |release| release.version),
        }),
    );
    for release in &app.releases {
        to.insert(format!("release:{name}/{}", release.version), json!(release));
    }
    if let Some(deployment) = &app.deployment {
        to.insert(format!("deployment:{name}"), json!(deployment));
    }
    for allocation in &app.allocations {
        add_allocation(name, allocation, to);
    }
    for volume in &app.volumes {
        to.insert(format!("volume:{name}/{}", volume.id), json!(volume));
    }
    for machine in &app.machines {
        add_machine(name, machine, to);
    }
}

fn add_allocation(app: &str, allocation: &Allocation, to: &mut BTreeMap<String, Value>) {
    let id = allocation.short_id();
    let mut value = json!(allocation);
    value["checks"] = counts(&allocation.checks);
    to.insert(format!("allocation:{app}/{id}"), value);
    add_checks(app, id, &allocation.checks, to);
}

fn add_machine(app: &str, machine: &Machine, to: &mut BTreeMap<String, Value>) {
    let mut value = json!(machine);
    value["checks"] = counts(&machine.checks);
    to.insert(format!("machine:{app}/{}", machine.id), value);
    add_checks(app, &machine.id, &machine.checks, to);
}

fn add_checks(app: &str, instance: &str, checks: &[Check], to: &mut BTreeMap<String, Value>) {
    for check in checks {
        to.insert(format!("check:{app}/{instance}/{}", check.name), json!(check));
    }
}

fn counts(checks: &[Check]) -> Value {
    let count = |status| checks.iter().filter(|one| one.status == status).count();
    json!({
        "total": checks.len(),
        "passing": count(CheckStatus::Passing),
        "warning": count(CheckStatus::Warning),
        "critical": count(CheckStatus::Critical),
    })
}

/// Name of the app that an object belongs to: what stands between the colon and the first slash.
pub(super) fn app_of(object: &str) -> Option<&str> {
    let (_, path) = object.split_once(':')?;
    path.split('/').next()
}
