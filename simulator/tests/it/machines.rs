//! The Machines API as a client meets it.

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::{Options, Simulator, Story, StoryTime};

const ONE: &str = "/v1/apps/tidewater-api/machines/3d8d9014b32e68";

async fn ask(simulator: &Simulator, path: &str) -> Answer {
    get(&format!("{}{path}", simulator.machines_url()), &demo()).await
}

#[tokio::test]
async fn machines_of_an_app_have_configuration_checks_and_events() {
    let simulator = paused("calm").await;
    let all = ask(&simulator, "/v1/apps/tidewater-api/machines").await.json();
    let all = all.as_array().unwrap();
    let of_group = |group: &str| {
        all.iter().filter(|one| one["config"]["metadata"]["fly_process_group"] == group).count()
    };
    assert_eq!((of_group("app"), of_group("worker")), (4, 2));
    let first = &all[0];
    assert_eq!(first["state"], "started");
    assert_eq!(first["config"]["services"][0]["internal_port"], 8080);
    assert_eq!(first["config"]["metadata"]["fly_release_version"], "42");
    assert_eq!(first["config"]["guest"], json!({"cpu_kind": "shared", "cpus": 1, "memory_mb": 256}));
    assert_eq!(first["checks"][0]["name"], "servicecheck-00-http-8080");
    assert_eq!(first["image_ref"]["repository"], "tidewater-api");
    assert_eq!(first["events"][0]["type"], "start");
    assert!(first["events"][0]["timestamp"].as_i64() > first["events"][1]["timestamp"].as_i64());
    let workers = all.iter().filter(|one| one["config"]["metadata"]["fly_process_group"] == "worker");
    assert!(workers.into_iter().all(|one| one.get("checks").is_none()));
}

#[tokio::test]
async fn lists_are_filtered_by_region_and_state() {
    let simulator = paused("calm").await;
    let count = async |query: &str| {
        let path = format!("/v1/apps/tidewater-api/machines?{query}");
        ask(&simulator, &path).await.json().as_array().unwrap().len()
    };
    assert_eq!(count("region=ams").await, 4);
    assert_eq!(count("state=stopped").await, 0);
    assert_eq!(count("summary=true&region=gru").await, 1);
}

