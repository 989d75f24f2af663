//! What the topic of one instance holds: the whole of what its page shows.

mod happened;
pub(crate) mod log;
mod page;
mod settings;
#[cfg(test)]
mod tests;

use crate::app::App;
use crate::facts::{AppFacts, InstanceFacts, Lease};
use crate::id::InstanceId;
use crate::instance::Instance;
use crate::json::FromJson;
use crate::machine::{ConfigurationGiven, MachineDetail};
use crate::not_loaded::NotLoaded;
use crate::process::Process;
use crate::time::Timestamp;
pub use log::{LeftOut, LogTail, MOST_LINES};
pub use page::{Cell, Line, Part, PartKind};
use serde::{Deserialize, Serialize};
pub use settings::{Row, Section};

/// The instance among the others of its app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct InstanceHead {
    /// The app it belongs to.
    pub app: App,
    /// Its row of the instances table.
    pub instance: Instance,
    /// The one before it in the table, if there is one.
    pub previous: Option<InstanceId>,
    /// The one after it in the table, if there is one.
    pub next: Option<InstanceId>,
    /// Since when Fly does not know it any more: everything else is what was known last. None while
    /// Fly knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<Timestamp>,
}

/// Everything the page of one instance shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct InstanceView {
    /// The instance, and the others around it.
    pub head: InstanceHead,
    /// The parts of the page, in the order of [`PartKind::ALL`].
    pub parts: Vec<Part>,
}

/// All that was fetched about one instance.
#[derive(Clone, Copy, Debug)]
pub struct InstanceKnown<'a> {
    /// Its app, with its other instances.
    pub app: &'a AppFacts,
    /// Itself.
    pub one: &'a InstanceFacts,
    /// What only a machine has; none for an allocation, and where it was not loaded.
    pub machine: Option<&'a MachineDetail>,
    /// The last lines of its log.
    pub log: &'a LogTail,
    /// What runs in it, where that was told.
    pub processes: &'a [Process],
    /// Who holds a lease on it.
    pub lease: Option<&'a Lease>,
    /// Since when Fly does not know it any more.
    pub gone_since: Option<Timestamp>,
    /// The sections that never came.
    pub not_loaded: &'a NotLoaded,
}

impl InstanceView {
    /// What the page shows of all that is known.
    pub fn of(known: InstanceKnown<'_>) -> Self {
        let InstanceKnown { app, one, gone_since, .. } = known;
        let (previous, next) = beside(&one.instance, &app.instances);
        let head =
            InstanceHead { app: app.app.clone(), instance: one.instance.clone(), previous, next, gone_since };
        Self { head, parts: PartKind::ALL.map(|kind| part(kind, known)).into() }
    }

    /// One part of the page; none where a server of another build has fewer.
    pub fn part(&self, kind: PartKind) -> Option<&Part> {
        self.parts.get(kind as usize)
    }

    /// The same to be changed.
    pub(crate) fn part_mut(&mut self, kind: PartKind) -> Option<&mut Part> {
        self.parts.get_mut(kind as usize)
    }
}

fn part(kind: PartKind, known: InstanceKnown<'_>) -> Part {
    let InstanceKnown { one, log, processes, .. } = known;
    let lines = match kind {
        PartKind::Checks => one.checks.iter().map(happened::check).collect(),
        PartKind::Events => one.events.iter().rev().map(happened::event).collect(),
        PartKind::Log => log.lines(),
        PartKind::Processes => processes.iter().map(happened::process).collect(),
        PartKind::About => about(known),
        PartKind::Configuration => configuration(known),
    };
    let note = match kind {
        _ if lines.is_empty() => note(kind, known),
        PartKind::Log if one.instance.state.is_at_rest() => LOG_IS_OVER,
        _ => "",
    };
    Part { lines, note: note.to_owned() }
}

/// The mark at the end of a log to which nothing is added for now.
const LOG_IS_OVER: &str = "The log ends here: it does not run. New lines come by themselves once it does.";

