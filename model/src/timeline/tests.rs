use super::chronicle::MOST_SHOWN;
use super::*;
use crate::diagnosis::Diagnosis;
use crate::facts::{AppFacts, LogLine};
use crate::instance::tests::instance;
use crate::instance::{CheckResult, Exit, Instance, InstanceEvent};
use crate::release::Release;
use crate::state::CheckStatus;
use crate::view::tests::{facts, release};
use crate::{CheckCounts, Deployment};

const SECOND: i64 = 1_000;
const ID: &str = "73d8d46dbee581";

/// Release 14, made at second 100, with one machine that was made at second 103.
fn deploying(status: &str) -> AppFacts {
    let made = Timestamp(100 * SECOND);
    let newest = Release { created_at: made, updated_at: made, ..release(14, status) };
    let machine = Instance { created_at: Timestamp(103 * SECOND), ..instance(ID) };
    facts(vec![newest], vec![machine])
}

fn event(second: i64, kind: &str, message: &str) -> InstanceEvent {
    let at = Timestamp(second * SECOND);
    InstanceEvent { at, kind: kind.into(), message: message.into(), source: None, exit: None }
}

fn exit(second: i64, code: i64) -> InstanceEvent {
    let exit = Exit { code: Some(code), restarting: true, restart_count: Some(2), ..Exit::default() };
    InstanceEvent { exit: Some(exit), ..event(second, "exit", &format!("stopped: exit code {code}")) }
}

fn check(status: &str, second: Option<i64>, output: &str) -> CheckResult {
    CheckResult {
        name: "alive".into(),
        status: CheckStatus::from(status),
        output: output.into(),
        updated_at: second.map(|second| Timestamp(second * SECOND)),
    }
}

fn followed(chronicle: &mut Chronicle, facts: &AppFacts, second: i64) -> Vec<String> {
    let now = Timestamp(second * SECOND);
    let deployment = Deployment::of(facts, now);
    let diagnosis = Diagnosis::of(facts, deployment.as_ref(), now);
    chronicle.follow(facts, deployment.as_ref(), diagnosis.as_ref(), now);
    told(&chronicle.shown())
}

fn told(timeline: &Timeline) -> Vec<String> {
    let line = |one: &Entry| format!("{} {}: {}", one.at.0 / SECOND, one.kind.word(), one.text);
    timeline.entries.iter().map(line).collect()
}

fn of(facts: &AppFacts, second: i64) -> Vec<String> {
    followed(&mut Chronicle::default(), facts, second)
}

#[test]
fn it_tells_what_happened_in_order_of_time() {
    let mut known = deploying("failed");
    known.releases[0].updated_at = Timestamp(160 * SECOND);
    known.instances[0].events = vec![
        event(90, "start", "before the deployment"),
        event(104, "launch", "created: by user"),
        event(105, "start", "started"),
        exit(110, 1),
        exit(120, 0),
    ];
    known.instances[0].checks = vec![check("critical", Some(115), "connection refused")];
    assert_eq!(
        of(&known, 200),
        [
            "100 release: v14 was made by Ryan, rolling",
            "103 placed: runs v14 in sjc",
            "104 event: launch: created: by user",
            "105 started: start: started",
            "110 crashed: exit: stopped: exit code 1",
            "115 check: alive is critical: connection refused",
            "120 ended: exit: stopped: exit code 0",
            "160 release: v14 failed: The deployment failed",
        ]
    );
}

#[test]
fn an_app_that_never_deployed_has_no_timeline() {
    assert!(Chronicle::default().shown().is_empty());
    assert_eq!(of(&facts(vec![], vec![]), 200), Vec::<String>::new());
}

#[test]
fn what_fly_does_not_tell_any_more_is_kept_and_equal_facts_add_nothing() {
    let mut chronicle = Chronicle::default();
    let mut known = deploying("running");
    known.instances[0].events = vec![event(105, "start", "started")];
    known.instances[0].checks = vec![check("critical", Some(106), "refused")];
    let first = followed(&mut chronicle, &known, 110);
    assert_eq!(followed(&mut chronicle, &known, 111), first);
    known.instances[0].events = vec![event(120, "update", "replacing")];
    known.instances[0].checks = vec![check("passing", Some(121), "ok")];
    let second = followed(&mut chronicle, &known, 125);
    assert_eq!(second[..first.len()], first);
    assert_eq!(second[first.len()..], ["120 event: update: replacing", "121 check: alive is passing"]);
}

#[test]
fn a_result_that_is_only_told_anew_is_no_news() {
    let mut chronicle = Chronicle::default();
    let mut known = deploying("running");
    known.instances[0].checks = vec![check("critical", Some(106), "refused")];
    let first = followed(&mut chronicle, &known, 110);
    known.instances[0].checks = vec![check("critical", Some(121), "refused, for the second time")];
    assert_eq!(followed(&mut chronicle, &known, 125), first);
    known.instances[0].checks = vec![check("passing", None, "")];
    assert_eq!(followed(&mut chronicle, &known, 130).last().unwrap(), "130 check: alive is passing");
}

