//! The captured deployment of 2021 (crimson-wildflower-1711, v14), as Fly told it while it went on.

use crate::world::line;
use model::app::{App, Organization};
use model::config::{AppConfig, Check, Service};
use model::deployment::FlyDeployment;
use model::diagnosis::{Cause, Certainty, Stance};
use model::instance::{CheckCounts, CheckResult, Instance, InstanceEvent};
use model::state::{CheckStatus, DeploymentState, DesiredState, HostStatus, InstanceState};
use model::{
    AppFacts, AppName, Deployment, Diagnosis, InstanceFacts, InstanceId, OrgSlug, RegionCode, Release,
    ReleaseVersion, Timestamp,
};

/// 2021-09-22T20:21:38Z.
const RECEIVED: i64 = 1_632_342_098_000;

fn at(minute: i64, second: i64) -> i64 {
    RECEIVED + (minute - 21) * 60_000 + (second - 38) * 1_000
}

fn event(minute: i64, second: i64, kind: &str, message: &str) -> InstanceEvent {
    InstanceEvent {
        at: Timestamp(at(minute, second)),
        kind: kind.into(),
        message: message.into(),
        source: None,
        exit: None,
    }
}

const UNHEALTHY: &str = "healthcheck: check \"0a33a4f86fa24b92a038e7a2786f7e82\" unhealthy";

fn instance() -> InstanceFacts {
    let instance = Instance {
        id: InstanceId::new("e80d7fbd").unwrap(),
        process_group: "app".into(),
        version: Some(ReleaseVersion(14)),
        region: RegionCode::new("sjc").unwrap(),
        desired: DesiredState::Run,
        state: InstanceState::Running,
        host: HostStatus::Ok,
        checks: CheckCounts { total: 1, critical: 1, ..CheckCounts::default() },
        restarts: 2,
        created_at: Timestamp(RECEIVED),
        updated_at: Timestamp(at(25, 56)),
        judged: None,
    };
    InstanceFacts {
        checks: vec![CheckResult {
            name: "0a33a4f86fa24b92a038e7a2786f7e82".into(),
            status: CheckStatus::Critical,
            output: "dial tcp 172.19.6.10:4000: connect: connection refused".into(),
            updated_at: Some(Timestamp(at(24, 53))),
        }],
        events: vec![
            event(21, 38, "Received", "Task received by client"),
            event(21, 42, "Started", "Task started by client"),
            event(23, 0, "Restart Signaled", UNHEALTHY),
            event(23, 4, "Terminated", "Exit Code: 0"),
            event(23, 4, "Restarting", "Task restarting in 1.044465371s"),
            event(23, 11, "Started", "Task started by client"),
            event(24, 28, "Restart Signaled", UNHEALTHY),
            event(24, 33, "Terminated", "Exit Code: 0"),
            event(24, 39, "Started", "Task started by client"),
            event(25, 56, "Restart Signaled", UNHEALTHY),
        ],
        logs: vec![
            line(at(24, 39), "Preparing to run: `bin/fly start` as nobody"),
            line(
                at(24, 39),
                "2021/09/22 20:24:39 listening on [fdaa:0:337a:a7b:ad1:e80d:7fbd:2]:22 (DNS: [fdaa::3]:53)",
            ),
            line(
                at(24, 41),
                "20:24:41.764 [info] Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)",
            ),
            line(
                at(24, 41),
                "20:24:41.766 [info] Access FlyWeb.Endpoint at http://crimson-wildflower-1711.fly.dev",
            ),
            line(at(24, 53), "Health check status changed 'warning' => 'critical'"),
            line(at(25, 56), "Shutting down virtual machine"),
            line(at(25, 56), "20:25:56.639 [info] SIGTERM received - shutting down"),
            line(at(25, 59), "Main child exited normally with code: 0"),
            line(at(26, 1), "Health check status changed 'critical' => 'passing'"),
        ],
        ..InstanceFacts::of(instance)
    }
}

