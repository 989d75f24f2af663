//! Whether a story that could be read can be played.

use super::{Story, StoryError};
use crate::{
    catalog,
    world::{App, World},
};

pub(super) fn validate(story: &Story) -> Result<(), StoryError> {
    for app in &story.world.apps {
        check_app(&story.world, app).map_err(|reason| StoryError::World {
            story: story.name.clone(),
            place: format!("app `{}`", app.name),
            reason,
        })?;
    }
    tell_once(story)
}

/// References of the initial world lead somewhere.
fn check_app(world: &World, app: &App) -> Result<(), String> {
    if world.organization(&app.organization).is_none() {
        return Err(format!("there is no organization `{}`", app.organization));
    }
    for user in app.releases.iter().filter_map(|one| one.user.as_deref()) {
        if world.user(user).is_none() {
            return Err(format!("a release is by user `{user}`, who is not there"));
        }
    }
    for group in &app.groups {
        if catalog::vm_size(&group.size).is_none() {
            return Err(format!(
                "process group `{}` has the size `{}`, which is none of: {}",
                group.name,
                group.size,
                catalog::vm_size_names().join(", ")
            ));
        }
    }
    for machine in &app.machines {
        if app.group(&machine.group).is_none() {
            let (id, group) = (&machine.id, &machine.group);
            return Err(format!("machine `{id}` is of the process group `{group}`, which is not there"));
        }
    }
    Ok(())
}

/// Facts stand in order, none before the start, and each can be told.
fn tell_once(story: &Story) -> Result<(), StoryError> {
    let mut world = story.world.clone();
    let mut last = story.start;
    for (index, fact) in story.facts.iter().enumerate() {
        let told = if fact.at < last {
            Err(format!("facts stand in order of time, and {last} came before it"))
        } else {
            world.apply(fact.at, &fact.change).map_err(|refused| refused.to_string())
        };
        told.map_err(|reason| StoryError::Fact {
            story: story.name.clone(),
            number: index + 1,
            fact: format!("{} on app `{}`", fact.at, fact.change.app()),
            reason,
        })?;
        last = fact.at;
    }
    Ok(())
}
