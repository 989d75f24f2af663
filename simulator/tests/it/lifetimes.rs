//! Apps and machines that clients create, update and destroy.

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::{Simulator, StoryTime};

const MACHINES: &str = "/v1/apps/tidewater-api/machines";

async fn ask(simulator: &Simulator, method: &str, path: &str, body: Option<Value>) -> Answer {
    ask_to(method, &format!("{}{path}", simulator.machines_url()), &demo(), None, body).await
}

fn wish() -> Value {
    json!({
        "name": "extra-1",
        "region": "fra",
        "config": {
            "image": "registry.fly.io/tidewater-api:extra",
            "guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512},
            "metadata": {"fly_process_group": "worker", "fly_release_version": "42"},
            "services": [{"protocol": "tcp", "internal_port": 9000, "checks": [{"type": "tcp"}]}],
        },
    })
}

#[tokio::test]
async fn a_machine_is_created_with_its_configuration_and_starts() {
    let simulator = paused("calm").await;
    let created = ask(&simulator, "POST", MACHINES, Some(wish())).await;
    assert_eq!(created.status, StatusCode::OK, "{}", created.text);
    let created = created.json();
    assert_eq!((&created["state"], &created["region"]), (&json!("created"), &json!("fra")));
    assert_eq!(created["config"], wish()["config"]);
    assert_eq!(created["image_ref"]["tag"], "extra");
    assert_eq!(created["checks"][0]["name"], "servicecheck-00-tcp-9000");
    let path = format!("{MACHINES}/{}", created["id"].as_str().unwrap());
    simulator.step().unwrap();
    assert_eq!(ask(&simulator, "GET", &path, None).await.json()["state"], "started");
    let sockets = ask(&simulator, "GET", &format!("{path}/ps"), None).await.json();
    assert_eq!(sockets[0]["listen_sockets"][0]["address"], "0.0.0.0:9000");
    simulator.step().unwrap();
    assert_eq!(ask(&simulator, "GET", &path, None).await.json()["checks"][0]["status"], "passing");
    let of_organization = ask(&simulator, "GET", "/v1/orgs/harbor-works/machines?region=fra", None).await;
    assert_eq!(of_organization.json()["machines"][0]["name"], "extra-1");
    let seen = data(
        &simulator,
        "query($id: String!) { machine(machineId: $id) { name } }",
        None,
        json!({"id": created["id"]}),
    )
    .await;
    assert_eq!(seen["machine"]["name"], "extra-1");
}

#[tokio::test]
async fn a_machine_that_cannot_be_created_is_refused_with_the_reason() {
    let simulator = paused("calm").await;
    let refused = async |change: fn(&mut Value)| {
        let mut wish = wish();
        change(&mut wish);
        let answer = ask(&simulator, "POST", MACHINES, Some(wish)).await;
        (answer.status.as_u16(), answer.text)
    };
    let (status, text) = refused(|wish| wish["region"] = json!("moon")).await;
    assert!(status == 400 && text.contains("`moon`") && text.contains("ams"), "{text}");
    let (status, text) = refused(|wish| wish["config"] = json!({})).await;
    assert!(status == 400 && text.contains("config.image is required"), "{text}");
    let (status, text) = refused(|wish| wish["config"] = Value::Null).await;
    assert!(status == 400 && text.contains("config is required"), "{text}");
    let (status, text) = refused(|wish| wish["name"] = json!("quiet-harbor-2411")).await;
    assert!(status == 409 && text.contains("3d8d9014b32e68"), "{text}");
}

#[tokio::test]
async fn a_machine_that_is_not_to_be_launched_stays_created_and_may_come_with_a_lease() {
    let simulator = paused("calm").await;
    let mut wish = wish();
    wish["skip_launch"] = json!(true);
    wish["lease_ttl"] = json!(30);
    let created = ask(&simulator, "POST", MACHINES, Some(wish)).await.json();
    let path = format!("{MACHINES}/{}", created["id"].as_str().unwrap());
    simulator.jump(StoryTime::parse("2021-09-22T20:00:20Z").unwrap());
    let machine = ask(&simulator, "GET", &path, None).await.json();
    assert_eq!(machine["state"], "created");
    assert_eq!(machine.get("nonce"), None);
    assert_eq!(ask(&simulator, "POST", &format!("{path}/start"), None).await.status, StatusCode::CONFLICT);
    let url = format!("{}{path}/start", simulator.machines_url());
    let started = ask_to("POST", &url, &demo(), created["nonce"].as_str(), None).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text);
}

#[tokio::test]
async fn an_update_makes_a_new_version_and_keeps_the_earlier_one() {
    let simulator = paused("calm").await;
    let path = format!("{MACHINES}/3d8d9014b32e68");
    let before = ask(&simulator, "GET", &path, None).await.json();
    let mut config = before["config"].clone();
    config["env"]["GREETING"] = json!("hello");
    let stale = json!({"config": config, "current_version": "01OTHER"});
    assert_eq!(ask(&simulator, "POST", &path, Some(stale)).await.status, StatusCode::PRECONDITION_FAILED);
    let wish = json!({"config": config, "current_version": before["instance_id"]});
    let after = ask(&simulator, "POST", &path, Some(wish)).await.json();
    assert_eq!(after["state"], "replacing");
    assert_ne!(after["instance_id"], before["instance_id"]);
    assert_eq!(after["config"]["env"]["GREETING"], "hello");
    let versions = ask(&simulator, "GET", &format!("{path}/versions"), None).await.json();
    assert_eq!(versions[0]["version"], after["instance_id"]);
    assert_eq!(versions[1], json!({"version": before["instance_id"], "user_config": before["config"]}));
    simulator.jump(StoryTime::parse("2021-09-22T20:00:30Z").unwrap());
    let machine = ask(&simulator, "GET", &path, None).await.json();
    assert_eq!((&machine["state"], &machine["checks"][0]["status"]), (&json!("started"), &json!("passing")));
}

