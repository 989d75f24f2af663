//! `cargo xtask test --peers`: public clients of Fly, which nobody here wrote, against the simulator.
//!
//! Each is installed in a fixed version from its own registry into `target/peers/`, gets a simulator
//! of its own, and is driven by a script of `simulator/peers/`. A script prints a line `ok ...` for
//! each thing that worked and ends with a failure at the first one that does not.

mod install;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use self::install::Installed;
use crate::cargo::cargo;
use crate::workspace::Workspace;
use crate::{process, signals};

/// The story they meet, and how many times as fast as real time it plays.
const STORY: [&str; 2] = ["calm", "10"];
/// No peer needs longer; one that does is stuck.
const LIMIT: Duration = Duration::from_secs(120);

/// A public client of Fly.
struct Peer {
    name: &'static str,
    version: &'static str,
    registry: Registry,
    /// Its script in `simulator/peers/`.
    script: &'static str,
}

/// Where a peer comes from.
enum Registry {
    /// npm, for Node.
    Npm,
    /// `PyPI`, for Python of this version or newer.
    PyPi { python: (u8, u8) },
}

const PEERS: [Peer; 2] = [
    Peer { name: "fly-admin", version: "1.6.1", registry: Registry::Npm, script: "fly-admin.cjs" },
    Peer {
        name: "simt-fly-machines",
        version: "0.2.6",
        registry: Registry::PyPi { python: (3, 13) },
        script: "simt-fly-machines.py",
    },
];

/// What became of one peer.
enum Outcome {
    Passed(u64),
    Failed(u64, anyhow::Error),
    Missing(String),
}

/// Runs every peer. One whose tools are missing is skipped and named; that none ran is a failure.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let simulator = build_simulator(workspace)?;
    let outcomes: Vec<(&Peer, Duration, Outcome)> = PEERS
        .iter()
        .map(|peer| {
            println!("\n== {} {}", peer.name, peer.version);
            let start = Instant::now();
            let outcome = meet(workspace, peer, &simulator);
            (peer, start.elapsed(), outcome)
        })
        .collect();
    Ok(report(&outcomes))
}

fn build_simulator(workspace: &Workspace) -> Result<std::path::PathBuf> {
    process::run(cargo(workspace).args(["build", "--package", "simulator", "--example", "listen"]))?;
    Ok(workspace.target().join("debug/examples/listen"))
}

fn meet(workspace: &Workspace, peer: &Peer, simulator: &std::path::Path) -> Outcome {
    let installed = match install::ensure(workspace, peer) {
        Ok(Installed::Ready(command)) => command,
        Ok(Installed::Missing(what)) => return Outcome::Missing(what),
        Err(error) => return Outcome::Failed(0, error),
    };
    let mut passed = 0;
    match drive(installed, workspace, peer, simulator, &mut passed) {
        Ok(()) => Outcome::Passed(passed),
        Err(error) => Outcome::Failed(passed, error),
    }
}

/// Runs the script of a peer against a simulator of its own.
fn drive(
    mut command: Command,
    workspace: &Workspace,
    peer: &Peer,
    simulator: &std::path::Path,
    passed: &mut u64,
) -> Result<()> {
    let (simulator, told) = Simulator::start(simulator)?;
    let address = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    command
        .arg(workspace.peers().join(peer.script))
        .env("FLY_API_BASE_URL", address("api"))
        .env("FLY_FLAPS_BASE_URL", address("machines"))
        .env("FLY_API_TOKEN", address("token"))
        .stdout(Stdio::piped());
    let mut child = process::spawn(&mut command)?;
    let lines = child.stdout.take().context("the output is piped")?;
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(lines).lines().map_while(std::result::Result::ok);
        lines.inspect(|line| println!("{line}")).filter(|line| line.starts_with("ok ")).count()
    });
    let ended = process::wait_within(LIMIT, &mut child)?;
    if ended.is_none() {
        child.kill().ok();
        child.wait()?;
    }
    *passed = reader.join().map_or(0, |count| count as u64);
    drop(simulator);
    match ended {
        None => bail!("it was ended after {} s", LIMIT.as_secs()),
        Some(status) => process::succeeded(&command, status)?,
    }
    if *passed == 0 {
        bail!("its script did nothing");
    }
    Ok(())
}

/// A simulator in a process of its own, ended when it is dropped.
struct Simulator(Child);

impl Simulator {
    /// Starts one and reads its addresses.
    fn start(program: &std::path::Path) -> Result<(Self, Value)> {
        let mut child = process::spawn(Command::new(program).args(STORY).stdout(Stdio::piped()))?;
        let output = child.stdout.take().context("the output is piped")?;
        let simulator = Self(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let told = serde_json::from_str(&line).context("the simulator did not tell its addresses")?;
        Ok((simulator, told))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn report(outcomes: &[(&Peer, Duration, Outcome)]) -> ExitCode {
    signals::hold_when_ending();
    println!("\n== summary");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (peer, took, outcome) in outcomes {
        let name = format!("{} {}", peer.name, peer.version);
        let took = took.as_secs_f64();
        match outcome {
            Outcome::Passed(count) => {
                passed += count;
                println!("{name:<26} ok      {took:>6.1} s   {count} things done");
            }
            Outcome::Failed(count, error) => {
                passed += count;
                failed += 1;
                println!("{name:<26} FAILED  {took:>6.1} s   after {count}: {error:#}");
            }
            Outcome::Missing(what) => {
                skipped += 1;
                println!("{name:<26} skipped {took:>6.1} s   {what}");
            }
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 || passed == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
