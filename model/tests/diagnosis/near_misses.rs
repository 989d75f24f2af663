//! Ordinary things that look like trouble. None of them may yield a finding.

use crate::scenarios::{lease, resolved_issue};
use crate::world::{DAY, HOUR, MINUTE, SECOND, T0, app, crash, event, exit, failing, line, machine, release};
use model::process::{ListenSocket, Process};
use model::state::{CheckStatus, DesiredState, InstanceState};
use model::{AppFacts, AppLogLine, CheckCounts, Exit, InstanceFacts, Timestamp};

pub(crate) type Make = fn() -> (AppFacts, i64);

pub(crate) const NEAR_MISSES: &[(&str, Make)] = &[
    ("a healthy app", healthy),
    ("a healthy app whose log names another port", other_port_in_log),
    ("a healthy app whose PORT differs from its service", other_port_in_env),
    ("machines stopped by autostop", autostopped),
    ("machines suspended by autostop", suspended),
    ("an app scaled down", scaled_down),
    ("an app scaled to nothing", scaled_to_nothing),
    ("a machine restarted by a person", restarted),
    ("a stop that took too long and was killed on request", killed_on_request),
    ("a stop by SIGTERM that Fly did not mark", terminated),
    ("a rolling deployment in flight, its check within grace", in_grace),
    ("a rolling deployment in flight, nothing listens yet", booting),
    ("a check that was not run yet", not_run_yet),
    ("a check that warns", warning),
    ("a blue-green deployment in flight", blue_green),
    ("a canary in flight", canary),
    ("a release command under way", release_command_running),
    ("leases while a deployment runs", leased),
    ("a cordoned machine", cordoned),
    ("a standby machine that was never started", standby),
    ("one crash long ago", one_crash),
    ("one crash just now, well again", one_recent_crash),
    ("one crash, and at rest since", crash_before_rest),
    ("out of memory before the deployment", oom_before),
    ("a crash loop of the old release that the deployment ended", crash_loop_before),
    ("a failed release that a later one replaced", failed_before),
    ("a failed release command of an older release", release_command_before),
    ("a host issue that is over", host_issue_over),
    ("a warning about a variable in a healthy app", variable_warned),
    ("a database that came late", database_late),
    ("the proxy refused while a machine woke", refused_while_waking),
    ("a worker without a service", worker),
    ("process groups of different releases", groups_of_different_releases),
    ("a server for metrics beside the app", metrics),
    ("a job that is done", job_done),
    ("a machine on its way for a minute", on_its_way),
    ("a machine that just began to wake, its row still old", waking),
    ("a check that passed after its grace period, deployed well", slow_but_deployed),
    ("machines without a release of their own", by_hand),
    ("an app that was never deployed", never_deployed),
    ("loopback sockets beside the public one", loopback_beside),
];

fn deployed(instances: Vec<InstanceFacts>) -> (AppFacts, i64) {
    let mut facts = app("complete");
    facts.instances = instances;
    (facts, T0 + HOUR)
}

fn deploying(instances: Vec<InstanceFacts>, now: i64) -> (AppFacts, i64) {
    let mut facts = app("running");
    facts.instances = instances;
    (facts, now)
}

fn well(number: u32) -> InstanceFacts {
    machine(number, 14, 10 * SECOND)
}

fn says(mut one: InstanceFacts, words: &[&str]) -> InstanceFacts {
    let started = one.events.last().unwrap().at.millis();
    one.logs.extend(words.iter().map(|word| line(started + 2 * SECOND, word)));
    one
}

fn at_rest(mut one: InstanceFacts, state: InstanceState, kind: &str) -> InstanceFacts {
    one.events.push(event(T0 + 30 * MINUTE, kind, "by proxy", "proxy"));
    one.events.push(exit(
        T0 + 30 * MINUTE + SECOND,
        Exit { code: Some(0), requested_stop: true, ..Exit::default() },
    ));
    one.instance.state = state;
    one.instance.desired = DesiredState::Stop;
    let mut one = failing(one, "the machine hasn't started");
    one.instance.updated_at = Timestamp(T0 + 30 * MINUTE + SECOND);
    one
}

