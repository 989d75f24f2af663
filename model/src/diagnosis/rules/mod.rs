//! The rules. To add one: a file here, its cause in `cause.rs`, and its name in `ALL`.

mod abandoned;
mod answers;
mod bad_configuration;
mod check_error;
mod check_host;
mod check_path;
mod check_redirect;
mod check_timeout;
mod check_tls;
mod crash_loop;
mod dependency;
mod disk_full;
mod grace_period;
mod host_down;
mod image;
mod interrupted;
mod last_words;
mod lease_held;
mod loopback_only;
mod missing_variable;
mod mixed_versions;
mod no_capacity;
mod not_listening;
mod out_of_memory;
mod port_in_use;
mod refused;
mod release_command;
mod reported;
mod reports;
mod start_command;
mod stuck_state;
mod trial_ended;
mod wrong_port;

use super::{Case, Finding};

/// A rule: from what is known to what it means, if anything.
pub type Rule = fn(&Case<'_>) -> Option<Finding>;

/// Every rule.
pub const ALL: &[Rule] = &[
    wrong_port::wrong_port,
    loopback_only::loopback_only,
    not_listening::not_listening,
    out_of_memory::out_of_memory,
    crash_loop::crash_loop,
    start_command::start_command,
    missing_variable::missing_variable,
    bad_configuration::bad_configuration,
    disk_full::disk_full,
    port_in_use::port_in_use,
    dependency::dependency,
    check_path::check_path,
    check_redirect::check_redirect,
    check_host::check_host,
    check_tls::check_tls,
    check_error::check_error,
    check_timeout::check_timeout,
    grace_period::grace_period,
    release_command::release_command,
    no_capacity::no_capacity,
    image::image,
    host_down::host_down,
    stuck_state::stuck_state,
    lease_held::lease_held,
    interrupted::interrupted,
    abandoned::abandoned,
    mixed_versions::mixed_versions,
    reported::reported,
    trial_ended::trial_ended,
];
