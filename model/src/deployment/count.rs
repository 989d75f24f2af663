//! How many instances a deployment wants, and how many of them it has, by process group.

use crate::facts::{AppFacts, InstanceFacts};
use crate::health::InstanceHealth;
use crate::json::FromJson;
use crate::release::Release;
use crate::state::Strategy;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The counts of one process group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct GroupCount {
    /// Its name ("app").
    pub name: String,
    /// Instances wanted.
    pub desired: u32,
    /// Instances that run this version.
    pub placed: u32,
    /// Of these, the healthy ones; those at rest count as healthy.
    pub healthy: u32,
    /// Of these, the unhealthy ones.
    pub unhealthy: u32,
}

impl GroupCount {
    /// "3 desired, 2 placed, 1 healthy, 1 unhealthy".
    pub fn counts(&self) -> String {
        sentence([self.desired, self.placed, self.healthy, self.unhealthy])
    }
}

pub(super) fn sentence([desired, placed, healthy, unhealthy]: [u32; 4]) -> String {
    format!("{desired} desired, {placed} placed, {healthy} healthy, {unhealthy} unhealthy")
}

/// The counts of a deployment.
pub(super) struct Counts {
    pub(super) groups: Vec<GroupCount>,
    /// Instances of the old generation that blue-green keeps for a while.
    pub(super) outgoing: u32,
}

impl Counts {
    pub(super) fn total(&self) -> GroupCount {
        self.groups.iter().fold(GroupCount::default(), |sum, group| GroupCount {
            name: String::new(),
            desired: sum.desired + group.desired,
            placed: sum.placed + group.placed,
            healthy: sum.healthy + group.healthy,
            unhealthy: sum.unhealthy + group.unhealthy,
        })
    }
}

/// Counts the instances that are not gone.
pub(super) fn counts(release: &Release, facts: &AppFacts, now: Timestamp) -> Counts {
    let mut by_group: BTreeMap<&str, Vec<&InstanceFacts>> = BTreeMap::new();
    let active: Vec<&InstanceFacts> = active(facts).collect();
    // Machines that carry no release (made by hand) cannot be told apart by it.
    let untold = active.iter().all(|one| one.instance.version.is_none());
    for one in active {
        by_group.entry(&one.instance.process_group).or_default().push(one);
    }
    let mut counts = Counts { groups: Vec::new(), outgoing: 0 };
    for (name, members) in by_group {
        let (new, old): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|one| untold || one.instance.version == Some(release.version));
        let blue_green = release.strategy == Some(Strategy::BlueGreen);
        if blue_green {
            counts.outgoing += counted(old.len());
        }
        let new = without_canary(release, new, &old);
        let desired = if blue_green { new.len().max(old.len()) } else { new.len() + old.len() };
        let desired = desired - usize::from(is_canary_alone(release, &new, &old));
        counts.groups.push(group(name, desired, &new, facts, now));
    }
    counts
}

fn group(name: &str, desired: usize, new: &[&InstanceFacts], facts: &AppFacts, now: Timestamp) -> GroupCount {
    let health: Vec<InstanceHealth> =
        new.iter().map(|one| InstanceHealth::of(one, &facts.config, now)).collect();
    let count = |wanted: &[InstanceHealth]| counted(health.iter().filter(|one| wanted.contains(one)).count());
    GroupCount {
        name: name.to_owned(),
        desired: counted(desired),
        placed: counted(new.len()),
        healthy: count(&[InstanceHealth::Healthy, InstanceHealth::Resting]),
        unhealthy: count(&[InstanceHealth::Unhealthy]),
    }
}

/// The new instances without the one that a canary deployment made to try the release: flyctl
/// destroys it when the others have been updated. While it is the only new one it counts: it is all
/// that can be said of the release.
fn without_canary<'a>(
    release: &Release,
    new: Vec<&'a InstanceFacts>,
    old: &[&InstanceFacts],
) -> Vec<&'a InstanceFacts> {
    if release.strategy != Some(Strategy::Canary) || new.len() < 2 {
        return new;
    }
    let made_since = |one: &&InstanceFacts| one.instance.created_at >= release.created_at;
    let made_before = old.iter().chain(&new).any(|one| !made_since(one));
    if !made_before || new.iter().filter(|one| made_since(one)).count() != 1 {
        return new;
    }
    new.into_iter().filter(|one| !made_since(one)).collect()
}

/// Whether the only new instance is a canary, made beside all those that are to be updated.
fn is_canary_alone(release: &Release, new: &[&InstanceFacts], old: &[&InstanceFacts]) -> bool {
    release.strategy == Some(Strategy::Canary)
        && !old.is_empty()
        && matches!(new, [one] if one.instance.created_at >= release.created_at)
}

/// The instances that are not gone.
pub(super) fn active(facts: &AppFacts) -> impl Iterator<Item = &InstanceFacts> {
    facts.instances.iter().filter(|one| !one.instance.state.is_gone())
}

/// Whether instances of one process group run different releases. Groups may differ: flyctl can
/// deploy some of them only.
pub(super) fn is_mixed(facts: &AppFacts) -> bool {
    let mut versions = BTreeMap::new();
    active(facts).any(|one| {
        let Some(version) = one.instance.version else { return false };
        *versions.entry(one.instance.process_group.as_str()).or_insert(version) != version
    })
}

pub(super) fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
