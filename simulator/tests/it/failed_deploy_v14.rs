//! The first story against the texts that were captured.

use crate::common::*;
use serde_json::{Value, json};
use simulator::{
    Origin, Story, StoryTime, Timeline,
    world::{Allocation, Change, CheckStatus},
};

const EVENTS: &str = include_str!("data/captured-events.txt");
const LOGS: &str = include_str!("data/captured-logs.txt");
const STATUS: &str = include_str!("queries/nomad_status.graphql");

/// The lines of a file of captured texts: time, kind, text.
fn lines(file: &str) -> Vec<[String; 3]> {
    let parts = |line: &str| {
        let parts: Vec<String> = line.splitn(3, '|').map(str::to_owned).collect();
        parts.try_into().unwrap()
    };
    file.lines().map(parts).collect()
}

fn story() -> Story {
    Story::embedded("failed-deploy-v14").unwrap()
}

fn at(time: &str) -> StoryTime {
    StoryTime::parse(&format!("2021-09-22T{time}Z")).unwrap()
}

fn instance(time: &str) -> Allocation {
    let world = Timeline::of(&story()).world_at(at(time));
    world.app(V14).unwrap().allocation("e80d7fbd").unwrap().clone()
}

#[test]
fn every_captured_event_happens_at_its_time_with_its_text() {
    let story = story();
    let captured = story.facts.iter().filter(|fact| fact.origin == Origin::Captured);
    let told: Vec<[String; 3]> = captured
        .filter_map(|fact| match &fact.change {
            Change::AllocationEvent { kind, message, .. } => {
                Some([fact.at.to_string(), kind.clone(), message.clone()])
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, lines(EVENTS));
}

#[test]
fn every_captured_log_line_is_written_at_its_time_with_its_text() {
    let story = story();
    let captured = story.facts.iter().filter(|fact| fact.origin == Origin::Captured);
    let told: Vec<[String; 3]> = captured
        .filter_map(|fact| match &fact.change {
            Change::Log { level, message, .. } => Some([fact.at.to_string(), level.clone(), message.clone()]),
            _ => None,
        })
        .collect();
    assert_eq!(told, lines(LOGS));
}

#[test]
fn every_captured_change_of_the_check_is_a_change_of_the_check() {
    let timeline = Timeline::of(&story());
    for [time, _, text] in lines(LOGS) {
        let Some((_, to)) = text.split_once("Health check status changed ") else {
            continue;
        };
        let to = to.split("=> ").last().unwrap().trim_matches('\'').to_owned();
        let world = timeline.world_at(StoryTime::parse(&time).unwrap());
        let instance = world.app(V14).unwrap().allocation("e80d7fbd").unwrap();
        assert_eq!(instance.checks[0].status.as_str(), to, "at {time}");
        assert_eq!(instance.checks[0].updated_at.to_string(), time);
    }
}

#[test]
fn the_instance_is_as_captured_at_20_25_59() {
    let instance = instance("20:25:59");
    assert_eq!(instance.short_id(), "e80d7fbd");
    assert_eq!((instance.desired.as_str(), instance.status.as_str()), ("run", "running"));
    assert_eq!(instance.checks.len(), 1);
    assert_eq!(instance.count(CheckStatus::Critical), 1);
    assert_eq!((instance.restarts, instance.version), (2, 14));
    assert_eq!(instance.region, "sjc");
    assert_eq!(instance.created_at, at("20:21:38"));
}

#[test]
fn the_check_passes_while_the_instance_shuts_down_and_fails_again_after() {
    assert_eq!(instance("20:26:01").checks[0].status, CheckStatus::Passing);
    assert_eq!(instance("20:26:22").checks[0].status, CheckStatus::Critical);
    assert_eq!(instance("20:40:00").checks[0].status, CheckStatus::Critical);
    assert_eq!(instance("20:40:00").restarts, 3);
}

#[test]
fn the_story_tells_both_what_was_captured_and_what_was_invented() {
    let story = story();
    assert!(story.facts.iter().any(|fact| fact.origin == Origin::Invented));
    let last = story.facts.iter().rfind(|fact| fact.origin == Origin::Captured);
    assert_eq!(last.unwrap().at, at("20:26:01"));
}

#[test]
fn no_release_is_stable_so_there_is_nothing_to_go_back_to() {
    let world = Timeline::of(&story()).world_at(at("20:25:58"));
    let app = world.app(V14).unwrap();
    assert!(app.releases.iter().all(|release| !release.stable));
    assert_eq!(app.current_release().unwrap().status, "failed");
}

#[tokio::test]
async fn graphql_tells_of_the_failed_deployment() {
    let simulator = v14_at("20:25:59").await;
    let variables = json!({"name": V14, "showCompleted": false});
    let app = &data(&simulator, STATUS, None, variables).await["app"];
    let status = &app["deploymentStatus"];
    assert_eq!(status["status"], "failed");
    assert_eq!(
        status["description"],
        "Failed due to unhealthy allocations - no stable job version to auto revert to"
    );
    assert_eq!(status["version"], 14);
    let counts = ["desiredCount", "placedCount", "healthyCount", "unhealthyCount"];
    assert_eq!(counts.map(|count| status[count].as_i64().unwrap()), [1, 1, 0, 1]);
    let instance = &app["allocations"][0];
    assert_eq!(instance["criticalCheckCount"], 1);
    assert_eq!(instance["createdAt"], "2021-09-22T20:21:38Z");
    assert_eq!(instance["events"].as_array().unwrap().len(), lines(EVENTS).len());
    assert!(instance["checks"][0]["output"].as_str().unwrap().contains("connection refused"));
}

#[tokio::test]
async fn recent_logs_are_the_newest_lines_of_the_capture_oldest_first() {
    let simulator = v14_at("20:25:59").await;
    let app = data(&simulator, STATUS, None, json!({"name": V14})).await;
    let told = app["app"]["allocations"][0]["recentLogs"].as_array().unwrap().clone();
    let captured = lines(LOGS);
    let until_now: Vec<&[String; 3]> =
        captured.iter().filter(|line| line[0].as_str() <= "2021-09-22T20:25:59Z").collect();
    assert_eq!(told.len(), 30);
    for (line, captured) in told.iter().rev().zip(until_now.iter().rev()) {
        assert_eq!(line["message"], captured[2]);
        assert_eq!(line["timestamp"], captured[0]);
    }
}

#[tokio::test]
async fn the_configuration_shows_the_two_ports_that_differ() {
    let simulator = v14_at("20:25:59").await;
    let query = "query($n: String) { app(name: $n) { config { definition }
        services { internalPort protocol ports { port handlers } checks { type interval timeout } } } }";
    let answer = data(&simulator, query, None, json!({"n": V14})).await;
    let definition = &answer["app"]["config"]["definition"];
    assert_eq!(definition["env"]["PORT"], "8080");
    assert_eq!(definition["services"][0]["internal_port"], 4000);
    assert!(definition["services"][0]["tcp_checks"].is_array());
    let service = &answer["app"]["services"][0];
    assert_eq!(service["internalPort"], 4000);
    assert_eq!(service["ports"][1], json!({"port": 443, "handlers": ["TLS", "HTTP"]}));
    assert_eq!(service["checks"], json!([{"type": "TCP", "interval": 15000, "timeout": 2000}]));
}

#[tokio::test]
async fn before_the_release_there_is_no_instance_and_no_deployment() {
    let simulator = v14_at("20:21:30").await;
    let app = data(&simulator, STATUS, None, json!({"name": V14})).await["app"].take();
    assert_eq!(app["version"], 13);
    assert_eq!(app["deploymentStatus"], Value::Null);
    assert_eq!(app["allocations"], json!([]));
}
