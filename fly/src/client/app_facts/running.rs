//! What runs: allocations of the Nomad era, and machines.

use super::super::missing;
use super::{GROUPS, INSTANCES, is_nomad};
use crate::decode::listed::Listed;
use crate::decode::nomad as decode_nomad;
use crate::error::FlyError;
use crate::graphql::app::AppFactsNode;
use crate::machines::{groups, list};
use model::config::{AppConfig, Service};
use model::{InstanceFacts, ProcessGroup};
use tracing::warn;

/// The answer of the Machines API, where it was asked.
pub(super) type MachinesAnswer = Option<Result<Listed, FlyError>>;

/// What allocations and machines tell together.
#[derive(Default)]
pub(crate) struct Running {
    pub(crate) instances: Vec<InstanceFacts>,
    /// The machines that ran release commands.
    pub(crate) release_commands: Vec<InstanceFacts>,
    pub(crate) process_groups: Vec<ProcessGroup>,
    pub(crate) config: AppConfig,
}

/// Allocations and machines; both while an app moves from the one to the other. With one of the
/// two sources missing none are told, lest the others look like all there is.
pub(super) fn of_both(
    node: &mut AppFactsNode,
    machines: MachinesAnswer,
    written: AppConfig,
    missing: &mut Vec<String>,
) -> Running {
    let nomad = is_nomad(node);
    // What cannot be read is missed only where it would have told something.
    let aside = &mut Vec::new();
    let told = if nomad { &mut *missing } else { aside };
    let allocations = missing::elements(node.allocations.take(), INSTANCES, "instance", told);
    let (mut instances, unreadable) = decode_nomad::instances(allocations);
    missing::tell_unreadable(told, unreadable, "instance");
    let groups = missing::elements(node.process_groups.take(), GROUPS, "process group", told);
    let mut process_groups = decode_nomad::groups(groups, &instances);
    let mut config = written;
    let mut release_commands = Vec::new();
    match machines {
        None => {}
        Some(Err(FlyError::NotFound { .. })) if node.platform_version.as_known().is_none() => {}
        Some(Err(error)) => {
            warn!(%error, request_id = error.request_id(), "the machines could not be loaded");
            missing::tell(missing, INSTANCES);
        }
        Some(Ok(raw)) => {
            release_commands = list::release_commands(&raw);
            let (known, unreadable) = list::machines(&raw);
            missing::tell_unreadable(missing, unreadable, "instance");
            let on_machines = groups::groups(&known);
            process_groups
                .retain(|old| old.instances > 0 && !on_machines.iter().any(|new| new.name == old.name));
            process_groups.extend(on_machines);
            process_groups.sort_by(|a, b| a.name.cmp(&b.name));
            config = with_machines(config, known.iter().map(|one| &one.config));
            instances.extend(known.into_iter().map(|one| one.facts));
        }
    }
    if missing.iter().any(|part| part == INSTANCES) {
        return Running { release_commands, config, ..Running::default() };
    }
    Running { instances, release_commands, process_groups, config }
}

/// The machines alone.
pub(crate) fn of_machines(
    machines: Result<Listed, FlyError>,
    missing: &mut Vec<String>,
) -> Result<Running, FlyError> {
    let raw = machines?;
    let release_commands = list::release_commands(&raw);
    let (known, unreadable) = list::machines(&raw);
    missing::tell_unreadable(missing, unreadable, "instance");
    Ok(Running {
        release_commands,
        process_groups: groups::groups(&known),
        config: with_machines(AppConfig::default(), known.iter().map(|one| &one.config)),
        instances: known.into_iter().map(|one| one.facts).collect(),
    })
}

/// Adds a service of a machine to those of others: the same one may lead to several groups.
fn add(service: &Service, known: &mut Vec<Service>) {
    let same = |one: &&mut Service| (one.internal_port, &one.key) == (service.internal_port, &service.key);
    match known.iter_mut().find(same) {
        Some(known) => {
            let new = service.groups.iter().filter(|group| !known.groups.contains(group));
            known.groups.extend(new.cloned().collect::<Vec<_>>());
        }
        None => known.push(service.clone()),
    }
}

/// What the machines were configured with, where the app's own configuration does not tell.
fn with_machines<'a>(
    mut written: AppConfig,
    mut machines: impl Iterator<Item = &'a AppConfig> + Clone,
) -> AppConfig {
    if written.services.is_empty() {
        machines.clone().flat_map(|config| &config.services).for_each(|one| add(one, &mut written.services));
    }
    if written.checks.is_empty() {
        let configured = machines.clone().find(|config| !config.checks.is_empty());
        written.checks = configured.map(|config| config.checks.clone()).unwrap_or_default();
    }
    if written.env_port.is_none() {
        written.env_port = machines.find_map(|config| config.env_port.clone());
    }
    written
}
