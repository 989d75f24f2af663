//! Facts, told once in their order.

use super::{identifier, object, vocabulary as words};
use crate::{
    StoryTime,
    story::{error::Mistake, facts::Told, parse::Head, source::Source},
    world::{App, Change, Machine, World},
};

/// Tells every fact once. After a mistake of an app its further facts are not looked at: they
/// would mostly be wrong for the same reason.
pub(in crate::story) fn facts(
    source: &Source<'_>,
    head: &Head,
    world: &World,
    told: &[Told<'_, '_>],
    mistakes: &mut Vec<Mistake>,
) {
    let mut world = world.clone();
    let mut broken: Vec<&str> = Vec::new();
    for Told { fact, node, place } in told {
        let name = fact.change.app();
        if broken.contains(&name) {
            continue;
        }
        if let Err(reason) = tell(&mut world, fact.at, &fact.change) {
            let place = format!("{place}, {} after the start", after(head.start, fact.at));
            mistakes.push(source.wrong(node, &place, reason));
            broken.push(name);
        }
    }
}

fn after(start: StoryTime, at: StoryTime) -> String {
    let ms = at.as_ms() - start.as_ms();
    format!("{}.{:03} s", ms / 1000, ms % 1000)
}

fn tell(world: &mut World, at: StoryTime, change: &Change) -> Result<(), String> {
    if let Some(app) = world.app(change.app()) {
        before(world, app, at, change)?;
    }
    world.apply(at, change).map_err(|refused| refused.to_string())?;
    match world.app(change.app()) {
        Some(app) => afterwards(world, app, change),
        None => Ok(()),
    }
}

/// What a change must not contradict.
fn before(world: &World, app: &App, at: StoryTime, change: &Change) -> Result<(), String> {
    match change {
        Change::ReleaseCreated { release, .. } => {
            let last = app.current_release().map_or(0, |last| last.version);
            if release.version <= last {
                return Err(format!(
                    "release `{}` comes after release {last}; versions grow",
                    release.version
                ));
            }
            object::release(world, release)
        }
        Change::MachineCreated { machine, .. } => match world.machine(&machine.id) {
            Some((other, _)) if other.name != app.name => {
                Err(format!("machine `{}` is there already, in app {}", machine.id, other.name))
            }
            _ => Ok(()),
        },
        Change::MachineChanged { machine, .. } | Change::MachineEvent { machine, .. } => alive(app, machine),
        Change::LeaseTaken { machine, lease, .. } => {
            alive(app, machine)?;
            if lease.expires_at <= at {
                return Err(format!("the lease ends at {}, before it begins", lease.expires_at));
            }
            let held = app.machine(machine).and_then(|one| one.lease.as_ref());
            match held.filter(|held| held.expires_at > at && held.owner != lease.owner) {
                Some(held) => Err(format!("machine `{machine}` is leased to {} already", held.owner)),
                None => Ok(()),
            }
        }
        Change::LeaseReleased { machine, .. } => match app.machine(machine) {
            Some(one) if one.lease.is_none() => Err(format!("nobody has a lease on machine `{machine}`")),
            _ => Ok(()),
        },
        Change::Log { region, level, provider, code, .. } => {
            words::LOG_LEVEL.check(level)?;
            words::LOG_PROVIDER.check(provider)?;
            region.as_deref().map_or(Ok(()), identifier::region)?;
            code.as_deref().map_or(Ok(()), identifier::error_code)
        }
        _ => Ok(()),
    }
}

fn alive(app: &App, machine: &str) -> Result<(), String> {
    match app.machine(machine) {
        Some(one) if one.state == "destroyed" => Err(format!("machine `{machine}` was destroyed before")),
        _ => Ok(()),
    }
}

/// What a change touched must still be sound.
fn afterwards(world: &World, app: &App, change: &Change) -> Result<(), String> {
    match change {
        Change::AppChanged { .. } => {
            words::APP_STATUS.check(&app.status)?;
            words::APP_STATE.check(&app.state)
        }
        Change::ReleaseChanged { version, .. } => {
            app.release(*version).map_or(Ok(()), |one| object::release(world, one))
        }
        Change::AllocationCreated { allocation, .. } => object::allocation(app, allocation),
        Change::AllocationChanged { allocation, .. } => {
            app.allocation(allocation).map_or(Ok(()), |one| object::allocation(app, one))
        }
        Change::MachineCreated { machine, .. } => object::machine(app, machine),
        Change::MachineChanged { machine, .. } => changed(app, machine),
        Change::MachineEvent { machine, .. } => {
            app.machine(machine).and_then(|one| one.events.last()).map_or(Ok(()), object::event)
        }
        _ => Ok(()),
    }
}

fn changed(app: &App, machine: &str) -> Result<(), String> {
    app.machine(machine).map_or(Ok(()), |one: &Machine| object::machine(app, one))
}