/// What is said where there is nothing to show: "none" and "not loaded" are two things.
fn note(kind: PartKind, known: InstanceKnown<'_>) -> &'static str {
    let InstanceKnown { one, not_loaded, .. } = known;
    match kind {
        PartKind::Checks => "No health checks: all that is known is whether it runs.",
        PartKind::Events => "Fly tells of no events.",
        PartKind::Log if not_loaded.has(NotLoaded::LOG) => {
            "The log is not loaded. Windsock tries again by itself."
        }
        PartKind::Log => "No lines yet: Fly tells of none that it wrote lately.",
        PartKind::Processes if !one.instance.id.is_machine() => {
            "Fly does not tell what runs in an allocation."
        }
        PartKind::Processes if !one.instance.state.is_up() => "Only a started machine tells what runs in it.",
        PartKind::Processes if not_loaded.has(NotLoaded::PROCESSES) => {
            "The processes are not loaded. Windsock tries again by itself."
        }
        PartKind::Processes => "Fly tells of no processes.",
        PartKind::Configuration if not_loaded.has(NotLoaded::CONFIGURATION) => {
            "The configuration is not loaded. Windsock tries again by itself."
        }
        PartKind::Configuration => "Fly tells of no configuration.",
        PartKind::About => "",
    }
}

/// What about, name, value.
fn configuration(known: InstanceKnown<'_>) -> Vec<Line> {
    let InstanceKnown { app, one, machine, .. } = known;
    let sections = match machine {
        Some(machine) => machine.settings.clone(),
        None if one.instance.id.is_machine() => Vec::new(),
        None => Section::of_app(&app.config),
    };
    let line = |title: &str, row: Row| Line {
        key: [title, " ", &row.name].concat(),
        cells: vec![Cell::text(title), Cell::text(row.name), Cell::text(row.value)],
    };
    sections
        .into_iter()
        .flat_map(|Section { title, rows }| rows.into_iter().map(move |row| line(&title, row)))
        .collect()
}

/// The instances before and after this one, in the order of the table, which does not show those that
/// are gone.
fn beside(one: &Instance, all: &[InstanceFacts]) -> (Option<InstanceId>, Option<InstanceId>) {
    let others = || {
        all.iter().map(|other| &other.instance).filter(|other| other.id != one.id && !other.state.is_gone())
    };
    let place = |one: &&Instance| (one.process_group.clone(), one.region.clone(), one.id.clone());
    let previous = others().filter(|other| other.precedes(one)).max_by_key(place);
    let next = others().filter(|other| one.precedes(other)).min_by_key(place);
    (previous.map(|other| other.id.clone()), next.map(|other| other.id.clone()))
}

/// Name and value.
fn about(known: InstanceKnown<'_>) -> Vec<Line> {
    let InstanceKnown { one, machine, lease, not_loaded, .. } = known;
    let instance = &one.instance;
    let size = machine.and_then(|machine| machine.size.clone());
    let memory = one.memory_mb.map(|mb| format!("{mb} MB"));
    let size: Vec<String> = [size, memory].into_iter().flatten().collect();
    let text = |name: &'static str, value: Option<String>| {
        value.filter(|value| !value.is_empty()).map(|value| (name, Cell::text(value)))
    };
    let incomplete = machine.is_some_and(|machine| machine.configuration == ConfigurationGiven::Incomplete);
    let lease = match lease {
        Some(lease) => Some(held(lease)),
        None => not_loaded.has(NotLoaded::LEASE).then(|| "not loaded".to_owned()),
    };
    [
        text("Image", one.image.clone()),
        text("Size", Some(size.join(", "))),
        text("Host", Some(host(instance))),
        text("Name", machine.map(|machine| machine.name.clone())),
        text("Private IP", machine.and_then(|machine| machine.private_ip.clone())),
        text("Machine version", machine.and_then(|machine| machine.instance_version.clone())),
        text("Requests", machine.and_then(|machine| machine.cordoned.filter(|it| *it)).map(cordoned)),
        text("Configuration", incomplete.then(|| "incomplete while the host does not answer".to_owned())),
        text("Lease", lease),
        text("Desired", Some(instance.desired.to_string())),
        text("Restarts", Some(instance.restarts.to_string())),
        Some(("Created", Cell::age(instance.created_at))),
        Some(("Updated", Cell::age(instance.updated_at))),
    ]
    .into_iter()
    .flatten()
    .map(|(name, value)| Line { key: name.to_owned(), cells: vec![Cell::text(name), value] })
    .collect()
}

fn cordoned(_: bool) -> String {
    "cordoned: Fly's proxy sends it none".to_owned()
}

fn host(instance: &Instance) -> String {
    use crate::state::HostStatus as H;
    match &instance.host {
        H::Ok => "answers".to_owned(),
        H::Unreachable => "unreachable: the state is the last one known".to_owned(),
        H::Unknown => "not told".to_owned(),
        H::Other(word) => word.clone(),
    }
}

/// `held by ci@example.com ("deploy") until 20:24:41 UTC`.
fn held(lease: &Lease) -> String {
    let mut text = format!("held by {}", if lease.owner.is_empty() { "somebody" } else { &lease.owner });
    if !lease.description.is_empty() {
        text.push_str(&[" (\"", &*lease.description, "\")"].concat());
    }
    if let Some(at) = lease.expires_at {
        text.push_str(&[" until ", &*at.clock(), " UTC"].concat());
    }
    text
}
