//! What clients do changes the story, in story time.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::{Options, Simulator, Story, StoryTime, clock::RealTime};

const APP: &str = "/v1/apps/tidewater-api/machines";
const ONE: &str = "/v1/apps/tidewater-api/machines/3d8d9014b32e68";

async fn post_to(simulator: &Simulator, path: &str, body: Option<Value>) -> Answer {
    ask_to("POST", &format!("{}{path}", simulator.machines_url()), &demo(), None, body).await
}

async fn read(simulator: &Simulator, path: &str) -> Value {
    get(&format!("{}{path}", simulator.machines_url()), &demo()).await.json()
}

async fn state(simulator: &Simulator) -> String {
    read(simulator, ONE).await["state"].as_str().unwrap().to_owned()
}

fn states_told(simulator: &Simulator) -> Vec<String> {
    let history = simulator.history(Some("machine:tidewater-api/3d8d9014b32e68"));
    let mut states: Vec<String> = history
        .iter()
        .map(|entry| entry.value.as_ref().unwrap()["state"].as_str().unwrap().to_owned())
        .collect();
    states.dedup();
    states
}

#[tokio::test]
async fn a_machine_stops_and_starts_in_story_time_with_events_and_history() {
    let simulator = paused("calm").await;
    let stopped = post_to(&simulator, &format!("{ONE}/stop"), Some(json!({"signal": "SIGTERM"}))).await;
    assert_eq!((stopped.status, stopped.json()), (StatusCode::OK, json!({"ok": true})));
    assert_eq!(state(&simulator).await, "stopping");
    simulator.step().unwrap();
    let machine = read(&simulator, ONE).await;
    assert_eq!(machine["state"], "stopped");
    assert_eq!(machine["events"][0]["type"], "exit");
    assert_eq!(machine["events"][0]["request"]["exit_event"]["requested_stop"], true);
    assert_eq!(
        (&machine["events"][1]["type"], &machine["events"][1]["source"]),
        (&json!("stop"), &json!("user"))
    );
    let started = post_to(&simulator, &format!("{ONE}/start"), None).await.json();
    assert_eq!(started["previous_state"], "stopped");
    assert_eq!(state(&simulator).await, "starting");
    simulator.step().unwrap();
    let machine = read(&simulator, ONE).await;
    assert_eq!(machine["state"], "started");
    assert_eq!(machine["checks"][0]["status"], "warning");
    simulator.step().unwrap();
    assert_eq!(read(&simulator, ONE).await["checks"][0]["status"], "passing");
    assert_eq!(states_told(&simulator), ["started", "stopping", "stopped", "starting", "started"]);
}

#[tokio::test]
async fn going_back_in_the_story_forgets_what_was_asked_for_later() {
    let simulator = paused("calm").await;
    simulator.jump(StoryTime::parse("2021-09-22T20:00:10Z").unwrap());
    post_to(&simulator, &format!("{ONE}/stop"), None).await;
    simulator.jump(StoryTime::parse("2021-09-22T20:00:12Z").unwrap());
    assert_eq!(state(&simulator).await, "stopped");
    simulator.jump(StoryTime::parse("2021-09-22T20:00:10.5Z").unwrap());
    assert_eq!(state(&simulator).await, "stopping", "it was asked for before");
    simulator.jump(StoryTime::parse("2021-09-22T20:00:09Z").unwrap());
    assert_eq!(state(&simulator).await, "started");
    simulator.jump(StoryTime::parse("2021-09-22T20:00:12Z").unwrap());
    assert_eq!(state(&simulator).await, "started", "nobody asked in this telling");
}

#[tokio::test]
async fn the_facts_of_the_story_follow_what_was_asked_for() {
    let simulator = paused("calm").await;
    let other = format!("{APP}/5683ddd7c69448");
    post_to(&simulator, &format!("{other}/suspend"), None).await;
    simulator.step().unwrap();
    assert_eq!(read(&simulator, &other).await["state"], "suspended");
    simulator.jump(StoryTime::parse("2021-09-22T20:01:05Z").unwrap());
    assert_eq!(read(&simulator, &other).await["state"], "started", "the story restarts it after a minute");
}

#[tokio::test]
async fn a_machine_restarts_and_a_failing_check_fails_again() {
    let story = Story::parse(
        r#"
name = "sick"
title = "A check that fails"
about = "For this test."
start = "2021-09-22T20:00:00Z"
worlds = ["quiet"]

[[facts]]
at = "2021-09-22T20:00:01Z"
origin = "invented"
change = "check"
app = "tidewater-api"
instance = "3d8d9014b32e68"
check = "alive"
status = "critical"
output = "connect: connection refused"
"#,
    )
    .unwrap();
    let options = Options { story, paused: true, rate_limits: false, ..Options::default() };
    let simulator = Simulator::start(options).await.unwrap();
    simulator.step().unwrap();
    let restarted = post_to(&simulator, &format!("{ONE}/restart?timeout=5s"), None).await;
    assert_eq!(restarted.status, StatusCode::OK, "{}", restarted.text);
    while simulator.step().is_some() {}
    assert_eq!(states_told(&simulator), ["started", "restarting", "starting", "started"]);
    let machine = read(&simulator, ONE).await;
    assert_eq!(machine["checks"][0]["status"], "passing");
    assert_eq!(machine["checks"][1]["status"], "critical");
    assert_eq!(machine["checks"][1]["output"], "connect: connection refused");
}

