use super::life::ABANDONED_AFTER_MS;
use super::*;
use crate::config::Check;
use crate::facts::{InstanceFacts, Lease};
use crate::instance::tests::instance;
use crate::instance::{CheckCounts, CheckResult, Exit, Instance, InstanceEvent};
use crate::release::ReleaseFailure;
use crate::state::InstanceState;
use crate::view::tests::{facts, release};

fn machines(versions: &[u32]) -> Vec<Instance> {
    versions
        .iter()
        .enumerate()
        .map(|(i, v)| Instance {
            version: Some(ReleaseVersion(*v)),
            ..instance(&format!("73d8d46dbee58{i}"))
        })
        .collect()
}

#[test]
fn an_app_that_was_never_released_has_no_deployment() {
    assert_eq!(Deployment::of(&facts(vec![], vec![]), Timestamp(0)), None);
}

#[test]
fn the_status_of_fly_is_taken_where_there_is_one_for_the_newest_release() {
    let mut known = facts(vec![release(14, "running")], machines(&[14]));
    known.deployment = Some(FlyDeployment {
        version: ReleaseVersion(14),
        status: DeploymentState::Failed,
        description: "Failed due to unhealthy allocations".into(),
        desired: 3,
        placed: 2,
        healthy: 1,
        unhealthy: 1,
    });
    let deployment = Deployment::of(&known, Timestamp(0)).unwrap();
    assert_eq!(deployment.source, DeploymentSource::Fly);
    assert_eq!(deployment.counts(), "3 desired, 2 placed, 1 healthy, 1 unhealthy");
    assert_eq!(deployment.cells(), [Cell::Unhealthy, Cell::Healthy, Cell::NotPlaced]);

    known.releases.insert(0, release(15, "complete"));
    assert_eq!(Deployment::of(&known, Timestamp(0)).unwrap().source, DeploymentSource::Computed);
}

#[test]
fn placed_means_runs_this_version() {
    let deployment =
        Deployment::of(&facts(vec![release(14, "running")], machines(&[14, 13, 13])), Timestamp(0)).unwrap();
    assert_eq!(deployment.counts(), "3 desired, 1 placed, 1 healthy, 0 unhealthy");
    assert!(deployment.mixed_versions);
    assert_eq!(deployment.status, DeploymentState::Running);
    assert_eq!(deployment.ended_at, None);
}

#[test]
fn a_destroyed_machine_is_not_desired() {
    let mut all = machines(&[14, 14]);
    all[0].state = InstanceState::Destroyed;
    let deployment = Deployment::of(&facts(vec![release(14, "complete")], all), Timestamp(0)).unwrap();
    assert_eq!(deployment.desired, 1);
}

#[test]
fn a_running_release_that_nobody_works_on_is_abandoned() {
    let known = facts(vec![release(14, "running")], machines(&[14, 13]));
    let at = |now| Deployment::of(&known, Timestamp(now)).unwrap().status;
    assert_eq!(at(ABANDONED_AFTER_MS), DeploymentState::Running);
    assert_eq!(at(ABANDONED_AFTER_MS + 1), DeploymentState::Abandoned);

    let mut moving = machines(&[14, 13]);
    moving[1].state = InstanceState::Replacing;
    let known = facts(vec![release(14, "running")], moving);
    assert_eq!(
        Deployment::of(&known, Timestamp(ABANDONED_AFTER_MS + 1)).unwrap().status,
        DeploymentState::Running
    );
}

fn deployed(known: &AppFacts, now: i64) -> Deployment {
    Deployment::of(known, Timestamp(now)).unwrap()
}

/// A release that began at `at`, and machines made before or after it.
fn generations(strategy: &str, status: &str, at: i64, machines: &[(u32, i64)]) -> AppFacts {
    let versions: Vec<u32> = machines.iter().map(|(version, _)| *version).collect();
    let mut all = self::machines(&versions);
    for (one, (_, made)) in all.iter_mut().zip(machines) {
        one.created_at = Timestamp(*made);
    }
    let mut newest = release(14, status);
    newest.strategy = Some(strategy.into());
    (newest.created_at, newest.updated_at) = (Timestamp(at), Timestamp(at));
    facts(vec![newest], all)
}

#[test]
fn the_old_generation_of_a_blue_green_deployment_is_neither_wanted_nor_missing() {
    let known = generations("bluegreen", "running", 100, &[(13, 1), (13, 1), (14, 101)]);
    let half = deployed(&known, 200);
    assert_eq!(half.counts(), "2 desired, 1 placed, 1 healthy, 0 unhealthy");
    assert_eq!(half.outgoing, 2);
    assert!(half.description.contains("beside the old ones"), "{}", half.description);

    let known = generations("bluegreen", "running", 100, &[(13, 1), (13, 1), (14, 101), (14, 102)]);
    assert_eq!(deployed(&known, 200).counts(), "2 desired, 2 placed, 2 healthy, 0 unhealthy");

    let known = generations("bluegreen", "failed", 100, &[(13, 1), (13, 1)]);
    assert_eq!(deployed(&known, 200).counts(), "2 desired, 0 placed, 0 healthy, 0 unhealthy");
}