fn facts() -> AppFacts {
    let app = App {
        name: AppName::new("crimson-wildflower-1711").unwrap(),
        organization: Organization { slug: OrgSlug::new("personal").unwrap(), name: "Personal".into() },
        status: "running".into(),
        hostname: None,
        image: None,
        version: Some(ReleaseVersion(14)),
        not_loaded: model::NotLoaded::default(),
    };
    let check = Check {
        key: "services[0].tcp_checks[0]".into(),
        kind: "tcp".into(),
        port: Some(4000),
        interval_ms: Some(15_000),
        timeout_ms: Some(2_000),
        grace_period_ms: Some(1_000),
        ..Check::default()
    };
    AppFacts {
        config: AppConfig {
            services: vec![Service { internal_port: 4000, key: "services[0]".into(), groups: vec![] }],
            env_port: Some("8080".into()),
            checks: vec![check],
            release_command: None,
        },
        releases: vec![Release {
            version: ReleaseVersion(14),
            status: "failed".into(),
            description: "Deploy image".into(),
            reason: "change".into(),
            stable: false,
            strategy: Some("canary".into()),
            user: None,
            image: None,
            created_at: Timestamp(RECEIVED - 1_000),
            updated_at: Timestamp(at(26, 30)),
            failure: None,
        }],
        instances: vec![instance()],
        deployment: Some(FlyDeployment {
            version: ReleaseVersion(14),
            status: DeploymentState::Failed,
            description: "Failed due to unhealthy allocations - no stable job version to auto revert to"
                .into(),
            desired: 1,
            placed: 1,
            healthy: 0,
            unhealthy: 1,
        }),
        ..AppFacts::of(app)
    }
}

fn diagnosis(facts: &AppFacts, now: i64) -> Option<Diagnosis> {
    let deployment = Deployment::of(facts, Timestamp(now));
    Diagnosis::of(facts, deployment.as_ref(), Timestamp(now))
}

#[test]
fn the_only_finding_is_the_wrong_port_and_it_is_proven() {
    let diagnosis = diagnosis(&facts(), at(27, 0)).unwrap();
    assert_eq!(diagnosis.subject.heading(), "Why v14 failed");
    assert_eq!(diagnosis.findings.len(), 1, "{:?}", diagnosis.findings);
    let found = &diagnosis.findings[0];
    assert_eq!((found.cause, found.certainty), (Cause::WrongPort, Certainty::Proven));
    assert_eq!(found.headline, "The app listens on port 8080. Fly checks port 4000.");
}

#[test]
fn the_check_that_passes_while_the_instance_shuts_down_is_shown_as_no_recovery() {
    let diagnosis = diagnosis(&facts(), at(27, 0)).unwrap();
    let against: Vec<_> =
        diagnosis.findings[0].evidence.iter().filter(|one| one.stance == Stance::Contradicts).collect();
    assert_eq!(against.len(), 1);
    assert!(against[0].plain().contains("'critical' => 'passing'"));
}

#[test]
fn it_is_found_before_fly_gives_up() {
    let mut early = facts();
    early.releases[0].status = "running".into();
    early.deployment.as_mut().unwrap().status = DeploymentState::Running;
    let one = &mut early.instances[0];
    one.events.truncate(9);
    one.logs.truncate(5);
    let diagnosis = diagnosis(&early, at(24, 54)).unwrap();
    assert_eq!(diagnosis.subject.heading(), "What is wrong");
    assert_eq!(diagnosis.findings[0].cause, Cause::WrongPort);
}

#[test]
fn nothing_is_said_while_the_first_instance_starts() {
    let mut early = facts();
    early.releases[0].status = "running".into();
    early.deployment = None;
    let one = &mut early.instances[0];
    one.instance.checks = CheckCounts { total: 1, warning: 1, ..CheckCounts::default() };
    one.checks[0].status = CheckStatus::Warning;
    one.events.truncate(2);
    one.logs.clear();
    assert_eq!(diagnosis(&early, at(21, 45)), None);
}

#[test]
fn there_is_nothing_to_go_back_to() {
    assert_eq!(diagnosis(&facts(), at(27, 0)).unwrap().go_back, None);
}

#[test]
fn what_a_failure_left_behind_does_not_pass_for_its_reason() {
    let mut facts = facts();
    let mut old = instance();
    old.instance.id = InstanceId::new("91857336").unwrap();
    old.instance.version = Some(ReleaseVersion(13));
    old.instance.checks = CheckCounts::default();
    old.checks.clear();
    old.events.clear();
    old.logs.clear();
    facts.instances.push(old);
    assert!(!diagnosis(&facts, at(27, 0)).unwrap().is_unexplained());
    facts.config = AppConfig::default();
    facts.instances[0].logs.clear();
    let unexplained = diagnosis(&facts, at(27, 0)).unwrap();
    let causes: Vec<Cause> = unexplained.findings.iter().map(|one| one.cause).collect();
    assert_eq!(causes, [Cause::MixedVersions]);
    assert!(unexplained.is_unexplained());
}