#[tokio::test]
async fn a_signal_that_ends_the_process_lets_the_restart_policy_decide() {
    let simulator = paused("calm").await;
    let harmless = post_to(&simulator, &format!("{ONE}/signal"), Some(json!({"signal": "SIGHUP"}))).await;
    assert_eq!(harmless.status, StatusCode::OK);
    assert_eq!(states_told(&simulator), ["started"]);
    post_to(&simulator, &format!("{ONE}/signal"), Some(json!({"signal": "SIGKILL"}))).await;
    simulator.jump(StoryTime::parse("2021-09-22T20:00:30Z").unwrap());
    assert_eq!(states_told(&simulator), ["started", "starting", "started"]);
    let events = read(&simulator, &format!("{ONE}/events?limit=2")).await;
    let exit = &events[1]["request"]["exit_event"];
    assert_eq!((&exit["exit_code"], &exit["restarting"]), (&json!(137), &json!(true)));
    let unknown = post_to(&simulator, &format!("{ONE}/signal"), Some(json!({"signal": "SIGSING"}))).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(unknown.text.contains("SIGSING") && unknown.text.contains("SIGTERM"), "{}", unknown.text);
}

#[tokio::test]
async fn what_the_state_of_a_machine_does_not_allow_is_a_failed_precondition() {
    let simulator = paused("calm").await;
    let asleep = "/v1/apps/night-owl/machines/9080e5f6a41d87";
    let answer = post_to(&simulator, &format!("{asleep}/restart"), None).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert!(answer.text.contains("from current state: 'stopped'"), "{}", answer.text);
    assert_eq!(post_to(&simulator, &format!("{asleep}/stop"), None).await.status, StatusCode::OK);
    let already = post_to(&simulator, &format!("{ONE}/start"), None).await.json();
    assert_eq!(already["previous_state"], "started");
    assert_eq!(states_told(&simulator), ["started"]);
}

#[tokio::test]
async fn a_cordoned_machine_says_so_until_it_is_uncordoned() {
    let simulator = paused("calm").await;
    post_to(&simulator, &format!("{ONE}/cordon"), None).await;
    let machine = read(&simulator, ONE).await;
    assert_eq!((&machine["cordoned"], &machine["events"][0]["type"]), (&json!(true), &json!("cordon")));
    post_to(&simulator, &format!("{ONE}/uncordon"), None).await;
    assert_eq!(read(&simulator, ONE).await.get("cordoned"), None);
}

#[tokio::test]
async fn a_token_changes_only_what_it_reaches_and_a_read_only_one_nothing() {
    let simulator = paused("calm").await;
    let url = format!("{}{ONE}/stop", simulator.machines_url());
    let refused = ask_to("POST", &url, &read_only(), None, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("read-only"), "{}", refused.text);
    assert_eq!(get(url.trim_end_matches("/stop"), &read_only()).await.status, StatusCode::OK);
    assert_eq!(ask_to("POST", &url, &other_org(), None, None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask_to("POST", &url, "Bearer nonsense", None, None).await.status, StatusCode::UNAUTHORIZED);
    let missing = url.replace("3d8d9014b32e68", "00000000000000");
    assert_eq!(ask_to("POST", &missing, &demo(), None, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(states_told(&simulator), ["started"], "nobody stopped it");
    assert_eq!(ask_to("POST", &url, &app_scoped(), None, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told() {
    let simulator = paused("calm").await;
    let url = format!("{}{ONE}/stop", simulator.machines_url());
    let request = hyper::Request::post(url).header("authorization", demo());
    let answer = send(request.body("signal=SIGTERM".into()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("invalid request body"), "{}", answer.text);
}

/// Real time of which a tenth of a second passes whenever somebody looks.
#[derive(Default)]
struct Hasty(Mutex<Duration>);

impl RealTime for Hasty {
    fn elapsed(&self) -> Duration {
        let mut now = self.0.lock().unwrap();
        *now += Duration::from_millis(100);
        *now
    }
}

async fn hasty(paused: bool) -> Simulator {
    let story = Story::embedded("calm").unwrap();
    let real_time = Arc::new(Hasty::default());
    let options = Options { story, paused, rate_limits: false, real_time, ..Options::default() };
    Simulator::start(options).await.unwrap()
}

#[tokio::test]
async fn one_can_wait_until_a_machine_has_a_state() {
    let simulator = hasty(false).await;
    post_to(&simulator, &format!("{ONE}/stop"), None).await;
    let told = read(&simulator, &format!("{ONE}/wait?state=stopped&timeout=60")).await;
    assert_eq!((&told["ok"], &told["state"]), (&json!(true), &json!("stopped")));
    let machine = read(&simulator, ONE).await;
    assert_eq!(told["version"], machine["instance_id"]);
    assert_eq!(told["event_id"], machine["events"][0]["id"]);
}

#[tokio::test]
async fn a_wait_that_is_over_before_the_state_is_reached_ends_with_408() {
    let simulator = hasty(true).await;
    let url = format!("{}{ONE}/wait?state=stopped&timeout=2", simulator.machines_url());
    let answer = get(&url, &demo()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert!(answer.text.contains("currently started"), "{}", answer.text);
}