fn healthy() -> (AppFacts, i64) {
    deployed(vec![says(well(1), &["listening on 0.0.0.0:8080"]), well(2)])
}

fn other_port_in_log() -> (AppFacts, i64) {
    deployed(vec![says(well(1), &["listening on 0.0.0.0:3000"])])
}

fn other_port_in_env() -> (AppFacts, i64) {
    let (mut facts, now) = deployed(vec![well(1)]);
    facts.config.env_port = Some("3000".into());
    (facts, now)
}

fn autostopped() -> (AppFacts, i64) {
    deployed(vec![at_rest(well(1), InstanceState::Stopped, "stop"), well(2)])
}

fn suspended() -> (AppFacts, i64) {
    deployed(vec![at_rest(well(1), InstanceState::Suspended, "suspend")])
}

fn gone(number: u32) -> InstanceFacts {
    let mut one = failing(well(number), "connect: connection refused");
    one.instance.state = InstanceState::Destroyed;
    one.events.push(event(T0 + 20 * MINUTE, "destroy", "destroyed: by user", "user"));
    one
}

fn scaled_down() -> (AppFacts, i64) {
    deployed(vec![well(1), gone(2), gone(3)])
}

fn scaled_to_nothing() -> (AppFacts, i64) {
    deployed(vec![gone(1)])
}

fn restarted_with(how: &Exit) -> (AppFacts, i64) {
    let mut one = well(1);
    for count in 0..3 {
        let at = T0 + 50 * MINUTE + count * MINUTE;
        one.events.push(event(at - SECOND, "restart", "stopping: by user", "user"));
        one.events.push(exit(at, how.clone()));
        one.events.push(event(at + SECOND, "start", "started: by user", "user"));
    }
    one.instance.restarts = 3;
    deployed(vec![one])
}

fn restarted() -> (AppFacts, i64) {
    restarted_with(&Exit { code: Some(143), requested_stop: true, ..Exit::default() })
}

fn killed_on_request() -> (AppFacts, i64) {
    restarted_with(&Exit { code: Some(137), signal: Some(9), requested_stop: true, ..Exit::default() })
}

fn terminated() -> (AppFacts, i64) {
    restarted_with(&Exit { code: Some(143), ..Exit::default() })
}

fn in_grace() -> (AppFacts, i64) {
    let new = failing(machine(1, 14, 10 * SECOND), "connect: connection refused");
    deploying(vec![new, machine(2, 13, 0)], T0 + 18 * SECOND)
}

fn booting() -> (AppFacts, i64) {
    let new = failing(machine(1, 14, 10 * SECOND), "connect: connection refused");
    deploying(vec![new, machine(2, 13, 0)], T0 + 50 * SECOND)
}

fn not_run_yet() -> (AppFacts, i64) {
    let new = failing(machine(1, 14, 10 * SECOND), "waiting for status update");
    deploying(vec![new, machine(2, 13, 0)], T0 + 5 * MINUTE)
}

fn warning() -> (AppFacts, i64) {
    let mut one = well(1);
    one.instance.checks = CheckCounts { total: 1, warning: 1, ..CheckCounts::default() };
    one.checks[0].status = CheckStatus::Warning;
    one.checks[0].output = "404 Not Found".into();
    deployed(vec![one])
}

fn blue_green() -> (AppFacts, i64) {
    let mut green = machine(1, 14, 20 * SECOND);
    green.instance.created_at = Timestamp(T0 + 15 * SECOND);
    let (mut facts, now) = deploying(vec![green, machine(2, 13, 0), machine(3, 13, 0)], T0 + MINUTE);
    facts.releases[0].strategy = Some("bluegreen".into());
    (facts, now)
}

fn canary() -> (AppFacts, i64) {
    let (mut facts, now) = blue_green();
    facts.releases[0].strategy = Some("canary".into());
    (facts, now)
}

