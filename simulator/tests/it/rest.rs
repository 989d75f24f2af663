//! Releases and logs over REST.

use crate::common::*;
use hyper::StatusCode;
use serde_json::json;
use simulator::{Simulator, StoryTime, tokens};

async fn ask(simulator: &Simulator, path: &str) -> Answer {
    get(&format!("{}/api/v1/apps/{V14}{path}", simulator.api_url()), &demo()).await
}

#[tokio::test]
async fn releases_are_newest_first_and_as_many_as_asked() {
    let simulator = v14_at("20:25:59").await;
    let body = ask(&simulator, "/releases?limit=2").await.json();
    let versions: Vec<i64> =
        body["releases"].as_array().unwrap().iter().map(|one| one["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [14, 13]);
    assert_eq!(body["releases"][0]["in_progress"], false);
    let current = ask(&simulator, "/releases/current").await.json();
    assert_eq!(current["user"]["name"], "Ryan");
}

#[tokio::test]
async fn logs_go_on_where_the_last_answer_ended() {
    let simulator = v14_at("20:24:30").await;
    let first = ask(&simulator, "/logs").await.json();
    let told = first["data"].as_array().unwrap().len();
    assert!(told > 5, "{first}");
    assert_eq!(first["data"][0]["attributes"]["instance"], "e80d7fbd");
    let token = first["meta"]["next_token"].as_str().unwrap().to_owned();
    let next = ask(&simulator, &format!("/logs?next_token={token}")).await.json();
    assert_eq!(next, json!({"data": [], "meta": {"next_token": token}}));
    simulator.jump(StoryTime::parse("2021-09-22T20:24:31Z").unwrap());
    let next = ask(&simulator, &format!("/logs?next_token={token}")).await.json();
    let messages: Vec<&str> = next["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["attributes"]["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages, ["Main child exited normally with code: 0", "Starting clean up."]);
}

#[tokio::test]
async fn logs_are_filtered_by_instance_and_region() {
    let simulator = v14_at("20:24:30").await;
    let none = ask(&simulator, "/logs?instance=00000000").await.json();
    assert_eq!(none["data"], json!([]));
    let some = ask(&simulator, "/logs?region=sjc").await.json();
    assert!(!some["data"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn an_app_out_of_reach_is_not_found_and_a_bad_token_is_refused() {
    let simulator = v14_at("20:24:30").await;
    let url = format!("{}/api/v1/apps/{V14}/logs", simulator.api_url());
    assert_eq!(get(&url, &other_org()).await.status, StatusCode::NOT_FOUND);
    let refused = get(&url, "Bearer nonsense").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.header("fly-request-id").is_empty());
    let bearer = format!("Bearer {}", tokens::READ_ONLY);
    assert_eq!(get(&url, &bearer).await.status, StatusCode::OK);
}
