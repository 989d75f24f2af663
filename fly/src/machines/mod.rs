//! The Machines API: the state of every app of today.

pub(crate) mod events;
pub(crate) mod fields;
pub(crate) mod groups;
pub(crate) mod holdings;
pub(crate) mod lease;
pub(crate) mod list;
#[cfg(test)]
mod mutants;
pub(crate) mod one;
#[cfg(test)]
mod openapi;
pub(crate) mod org;
pub(crate) mod organization;
pub(crate) mod platform;
pub(crate) mod processes;
#[cfg(test)]
mod samples;
pub(crate) mod settings;
pub(crate) mod wire;

/// The process group of the machines that run release commands.
const RELEASE_COMMAND: &str = "fly_app_release_command";

/// Machines that are no part of an app's service: they run a release command, test a deployment,
/// or hold somebody's console.
const RESERVED_GROUPS: [&str; 3] = [RELEASE_COMMAND, "fly_app_test_machine_command", "fly_app_console"];

fn is_reserved(process_group: &str) -> bool {
    RESERVED_GROUPS.contains(&process_group)
}