#[test]
fn an_unhealthy_instance_of_the_old_generation_is_not_counted_against_the_new_one() {
    let mut known = generations("bluegreen", "running", 100, &[(13, 1), (14, 101)]);
    known.instances[0].instance.checks.critical = 1;
    assert_eq!(deployed(&known, 200).counts(), "1 desired, 1 placed, 1 healthy, 0 unhealthy");
}

#[test]
fn a_canary_counts_while_it_is_all_there_is_of_the_release() {
    let at = |machines: &[(u32, i64)]| deployed(&generations("canary", "running", 100, machines), 200);
    let alone = at(&[(13, 1), (13, 1), (13, 1), (14, 101)]);
    assert_eq!(alone.counts(), "3 desired, 1 placed, 1 healthy, 0 unhealthy");
    assert!(alone.description.contains("canary"), "{}", alone.description);
    assert_eq!(
        at(&[(14, 1), (13, 1), (13, 1), (14, 101)]).counts(),
        "3 desired, 1 placed, 1 healthy, 0 unhealthy"
    );
    assert_eq!(
        at(&[(14, 1), (14, 1), (14, 1), (14, 101)]).counts(),
        "3 desired, 3 placed, 3 healthy, 0 unhealthy"
    );
    assert_eq!(at(&[(14, 1), (14, 1), (14, 1)]).counts(), "3 desired, 3 placed, 3 healthy, 0 unhealthy");
    assert_eq!(at(&[(14, 101), (14, 102)]).counts(), "2 desired, 2 placed, 2 healthy, 0 unhealthy");
}

#[test]
fn a_machine_that_autostop_stopped_is_counted_as_healthy() {
    let mut known = facts(vec![release(14, "complete")], machines(&[14, 14]));
    known.instances[0].instance.state = InstanceState::Stopped;
    known.instances[0].instance.desired = crate::state::DesiredState::Stop;
    assert_eq!(deployed(&known, 0).counts(), "2 desired, 2 placed, 2 healthy, 0 unhealthy");
}

#[test]
fn process_groups_are_counted_apart_where_there_are_several() {
    let mut known = facts(vec![release(14, "running")], machines(&[14, 13, 14]));
    assert!(deployed(&known, 0).groups.is_empty());
    known.instances[2].instance.process_group = "worker".into();
    let groups = deployed(&known, 0).groups;
    let counts: Vec<(&str, u32, u32)> =
        groups.iter().map(|group| (group.name.as_str(), group.desired, group.placed)).collect();
    assert_eq!(counts, [("app", 2, 1), ("worker", 1, 1)]);
}

#[test]
fn groups_of_different_releases_are_not_mixed_versions() {
    let mut known = facts(vec![release(14, "complete")], machines(&[14, 13]));
    assert!(deployed(&known, 0).mixed_versions);
    known.instances[1].instance.process_group = "worker".into();
    assert!(!deployed(&known, 0).mixed_versions);
}

#[test]
fn a_lease_is_a_sign_of_progress_until_it_ends() {
    let mut known = facts(vec![release(14, "running")], machines(&[14, 13]));
    let late = ABANDONED_AFTER_MS + 1;
    known.instances[1].lease = Some(Lease {
        owner: "ada@example.com".into(),
        description: String::new(),
        expires_at: Some(Timestamp(late + 13_000)),
    });
    assert_eq!(deployed(&known, late).status, DeploymentState::Running);
    assert_eq!(deployed(&known, late + 13_000).status, DeploymentState::Abandoned);
}

#[test]
fn a_machine_that_was_just_updated_is_a_sign_of_progress_and_a_visitor_waking_one_is_not() {
    let mut known = facts(vec![release(14, "running")], machines(&[14, 13]));
    let event = |kind: &str| InstanceEvent {
        at: Timestamp(ABANDONED_AFTER_MS),
        kind: kind.into(),
        message: String::new(),
        source: None,
        exit: None,
    };
    known.instances[0].events = vec![event("update")];
    assert_eq!(deployed(&known, ABANDONED_AFTER_MS + 1).status, DeploymentState::Running);
    known.instances[0].events = vec![event("start")];
    assert_eq!(deployed(&known, ABANDONED_AFTER_MS + 1).status, DeploymentState::Abandoned);
}

