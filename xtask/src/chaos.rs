//! `cargo xtask chaos`: the long run of the server's chaos test.

use anyhow::Result;

use crate::cargo::cargo;
use crate::process;
use crate::workspace::Workspace;

/// Which laps of the long run are played.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Laps {
    /// On a stopped clock, within one process.
    Stopped,
    /// In real time, through the proxy: those whose seed four divides.
    Real,
}

/// Plays lap after lap until the time is over, each with the next seed. A lap in which something was shown that
/// was not true is told with its seed and what had happened, and fails the run at its end.
pub(crate) fn run(workspace: &Workspace, minutes: u64, seed: u64, laps: Option<Laps>) -> Result<()> {
    let mut command = cargo(workspace);
    command
        .args(["test", "--package", "server", "--test", "chaos", "--"])
        .args(["for_minutes", "--exact", "--ignored", "--nocapture"])
        .env("WINDSOCK_CHAOS_MINUTES", minutes.to_string())
        .env("WINDSOCK_CHAOS_SEED", seed.to_string());
    match laps {
        Some(Laps::Stopped) => command.env("WINDSOCK_CHAOS_LAPS", "stopped"),
        Some(Laps::Real) => command.env("WINDSOCK_CHAOS_LAPS", "real"),
        None => command.env_remove("WINDSOCK_CHAOS_LAPS"),
    };
    process::run(&mut command)
}