fn release_command_running() -> (AppFacts, i64) {
    let (mut facts, now) = deploying(vec![machine(2, 13, 0)], T0 + MINUTE);
    let mut command = machine(77, 14, 5 * SECOND);
    command.instance.created_at = Timestamp(T0 + 3 * SECOND);
    facts.release_commands = vec![says(command, &["Running migrations", "KeyError: 'NOT_A_PROBLEM'"])];
    (facts, now)
}

fn leased() -> (AppFacts, i64) {
    let mut one = machine(1, 14, 10 * SECOND);
    one.instance.state = InstanceState::Replacing;
    one.lease = Some(lease(T0 + MINUTE));
    let mut two = machine(2, 13, 0);
    two.lease = Some(lease(T0 + MINUTE));
    deploying(vec![one, two], T0 + 50 * SECOND)
}

fn cordoned() -> (AppFacts, i64) {
    let mut one = well(1);
    one.events.push(event(T0 + 40 * MINUTE, "cordon", "started: by user", "user"));
    deployed(vec![one, well(2)])
}

fn standby() -> (AppFacts, i64) {
    let mut one = well(1);
    one.events = vec![event(T0, "launch", "created: by user", "user")];
    one.instance.state = InstanceState::Stopped;
    one.instance.desired = DesiredState::Stop;
    deployed(vec![one, well(2)])
}

fn crashed_at(mut one: InstanceFacts, at: i64, how: Exit) -> InstanceFacts {
    one.logs.push(line(at - 100, "Error: Missing required environment variable: DATABASE_URL"));
    one.events.push(exit(at, Exit { restarting: true, restart_count: Some(0), ..how }));
    one.events.push(event(at + SECOND, "start", "started: by flyd", "flyd"));
    one.instance.restarts = 1;
    one
}

fn one_crash() -> (AppFacts, i64) {
    let (facts, _) = deployed(vec![crashed_at(well(1), T0 + HOUR, crash())]);
    (facts, T0 + 3 * DAY)
}

fn crash_before_rest() -> (AppFacts, i64) {
    let restarting = Exit { restarting: true, ..crash() };
    let mut one = crashed_at(well(1), T0 + 50 * MINUTE, restarting);
    one.instance.state = "stopped".into();
    one.instance.desired = "stop".into();
    deployed(vec![one, well(2)])
}

fn one_recent_crash() -> (AppFacts, i64) {
    deployed(vec![crashed_at(well(1), T0 + 50 * MINUTE, crash()), well(2)])
}

/// Events of the old release, put before those of the new one.
fn with_past(mut one: InstanceFacts, past: Vec<model::InstanceEvent>) -> InstanceFacts {
    one.events.splice(0..0, past);
    one
}

fn oom_before() -> (AppFacts, i64) {
    let how = Exit { code: Some(137), oom_killed: true, restarting: true, ..Exit::default() };
    let past = (1..4).map(|n| exit(T0 - n * MINUTE, how.clone())).rev().collect();
    deployed(vec![with_past(well(1), past)])
}

fn crash_loop_before() -> (AppFacts, i64) {
    let how = Exit { restarting: true, restart_count: Some(9), ..crash() };
    let past = (1..6).map(|n| exit(T0 - n * 20 * SECOND, how.clone())).rev().collect();
    let mut one = with_past(well(1), past);
    one.logs.insert(0, line(T0 - MINUTE, "panic: no such table"));
    deploying(vec![one], T0 + 6 * MINUTE)
}

fn failed_before() -> (AppFacts, i64) {
    let (mut facts, now) = deployed(vec![well(1)]);
    let mut older = release(13, "failed", T0 - DAY);
    older.failure =
        Some(model::ReleaseFailure { error: "insufficient_capacity".into(), flyctl_version: None });
    facts.releases[1] = older;
    (facts, now)
}

fn release_command_before() -> (AppFacts, i64) {
    let (mut facts, now) = deployed(vec![well(1)]);
    let mut command = machine(77, 13, 0);
    command.instance.created_at = Timestamp(T0 - DAY);
    command.events.push(exit(T0 - DAY + MINUTE, crash()));
    facts.release_commands = vec![command];
    (facts, now)
}

fn host_issue_over() -> (AppFacts, i64) {
    let (mut facts, _) = deployed(vec![well(1)]);
    facts.host_issues = vec![resolved_issue()];
    (facts, T0 + DAY)
}

