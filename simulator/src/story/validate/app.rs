//! An app of the world that a story begins with.

use super::{identifier, object, vocabulary as words};
use crate::{
    catalog,
    world::{App, World},
};

/// Everything that is wrong with an app that is to join a world.
pub(in crate::story) fn app(world: &World, app: &App) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |checked: Result<(), String>| found.extend(checked.err());
    note(identifier::app(&app.name));
    note(words::APP_STATUS.check(&app.status));
    note(words::APP_STATE.check(&app.state));
    if world.app(&app.name).is_some() {
        note(Err(format!("there are two apps `{}`", app.name)));
    }
    if world.organization(&app.organization).is_none() {
        let known: Vec<&str> = world.organizations.iter().map(|org| org.slug.as_str()).collect();
        let (slug, known) = (&app.organization, known.join(", "));
        note(Err(format!("there is no organization `{slug}`; there are: {known}")));
    }
    for ip in &app.ips {
        note(words::IP_KIND.check(&ip.kind));
        note(identifier::address(&ip.address));
    }
    for group in &app.groups {
        if catalog::vm_size(&group.size).is_none() {
            note(Err(format!("process group {}: {}", group.name, object::no_size(&group.size))));
        }
        group.regions.iter().for_each(|region| note(identifier::region(region)));
    }
    let mut last = 0;
    for release in &app.releases {
        note(object::release(world, release));
        if release.version <= last {
            note(Err(format!("release `{}` comes after release {last}; versions grow", release.version)));
        }
        last = release.version;
    }
    app.allocations.iter().for_each(|one| note(object::allocation(app, one)));
    for (index, machine) in app.machines.iter().enumerate() {
        note(object::machine(app, machine));
        if app.machines[..index].iter().any(|one| one.id == machine.id) {
            note(Err(format!("there are two machines `{}`", machine.id)));
        }
    }
    found
}
