//! Health checks around starts.

use serde_json::Value;

use super::{Plan, Target};
use crate::{
    StoryTime,
    world::{Check, CheckKind, CheckStatus, Machine},
};

/// How long after its start a machine is asked for the first time.
const FIRST_ANSWER: i64 = 5_000;

/// The checks of a configuration before the machine has run: of each service, and its own.
pub(super) fn of(config: &Value, now: StoryTime) -> Vec<Check> {
    let services = config["services"].as_array().into_iter().flatten();
    let of_services = services.flat_map(|service| {
        let port = service["internal_port"].as_i64().unwrap_or_default();
        let checks = service["checks"].as_array().into_iter().flatten();
        checks.map(move |check| (kind(check), check["port"].as_i64().unwrap_or(port)))
    });
    let mut all: Vec<Check> = of_services
        .enumerate()
        .map(|(index, (kind, port))| waiting(format!("servicecheck-{index:02}-{kind}-{port}"), now))
        .collect();
    let own = config["checks"].as_object().into_iter().flatten();
    all.extend(own.map(|(name, _)| waiting(name.clone(), now)));
    all
}

fn kind(check: &Value) -> String {
    check["type"].as_str().unwrap_or("tcp").to_owned()
}

fn waiting(name: String, now: StoryTime) -> Check {
    Check {
        name,
        service: String::new(),
        kind: CheckKind::default(),
        status: CheckStatus::Warning,
        output: "the machine hasn't started".to_owned(),
        updated_at: now,
    }
}

/// Checks wait for a machine that starts, and then say what they said before: a start does not
/// cure an app that fails. A check that never answered passes.
pub(super) fn ask_again(plan: &mut Plan, target: &Target<'_>, started: i64) {
    ask(plan, &target.machine.checks, started);
}

/// The checks of a new configuration wait for its start, and then pass.
pub(super) fn ask_first(plan: &mut Plan, machine: &Machine, started: i64) {
    ask(plan, &machine.checks, started);
}

fn ask(plan: &mut Plan, checks: &[Check], started: i64) {
    for check in checks {
        plan.check(started, &check.name, CheckStatus::Warning, "waiting for status update");
        let (status, output) = match check.status {
            CheckStatus::Warning => (CheckStatus::Passing, "Success"),
            status => (status, check.output.as_str()),
        };
        plan.check(started + FIRST_ANSWER, &check.name, status, output);
    }
}
