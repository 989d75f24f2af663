//! Thousands of apps from a few numbers: the same numbers always give the same fleet.

mod apps;
mod changes;
mod machines;
mod names;
mod random;

use serde::Deserialize;

use super::Fact;
use crate::{
    StoryTime,
    world::{Organization, User, World},
};
use random::Random;

/// `[fleet]` of a story file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Where chance begins.
    pub seed: u64,
    /// How many apps, at most 50,000.
    pub apps: usize,
    /// How many machines in all, at most 200,000.
    pub machines: usize,
    /// Over how many organizations they are spread.
    pub organizations: usize,
    /// How many machines are in trouble: crashed, out of memory, failing a check, on a host that is
    /// gone.
    #[serde(default)]
    pub unhealthy: usize,
    /// For how many seconds things go on happening, at most an hour.
    #[serde(default)]
    pub seconds: usize,
    /// Instead of one app a second, every machine of every app changes its state each second.
    #[serde(default)]
    pub restless: bool,
}

impl Plan {
    /// How many changes a restless fleet tells; 0 of another.
    fn restless_changes(&self) -> usize {
        if self.restless { self.machines.saturating_mul(self.seconds) } else { 0 }
    }

    fn check(&self) -> Result<(), String> {
        let limits = [
            ("apps", self.apps, 1, 50_000),
            ("machines", self.machines, 0, 200_000),
            ("organizations", self.organizations, 1, names::MOST_TEAMS),
            ("unhealthy", self.unhealthy, 0, self.machines),
            ("seconds", self.seconds, 0, 3600),
            ("restless machines times seconds", self.restless_changes(), 0, 100_000),
        ];
        let outside = limits.into_iter().find(|(_, value, least, most)| value < least || value > most);
        outside.map_or(Ok(()), |(key, value, least, most)| {
            Err(format!("`{key}` is {value}; it is from {least} to {most}"))
        })
    }
}

/// Adds the fleet to a world and gives what happens to it.
pub(super) fn generate(plan: &Plan, start: StoryTime, world: &mut World) -> Result<Vec<Fact>, String> {
    plan.check()?;
    let mut random = Random::new(plan.seed);
    add_people(plan, world);
    let first = world.apps.len();
    let fleet = apps::all(plan, start, &mut random);
    world.apps.extend(fleet.into_iter().map(Into::into));
    let fleet = &world.apps[first..];
    if plan.restless {
        return Ok(changes::restless(plan, start, fleet));
    }
    Ok(changes::all(plan, start, fleet, &mut random))
}

fn add_people(plan: &Plan, world: &mut World) {
    for index in 0..plan.organizations {
        let (slug, name) = names::team(index);
        world.organizations.push(Organization {
            id: format!("Org{index:02}{}", slug.replace('-', "")),
            number: 300_000 + i64::try_from(index).unwrap_or(0),
            slug: slug.to_owned(),
            name: name.to_owned(),
            personal: false,
        });
    }
    for name in names::people() {
        world.users.push(User {
            id: person(name),
            name: (*name).to_owned(),
            email: format!("{}@fleet.example", person(name)),
        });
    }
}

/// How releases refer to a person.
fn person(name: &str) -> String {
    name.split(' ').next().unwrap_or(name).to_lowercase()
}
