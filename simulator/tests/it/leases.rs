//! Leases on machines.

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::Simulator;

const ONE: &str = "/v1/apps/tidewater-api/machines/3d8d9014b32e68";

async fn ask(
    simulator: &Simulator,
    method: &str,
    rest: &str,
    nonce: Option<&str>,
    body: Option<Value>,
) -> Answer {
    ask_to(method, &format!("{}{ONE}{rest}", simulator.machines_url()), &demo(), nonce, body).await
}

async fn taken(simulator: &Simulator) -> Value {
    let wish = json!({"ttl": 13, "description": "deploy"});
    let answer = ask(simulator, "POST", "/lease", None, Some(wish)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()["data"].clone()
}

#[tokio::test]
async fn who_holds_a_lease_changes_the_machine_and_nobody_else_does() {
    let simulator = paused("calm").await;
    let lease = taken(&simulator).await;
    assert_eq!(lease["owner"], "mara@harbor-works.example");
    assert_eq!(lease["expires_at"], 1_632_340_813);
    let nonce = lease["nonce"].as_str().unwrap();
    for wrong in [None, Some("0123456789ab")] {
        let refused = ask(&simulator, "POST", "/stop", wrong, None).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let error = refused.json()["error"].as_str().unwrap().to_owned();
        let expected = "machine ID 3d8d9014b32e68 lease currently held by mara@harbor-works.example, \
                        expires at 2021-09-22T20:00:13Z";
        assert_eq!(error, expected);
    }
    assert_eq!(ask(&simulator, "POST", "/lease", None, None).await.status, StatusCode::CONFLICT);
    assert_eq!(ask(&simulator, "POST", "/stop", Some(nonce), None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_lease_is_renewed_by_its_nonce_and_released() {
    let simulator = paused("calm").await;
    let lease = taken(&simulator).await;
    let nonce = lease["nonce"].as_str().unwrap();
    let renewed = ask(&simulator, "POST", "/lease?ttl=60", Some(nonce), None).await.json();
    assert_eq!(renewed["data"]["nonce"], lease["nonce"]);
    assert_eq!(renewed["data"]["expires_at"], 1_632_340_860);
    assert_eq!(
        ask(&simulator, "DELETE", "/lease", Some("0123456789ab"), None).await.status,
        StatusCode::CONFLICT
    );
    let released = ask(&simulator, "DELETE", "/lease", Some(nonce), None).await;
    assert_eq!(released.json(), json!({"status": "success", "data": {"ok": true}}));
    assert_eq!(ask(&simulator, "GET", "/lease", None, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&simulator, "DELETE", "/lease", Some(nonce), None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_lease_ends_by_itself() {
    let simulator = paused("calm").await;
    taken(&simulator).await;
    simulator.step().unwrap();
    assert_eq!(ask(&simulator, "POST", "/stop", None, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_may_not_write_is_not_told_the_nonce() {
    let simulator = paused("calm").await;
    let lease = taken(&simulator).await;
    let url = format!("{}{ONE}/lease", simulator.machines_url());
    let seen = get(&url, &read_only()).await.json();
    assert_eq!(seen["data"]["owner"], lease["owner"]);
    assert_eq!(seen["data"]["nonce"], "000000000000");
    assert_eq!(get(&url, &demo()).await.json()["data"]["nonce"], lease["nonce"]);
}

#[tokio::test]
async fn a_lease_without_time_is_refused() {
    let simulator = paused("calm").await;
    let answer = ask(&simulator, "POST", "/lease", None, Some(json!({"ttl": 0}))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
