//! Many streams on one server: memory, delay and processor time, beside a bare tokio writer (the
//! floor), axum's own `Sse` and node's http server, in turns in the same run.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;

use super::Finding;
use crate::cargo::cargo;
use crate::process;
use crate::workspace::Workspace;

/// Changes that each stream waits for; one is published each 1.25 s.
const CHANGES: u32 = 20;
/// How often each server has its turn. The slowest hundredth of one server differs from turn to turn more than
/// the servers do among one another: the medians are compared.
const TURNS: usize = 3;
/// The delay of the slowest hundredth, against axum's own `Sse` and against node.
const DELAY_TO_AXUM: f64 = 1.2;
const DELAY_TO_NODE: f64 = 0.7;
/// Resident memory of an idle stream, against axum's own `Sse`.
const MEMORY_TO_AXUM: f64 = 1.3;

/// What one server did.
#[derive(Debug, Clone, Default, PartialEq)]
struct Measured {
    opened: u64,
    lost: u64,
    /// Microseconds.
    p50: u64,
    /// Microseconds.
    p99: u64,
    /// Bytes of resident memory for each stream.
    memory: u64,
    /// Percent of one processor.
    cpu: f64,
}

impl Measured {
    /// Of several turns: the medians, and whatever was lost in any of them.
    fn of_turns(turns: &[Self]) -> Self {
        let median = |of: fn(&Self) -> u64| {
            let mut values: Vec<u64> = turns.iter().map(of).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        let mut cpu: Vec<f64> = turns.iter().map(|one| one.cpu).collect();
        cpu.sort_unstable_by(f64::total_cmp);
        Self {
            opened: turns.iter().map(|one| one.opened).min().unwrap_or_default(),
            lost: turns.iter().map(|one| one.lost).sum(),
            p50: median(|one| one.p50),
            p99: median(|one| one.p99),
            memory: median(|one| one.memory),
            cpu: cpu.get(cpu.len() / 2).copied().unwrap_or_default(),
        }
    }
}

/// The four servers.
struct Run {
    tokio: Measured,
    axum: Measured,
    node: Measured,
    windsock: Measured,
    /// Questions that Windsock asked Fly in the turn with the most.
    upstream: u64,
}

pub(super) fn measure(workspace: &Workspace, streams: u32) -> Result<Finding> {
    raise_file_limit(streams)?;
    let tool = build(workspace)?;
    let script = workspace.root().join("xtask/bench/sse.mjs");
    let own = |word: &str| {
        let mut command = Command::new(&tool);
        command.arg(word);
        command
    };
    let node = || {
        let mut command = Command::new("node");
        command.arg(&script);
        command
    };
    let load_before = load();
    // Only Windsock tells: the others answer any question with a stream that never ends.
    let nothing = |_| None;
    let mut turns: [Vec<Measured>; 4] = Default::default();
    let mut upstream = 0;
    for _ in 0..TURNS {
        let (windsock, questions) = serve_and_load(&tool, own("windsock"), streams, asked)?;
        upstream = questions.context("Windsock does not say how often it asked Fly")?.max(upstream);
        let (tokio, _) = serve_and_load(&tool, own("tokio"), streams, nothing)?;
        let (axum, _) = serve_and_load(&tool, own("axum"), streams, nothing)?;
        let (node, _) = serve_and_load(&tool, node(), streams, nothing)?;
        for (turns, one) in turns.iter_mut().zip([tokio, axum, node, windsock]) {
            turns.push(one);
        }
    }
    let [tokio, axum, node, windsock] = turns.map(|turns| Measured::of_turns(&turns));
    let run = Run { tokio, axum, node, windsock, upstream };
    Ok(Finding { table: table(&run, streams, &load_before), over_limit: judge(&run, streams) })
}

/// Both ends of a stream are files of a process; children inherit the limit.
fn raise_file_limit(streams: u32) -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let needed = u64::from(streams) + 200;
    if maximum.is_some_and(|most| most < needed) {
        bail!("{streams} streams need {needed} open files, and {maximum:?} are allowed; see --streams");
    }
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).context("the limit of open files")
}

fn build(workspace: &Workspace) -> Result<PathBuf> {
    process::run(cargo(workspace).args([
        "build",
        "--release",
        "--package",
        "server",
        "--example",
        "live_bench",
    ]))?;
    Ok(workspace.target().join("release/examples/live_bench"))
}

/// Ends the server whatever happens.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What was measured, and what the server at the port says afterwards.
fn serve_and_load(
    tool: &Path,
    mut command: Command,
    streams: u32,
    ask: fn(u16) -> Option<u64>,
) -> Result<(Measured, Option<u64>)> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?}"))?;
    let output = child.stdout.take().context("the server's output")?;
    let server = Server(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let port =
        line.trim().strip_prefix("listening ").with_context(|| format!("{command:?} said {line:?}"))?;
    let arguments = ["load", port, &streams.to_string(), &CHANGES.to_string(), &server.0.id().to_string()];
    let output = Command::new(tool).args(arguments).stderr(Stdio::inherit()).output()?;
    let told: Value = serde_json::from_slice(&output.stdout).context("the load's result")?;
    let number = |name: &str| told[name].as_u64().unwrap_or_default();
    let measured = Measured {
        opened: number("opened"),
        lost: number("lost"),
        p50: number("p50"),
        p99: number("p99"),
        memory: number("memory"),
        cpu: told["cpu"].as_f64().unwrap_or_default(),
    };
    Ok((measured, ask(port.parse()?)))
}

