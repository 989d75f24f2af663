//! Machines of a fleet, well and in trouble.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Plan,
    apps::{DAY_MS, REGIONS},
    names,
    random::Random,
};
use crate::{
    StoryTime, ulid,
    world::{App, Check, CheckKind, CheckStatus, HostIssue, Machine, MachineEvent, Release},
};

pub(super) fn one(app: &App, start: StoryTime, port: i64, index: usize, random: &mut Random) -> Machine {
    let id = random.hex(14);
    let release = app.current_release();
    let deployed = release.map_or(start, Release::updated_at);
    let at = StoryTime::from_ms(deployed.as_ms() + i64::try_from(random.below(60_000)).unwrap_or(0));
    let group = app.groups.get(usize::from(index % 3 == 2)).or(app.groups.first());
    let group = group.map_or_else(String::new, |group| group.name.clone());
    let serves = group == "app";
    let stopped = serves && stops_by_itself(app) && index > 0 && random.percent(60);
    let state = match (stopped, random.percent(20)) {
        (false, _) => "started",
        (true, false) => "stopped",
        (true, true) => "suspended",
    };
    let mut events =
        vec![event(at, "update", "replacing", "user"), event(later(at, 4200), "start", "started", "flyd")];
    if stopped {
        let away = later(at, DAY_MS / 2);
        events.push(event(away, "stop", "stopping", "proxy"));
        events.push(MachineEvent {
            request: exit(away, 0, true, false),
            ..event(away, "exit", "stopped", "flyd")
        });
    }
    let updated = events.last().map_or(at, |event| event.at);
    Machine {
        versions: Vec::new(),
        name: names::machine(random),
        group,
        state: state.to_owned(),
        region: (*random.pick(&REGIONS)).to_owned(),
        instance_id: ulid::of(&id),
        private_ip: ulid::private_ip(&id),
        release: release.map_or(1, |release| release.version),
        image: None,
        host_status: "ok".to_owned(),
        metadata: BTreeMap::new(),
        listens: Vec::new(),
        processes: None,
        config: None,
        cordoned: false,
        lease: None,
        created_at: app.created_at,
        updated_at: Some(updated),
        checks: if serves { vec![check(port, updated, stopped)] } else { Vec::new() },
        events,
        id,
    }
}

/// Whether the proxy stops machines of this app that nobody needs.
fn stops_by_itself(app: &App) -> bool {
    let stop = app.groups.first().and_then(|group| group.config.pointer("/services/0/autostop"));
    stop.and_then(Value::as_str) == Some("stop")
}

fn check(port: i64, at: StoryTime, stopped: bool) -> Check {
    let output = if stopped {
        "the machine hasn't started".to_owned()
    } else {
        format!("HTTP GET http://172.19.0.2:{port}/health: 200 OK Output: \"ok\"")
    };
    Check {
        name: format!("servicecheck-00-http-{port}"),
        service: String::new(),
        kind: CheckKind::Http,
        status: if stopped { CheckStatus::Warning } else { CheckStatus::Passing },
        output,
        updated_at: at,
    }
}

fn event(at: StoryTime, kind: &str, status: &str, source: &str) -> MachineEvent {
    MachineEvent {
        at,
        kind: kind.to_owned(),
        status: status.to_owned(),
        source: source.to_owned(),
        request: Value::Null,
    }
}

/// What comes with an `exit` event.
pub(super) fn exit(at: StoryTime, code: i64, asked: bool, out_of_memory: bool) -> Value {
    json!({
        "exit_event": {
            "requested_stop": asked, "restarting": false, "guest_exit_code": code, "guest_signal": -1,
            "guest_error": "", "exit_code": code, "signal": -1, "error": "",
            "oom_killed": out_of_memory, "exited_at": at,
        },
        "restart_count": if asked { 0 } else { 10 },
    })
}

fn later(at: StoryTime, ms: i64) -> StoryTime {
    StoryTime::from_ms(at.as_ms() + ms)
}

/// Puts as many machines in trouble as the plan says, each app's first, so that it shows.
pub(super) fn trouble(plan: &Plan, start: StoryTime, apps: &mut [App], random: &mut Random) {
    let with_machines = apps.iter().filter(|app| !app.machines.is_empty()).count();
    let mut left = plan.unhealthy;
    let mut round = 0;
    while left > 0 && with_machines > 0 {
        let step = (with_machines / left.max(1)).max(1);
        for app in apps.iter_mut().filter(|app| app.machines.len() > round).step_by(step).take(left) {
            let at =
                StoryTime::from_ms(start.as_ms() - i64::try_from(random.below(7200)).unwrap_or(0) * 1000);
            make_sick(app, round, at, random.below(5));
            left -= 1;
        }
        round += 1;
        if apps.iter().all(|app| app.machines.len() <= round) {
            break;
        }
    }
}

fn make_sick(app: &mut App, index: usize, at: StoryTime, how: usize) {
    let host_gone = how == 3;
    let Some(machine) = app.machines.get_mut(index) else {
        return;
    };
    machine.updated_at = Some(at);
    match how {
        0 | 1 => {
            "stopped".clone_into(&mut machine.state);
            let request = if how == 0 { exit(at, 1, false, false) } else { exit(at, 137, false, true) };
            machine.events.push(MachineEvent { request, ..event(at, "exit", "stopped", "flyd") });
        }
        2 if !machine.checks.is_empty() => {
            "started".clone_into(&mut machine.state);
            for check in &mut machine.checks {
                check.status = CheckStatus::Critical;
                "500 Internal Server Error".clone_into(&mut check.output);
                check.updated_at = at;
            }
        }
        3 => "unreachable".clone_into(&mut machine.host_status),
        _ => {
            "failed".clone_into(&mut machine.state);
            machine.events.push(event(at, "start", "failed", "flyd"));
        }
    }
    if machine.state != "started" {
        for check in &mut machine.checks {
            check.status = CheckStatus::Critical;
            check.updated_at = at;
        }
    }
    if host_gone {
        app.host_issues.push(HostIssue {
            id: format!("issue-{}", app.number),
            message: "We are having trouble with a host that some of your machines run on.".to_owned(),
            created_at: at,
        });
    }
}
