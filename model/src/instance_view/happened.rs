//! Checks, events and processes as lines of their tables.

use super::page::{Cell, Line};
use crate::health::{Tone, is_crash};
use crate::instance::{CheckResult, InstanceEvent};
use crate::process::Process;
use crate::state::{CheckStatus, word};

/// Name, result, when it changed, output.
pub(super) fn check(check: &CheckResult) -> Line {
    let tone = match &check.status {
        CheckStatus::Passing => Tone::Good,
        CheckStatus::Warning => Tone::Warning,
        CheckStatus::Critical => Tone::Bad,
        CheckStatus::Other(_) => Tone::Idle,
    };
    let changed = check.updated_at.map_or_else(|| Cell::text("not told"), Cell::age);
    let cells = vec![
        Cell::text(check.name.clone()),
        Cell::status(tone, word(check.status.as_str())),
        changed,
        Cell::text(check.output.clone()),
    ];
    Line { key: check.name.clone(), cells }
}

/// When, what, what it led to and how the main process ended, who asked. An event is what it says: that is
/// its key.
pub(super) fn event(event: &InstanceEvent) -> Line {
    let by = event.source.as_deref().unwrap_or("not told");
    // Who caused it has a column of its own.
    let suffix = ["by ", by].concat();
    let detail = event.message.strip_suffix(suffix.as_str()).unwrap_or(&event.message);
    let detail = detail.trim_end_matches([' ', ':']);
    let kind = word(&event.kind);
    let broken = event.exit.as_ref().is_some_and(|exit| is_crash(exit) || exit.oom_killed);
    let kind = if broken { Cell::status(Tone::Bad, kind) } else { Cell::text(kind) };
    let key = [event.at.millis().to_string().as_str(), &event.kind, detail, by].join(" ");
    Line { key, cells: vec![Cell::age(event.at), kind, Cell::text(detail), Cell::text(by)] }
}

/// Command, where it listens, what it uses.
pub(super) fn process(process: &Process) -> Line {
    let sockets = process.listen_sockets.iter();
    let listens: Vec<String> =
        sockets.map(|socket| format!("{} {}", socket.proto, socket.address).trim().to_owned()).collect();
    let listens = if listens.is_empty() { "nowhere".to_owned() } else { listens.join(", ") };
    let usage = format!("{} %, {} MB", process.cpu_percent, process.rss_bytes / (1 << 20));
    let cells = vec![Cell::text(process.command.clone()), Cell::text(listens), Cell::text(usage)];
    Line { key: process.pid.to_string(), cells }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::Exit;
    use crate::process::ListenSocket;
    use crate::time::Timestamp;

    fn cells(message: &str, source: Option<&str>, exit: Option<Exit>) -> Vec<Cell> {
        let source = source.map(str::to_owned);
        let told =
            InstanceEvent { at: Timestamp(1), kind: "exit".into(), message: message.into(), source, exit };
        event(&told).cells
    }

    #[test]
    fn who_asked_stands_in_its_own_column_only() {
        let told = cells("created: by user", Some("user"), None);
        assert_eq!(told[1..], [Cell::text("Exit"), Cell::text("created"), Cell::text("user")]);
        assert_eq!(cells("Task started by client", None, None)[2].text, "Task started by client");
        assert_eq!(cells("by user", Some("user"), None)[2].text, "");
    }

    #[test]
    fn a_crash_is_bad_and_a_stop_on_request_is_not() {
        let oom = Exit { oom_killed: true, code: Some(137), ..Exit::default() };
        let told = cells("stopped: exit code 137, out of memory", Some("flyd"), Some(oom));
        assert_eq!(told[1], Cell::status(Tone::Bad, "Exit"));
        let asked = Exit { requested_stop: true, code: Some(0), ..Exit::default() };
        assert_eq!(cells("stopped: exit code 0, stop requested", None, Some(asked))[1], Cell::text("Exit"));
    }

    #[test]
    fn a_process_tells_where_it_listens_and_what_it_takes() {
        let mut told = Process {
            pid: 321,
            command: "server".into(),
            directory: "/".into(),
            cpu_percent: 1,
            rss_bytes: 96_468_992,
            listen_sockets: vec![
                ListenSocket { proto: "tcp".into(), address: "0.0.0.0:8080".into() },
                ListenSocket { proto: String::new(), address: "[::]:22".into() },
            ],
        };
        let texts =
            |told: &Process| process(told).cells.into_iter().map(|cell| cell.text).collect::<Vec<_>>();
        assert_eq!(texts(&told), ["server", "tcp 0.0.0.0:8080, [::]:22", "1 %, 92 MB"]);
        told.listen_sockets.clear();
        assert_eq!(texts(&told)[1], "nowhere");
    }

    #[test]
    fn a_check_tells_its_result_and_when_it_changed() {
        let told = CheckResult {
            name: "alive".into(),
            status: "critical".into(),
            output: "a\nb".into(),
            updated_at: Some(Timestamp(7)),
        };
        let line = check(&told);
        assert_eq!(line.cells[1..3], [Cell::status(Tone::Bad, "Critical"), Cell::age(Timestamp(7))]);
        assert_eq!(check(&CheckResult { updated_at: None, ..told }).cells[2], Cell::text("not told"));
    }
}