#[test]
fn a_machine_stuck_for_an_hour_does_not_keep_a_deployment_alive() {
    let mut moving = machines(&[14]);
    moving[0].state = InstanceState::Replacing;
    let known = facts(vec![release(14, "running")], moving);
    assert_eq!(deployed(&known, 60 * 60 * 1_000).status, DeploymentState::Running);
    assert_eq!(deployed(&known, 60 * 60 * 1_000 + 1).status, DeploymentState::Abandoned);
}

#[test]
fn the_release_command_is_a_phase_of_its_own() {
    let mut known = facts(vec![release(14, "running")], machines(&[13]));
    known.release_commands = vec![InstanceFacts::of(instance("73d8d46dbee599"))];
    assert!(deployed(&known, 1).description.starts_with("The release command is running"));
    known.release_commands[0].instance.state = InstanceState::Destroyed;
    assert_eq!(deployed(&known, 1).description, "The deployment is under way");
}

#[test]
fn a_crashing_machine_is_unhealthy_although_it_was_started_once_more() {
    let mut known = facts(vec![release(14, "running")], machines(&[14]));
    known.instances[0].events = vec![InstanceEvent {
        at: Timestamp(1_000),
        kind: "exit".into(),
        message: String::new(),
        source: Some("flyd".into()),
        exit: Some(Exit { code: Some(1), restarting: true, restart_count: Some(3), ..Exit::default() }),
    }];
    assert_eq!(deployed(&known, 2_000).unhealthy, 1);
    assert_eq!(deployed(&known, 10 * 60 * 1_000).unhealthy, 0);
    known.instances[0].events[0].exit.as_mut().unwrap().requested_stop = true;
    assert_eq!(deployed(&known, 2_000).unhealthy, 0);
}

#[test]
fn a_check_within_its_grace_period_leaves_the_instance_pending() {
    let mut known = facts(vec![release(14, "running")], machines(&[14]));
    let one = &mut known.instances[0];
    one.instance.checks = CheckCounts { total: 1, critical: 1, ..CheckCounts::default() };
    one.checks = vec![CheckResult {
        name: "servicecheck-00-http-8080".into(),
        status: "critical".into(),
        output: "connect: connection refused".into(),
        updated_at: None,
    }];
    one.configured_checks = vec![Check {
        kind: "http".into(),
        port: Some(8080),
        grace_period_ms: Some(30_000),
        ..Check::default()
    }];
    assert_eq!(deployed(&known, 29_999).unhealthy, 0);
    assert_eq!(deployed(&known, 30_000).unhealthy, 1);
}

#[test]
fn a_check_that_was_not_run_yet_fails_nothing() {
    let mut known = facts(vec![release(14, "running")], machines(&[14]));
    let one = &mut known.instances[0];
    one.instance.checks = CheckCounts { total: 1, critical: 1, ..CheckCounts::default() };
    one.checks = vec![CheckResult {
        name: "alive".into(),
        status: "critical".into(),
        output: "waiting for status update".into(),
        updated_at: None,
    }];
    assert_eq!(deployed(&known, 1).unhealthy, 0);
}

#[test]
fn a_release_that_fly_forgot_is_told_by_its_instances() {
    let told = deployed(&facts(vec![], machines(&[14, 14, 13])), 0);
    assert_eq!((told.version, told.placed, told.desired), (ReleaseVersion(14), 2, 3));
    assert!(told.description.starts_with("Fly tells of no release any more"));
    assert!(!told.status.in_progress());
}

#[test]
fn machines_without_a_release_of_their_own_count_as_placed() {
    let mut known = facts(vec![release(14, "complete")], machines(&[1, 1]));
    for one in &mut known.instances {
        one.instance.version = None;
    }
    assert_eq!(deployed(&known, 0).counts(), "2 desired, 2 placed, 2 healthy, 0 unhealthy");
}

#[test]
fn the_reason_that_the_client_wrote_down_is_told_with_its_secrets_hidden() {
    let mut failed = release(14, "failed");
    failed.failure = Some(ReleaseFailure {
        error: "release command failed: postgres://u:hunter2@db/x\nsecond line".into(),
        flyctl_version: None,
    });
    let told = deployed(&facts(vec![failed], vec![]), 0);
    assert_eq!(told.description, "The deployment failed: release command failed: postgres://u:[masked]@db/x");
}

#[test]
fn the_odd_message_of_2021_is_explained() {
    let mut known = facts(vec![release(14, "failed")], machines(&[14]));
    known.deployment = Some(FlyDeployment {
        version: ReleaseVersion(14),
        status: DeploymentState::Failed,
        description: "Failed due to unhealthy allocations - no stable job version to auto revert to".into(),
        desired: 1,
        placed: 1,
        healthy: 0,
        unhealthy: 1,
    });
    let note = deployed(&known, 0).note.unwrap();
    assert!(note.contains("nothing was deployed as that version"), "{note}");
    known.deployment.as_mut().unwrap().description = "Deployment completed successfully".into();
    assert_eq!(deployed(&known, 0).note, None);
}
