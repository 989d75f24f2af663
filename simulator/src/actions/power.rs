//! Start, stop, suspend, restart, signal, cordon.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Plan, Target, checks};
use crate::{
    machines::json::config,
    refusal::{Refusal, refusal},
    world::MachinePatch,
};

/// From the request to running.
const START: i64 = 2_000;
/// From the request to the end of the main process.
const STOP: i64 = 1_500;
/// From the request to a suspended machine.
const SUSPEND: i64 = 1_000;

/// The signals of the API's document.
const SIGNALS: [&str; 14] = [
    "SIGABRT", "SIGALRM", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSEGV",
    "SIGTERM", "SIGTRAP", "SIGUSR1", "SIGUSR2",
];

type Decided = Result<(Plan, Value), Refusal>;

/// Starts a machine that does not run; one that runs stays as it is.
pub(crate) fn start(target: &Target<'_>) -> Decided {
    let mut plan = target.plan();
    if target.is(&["stopped", "suspended", "created", "failed"]) {
        plan.state(0, "starting");
        plan.event(0, "start", "starting", "user");
        plan.event(START, "start", "started", "flyd");
        plan.state(START, "started");
        plan.log(START, "Machine started in 1.412s");
        checks::ask_again(&mut plan, target, START);
    } else if !target.is(&["started", "starting"]) {
        return Err(target.cannot("start"));
    }
    let previous = json!({"previous_state": target.machine.state, "migrated": false, "new_host": ""});
    Ok((plan, previous))
}

/// Stops a machine; one that does not run stays as it is.
pub(crate) fn stop(target: &Target<'_>, signal: Option<&str>) -> Decided {
    check_signal(signal)?;
    let mut plan = target.plan();
    if target.is(&["started", "starting", "suspended"]) {
        plan.state(0, "stopping");
        plan.event(0, "stop", "stopping", "user");
        plan.event_with(STOP, "exit", "stopped", "flyd", exit(target, STOP, Exit::ASKED));
        plan.state(STOP, "stopped");
    } else if !target.is(&["stopped", "stopping", "created", "failed"]) {
        return Err(target.cannot("stop"));
    }
    Ok((plan, json!({"ok": true})))
}

/// Suspends a machine that runs.
pub(crate) fn suspend(target: &Target<'_>) -> Decided {
    let mut plan = target.plan();
    if target.is(&["started"]) {
        plan.state(0, "suspending");
        plan.event(0, "suspend", "suspending", "user");
        plan.event(SUSPEND, "suspend", "suspended", "flyd");
        plan.state(SUSPEND, "suspended");
    } else if !target.is(&["suspended", "suspending"]) {
        return Err(target.cannot("suspend"));
    }
    Ok((plan, json!({"ok": true})))
}

/// Stops a machine that runs and starts it again.
pub(crate) fn restart(target: &Target<'_>, signal: Option<&str>) -> Decided {
    check_signal(signal)?;
    if !target.is(&["started"]) {
        return Err(target.cannot("restart"));
    }
    let mut plan = target.plan();
    plan.state(0, "restarting");
    plan.event(0, "restart", "restarting", "user");
    again(&mut plan, target, Exit { restarting: true, ..Exit::ASKED });
    Ok((plan, json!({"ok": true})))
}

/// Sends a signal to the main process. One that ends it lets the machine stop, or start again
/// where its restart policy says so.
pub(crate) fn signal(target: &Target<'_>, signal: Option<&str>) -> Decided {
    check_signal(signal)?;
    let signal = signal.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "signal is required"))?;
    if !target.is(&["started"]) {
        return Err(target.cannot("signal"));
    }
    let mut plan = target.plan();
    if let Some(number) = ends_by(signal) {
        let policy = config(target.app, target.machine)["restart"]["policy"].clone();
        let restarting = policy != "no";
        let died = Exit { requested: false, restarting, code: 128 + number, signal: number };
        if restarting {
            again(&mut plan, target, died);
        } else {
            plan.event_with(STOP, "exit", "stopped", "flyd", exit(target, STOP, died));
            plan.state(STOP, "stopped");
        }
    }
    Ok((plan, json!({"ok": true})))
}

/// Takes a machine out of the proxy's choice, or puts it back.
pub(crate) fn cordon(target: &Target<'_>, cordoned: bool) -> (Plan, Value) {
    let mut plan = target.plan();
    if target.machine.cordoned != cordoned {
        plan.set(0, MachinePatch { cordoned: Some(cordoned), ..MachinePatch::default() });
        let kind = if cordoned { "cordon" } else { "uncordon" };
        plan.event(0, kind, &target.machine.state, "user");
    }
    (plan, json!({"ok": true}))
}

/// The main process ends, and the machine starts anew.
fn again(plan: &mut Plan, target: &Target<'_>, ended: Exit) {
    plan.event_with(STOP, "exit", "stopped", "flyd", exit(target, STOP, ended));
    plan.state(STOP, "starting");
    plan.event(STOP + START, "start", "started", "flyd");
    plan.state(STOP + START, "started");
    plan.log(STOP + START, "Machine started in 1.412s");
    checks::ask_again(plan, target, STOP + START);
}

/// How a main process ended.
#[derive(Clone, Copy)]
struct Exit {
    requested: bool,
    restarting: bool,
    code: i64,
    signal: i64,
}

impl Exit {
    /// As somebody wished, and in order.
    const ASKED: Self = Self { requested: true, restarting: false, code: 0, signal: -1 };
}

fn exit(target: &Target<'_>, after: i64, exit: Exit) -> Value {
    let at = crate::StoryTime::from_ms(target.now.as_ms() + after);
    json!({
        "exit_event": {
            "requested_stop": exit.requested,
            "restarting": exit.restarting,
            "guest_exit_code": 0,
            "guest_signal": -1,
            "guest_error": "",
            "exit_code": exit.code,
            "signal": exit.signal,
            "error": "",
            "oom_killed": false,
            "exited_at": at,
        },
        "restart_count": 0,
    })
}

/// The number of a signal that ends a process which does not expect it.
fn ends_by(signal: &str) -> Option<i64> {
    let number = match signal {
        "SIGINT" => 2,
        "SIGQUIT" => 3,
        "SIGILL" => 4,
        "SIGABRT" => 6,
        "SIGFPE" => 8,
        "SIGKILL" => 9,
        "SIGSEGV" => 11,
        "SIGTERM" => 15,
        _ => return None,
    };
    Some(number)
}

fn check_signal(signal: Option<&str>) -> Result<(), Refusal> {
    match signal {
        Some(signal) if !signal.is_empty() && !SIGNALS.contains(&signal) => {
            let known = SIGNALS.join(", ");
            let reason = format!("signal: `{signal}` is none of {known}");
            Err(refusal(StatusCode::BAD_REQUEST, reason))
        }
        _ => Ok(()),
    }
}