fn variable_warned() -> (AppFacts, i64) {
    deployed(vec![says(well(1), &["WARN: LOG_LEVEL is not set, using default", "OPTIONAL_TOKEN is not set"])])
}

fn database_late() -> (AppFacts, i64) {
    deployed(vec![says(well(1), &["Error: connect ECONNREFUSED 10.0.0.1:5432", "retrying", "connected"])])
}

fn refused_while_waking() -> (AppFacts, i64) {
    let mut one = well(1);
    one.checks.clear();
    one.configured_checks.clear();
    one.instance.checks = CheckCounts::default();
    one.events.push(event(T0 + 59 * MINUTE, "start", "started: by proxy", "proxy"));
    let refused = AppLogLine {
        line: line(
            T0 + 59 * MINUTE + 2 * SECOND,
            "instance refused connection. is your app listening on 0.0.0.0:8080?",
        ),
        instance: Some(one.instance.id.clone()),
        region: None,
        provider: "proxy".into(),
        code: Some("PC01".into()),
    };
    let (mut facts, now) = deployed(vec![one]);
    facts.logs = vec![refused];
    (facts, now)
}

fn worker() -> (AppFacts, i64) {
    let mut one = says(well(2), &["worker started, listening on queue default"]);
    one.instance.process_group = "worker".into();
    one.checks.clear();
    one.configured_checks.clear();
    one.instance.checks = CheckCounts::default();
    deployed(vec![well(1), one])
}

fn groups_of_different_releases() -> (AppFacts, i64) {
    let mut one = machine(2, 13, 0);
    one.instance.process_group = "worker".into();
    deployed(vec![well(1), one])
}

fn metrics() -> (AppFacts, i64) {
    deployed(vec![says(well(1), &["metrics listening on 0.0.0.0:9091", "listening on 0.0.0.0:8080"])])
}

fn job_done() -> (AppFacts, i64) {
    let mut one = well(2);
    one.instance.process_group = "job".into();
    one.checks.clear();
    one.configured_checks.clear();
    one.instance.checks = CheckCounts::default();
    one.events.push(exit(T0 + 20 * MINUTE, Exit { code: Some(0), ..Exit::default() }));
    one.instance.state = InstanceState::Stopped;
    deployed(vec![well(1), one])
}

fn on_its_way() -> (AppFacts, i64) {
    let mut one = well(1);
    one.instance.state = InstanceState::Starting;
    one.instance.updated_at = Timestamp(T0 + 59 * MINUTE);
    deployed(vec![one])
}

fn waking() -> (AppFacts, i64) {
    let mut one = at_rest(well(1), InstanceState::Starting, "stop");
    one.instance.updated_at = Timestamp(T0 + 30 * MINUTE);
    one.events.push(event(T0 + HOUR - SECOND, "start", "starting: by proxy", "proxy"));
    deployed(vec![one])
}

fn slow_but_deployed() -> (AppFacts, i64) {
    let mut one = well(1);
    one.logs.push(line(T0 + 2 * MINUTE, "listening on 0.0.0.0:8080"));
    one.checks[0].updated_at = Some(Timestamp(T0 + 3 * MINUTE));
    deployed(vec![one])
}

fn by_hand() -> (AppFacts, i64) {
    let mut one = well(1);
    one.instance.version = None;
    deployed(vec![one, well(2)])
}

fn never_deployed() -> (AppFacts, i64) {
    let mut facts = app("complete");
    facts.releases.clear();
    (facts, T0)
}

fn loopback_beside() -> (AppFacts, i64) {
    let mut one = well(1);
    one.processes = Some(vec![Process {
        pid: 650,
        command: "/app/server".into(),
        directory: "/app".into(),
        cpu_percent: 0,
        rss_bytes: 0,
        listen_sockets: ["127.0.0.1:8080", "0.0.0.0:8080"]
            .map(|address| ListenSocket { proto: "tcp".into(), address: address.into() })
            .to_vec(),
    }]);
    deployed(vec![one])
}
