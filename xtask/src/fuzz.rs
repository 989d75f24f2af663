//! `cargo xtask fuzz`: tries the decoders of Fly's answers with a million of them.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cargo::cargo;
use crate::process;
use crate::workspace::Workspace;

/// What the test prints before its count.
const COUNT: &str = "fuzz: ";

/// Runs the long form of the property test of `fly` and says how many answers it tried, in how many
/// seconds.
pub(crate) fn run(workspace: &Workspace, cases: u32) -> Result<ExitCode> {
    let started = Instant::now();
    let (status, output) = process::run_showing_output(
        cargo(workspace)
            .args(["test", "--package", "fly", "--test", "fuzz", "--", "--ignored", "--nocapture"])
            .env("PROPTEST_CASES", cases.to_string()),
    )?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    let count = output.lines().find_map(|line| Some(line.split_once(COUNT)?.1));
    println!("{}", count.context("the test did not say how much it tried")?);
    println!("{} s with the build", started.elapsed().as_secs());
    Ok(ExitCode::SUCCESS)
}