/// How often Windsock asked Fly.
fn asked(port: u16) -> Option<u64> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(2))).ok()?;
    write!(stream, "GET /upstream HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.rsplit("\r\n").next()?.trim().parse().ok()
}

/// The load average of the last minute, which says how far the times can be trusted.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

fn judge(run: &Run, streams: u32) -> Option<String> {
    let mut reasons = Vec::new();
    let windsock = &run.windsock;
    for (name, one) in
        [("Windsock", windsock), ("axum", &run.axum), ("node", &run.node), ("tokio", &run.tokio)]
    {
        if one.opened < u64::from(streams) || one.lost > 0 {
            reasons.push(format!("{name}: {} of {streams} streams, {} changes lost", one.opened, one.lost));
        }
    }
    let mut ratio = |what: &str, ours: u64, theirs: u64, limit: f64| {
        let ratio = ratio(ours, theirs);
        if ratio > limit {
            reasons.push(format!("{what}: {ratio:.2} times, the limit is {limit:.1}"));
        }
    };
    ratio("p99 against axum", windsock.p99, run.axum.p99, DELAY_TO_AXUM);
    ratio("p99 against node", windsock.p99, run.node.p99, DELAY_TO_NODE);
    ratio("memory against axum", windsock.memory, run.axum.memory, MEMORY_TO_AXUM);
    (!reasons.is_empty()).then(|| reasons.join("\n"))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
fn ratio(ours: u64, theirs: u64) -> f64 {
    ours as f64 / theirs.max(1) as f64
}

fn table(run: &Run, streams: u32, load: &str) -> String {
    let mut text = String::from(
        "| server | p50 | p99 | memory of a stream | processor | lost |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let rows = [
        ("bare tokio writer (floor)", &run.tokio),
        ("axum `Sse`", &run.axum),
        ("node `http`", &run.node),
        ("Windsock", &run.windsock),
    ];
    for (name, one) in rows {
        let (p50, p99) = (milliseconds(one.p50), milliseconds(one.p99));
        let (memory, cpu, lost) = (one.memory / 1_000, one.cpu, one.lost);
        // Writing to a String cannot fail.
        writeln!(text, "| {name} | {p50} | {p99} | {memory} kB | {cpu:.0} % | {lost} |").ok();
    }
    let windsock = &run.windsock;
    write!(
        text,
        "\nMedians of {TURNS} turns with {streams} streams, {CHANGES} changes to each, 1.25 s apart; from the making of a change to its \
         reading by a client in another process of the same machine. p99 against axum {:.2} times (limit \
         {DELAY_TO_AXUM}), against node {:.2} (limit {DELAY_TO_NODE}); memory against axum {:.2} (limit \
         {MEMORY_TO_AXUM}). Fly was asked {} times for all of them. Load of the machine before: {load}.",
        ratio(windsock.p99, run.axum.p99),
        ratio(windsock.p99, run.node.p99),
        ratio(windsock.memory, run.axum.memory),
        run.upstream,
    )
    .ok();
    text
}

fn milliseconds(micros: u64) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(p99: u64, memory: u64) -> Measured {
        Measured { opened: 10, lost: 0, p50: 1, p99, memory, cpu: 1.0 }
    }

    fn run(windsock: Measured) -> Run {
        let (tokio, axum, node) = (measured(50, 10), measured(100, 100), measured(200, 300));
        Run { tokio, axum, node, windsock, upstream: 20 }
    }

    #[test]
    fn of_several_turns_the_middle_one_counts_and_what_was_lost_in_any() {
        let turn = |p99, memory, lost, cpu| Measured { lost, cpu, ..measured(p99, memory) };
        let all = Measured::of_turns(&[turn(200, 30, 0, 9.0), turn(900, 20, 2, 8.0), turn(100, 10, 0, 11.0)]);
        assert_eq!(all, turn(200, 20, 2, 9.0));
    }

    #[test]
    fn at_its_limits_a_run_is_good_enough() {
        assert_eq!(judge(&run(measured(120, 130)), 10), None);
    }

    #[test]
    fn each_limit_is_told_with_what_was_reached() {
        assert!(judge(&run(measured(121, 100)), 10).unwrap().contains("p99 against axum: 1.21 times"));
        assert!(judge(&run(measured(141, 100)), 10).unwrap().contains("p99 against node"));
        assert!(judge(&run(measured(1, 131)), 10).unwrap().contains("memory against axum: 1.31"));
        let lossy = Measured { lost: 1, ..measured(1, 1) };
        assert!(judge(&run(lossy), 10).unwrap().contains("Windsock: 10 of 10 streams, 1 changes lost"));
        assert!(judge(&run(measured(1, 1)), 11).unwrap().contains("axum: 10 of 11"));
    }

    #[test]
    fn the_table_has_a_line_for_each_server_and_says_how_busy_the_machine_was() {
        let table = table(&run(measured(1_240, 9_000)), 10, "0.50");
        assert!(table.contains("| Windsock | 0.0 ms | 1.2 ms | 9 kB | 1 % | 0 |"), "{table}");
        assert!(table.contains("Load of the machine before: 0.50"));
    }
}