#[test]
fn a_check_that_passes_since_before_the_deployment_is_no_news() {
    let mut known = deploying("running");
    known.instances[0].checks = vec![check("passing", Some(20), "ok")];
    assert_eq!(of(&known, 110).len(), 2);
    known.instances[0].checks = vec![check("passing", None, "ok")];
    assert_eq!(of(&known, 110).len(), 2);
}

#[test]
fn another_release_begins_anew() {
    let mut chronicle = Chronicle::default();
    let mut known = deploying("running");
    followed(&mut chronicle, &known, 110);
    let at = Timestamp(300 * SECOND);
    known.releases.insert(0, Release { created_at: at, updated_at: at, ..release(15, "running") });
    assert_eq!(followed(&mut chronicle, &known, 301), ["300 release: v15 was made by Ryan, rolling"]);
    assert_eq!(chronicle.shown().version, Some(ReleaseVersion(15)));
}

#[test]
fn the_end_is_told_as_it_is_known_now_and_once() {
    let mut chronicle = Chronicle::default();
    let mut known = deploying("failed");
    followed(&mut chronicle, &known, 200);
    known.releases[0].failure =
        Some(crate::ReleaseFailure { error: "out of capacity".into(), flyctl_version: None });
    let told = followed(&mut chronicle, &known, 210);
    let ends: Vec<&String> = told.iter().filter(|line| line.contains("v14 failed")).collect();
    assert_eq!(ends, ["100 release: v14 failed: The deployment failed: out of capacity"]);
}

#[test]
fn what_happens_long_after_a_deployment_is_no_part_of_it() {
    let mut known = deploying("complete");
    known.instances[0].events = vec![event(150, "start", "started"), exit(9_000, 1)];
    assert_eq!(of(&known, 9_100).last().unwrap(), "150 started: start: started");
}

#[test]
fn the_log_of_the_instance_that_fails_stands_between_its_events() {
    let mut known = deploying("running");
    known.instances[0].instance.checks = CheckCounts { total: 1, critical: 1, ..CheckCounts::default() };
    known.instances[0].checks = vec![check("critical", Some(110), "connection refused")];
    let line = |second: i64, message: &str| LogLine {
        at: Timestamp(second * SECOND),
        level: "info".into(),
        message: message.into(),
    };
    known.instances[0].logs = vec![
        line(105, "\u{1b}[31mlistening on 0.0.0.0:3000\u{1b}[0m password=hunter22"),
        line(112, ""),
        line(113, "still here"),
        line(113, "and after it"),
    ];
    known.config.services =
        vec![crate::config::Service { internal_port: 8080, key: "services[0]".into(), groups: vec![] }];
    let told = of(&known, 200);
    assert_eq!(
        told[2..],
        [
            "105 log: \u{1b}[0;31mlistening on 0.0.0.0:3000\u{1b}[0m password=[masked]",
            "110 check: alive is critical: connection refused",
            "113 log: still here",
            "113 log: and after it",
        ]
    );
}

#[test]
fn of_very_many_entries_the_newest_are_shown_and_the_others_counted_once() {
    let mut chronicle = Chronicle::default();
    let mut known = deploying("running");
    for round in 0..10_i64 {
        known.instances[0].events =
            (0..100).map(|n| event(200 + round * 100 + n, "start", "started")).collect();
        let before = followed(&mut chronicle, &known, 1_300);
        assert_eq!(followed(&mut chronicle, &known, 1_300), before);
    }
    let shown = chronicle.shown();
    assert_eq!(shown.entries.len(), MOST_SHOWN);
    assert_eq!(shown.entries.len() + shown.left_out as usize, 1_002);
    assert_eq!(told(&shown).last().unwrap(), "1199 started: start: started");
}

#[test]
fn a_clock_that_is_set_back_takes_back_what_has_not_happened_yet() {
    let mut chronicle = Chronicle::default();
    let mut known = deploying("running");
    known.instances[0].events = vec![event(105, "start", "started"), exit(150, 1)];
    let later = followed(&mut chronicle, &known, 160);
    assert!(later.iter().any(|line| line.contains("crashed")));
    known.instances[0].events.pop();
    let earlier = followed(&mut chronicle, &known, 110);
    assert_eq!(earlier, of(&known, 110));
}

#[test]
fn an_entry_has_one_key_and_another_entry_has_another() {
    let mut known = deploying("running");
    known.instances[0].events = vec![event(105, "start", "started"), event(105, "start", "starting")];
    let mut chronicle = Chronicle::default();
    followed(&mut chronicle, &known, 110);
    let shown = chronicle.shown();
    let keys: std::collections::BTreeSet<String> = shown.entries.iter().map(Entry::key).collect();
    assert_eq!(keys.len(), shown.entries.len());
    let mut copy = shown.clone();
    copy.put(shown.entries[1].clone());
    assert_eq!(copy, shown, "an entry that comes twice is one");
    copy.take(&shown.entries[1].key());
    assert_eq!(copy.entries.len() + 1, shown.entries.len());
}
