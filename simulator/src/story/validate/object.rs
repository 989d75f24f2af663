//! One machine, allocation, release or event by itself and against its app.

use serde_json::Value;

use super::{identifier, vocabulary as words};
use crate::{
    catalog,
    world::{Allocation, App, Machine, MachineEvent, Release, World},
};

/// Process groups that flyctl makes for itself; no app configures them.
const RESERVED: [&str; 3] = ["fly_app_release_command", "fly_app_test_machine_command", "fly_app_console"];

pub(super) fn release(world: &World, release: &Release) -> Result<(), String> {
    words::RELEASE_STATUS.check(&release.status)?;
    words::STRATEGY.check(&release.strategy)?;
    match &release.user {
        Some(user) if world.user(user).is_none() => {
            Err(format!("release {} is by user `{user}`, who is not there", release.version))
        }
        _ => Ok(()),
    }
}

pub(super) fn machine(app: &App, machine: &Machine) -> Result<(), String> {
    identifier::machine(&machine.id)?;
    let of_it = |reason: String| format!("machine `{}`: {reason}", machine.id);
    let checked = words::MACHINE_STATE
        .check(&machine.state)
        .and_then(|()| words::HOST_STATUS.check(&machine.host_status))
        .and_then(|()| identifier::version(&machine.instance_id))
        .and_then(|()| identifier::private_ip(&machine.private_ip))
        .and_then(|()| identifier::region(&machine.region));
    checked.map_err(of_it)?;
    if app.group(&machine.group).is_none() && !RESERVED.contains(&machine.group.as_str()) {
        let (id, group) = (&machine.id, &machine.group);
        return Err(format!("machine `{id}` is of the process group `{group}`, which is not there"));
    }
    if app.release(machine.release).is_none() {
        let (id, version) = (&machine.id, machine.release);
        return Err(format!("machine `{id}` runs release `{version}`, which is not there"));
    }
    machine.events.iter().try_for_each(event).map_err(of_it)?;
    checks(app, machine).map_err(of_it)
}

pub(super) fn no_size(size: &str) -> String {
    format!("`{size}` is no size; there are: {}", catalog::vm_size_names().join(", "))
}

pub(super) fn event(event: &MachineEvent) -> Result<(), String> {
    words::EVENT.check(&event.kind)?;
    words::EVENT_SOURCE.check(&event.source)?;
    words::MACHINE_STATE.check(&event.status)?;
    if event.kind != "exit" {
        return Ok(());
    }
    let exit = event.request.get("exit_event").or_else(|| event.request.pointer("/MonitorEvent/exit_event"));
    let needed = ["exit_code", "oom_killed", "requested_stop", "restarting"];
    match exit {
        None => Err("an `exit` event needs request = { exit_event = { ... } }".to_owned()),
        Some(exit) => match needed.iter().find(|key| exit.get(**key).is_none()) {
            Some(key) => Err(format!("`exit_event` needs `{key}`")),
            None => Ok(()),
        },
    }
}

/// A machine has no check that its configuration does not.
fn checks(app: &App, machine: &Machine) -> Result<(), String> {
    let configured = configured_checks(app, machine);
    match machine.checks.iter().find(|check| !configured.contains(&check.name)) {
        None => Ok(()),
        Some(check) if configured.is_empty() => {
            Err(format!("the check `{}` is not configured; there are: none", check.name))
        }
        Some(check) => {
            Err(format!("the check `{}` is not configured; there are: {}", check.name, configured.join(", ")))
        }
    }
}

/// The names of the checks that a machine's configuration has: `servicecheck-NN-TYPE-PORT` for
/// those of services, their own names for the others.
pub(super) fn configured_checks(app: &App, machine: &Machine) -> Vec<String> {
    let of_group = app.group(&machine.group).map(|group| &group.config);
    let config = machine.config.as_ref().or(of_group);
    let under = |key: &str| config.and_then(|config| config.get(key));
    let services = under("services").and_then(Value::as_array);
    let of_services = services.into_iter().flatten().filter_map(|service| service.get("checks"));
    let of_services = of_services.filter_map(Value::as_array).flatten();
    let names = of_services.enumerate().map(|(index, check)| {
        let kind = check.get("type").and_then(Value::as_str).unwrap_or("tcp");
        let port = check.get("port").and_then(Value::as_i64).unwrap_or(0);
        format!("servicecheck-{index:02}-{kind}-{port}")
    });
    let own = under("checks").and_then(Value::as_object);
    names.chain(own.into_iter().flat_map(|own| own.keys().cloned())).collect()
}

pub(super) fn allocation(app: &App, allocation: &Allocation) -> Result<(), String> {
    identifier::allocation(&allocation.id)?;
    words::ALLOCATION_STATUS.check(&allocation.status)?;
    words::ALLOCATION_DESIRED.check(&allocation.desired)?;
    identifier::region(&allocation.region)?;
    if app.release(allocation.version).is_none() {
        let (id, version) = (&allocation.id, allocation.version);
        return Err(format!("allocation `{id}` runs release `{version}`, which is not there"));
    }
    Ok(())
}
