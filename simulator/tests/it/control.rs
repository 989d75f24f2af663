//! The control of a story, outages, counts, and what a running simulator promises.

use std::sync::Arc;

use crate::common::*;
use axum::{Router, routing::get as route_get};
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::{Affected, Options, Outage, Simulator, StartError, Story, StoryTime};

async fn command(simulator: &Simulator, path: &str) -> Value {
    let answer = post(&format!("{}/_story/{path}", simulator.control_url())).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

async fn read(simulator: &Simulator, path: &str) -> Value {
    get(&format!("{}/_story/{path}", simulator.control_url()), "").await.json()
}

#[tokio::test]
async fn the_list_tells_stories_position_and_facts_with_their_origin() {
    let simulator = paused("failed-deploy-v14").await;
    let list = read(&simulator, "list").await;
    assert_eq!(list["stories"], json!(Story::names()));
    assert_eq!(list["position"]["playing"], false);
    assert_eq!(list["position"]["step"], 0);
    assert_eq!(list["position"]["next"], "2021-09-22T20:21:33Z");
    assert_eq!(list["facts"][0]["origin"], "invented");
    assert_eq!(list["facts"][0]["change"], "release-created");
}

#[tokio::test]
async fn steps_lead_through_the_whole_story_in_order() {
    let simulator = paused("failed-deploy-v14").await;
    let mut last = simulator.clock().now_ms();
    let mut told = 0;
    loop {
        let step = command(&simulator, "step").await;
        if step["applied"].is_null() {
            break;
        }
        let facts = step["applied"]["applied"].as_array().unwrap();
        assert!(facts.iter().all(|fact| fact["at"] == step["applied"]["at"]));
        told += facts.len();
        assert!(simulator.clock().now_ms() > last);
        last = simulator.clock().now_ms();
    }
    assert_eq!(told, Story::embedded("failed-deploy-v14").unwrap().facts.len());
}

#[tokio::test]
async fn one_can_jump_to_a_moment_and_to_a_step_and_back() {
    let simulator = paused("failed-deploy-v14").await;
    let position = command(&simulator, "jump?to=2021-09-22T20:25:59Z").await;
    assert_eq!(position["now"], "2021-09-22T20:25:59Z");
    let back = command(&simulator, "jump?to=0").await;
    assert_eq!(back["now"], "2021-09-22T20:21:30Z");
    let url = format!("{}/_story/jump?to=tomorrow", simulator.control_url());
    let refused = post(&url).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("tomorrow"), "{}", refused.text);
    assert!(simulator.jump_to_step(9999).is_err());
}

#[tokio::test]
async fn what_a_test_tells_happens_now_and_is_forgotten_when_one_goes_back() {
    let simulator = paused("calm").await;
    let machine = "3d8d9014b32e68";
    let tell = async |changes: Value| {
        let url = format!("{}/_story/tell", simulator.control_url());
        ask_to("POST", &url, "", None, Some(changes)).await
    };
    let line = |text: &str, of: &str| json!({"change": "log", "app": "tidewater-api", "instance": of, "level": "info", "message": text});
    let told = tell(json!([line("one", machine), line("two", machine)])).await;
    assert_eq!((told.status, &told.json()["told"]), (StatusCode::OK, &json!(2)), "{}", told.text);
    let url = format!("{}/api/v1/apps/tidewater-api/logs?instance={machine}", simulator.api_url());
    let lines = async || get(&url, &demo()).await.json()["data"].as_array().unwrap().len();
    let with = lines().await;

    let refused = tell(json!([line("three", machine), line("four", "nobody")])).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("change 1") && refused.text.contains("nobody"), "{}", refused.text);
    assert_eq!(lines().await, with, "all of them, or none");

    command(&simulator, "step").await;
    command(&simulator, "jump?to=2021-09-22T19:59:00Z").await;
    command(&simulator, "jump?to=0").await;
    assert_eq!(lines().await, with - 2);
}

