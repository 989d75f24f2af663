//! From the text of a story file to a [`Story`].

use serde::Deserialize;
use toml::{Table, Value};

use super::{Fact, Origin, Story, StoryError, embedded};
use crate::{
    StoryTime,
    world::{Change, World},
};

/// A story file; facts stay raw so that an error can name the fact it is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    about: String,
    start: StoryTime,
    /// Names of worlds whose organizations, users and apps come before this file's own.
    #[serde(default)]
    worlds: Vec<String>,
    #[serde(default)]
    world: World,
    #[serde(default)]
    facts: Vec<Table>,
}

pub(super) fn parse(text: &str) -> Result<Story, StoryError> {
    let file: File =
        toml::from_str(text).map_err(|error| StoryError::NotToml { reason: error.to_string() })?;
    let mut world = World::default();
    for name in &file.worlds {
        add(&mut world, shared_world(&file.name, name)?);
    }
    add(&mut world, file.world);
    let facts = file.facts.into_iter().enumerate();
    let facts: Result<Vec<Fact>, StoryError> =
        facts.map(|(index, raw)| fact(&file.name, index + 1, raw)).collect();
    Ok(Story {
        name: file.name,
        title: file.title,
        about: file.about,
        start: file.start,
        world,
        facts: facts?,
    })
}

fn shared_world(story: &str, name: &str) -> Result<World, StoryError> {
    let wrong = |reason: String| StoryError::World {
        story: story.to_owned(),
        place: format!("world `{name}`"),
        reason,
    };
    let text = embedded::world(name).ok_or_else(|| {
        wrong(format!("there is no such world; there are: {}", embedded::world_names().join(", ")))
    })?;
    toml::from_str(text).map_err(|error| wrong(error.to_string()))
}

fn add(to: &mut World, more: World) {
    to.organizations.extend(more.organizations);
    to.users.extend(more.users);
    to.apps.extend(more.apps);
}

fn fact(story: &str, number: usize, mut raw: Table) -> Result<Fact, StoryError> {
    let label = label(&raw);
    let wrong =
        |reason: String| StoryError::Fact { story: story.to_owned(), number, fact: label.clone(), reason };
    let at = raw.remove("at").ok_or_else(|| wrong("`at` is missing".to_owned()))?;
    let origin = raw
        .remove("origin")
        .ok_or_else(|| wrong("`origin` is missing; it is \"captured\" or \"invented\"".to_owned()))?;
    let at: StoryTime = at.try_into().map_err(|error| wrong(format!("`at`: {error}")))?;
    let origin: Origin = origin.try_into().map_err(|error| wrong(format!("`origin`: {error}")))?;
    let change: Change = Value::Table(raw).try_into().map_err(|error| wrong(error.to_string()))?;
    Ok(Fact { at, origin, change })
}

/// How an error names a fact that perhaps cannot be read: its time and the kind of change.
fn label(raw: &Table) -> String {
    let text = |key: &str, otherwise: &str| match raw.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => otherwise.to_owned(),
    };
    format!("{} {}", text("at", "no time"), text("change", "no change"))
}
