//! Volumes, certificates, addresses and secrets.

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::Simulator;

const APP: &str = "/v1/apps/tidewater-api";
const MOUNTED: &str = "/v1/apps/tidewater-api/volumes/vol_4m8n2x90kq1zr7wp";

async fn ask(simulator: &Simulator, method: &str, path: &str, body: Option<Value>) -> Answer {
    ask_to(method, &format!("{}{path}", simulator.machines_url()), &demo(), None, body).await
}

async fn read(simulator: &Simulator, path: &str) -> Value {
    ask(simulator, "GET", path, None).await.json()
}

#[tokio::test]
async fn volumes_tell_their_size_their_use_and_their_machine() {
    let simulator = paused("calm").await;
    let all = read(&simulator, &format!("{APP}/volumes")).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["attached_machine_id"], "148e21ea7d4989");
    assert_eq!(all[1]["attached_machine_id"], Value::Null);
    let one = read(&simulator, MOUNTED).await;
    assert_eq!(one["bytes_total"], 10_737_418_240_i64);
    assert_eq!(one["bytes_used"], 2_415_919_104_i64);
    let snapshots = read(&simulator, &format!("{MOUNTED}/snapshots")).await;
    assert_eq!(snapshots[0]["volume_size"], 10_737_418_240_i64);
    assert_eq!(
        ask(&simulator, "GET", &format!("{APP}/volumes/vol_0"), None).await.status,
        StatusCode::NOT_FOUND
    );
    let organization = read(&simulator, "/v1/orgs/harbor-works/volumes?limit=1").await;
    assert_eq!(organization["volumes"][0]["app_name"], "tidewater-api");
    assert_eq!(organization["next_cursor"], "1");
    assert_eq!(read(&simulator, APP).await["volume_count"], 2);
}

#[tokio::test]
async fn a_volume_is_created_extended_mounted_and_destroyed() {
    let simulator = paused("calm").await;
    let wish = json!({"name": "cache", "region": "fra", "size_gb": 5});
    let volume = ask(&simulator, "POST", &format!("{APP}/volumes"), Some(wish)).await.json();
    let path = format!("{APP}/volumes/{}", volume["id"].as_str().unwrap());
    let extended =
        ask(&simulator, "PUT", &format!("{path}/extend"), Some(json!({"size_gb": 8}))).await.json();
    assert_eq!((&extended["volume"]["size_gb"], &extended["needs_restart"]), (&json!(8), &json!(false)));
    let smaller = ask(&simulator, "PUT", &format!("{path}/extend"), Some(json!({"size_gb": 1}))).await;
    assert_eq!(smaller.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mount = json!([{"volume": volume["id"], "path": "/data"}]);
    let machine = json!({"region": "fra", "config": {"image": "nginx:alpine", "mounts": mount}});
    let machine = ask(&simulator, "POST", &format!("{APP}/machines"), Some(machine)).await.json();
    assert_eq!(read(&simulator, &path).await["attached_machine_id"], machine["id"]);
    let used = ask(&simulator, "DELETE", &path, None).await;
    assert_eq!(used.status, StatusCode::PRECONDITION_FAILED);
    // `kill` is how Fly's own clients say `force`.
    let machine = format!("{APP}/machines/{}?kill=true", machine["id"].as_str().unwrap());
    ask(&simulator, "DELETE", &machine, None).await;
    simulator.step().unwrap();
    assert_eq!(ask(&simulator, "DELETE", &path, None).await.json()["state"], "destroyed");
    assert_eq!(ask(&simulator, "GET", &path, None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_certificate_tells_what_dns_must_say() {
    let simulator = paused("calm").await;
    let all = read(&simulator, &format!("{APP}/certificates")).await;
    assert_eq!(all["total_count"], 2);
    let filtered = read(&simulator, &format!("{APP}/certificates?filter=tide.")).await;
    assert_eq!(filtered["certificates"][0]["status"], "pending_validation");
    let page = read(&simulator, &format!("{APP}/certificates?limit=1")).await;
    let rest = format!("{APP}/certificates?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(read(&simulator, &rest).await["certificates"][0]["hostname"], "tide.harbor-works.example");
    let active = read(&simulator, &format!("{APP}/certificates/api.harbor-works.example")).await;
    assert_eq!(active["certificates"][0]["expires_at"], "2021-11-28T09:12:44Z");
    let pending = read(&simulator, &format!("{APP}/certificates/tide.harbor-works.example")).await;
    assert_eq!(pending["certificates"], json!([]));
    assert_eq!(pending["dns_requirements"]["cname"], "tidewater-api.fly.dev");
    assert_eq!(pending["dns_requirements"]["a"], json!(["66.241.124.63"]));
    assert!(pending["validation_errors"][0]["message"].as_str().unwrap().contains("CNAME"));
}

#[tokio::test]
async fn addresses_and_secrets_are_told_but_never_a_value() {
    let simulator = paused("calm").await;
    let ips = read(&simulator, &format!("{APP}/ip_assignments")).await;
    assert_eq!((&ips["ips"][0]["shared"], &ips["ips"][1]["shared"]), (&json!(true), &json!(false)));
    let secrets = read(&simulator, &format!("{APP}/secrets?show_secrets=true")).await;
    assert_eq!(secrets["secrets"][1]["name"], "SESSION_KEY");
    assert_eq!(secrets["secrets"][1]["updated_at"], "2021-09-17T11:48:30Z");
    assert!(secrets["secrets"].as_array().unwrap().iter().all(|one| one.get("value").is_none()));
    let one = read(&simulator, &format!("{APP}/secrets/DATABASE_URL")).await;
    assert_eq!(one["digest"], "4f1c9e02ab77d3f0");
}
