//! How a change turns one world into the next.

use std::sync::Arc;

use super::{
    Allocation, AllocationEvent, App, Change, Check, HostIssue, LogLine, Machine, MachineEvent, World,
    machine_change,
};
use crate::StoryTime;

/// Why a change cannot be made to a world.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It names something that is not there.
    #[error("there is no {what} `{name}` at this moment; there are: {known}")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// The name given.
        name: String,
        /// The names that would do.
        known: String,
    },
    /// It creates something that is there already.
    #[error("{what} `{name}` is there already")]
    Twice {
        /// What kind of thing.
        what: &'static str,
        /// The name given.
        name: String,
    },
    /// It goes on with a deployment that was never started.
    #[error("app `{0}` has no deployment at this moment; use deployment-created first")]
    NoDeployment(String),
}

pub(super) fn apply(world: &mut World, at: StoryTime, change: &Change) -> Result<(), Refused> {
    match change {
        Change::AppCreated { app, created } => {
            refuse_twice(world.app(app).is_some(), "app", app)?;
            world.apps.push(Arc::new((**created).clone()));
        }
        Change::AppDeleted { app } => {
            app_mut(world, app)?;
            world.apps.retain(|one| one.name != *app);
        }
        _ => apply_to_app(app_mut(world, change.app())?, at, change)?,
    }
    Ok(())
}

fn apply_to_app(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    match change {
        Change::AppCreated { .. } | Change::AppDeleted { .. } => {}
        Change::VolumeCreated { .. } | Change::VolumeChanged { .. } => apply_to_volumes(app, at, change)?,
        Change::AppChanged { set, .. } => set.write_to(app),
        Change::HostIssue { id, message, .. } => {
            app.host_issues.push(HostIssue { id: id.clone(), message: message.clone(), created_at: at });
        }
        Change::Log { .. } => write_log(app, at, change)?,
        Change::Check { .. } => change_check(app, at, change)?,
        Change::ReleaseCreated { .. }
        | Change::ReleaseChanged { .. }
        | Change::DeploymentCreated { .. }
        | Change::DeploymentChanged { .. }
        | Change::DeploymentForgotten { .. } => apply_to_releases(app, at, change)?,
        Change::AllocationCreated { .. }
        | Change::AllocationChanged { .. }
        | Change::AllocationEvent { .. } => apply_to_allocations(app, at, change)?,
        Change::MachineCreated { .. }
        | Change::MachineChanged { .. }
        | Change::MachineEvent { .. }
        | Change::LeaseTaken { .. }
        | Change::LeaseReleased { .. } => apply_to_machines(app, at, change)?,
    }
    Ok(())
}

fn apply_to_releases(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    match change {
        Change::ReleaseCreated { release, .. } => {
            let version = release.version;
            refuse_twice(app.release(version).is_some(), "release", &version)?;
            app.releases.push(release.clone());
        }
        Change::ReleaseChanged { version, set, .. } => {
            let known = names(app.releases.iter().map(|one| one.version.to_string()));
            let release = app
                .releases
                .iter_mut()
                .find(|one| one.version == *version)
                .ok_or_else(|| unknown("release", version, known))?;
            set.write_to(release);
            release.updated_at = Some(at);
        }
        Change::DeploymentCreated { deployment, .. } => app.deployment = Some(deployment.clone()),
        Change::DeploymentChanged { set, .. } => match &mut app.deployment {
            Some(deployment) => set.write_to(deployment),
            None => return Err(Refused::NoDeployment(app.name.clone())),
        },
        _ => app.deployment = None,
    }
    Ok(())
}

fn apply_to_allocations(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    match change {
        Change::AllocationCreated { allocation, .. } => {
            let id = &allocation.id;
            refuse_twice(app.allocation(id).is_some(), "allocation", id)?;
            app.allocations.push(allocation.clone());
        }
        Change::AllocationChanged { allocation, set, .. } => {
            let allocation = allocation_mut(app, allocation)?;
            set.write_to(allocation);
            allocation.updated_at = Some(at);
        }
        Change::AllocationEvent { allocation, kind, message, .. } => {
            let allocation = allocation_mut(app, allocation)?;
            allocation.updated_at = Some(at);
            allocation.events.push(AllocationEvent { at, kind: kind.clone(), message: message.clone() });
        }
        _ => {}
    }
    Ok(())
}

fn apply_to_machines(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    match change {
        Change::MachineCreated { machine, .. } => {
            refuse_twice(app.machine(&machine.id).is_some(), "machine", &machine.id)?;
            app.machines.push((**machine).clone());
        }
        Change::MachineChanged { machine, set, .. } => {
            let release_id = machine_change::release_id(app, set.release);
            machine_mut(app, machine)?.change(at, set, release_id.as_deref());
        }
        Change::MachineEvent { machine, kind, status, source, request, .. } => {
            let machine = machine_mut(app, machine)?;
            machine.updated_at = Some(at);
            machine.events.push(MachineEvent {
                at,
                kind: kind.clone(),
                status: status.clone(),
                source: source.clone(),
                request: request.clone(),
            });
        }
        Change::LeaseTaken { machine, lease, .. } => {
            machine_mut(app, machine)?.lease = Some(lease.clone());
        }
        Change::LeaseReleased { machine, .. } => machine_mut(app, machine)?.lease = None,
        _ => {}
    }
    Ok(())
}

