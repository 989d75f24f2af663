//! Facts as Fly would show them, and a generator of numbers that always makes the same ones.

use model::app::{App, Organization};
use model::config::{AppConfig, Check, Service};
use model::instance::{CheckCounts, CheckResult, Exit, Instance, InstanceEvent};
use model::state::{CheckStatus, DesiredState, HostStatus, InstanceState};
use model::{
    AppFacts, AppName, InstanceFacts, InstanceId, LogLine, OrgSlug, RegionCode, Release, ReleaseFailure,
    ReleaseVersion, Timestamp,
};

/// When v14 was made.
pub(crate) const T0: i64 = 1_760_000_000_000;
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
/// The port of the service.
pub(crate) const PORT: u16 = 8080;

/// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(crate) fn millis(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(end).unwrap())).unwrap()
    }

    /// True in `percent` of all cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

pub(crate) fn release(version: u32, status: &str, at: i64) -> Release {
    Release {
        description: "Release".into(),
        reason: "deploy".into(),
        stable: status == "complete",
        strategy: Some("rolling".into()),
        user: Some("ada@example.com".into()),
        image: Some(format!("registry.fly.io/lantern:deployment-{version}")),
        created_at: Timestamp(at),
        updated_at: Timestamp(at + 4 * MINUTE),
        ..model::samples::release(version, status)
    }
}

/// An app on Machines whose newest release, v14, has `status`.
pub(crate) fn app(status: &str) -> AppFacts {
    let app = App {
        name: AppName::new("lantern").unwrap(),
        organization: Organization { slug: OrgSlug::new("personal").unwrap(), name: "Personal".into() },
        status: "deployed".into(),
        hostname: Some("lantern.fly.dev".into()),
        image: None,
        version: Some(ReleaseVersion(14)),
        not_loaded: model::NotLoaded::default(),
    };
    let config = AppConfig {
        services: vec![Service { internal_port: PORT, key: "http_service".into(), groups: vec![] }],
        env_port: None,
        checks: vec![http_check()],
        release_command: None,
    };
    let releases = vec![release(14, status, T0), release(13, "complete", T0 - 2 * DAY)];
    AppFacts { config, releases, ..AppFacts::of(app) }
}

pub(crate) fn http_check() -> Check {
    Check {
        key: "http_service.checks[0]".into(),
        kind: "http".into(),
        port: Some(PORT),
        path: Some("/healthz".into()),
        method: Some("get".into()),
        protocol: Some("http".into()),
        headers: vec![],
        interval_ms: Some(15_000),
        timeout_ms: Some(2_000),
        grace_period_ms: Some(10_000),
    }
}

/// What flyctl wrote down about v14.
pub(crate) fn failure(facts: &mut AppFacts, error: &str) {
    facts.releases[0].failure =
        Some(ReleaseFailure { error: error.into(), flyctl_version: Some("0.3.200".into()) });
}

pub(crate) fn event(at: i64, kind: &str, message: &str, source: &str) -> InstanceEvent {
    InstanceEvent {
        at: Timestamp(at),
        kind: kind.into(),
        message: message.into(),
        source: Some(source.into()),
        exit: None,
    }
}

pub(crate) fn exit(at: i64, exit: Exit) -> InstanceEvent {
    let code = exit.code.map(|code| format!("exit code {code}")).unwrap_or_default();
    let oom = if exit.oom_killed { ", out of memory" } else { "" };
    let asked = if exit.requested_stop { ", stop requested" } else { "" };
    let again = if exit.restarting { ", restarting" } else { "" };
    InstanceEvent {
        exit: Some(exit),
        ..event(at, "exit", &format!("stopped: {code}{oom}{asked}{again}"), "flyd")
    }
}

pub(crate) fn line(at: i64, message: &str) -> LogLine {
    LogLine { at: Timestamp(at), level: "info".into(), message: message.into() }
}

/// A machine of `version` that was updated `after` ms after v14 began and is well.
pub(crate) fn machine(number: u32, version: u32, after: i64) -> InstanceFacts {
    let started = if version == 14 { T0 + after } else { T0 - 2 * DAY + after };
    let instance = Instance {
        id: InstanceId::new(format!("{:014x}", 0x3d8d_7cc0_0000_u64 + u64::from(number))).unwrap(),
        process_group: "app".into(),
        version: Some(ReleaseVersion(version)),
        region: RegionCode::new("ams").unwrap(),
        desired: DesiredState::Run,
        state: InstanceState::Started,
        host: HostStatus::Ok,
        checks: CheckCounts { total: 1, passing: 1, ..CheckCounts::default() },
        restarts: 0,
        created_at: Timestamp(T0 - 30 * DAY),
        updated_at: Timestamp(started),
        judged: None,
    };
    InstanceFacts {
        checks: vec![CheckResult {
            name: format!("servicecheck-00-http-{PORT}"),
            status: CheckStatus::Passing,
            output: "200 OK".into(),
            updated_at: Some(Timestamp(started + 15 * SECOND)),
        }],
        events: vec![
            event(started - 2 * SECOND, "update", "replacing: by user", "user"),
            event(started, "start", "started: by flyd", "flyd"),
        ],
        image: Some(format!("registry.fly.io/lantern:deployment-{version}")),
        memory_mb: Some(256),
        configured_checks: vec![http_check()],
        ..InstanceFacts::of(instance)
    }
}

/// Its check fails with `output`.
pub(crate) fn failing(mut one: InstanceFacts, output: &str) -> InstanceFacts {
    one.instance.checks = CheckCounts { total: 1, critical: 1, ..CheckCounts::default() };
    one.checks[0].status = CheckStatus::Critical;
    one.checks[0].output = output.into();
    one
}

/// It crashed `times`, each time after `ran` ms, saying `words` before; it is up once more.
pub(crate) fn crashing(
    mut one: InstanceFacts,
    times: u32,
    ran: i64,
    how: &Exit,
    words: &[&str],
) -> InstanceFacts {
    let mut at = one.events.last().unwrap().at.millis();
    for count in 0..times {
        at += ran;
        for (nth, word) in words.iter().enumerate() {
            one.logs.push(line(at - 200 + i64::try_from(nth).unwrap(), word));
        }
        one.logs.push(line(at, "Main child exited normally with code: 1"));
        one.events.push(exit(at, Exit { restarting: true, restart_count: Some(count), ..how.clone() }));
        at += SECOND;
        one.events.push(event(at, "start", "started: by flyd", "flyd"));
    }
    one.instance.restarts = times;
    one.instance.updated_at = Timestamp(at);
    failing(one, "dial tcp 172.19.1.2:8080: connect: connection refused")
}

/// Crashed for the last time, and not started again.
pub(crate) fn given_up(mut one: InstanceFacts) -> InstanceFacts {
    one.events.pop();
    if let Some(exit) = one.events.last_mut().and_then(|last| last.exit.as_mut()) {
        exit.restarting = false;
    }
    one.instance.state = InstanceState::Stopped;
    one.instance.desired = DesiredState::Run;
    one.checks[0].output = "the machine hasn't started".into();
    one
}

pub(crate) fn crash() -> Exit {
    Exit { code: Some(1), ..Exit::default() }
}