#[tokio::test]
async fn playing_and_pausing_are_told() {
    let simulator = paused("calm").await;
    let playing = command(&simulator, "play?speed=4").await;
    assert_eq!((&playing["playing"], &playing["speed"]), (&json!(true), &json!(4.0)));
    assert_eq!(command(&simulator, "pause").await["playing"], false);
    let refused = post(&format!("{}/_story/play?speed=0", simulator.control_url())).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_history_of_an_object_is_every_value_it_had_until_now() {
    let simulator = v14_at("20:25:59").await;
    let name = format!("deployment:{V14}");
    let history = read(&simulator, &format!("history?object={name}")).await;
    let entries = history["history"].as_array().unwrap();
    let statuses: Vec<&str> = entries.iter().map(|one| one["value"]["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["running", "running", "failed"]);
    assert_eq!(simulator.history(Some(&name)).len(), entries.len());
    let check = format!("check:{V14}/e80d7fbd/0a33a4f86fa24b92a038e7a2786f7e82");
    let statuses: Vec<String> = simulator
        .history(Some(&check))
        .iter()
        .map(|one| one.value.as_ref().unwrap()["status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(statuses[..4], ["warning", "critical", "passing", "warning"]);
}

#[tokio::test]
async fn requests_are_counted_by_operation_and_name_of_the_token_never_the_token() {
    let simulator = paused("calm").await;
    let query = include_str!("queries/viewer.graphql");
    for _ in 0..3 {
        data(&simulator, query, None, json!({})).await;
    }
    get(&format!("{}/v1/apps/tidewater-api/machines", simulator.machines_url()), &read_only()).await;
    let counts = simulator.requests();
    assert_eq!((counts.total, counts.of("Viewer")), (4, 3));
    assert_eq!(counts.of("GET /v1/apps/{app}/machines"), 1);
    assert_eq!((counts.by_token("demo"), counts.by_token("read-only")), (3, 1));
    let told = read(&simulator, "requests").await.to_string();
    assert!(!told.contains("DEMO"), "{told}");
    command(&simulator, "requests/reset").await;
    assert_eq!(simulator.requests().total, 0);
}

#[tokio::test]
async fn a_revoked_token_is_refused_by_every_api_until_it_is_restored() {
    let simulator = paused("calm").await;
    let urls = [
        format!("{}/v1/apps/tidewater-api", simulator.machines_url()),
        format!("{}/api/v1/apps/tidewater-api/releases", simulator.api_url()),
    ];
    command(&simulator, "revoke?token_name=demo").await;
    for url in &urls {
        assert_eq!(get(url, &demo()).await.status, StatusCode::UNAUTHORIZED);
    }
    command(&simulator, "restore?token_name=demo").await;
    for url in &urls {
        assert_eq!(get(url, &demo()).await.status, StatusCode::OK);
    }
    let unknown = post(&format!("{}/_story/revoke?token_name=nobody", simulator.control_url())).await;
    assert!(unknown.text.contains("read-only"), "{}", unknown.text);
}

#[tokio::test]
async fn an_api_that_is_down_closes_connections_and_the_other_one_answers() {
    let simulator = paused("calm").await;
    let machines = format!("{}/v1/apps/tidewater-api", simulator.machines_url());
    command(&simulator, "outage?api=machines&mode=down").await;
    assert!(try_send(get_request(&machines, &demo())).await.is_err());
    assert!(simulator.requests().of("during an outage") >= 1);
    data(&simulator, "{ viewer { email } }", None, json!({})).await;
    command(&simulator, "outage?api=machines&mode=off").await;
    assert_eq!(get(&machines, &demo()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_api_that_is_unavailable_answers_503_with_a_request_id() {
    let simulator = paused("calm").await;
    simulator.outage(Affected::All, Outage::Unavailable);
    let url = format!("{}/v1/apps/tidewater-api", simulator.machines_url());
    let answer = get(&url, &demo()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.header("fly-request-id").is_empty());
}

#[tokio::test]
async fn an_api_that_hangs_answers_nothing_until_the_outage_ends() {
    let simulator = Arc::new(paused("calm").await);
    simulator.outage(Affected::Machines, Outage::Hang);
    let url = format!("{}/v1/apps/tidewater-api", simulator.machines_url());
    let hanging = tokio::spawn(async move { try_send(get_request(&url, &demo())).await.is_err() });
    // The control answers while the other address does not.
    read(&simulator, "list").await;
    assert!(!hanging.is_finished());
    simulator.outage(Affected::All, Outage::Off);
    hanging.abort();
}

#[tokio::test]
async fn routes_of_the_host_are_part_of_the_control() {
    let extra = Router::new().route("/_host/ping", route_get(|| async { "pong" }));
    let options = Options { paused: true, control_extra: Some(extra), ..Options::default() };
    let simulator = Simulator::start(options).await.unwrap();
    let answer = get(&format!("{}/_host/ping", simulator.control_url()), "").await;
    assert_eq!(answer.text, "pong");
}

#[tokio::test]
async fn the_control_is_refused_on_an_address_that_others_reach() {
    let options = Options { control_addr: ([0, 0, 0, 0], 0).into(), ..Options::default() };
    let error = Simulator::start(options).await.err().unwrap();
    assert!(matches!(error, StartError::ControlNotLocal(_)), "{error}");
}

#[tokio::test]
async fn a_dropped_simulator_answers_no_more() {
    let simulator = paused("calm").await;
    let url = format!("{}/v1/apps/tidewater-api", simulator.machines_url());
    drop(simulator);
    tokio::task::yield_now().await;
    assert!(try_send(get_request(&url, &demo())).await.is_err());
}

#[tokio::test]
async fn in_the_calm_story_somebody_restarts_a_machine() {
    let simulator = paused("calm").await;
    let url = format!("{}/v1/apps/tidewater-api/machines/5683ddd7c69448", simulator.machines_url());
    let mut states = vec![get(&url, &demo()).await.json()["state"].clone()];
    while simulator.step().is_some() {
        states.push(get(&url, &demo()).await.json()["state"].clone());
    }
    assert_eq!(states, ["started", "restarting", "starting", "started", "started"]);
    simulator.jump(StoryTime::parse("2021-09-22T20:30:00Z").unwrap());
    let machine = get(&url, &demo()).await.json();
    assert_eq!(machine["checks"][0]["status"], "passing");
}