#[tokio::test]
async fn a_machine_that_did_not_run_stays_stopped_when_it_is_updated() {
    let simulator = paused("calm").await;
    let path = "/v1/apps/night-owl/machines/9080e5f6a41d87";
    let config = ask(&simulator, "GET", path, None).await.json()["config"].clone();
    ask(&simulator, "POST", path, Some(json!({"config": config}))).await;
    simulator.step().unwrap();
    assert_eq!(ask(&simulator, "GET", path, None).await.json()["state"], "stopped");
}

#[tokio::test]
async fn a_machine_that_runs_is_destroyed_only_by_force() {
    let simulator = paused("calm").await;
    let path = format!("{MACHINES}/3d8d9014b32e68");
    let refused = ask(&simulator, "DELETE", &path, None).await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        ask(&simulator, "DELETE", &format!("{path}?force=true"), None).await.json(),
        json!({"ok": true})
    );
    simulator.step().unwrap();
    let left = ask(&simulator, "GET", MACHINES, None).await.json();
    assert_eq!(left.as_array().unwrap().len(), 5);
    let all = ask(&simulator, "GET", &format!("{MACHINES}?include_deleted=true"), None).await.json();
    assert_eq!(all.as_array().unwrap().len(), 6);
    let gone = ask(&simulator, "POST", &format!("{path}/start"), None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn metadata_is_set_replaced_and_removed_key_by_key() {
    let simulator = paused("calm").await;
    let path = format!("{MACHINES}/3d8d9014b32e68/metadata");
    let set = ask(&simulator, "POST", &format!("{path}/owner"), Some(json!({"value": "mara"}))).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let one = ask(&simulator, "GET", &format!("{path}/owner"), None).await.json();
    assert_eq!(one, json!({"value": "mara"}));
    let all = ask(&simulator, "GET", &path, None).await.json();
    assert_eq!((&all["owner"], &all["fly_process_group"]), (&json!("mara"), &json!("app")));
    ask(&simulator, "DELETE", &format!("{path}/owner"), None).await;
    assert_eq!(ask(&simulator, "GET", &format!("{path}/owner"), None).await.status, StatusCode::NOT_FOUND);
    let stale = json!({"metadata": {"a": "b"}, "machine_version": "01OTHER"});
    assert_eq!(ask(&simulator, "PATCH", &path, Some(stale)).await.status, StatusCode::PRECONDITION_FAILED);
    ask(&simulator, "PATCH", &path, Some(json!({"metadata": {"a": "b"}}))).await;
    assert_eq!(ask(&simulator, "GET", &path, None).await.json()["fly_process_group"], "app");
    ask(&simulator, "PUT", &path, Some(json!({"metadata": {"a": "c"}}))).await;
    assert_eq!(ask(&simulator, "GET", &path, None).await.json(), json!({"a": "c"}));
    let number = json!({"metadata": {"a": 1}});
    assert_eq!(ask(&simulator, "PUT", &path, Some(number)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_app_is_created_and_deleted() {
    let simulator = paused("calm").await;
    let wish = json!({"app_name": "night-shift", "org_slug": "harbor-works"});
    let created = ask(&simulator, "POST", "/v1/apps", Some(wish.clone())).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    assert_eq!(ask(&simulator, "GET", "/v1/apps/night-shift", None).await.json()["status"], "pending");
    let again = ask(&simulator, "POST", "/v1/apps", Some(wish)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = json!({"error": "Validation failed: Name has already been taken", "status": "name_taken"});
    assert_eq!(again.json(), taken);
    let machine = json!({"config": {"image": "nginx:alpine"}});
    let machine = ask(&simulator, "POST", "/v1/apps/night-shift/machines", Some(machine)).await.json();
    assert_eq!(machine["config"]["guest"]["memory_mb"], 256);
    assert_eq!(machine["region"], "ams");
    let app = ask(&simulator, "GET", "/v1/apps/night-shift", None).await.json();
    assert_eq!((&app["status"], &app["machine_count"]), (&json!("deployed"), &json!(1)));
    assert_eq!(ask(&simulator, "DELETE", "/v1/apps/night-shift", None).await.status, StatusCode::ACCEPTED);
    assert_eq!(ask(&simulator, "GET", "/v1/apps/night-shift", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_app_cannot_be_created_where_a_token_does_not_reach() {
    let simulator = paused("calm").await;
    let url = format!("{}/v1/apps", simulator.machines_url());
    let wish = json!({"name": "night-shift", "org_slug": "harbor-works"});
    let refused = ask_to("POST", &url, &other_org(), None, Some(wish.clone())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(ask_to("POST", &url, &app_scoped(), None, Some(wish)).await.status, StatusCode::FORBIDDEN);
    let nameless = json!({"org_slug": "harbor-works"});
    assert_eq!(ask_to("POST", &url, &demo(), None, Some(nameless)).await.status, StatusCode::BAD_REQUEST);
}
