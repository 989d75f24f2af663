//! Allocations, process groups and deployments of the Nomad era.

use super::text::{self, LONGEST_LINE};
use super::{count, releases, time};
use crate::graphql::lenient;
use crate::graphql::nomad::{AllocationNode, CheckNode, DeploymentNode, EventNode, GroupNode, LogNode};
use model::deployment::FlyDeployment;
use model::logs::mask::Masker;
use model::state::{CheckStatus, HostStatus};
use model::{
    CheckCounts, CheckResult, Instance, InstanceEvent, InstanceFacts, InstanceId, LogLine, ProcessGroup,
    RegionCode,
};

/// The allocations, and how many could not be read.
pub(crate) fn instances(nodes: Vec<AllocationNode>) -> (Vec<InstanceFacts>, usize) {
    let all = nodes.len();
    let instances: Vec<InstanceFacts> = nodes.into_iter().filter_map(instance).collect();
    let unreadable = all - instances.len();
    (instances, unreadable)
}

/// The task's name; an app that declares no process groups has one, which Fly calls "app" while
/// the task's name is empty (the captured deployment shows that).
fn process_group(task_name: Option<&str>) -> String {
    text::line(task_name.filter(|name| !name.is_empty()).unwrap_or("app"), 100)
}

fn instance(node: AllocationNode) -> Option<InstanceFacts> {
    let id = InstanceId::new(node.id_short.known()?.into_inner()).ok()?;
    let region = RegionCode::new(node.region.known()?).ok()?;
    let created_at = time::of(node.created_at.as_known())?;
    let checks: Vec<CheckResult> = node.checks.into_elements().0.into_iter().filter_map(check).collect();
    let instance = Instance {
        id,
        process_group: process_group(node.task_name.as_known().map(String::as_str)),
        version: releases::version(node.version.known()),
        region,
        desired: node
            .desired_status
            .as_known()
            .map_or_else(|| "run".to_owned(), |word| text::word(word))
            .into(),
        state: text::word(&node.status.known()?).into(),
        host: HostStatus::Ok,
        checks: CheckCounts::of(checks.iter().map(|check| &check.status)),
        restarts: count(node.restarts.known().unwrap_or(0)),
        created_at,
        updated_at: time::of(node.updated_at.as_known()).unwrap_or(created_at),
        judged: None,
    };
    let mut events: Vec<InstanceEvent> =
        node.events.into_elements().0.into_iter().filter_map(event).collect();
    events.sort_by_key(|event| event.at);
    let logs = logs(node.recent_logs.into_elements().0);
    Some(InstanceFacts { checks, events, logs, ..InstanceFacts::of(instance) })
}

fn check(node: CheckNode) -> Option<CheckResult> {
    Some(CheckResult {
        name: text::line(&node.name.known()?, 200),
        status: CheckStatus::from(text::word(&node.status.known()?)),
        output: text::said_in_lines(&node.output.known().unwrap_or_default(), LONGEST_LINE),
        updated_at: time::of(node.updated_at.as_known()),
    })
}

fn event(node: EventNode) -> Option<InstanceEvent> {
    Some(InstanceEvent {
        at: time::of(node.timestamp.as_known())?,
        kind: text::line(&node.kind.known()?, 100),
        message: text::said(&node.message.known().unwrap_or_default(), LONGEST_LINE),
        source: None,
        exit: None,
    })
}

/// Oldest first. Fly's order is kept among lines of the same instant, whichever end it starts at.
fn logs(nodes: Vec<LogNode>) -> Vec<LogLine> {
    let mut lines: Vec<LogLine> = nodes.into_iter().filter_map(log_line).collect();
    let newest_first = matches!((lines.first(), lines.last()), (Some(a), Some(b)) if a.at > b.at);
    if newest_first {
        lines.reverse();
    }
    lines.sort_by_key(|line| line.at);
    let mut masker = Masker::default();
    for line in &mut lines {
        line.message = text::logged(&mut masker, &line.message);
    }
    lines
}

/// As it came: [`logs`] makes it fit to be shown.
fn log_line(node: LogNode) -> Option<LogLine> {
    Some(LogLine {
        at: time::of(node.timestamp.as_known())?,
        level: text::line(&node.level.known().unwrap_or_default(), 20),
        message: node.message.known()?,
    })
}

/// Fly's own deployment status.
pub(crate) fn deployment(node: &DeploymentNode) -> Option<FlyDeployment> {
    let known = |field: &lenient::Option<i32>| field.as_known().copied();
    let description = node.description.as_known().map_or("", String::as_str);
    Some(FlyDeployment {
        version: releases::version(known(&node.version))?,
        status: text::word(node.status.as_known()?).into(),
        description: text::said(description, LONGEST_LINE),
        desired: count(known(&node.desired_count)?),
        placed: count(known(&node.placed_count)?),
        healthy: count(known(&node.healthy_count)?),
        unhealthy: count(known(&node.unhealthy_count)?),
    })
}

/// The process groups with what the allocations tell of them; by name.
pub(crate) fn groups(nodes: Vec<GroupNode>, instances: &[InstanceFacts]) -> Vec<ProcessGroup> {
    let mut groups: Vec<ProcessGroup> = nodes.into_iter().filter_map(|node| group(node, instances)).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn group(node: GroupNode, instances: &[InstanceFacts]) -> Option<ProcessGroup> {
    let name = text::line(&node.name.known()?, 100);
    let of_group: Vec<&Instance> = instances
        .iter()
        .map(|one| &one.instance)
        .filter(|one| one.process_group == name && !one.state.is_gone())
        .collect();
    let mut regions: Vec<RegionCode> = of_group.iter().map(|one| one.region.clone()).collect();
    if regions.is_empty() {
        let codes = node.regions.into_elements().0.into_iter();
        regions = codes.filter_map(|code| RegionCode::new(code).ok()).collect();
    }
    regions.sort();
    regions.dedup();
    let size = node.vm_size.known();
    let size_name = size.as_ref().and_then(|size| size.name.as_known());
    Some(ProcessGroup {
        name,
        size: size_name.map(|name| text::line(name, 100)),
        memory_mb: size.as_ref().and_then(|size| u32::try_from(*size.memory_mb.as_known()?).ok()),
        regions,
        instances: count(of_group.len()),
    })
}
