//! `cargo xtask chaos`: the long run of the server's chaos test.

use anyhow::Result;

use crate::cargo::cargo;
use crate::process;
use crate::workspace::Workspace;

/// Plays lap after lap until the time is over, each with the next seed; the first thing shown that was
/// not true ends it, with the seed and what had happened.
pub(crate) fn run(workspace: &Workspace, minutes: u64, seed: u64) -> Result<()> {
    let mut command = cargo(workspace);
    command
        .args(["test", "--package", "server", "--test", "chaos", "--"])
        .args(["for_minutes", "--exact", "--ignored", "--nocapture"])
        .env("WINDSOCK_CHAOS_MINUTES", minutes.to_string())
        .env("WINDSOCK_CHAOS_SEED", seed.to_string());
    process::run(&mut command)
}
