//! The release command failed, so nothing was deployed.
//!
//! Proven by the exit of its machine, or by what flyctl wrote down; its last lines say why.

use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Patient, Source, quote};
use crate::facts::LogLine;
use crate::logs::trouble::{Trouble, told};

/// How many of its last lines are quoted.
const LINES: usize = 4;

/// What flyctl writes of it.
const WORDS: &[&str] = &["release_command", "release command"];

/// See the module.
pub(super) fn release_command(case: &Case<'_>) -> Option<Finding> {
    if !case.failed() && !case.in_progress() {
        return None;
    }
    let machines = case.release_commands();
    let failed = machines.iter().rev().find(|one| {
        one.exits.last().is_some_and(|last| {
            !last.exit.requested_stop && last.exit.code.is_some_and(|code| code != 0) || last.exit.oom_killed
        })
    });
    let written = case.failure().filter(|error| {
        let lower = error.to_ascii_lowercase();
        WORDS.iter().any(|words| lower.contains(words))
    });
    if failed.is_none() && written.is_none() {
        return None;
    }
    let mut evidence = Vec::new();
    if let (Some(error), Some(release)) = (written, case.release()) {
        let source = Source::Release(release.version);
        evidence.push(quote::supports(
            source,
            Some(release.updated_at),
            error,
            &["release_command", "exit code"],
        ));
    }
    let machine = failed.or(machines.last());
    evidence.extend(machine.into_iter().flat_map(exit_and_lines));
    evidence.extend(case.facts.config.release_command.as_deref().map(|command| {
        quote::supports(
            Source::Configuration,
            None,
            &format!("deploy.release_command = {command}"),
            &[command],
        )
    }));
    Some(finding(case, machine, written, evidence))
}

fn finding(
    case: &Case<'_>,
    machine: Option<&Patient<'_>>,
    written: Option<&str>,
    evidence: Vec<Evidence>,
) -> Finding {
    let code = machine.and_then(|one| one.exits.last()?.exit.code).filter(|code| *code != 0);
    let oom = machine.is_some_and(|one| one.exits.last().is_some_and(|last| last.exit.oom_killed));
    let late = code.is_none()
        && written.is_some_and(|error| error.contains("timeout") || error.contains("timed out"));
    let how = match (oom, code) {
        (true, _) => "ran out of memory".to_owned(),
        (_, Some(code)) => format!("ended with exit code {code}"),
        _ if late => "was not done in time".to_owned(),
        _ => "failed".to_owned(),
    };
    let command = format!("fly logs -a {}", case.facts.app.name);
    let instance = machine.map(|one| format!(" -i {}", one.facts.instance.id)).unwrap_or_default();
    Finding::new(
        Cause::ReleaseCommand,
        Certainty::Proven,
        format!("The release command {how}, so nothing was deployed.{}", why(machine)),
        evidence,
        "Correct what its log names, and deploy again; its log is in:",
    )
    .command(format!("{command}{instance}"))
    .reference("reference/configuration/#run-one-off-commands-before-releasing-a-deployment")
}

/// The reason in a sentence, where its log names one.
fn why(machine: Option<&Patient<'_>>) -> String {
    let trouble = |line: &LogLine| {
        told(&line.message).map(|told| match told.trouble {
            Trouble::MissingVariable(Some(name)) => Some(format!(" {name} is not set.")),
            Trouble::MissingVariable(None) => {
                Some(" A variable or secret that it needs is not set.".to_owned())
            }
            Trouble::Dependency => Some(" It cannot use its database or another service.".to_owned()),
            Trouble::StartCommand => Some(" The command is not in the image.".to_owned()),
            _ => None,
        })
    };
    machine
        .and_then(|one| one.lines().iter().rev().find_map(|line| trouble(line).flatten()))
        .unwrap_or_default()
}

fn exit_and_lines(one: &Patient<'_>) -> Vec<Evidence> {
    let id = &one.facts.instance.id;
    let mut evidence: Vec<Evidence> =
        one.exits.last().map(|last| quote::exit(id, last)).into_iter().collect();
    let app: Vec<&LogLine> = one.lines().iter().filter(|line| !is_inits(&line.message)).collect();
    let recent = &app[app.len().saturating_sub(3 * LINES)..];
    let from = recent
        .iter()
        .position(|line| told(&line.message).is_some())
        .unwrap_or(recent.len().saturating_sub(LINES));
    evidence.extend(recent[from..].iter().take(LINES).map(|line| quote::line(id, line, &[])));
    evidence
}

fn is_inits(line: &str) -> bool {
    ["Main child exited", "Starting clean up", "reboot: ", "Umounting", "Preparing to run", "Starting init"]
        .iter()
        .any(|words| line.contains(words))
}
