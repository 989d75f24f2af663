//! Process groups, which an app on Machines has only in its machines' metadata.

use super::list::Known;
use super::wire::Guest;
use crate::decode::text;
use model::ProcessGroup;
use std::collections::BTreeMap;

/// The process groups of the machines that are not gone, by name.
pub(crate) fn groups(machines: &[Known]) -> Vec<ProcessGroup> {
    let mut groups: BTreeMap<&str, ProcessGroup> = BTreeMap::new();
    for one in machines.iter().filter(|one| !one.facts.instance.state.is_gone()) {
        let instance = &one.facts.instance;
        let group = groups.entry(&instance.process_group).or_insert_with(|| ProcessGroup {
            name: instance.process_group.clone(),
            size: None,
            memory_mb: None,
            regions: Vec::new(),
            instances: 0,
        });
        group.instances += 1;
        group.regions.push(instance.region.clone());
        if let Some(guest) = &one.guest {
            group.size = group.size.take().or_else(|| size(guest));
            group.memory_mb = group.memory_mb.or(guest.memory_mb);
        }
    }
    groups.into_values().map(with_regions_in_order).collect()
}

fn with_regions_in_order(mut group: ProcessGroup) -> ProcessGroup {
    group.regions.sort();
    group.regions.dedup();
    group
}

/// Fly's name of a size, as `fly scale` takes it: `shared-cpu-1x`, `performance-2x`.
pub(crate) fn size(guest: &Guest) -> Option<String> {
    let cpus = guest.cpus?;
    match guest.cpu_kind.as_deref()? {
        "shared" => Some(format!("shared-cpu-{cpus}x")),
        kind => Some(format!("{}-{cpus}x", text::line(kind, 40))),
    }
}