#[tokio::test]
async fn one_machine_answers_all_that_can_be_asked_of_it() {
    let simulator = paused("calm").await;
    let machine = ask(&simulator, ONE).await.json();
    assert_eq!(machine["id"], "3d8d9014b32e68");
    let events = ask(&simulator, &format!("{ONE}/events?limit=2")).await.json();
    assert_eq!(events.as_array().unwrap().len(), 2);
    let versions = ask(&simulator, &format!("{ONE}/versions")).await.json();
    assert_eq!(versions[0]["version"], machine["instance_id"]);
    let processes = ask(&simulator, &format!("{ONE}/ps")).await.json();
    assert_eq!(processes[0]["listen_sockets"][0]["address"], "[::]:8080");
    let metadata = ask(&simulator, &format!("{ONE}/metadata")).await.json();
    assert_eq!(metadata["fly_platform_version"], "v2");
    let lease = ask(&simulator, &format!("{ONE}/lease")).await;
    assert_eq!(lease.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_machine_that_autostop_stopped_tells_so_in_its_exit_event() {
    let simulator = paused("calm").await;
    let machine = ask(&simulator, "/v1/apps/night-owl/machines/9080e5f6a41d87").await.json();
    assert_eq!(machine["state"], "stopped");
    assert_eq!(machine["config"]["services"][0]["autostop"], "stop");
    let exit = &machine["events"][0];
    assert_eq!(exit["request"]["exit_event"]["requested_stop"], true);
    assert_eq!(machine["events"][1]["source"], "proxy");
}

#[tokio::test]
async fn an_organization_lists_its_machines_by_their_last_change() {
    let simulator = paused("calm").await;
    let path = "/v1/orgs/harbor-works/machines";
    let all = ask(&simulator, path).await.json();
    assert_eq!(all["error_regions"], json!([]));
    let machines = all["machines"].as_array().unwrap();
    assert_eq!(machines.len(), 7);
    let times: Vec<&str> = machines.iter().map(|one| one["updated_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let after = format!("{path}?updated_after={}", times[5]);
    assert_eq!(ask(&simulator, &after).await.json()["machines"].as_array().unwrap().len(), 1);
    let page = ask(&simulator, &format!("{path}?limit=5")).await.json();
    let rest = format!("{path}?limit=5&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = ask(&simulator, &rest).await.json();
    assert_eq!(rest["machines"].as_array().unwrap().len(), 2);
    assert_eq!(rest["next_cursor"], "");
}

#[tokio::test]
async fn apps_are_listed_by_organization_and_told_one_by_one() {
    let simulator = paused("calm").await;
    let all = ask(&simulator, "/v1/apps?org_slug=harbor-works").await.json();
    assert_eq!(all["total_apps"], 4);
    assert_eq!(all["apps"][0]["machine_count"], 6);
    let one = ask(&simulator, "/v1/apps/lighthouse-archive").await.json();
    assert_eq!(one["status"], "suspended");
    assert_eq!(one["organization"], json!({"name": "Harbor Works", "slug": "harbor-works"}));
    assert_eq!(ask(&simulator, "/v1/apps").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_bad_token_is_refused_in_the_words_of_the_real_api() {
    let simulator = paused("calm").await;
    let answer = get(&format!("{}{ONE}", simulator.machines_url()), "Bearer nonsense").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json(), json!({"error": "Authenticate: token validation error"}));
    assert!(!answer.header("fly-request-id").is_empty());
}

#[tokio::test]
async fn an_unknown_app_is_told_in_plain_text() {
    let simulator = paused("calm").await;
    let answer = ask(&simulator, "/v1/apps/nobody/machines").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.header("content-type").starts_with("text/plain"));
    assert!(!answer.header("fly-request-id").is_empty());
}

#[tokio::test]
async fn an_app_of_another_organization_is_forbidden() {
    let simulator = paused("calm").await;
    let url = format!("{}{ONE}", simulator.machines_url());
    assert_eq!(get(&url, &other_org()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&url, &app_scoped()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_tells_its_scope_and_regions_are_told() {
    let simulator = paused("calm").await;
    let url = format!("{}/v1/tokens/current", simulator.machines_url());
    let token = get(&url, &app_scoped()).await.json();
    assert_eq!(token["tokens"][0]["apps"], json!(["tidewater-api"]));
    assert_eq!(token["tokens"][0]["user"], Value::Null);
    let regions = ask(&simulator, "/v1/platform/regions").await.json();
    assert_eq!(regions["nearest"], "ams");
}

#[tokio::test]
async fn beyond_the_burst_the_answer_is_429_with_a_time_to_wait() {
    let simulator = start("calm", true).await;
    let path = "/v1/apps/tidewater-api/machines";
    let mut last = ask(&simulator, path).await;
    for _ in 0..20 {
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        last = ask(&simulator, path).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.header("retry-after"), "1");
    assert_eq!(ask(&simulator, "/v1/apps/night-owl/machines").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_lease_and_an_unreachable_host_are_told() {
    let story = Story::parse(
        r#"
name = "trouble"
title = "A lease and a lost host"
about = "For this test."
start = "2021-09-22T20:00:00Z"
worlds = ["quiet"]

[[facts]]
at = "2021-09-22T20:00:01Z"
origin = "invented"
change = "lease-taken"
app = "tidewater-api"
machine = "3d8d9014b32e68"
lease = { owner = "mara@harbor-works.example", expires_at = "2021-09-22T20:00:14Z" }

[[facts]]
at = "2021-09-22T20:00:01Z"
origin = "invented"
change = "machine-changed"
app = "tidewater-api"
machine = "3d8d9014b32e68"
set = { host_status = "unreachable" }
"#,
    )
    .unwrap();
    let options = Options { story, paused: true, rate_limits: false, ..Options::default() };
    let simulator = Simulator::start(options).await.unwrap();
    assert_eq!(simulator.step().unwrap().applied.len(), 2);
    let lease = ask(&simulator, &format!("{ONE}/lease")).await.json();
    assert_eq!(lease["data"]["owner"], "mara@harbor-works.example");
    assert_eq!(lease["data"]["expires_at"], 1_632_340_814);
    let machine = ask(&simulator, ONE).await.json();
    assert_eq!(machine["host_status"], "unreachable");
    assert_eq!(machine["config"], Value::Null);
    assert_eq!(machine["incomplete_config"]["services"][0]["internal_port"], 8080);
    simulator.jump(StoryTime::parse("2021-09-22T20:00:15Z").unwrap());
    let over = ask(&simulator, &format!("{ONE}/lease")).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_started_machine_listens_where_its_services_expect_it_unless_the_story_says_otherwise() {
    let story = Story::parse(
        r#"
name = "sockets"
title = "A machine that listens on loopback from the second step on"
about = "For this test."
start = "2021-09-22T20:00:00Z"
worlds = ["quiet"]

[[facts]]
at = "2021-09-22T20:00:01Z"
origin = "invented"
change = "machine-created"
app = "night-owl"

[facts.machine]
id = "4d891ddc6d7e08"
name = "new-lantern-1"
group = "app"
state = "started"
region = "arn"
instance_id = "01FG0084D891DDC6D7E08KQ8RX"
private_ip = "fdaa:0:1:a7b:4d89:1ddc:6d7e:2"
release = 8
created_at = "2021-09-22T20:00:01Z"

[[facts]]
at = "2021-09-22T20:00:02Z"
origin = "invented"
change = "machine-changed"
app = "night-owl"
machine = "4d891ddc6d7e08"
set = { processes = [{ command = "node server.js", listen_sockets = [{ address = "127.0.0.1:3000" }] }] }
"#,
    )
    .unwrap();
    let options = Options { story, paused: true, rate_limits: false, ..Options::default() };
    let simulator = Simulator::start(options).await.unwrap();
    let path = "/v1/apps/night-owl/machines/4d891ddc6d7e08/ps";
    simulator.step().unwrap();
    let sockets = &ask(&simulator, path).await.json()[0]["listen_sockets"];
    assert_eq!(*sockets, json!([{"proto": "tcp", "address": "0.0.0.0:8080"}]));
    simulator.step().unwrap();
    let process = ask(&simulator, path).await.json()[0].clone();
    assert_eq!(process["command"], "node server.js");
    assert_eq!(process["listen_sockets"], json!([{"proto": "tcp", "address": "127.0.0.1:3000"}]));
}

#[tokio::test]
async fn the_environment_of_a_machine_is_text_whatever_its_story_writes() {
    let quiet = include_str!("../../stories/worlds/quiet.toml").replace("PORT = \"8080\"", "PORT = 8080");
    assert!(quiet.contains("PORT = 8080"));
    let world =
        quiet.replace("[[organizations]]", "[[world.organizations]]").replace("[[users]]", "[[world.users]]");
    let world = world.replace("[[apps", "[[world.apps").replace("[apps.", "[world.apps.");
    let head = "name = \"n\"\ntitle = \"t\"\nabout = \"a\"\nstart = \"2021-09-22T20:00:00Z\"\n";
    let story = Story::parse(&format!("{head}{world}")).unwrap();
    let options = Options { story, paused: true, rate_limits: false, ..Options::default() };
    let simulator = Simulator::start(options).await.unwrap();
    assert_eq!(ask(&simulator, ONE).await.json()["config"]["env"]["PORT"], "8080");
}
