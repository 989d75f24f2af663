//! What is measured in a browser: an optimized server, a script of `end2end/bench/`, and the samples that
//! the script leaves.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::server::{self, Profile};
use crate::workspace::Workspace;
use crate::{chromium, npm, process};

/// Names a server to measure instead of building one.
const SERVER: &str = "WINDSOCK_BIN";

/// Runs the scripts of these names, so many at a time, and reads what they left: one value for each of
/// `samples`.
pub(super) fn measure<const N: usize>(
    workspace: &Workspace,
    scripts: &[&str],
    at_a_time: u32,
    samples: [&str; N],
) -> Result<[Value; N]> {
    npm::ensure(workspace)?;
    let chromium = chromium::ensure(workspace)?;
    let binary = match env::var_os(SERVER) {
        Some(named) => PathBuf::from(named),
        None => server::build_everything(workspace, Profile::Release)?,
    };
    let folder = tempfile::tempdir().context("a folder for the samples")?;
    let mut command = npm::program(workspace, "@playwright/test/cli.js");
    command.args(["test", "--config", "bench.config.ts", "--workers", &at_a_time.to_string()]);
    command.args(scripts.iter().map(|name| format!("bench/{name}.bench.ts")));
    command.env(SERVER, binary).env(chromium::OVERRIDE, chromium).env("WINDSOCK_BENCH_OUT", folder.path());
    process::run(&mut command)?;
    let mut read = [const { Value::Null }; N];
    for (place, name) in read.iter_mut().zip(samples) {
        let path = folder.path().join(format!("{name}.json"));
        let Ok(text) = fs::read_to_string(&path) else { bail!("the scripts left no samples of {name}") };
        *place = serde_json::from_str(&text).with_context(|| format!("the samples of {name}"))?;
    }
    Ok(read)
}

/// Says on what and when it was measured: the times depend on it.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    format!(
        "An optimized build, server, simulated Fly.io and headless Chromium together on one machine of {cores} \
         cores; its load average at the end was {load}."
    )
}
