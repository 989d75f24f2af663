//! `/v1/apps/{app}/machines/{machine}/ps`.

use serde_json::Value;

use super::json as write;
use crate::world::{App, Machine, Process, Socket};

/// What runs in a machine: as its story says, otherwise as its sockets or its services suggest.
pub(super) fn of(app: &App, machine: &Machine) -> Vec<Process> {
    if let Some(processes) = &machine.processes {
        return processes.clone();
    }
    if machine.listens.is_empty() {
        return vec![expected(&write::config(app, machine))];
    }
    listening(machine)
}

/// One process for each command that listens.
fn listening(machine: &Machine) -> Vec<Process> {
    let mut commands: Vec<&str> = machine.listens.iter().map(|one| one.command.as_str()).collect();
    commands.dedup();
    let processes = commands.into_iter().zip(320..).map(|(command, pid)| {
        let sockets = machine.listens.iter().filter(|one| one.command == command);
        let sockets = sockets.map(|one| Socket { proto: one.proto.clone(), address: one.address.clone() });
        Process { pid, listen_sockets: sockets.collect(), ..Process::of(command) }
    });
    processes.collect()
}

/// A process that listens where each service of the machine expects it.
fn expected(config: &Value) -> Process {
    let mut ports: Vec<i64> = Vec::new();
    for service in config["services"].as_array().into_iter().flatten() {
        ports.extend(service["internal_port"].as_i64().filter(|port| !ports.contains(port)));
    }
    let sockets =
        ports.iter().map(|port| Socket { proto: "tcp".to_owned(), address: format!("0.0.0.0:{port}") });
    Process { listen_sockets: sockets.collect(), ..Process::of(&command(config)) }
}

/// The command of the configuration, where it names one.
fn command(config: &Value) -> String {
    let words = |value: &Value| -> Option<String> {
        let words = value.as_array()?.iter().filter_map(Value::as_str).collect::<Vec<_>>();
        (!words.is_empty()).then(|| words.join(" "))
    };
    let init = &config["init"];
    words(&init["exec"]).or_else(|| words(&init["cmd"])).unwrap_or_else(|| "/app/bin/server".to_owned())
}
