//! The Machines API: the state of every app of today.

pub(crate) mod events;
pub(crate) mod groups;
pub(crate) mod list;
pub(crate) mod org;
pub(crate) mod wire;

/// Machines that are no part of an app's service: they run a release command, test a deployment,
/// or hold somebody's console.
const RESERVED_GROUPS: [&str; 3] =
    ["fly_app_release_command", "fly_app_test_machine_command", "fly_app_console"];

fn is_reserved(process_group: &str) -> bool {
    RESERVED_GROUPS.contains(&process_group)
}