fn apply_to_volumes(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    match change {
        Change::VolumeCreated { volume, .. } => {
            refuse_twice(app.volume(&volume.id).is_some(), "volume", &volume.id)?;
            app.volumes.push(volume.clone());
        }
        Change::VolumeChanged { volume: id, set, .. } => {
            let known = names(app.volumes.iter().map(|one| one.id.clone()));
            let volume = app.volumes.iter_mut().find(|one| one.id == *id);
            let volume = volume.ok_or_else(|| unknown("volume", id, known))?;
            set.write_to(volume);
            volume.updated_at = Some(at);
        }
        _ => {}
    }
    Ok(())
}

fn change_check(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    let Change::Check { instance, check: name, status, output, .. } = change else {
        return Ok(());
    };
    let checks = checks_mut(app, instance)?;
    let known = names(checks.iter().map(|one| one.name.clone()));
    let check =
        checks.iter_mut().find(|one| one.name == *name).ok_or_else(|| unknown("check", name, known))?;
    if let Some(status) = status {
        if check.status != *status {
            check.updated_at = at;
        }
        check.status = *status;
    }
    if let Some(output) = output {
        check.output.clone_from(output);
    }
    Ok(())
}

fn write_log(app: &mut App, at: StoryTime, change: &Change) -> Result<(), Refused> {
    let Change::Log { instance, region, level, provider, code, message, .. } = change else {
        return Ok(());
    };
    let (instance, home) = match instance {
        None => (String::new(), String::new()),
        Some(id) => whereabouts(app, id).ok_or_else(|| unknown_instance(app, id))?,
    };
    let first = at.as_ms() * 1_000_000;
    let id = app.logs.last().map_or(first, |last| first.max(last.id + 1));
    app.logs.push(LogLine {
        id,
        at,
        level: level.clone(),
        message: message.clone(),
        instance,
        region: region.clone().unwrap_or(home),
        provider: provider.clone(),
        code: code.clone(),
    });
    Ok(())
}

/// How an instance is named in logs, and where it runs.
fn whereabouts(app: &App, id: &str) -> Option<(String, String)> {
    let allocation = app.allocation(id).map(|one| (one.short_id().to_owned(), one.region.clone()));
    allocation.or_else(|| app.machine(id).map(|one| (one.id.clone(), one.region.clone())))
}

fn app_mut<'a>(world: &'a mut World, name: &str) -> Result<&'a mut App, Refused> {
    match world.apps.iter().position(|one| one.name == name) {
        Some(place) => Ok(Arc::make_mut(&mut world.apps[place])),
        None => Err(unknown("app", &name, names(world.apps.iter().map(|one| one.name.clone())))),
    }
}

fn allocation_mut<'a>(app: &'a mut App, id: &str) -> Result<&'a mut Allocation, Refused> {
    let known = names(app.allocations.iter().map(|one| one.id.clone()));
    app.allocations.iter_mut().find(|one| one.goes_by(id)).ok_or_else(|| unknown("allocation", &id, known))
}

fn machine_mut<'a>(app: &'a mut App, id: &str) -> Result<&'a mut Machine, Refused> {
    let known = names(app.machines.iter().map(|one| one.id.clone()));
    app.machines.iter_mut().find(|one| one.id == id).ok_or_else(|| unknown("machine", &id, known))
}

fn checks_mut<'a>(app: &'a mut App, id: &str) -> Result<&'a mut Vec<Check>, Refused> {
    if whereabouts(app, id).is_none() {
        return Err(unknown_instance(app, id));
    }
    if app.allocation(id).is_some() {
        return allocation_mut(app, id).map(|one| &mut one.checks);
    }
    machine_mut(app, id).map(|one| &mut one.checks)
}

fn unknown_instance(app: &App, id: &str) -> Refused {
    let allocations = app.allocations.iter().map(|one| one.id.clone());
    let machines = app.machines.iter().map(|one| one.id.clone());
    unknown("instance", &id, names(allocations.chain(machines)))
}

fn unknown(what: &'static str, name: &dyn ToString, known: String) -> Refused {
    Refused::Unknown { what, name: name.to_string(), known }
}

fn refuse_twice(there: bool, what: &'static str, name: &dyn ToString) -> Result<(), Refused> {
    if there {
        return Err(Refused::Twice { what, name: name.to_string() });
    }
    Ok(())
}

/// Most names that an error lists: a fleet has thousands.
const MOST_NAMES: usize = 20;

fn names(all: impl Iterator<Item = String>) -> String {
    let mut all = all;
    let mut shown: Vec<String> = all.by_ref().take(MOST_NAMES).collect();
    let more = all.count();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}
