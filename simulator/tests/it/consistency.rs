//! At every step of every story the APIs agree with one another and say only what Fly could say.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::*;
use serde_json::{Value, json};
use simulator::{Simulator, Story};

/// The states of Fly's documentation, written down again: the checker must not share the list with
/// the checked.
const STATES: [&str; 17] = [
    "created",
    "started",
    "stopped",
    "suspended",
    "failed",
    "creating",
    "starting",
    "stopping",
    "restarting",
    "suspending",
    "destroying",
    "launch_failed",
    "updating",
    "replacing",
    "destroyed",
    "replaced",
    "migrated",
];

const APP: &str = "query($name: String) { app(name: $name) {
    releases(first: 50) { nodes { version status inProgress } }
    machines { nodes { id state } } } }";

fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().filter_map(|one| one[key].as_str()).collect()
}

/// The names of the checks that a configuration has.
fn configured(config: &Value) -> BTreeSet<String> {
    let services = config["services"].as_array().into_iter().flatten();
    let checks = services.flat_map(|service| service["checks"].as_array().into_iter().flatten());
    let named = checks.enumerate().map(|(index, check)| {
        format!("servicecheck-{index:02}-{}-{}", check["type"].as_str().unwrap(), check["port"])
    });
    named.chain(config["checks"].as_object().into_iter().flatten().map(|(name, _)| name.clone())).collect()
}

fn look_at_machine(machine: &Value, releases: &BTreeSet<String>, at: &str) {
    let state = machine["state"].as_str().unwrap();
    assert!(STATES.contains(&state), "{at}: {state}");
    let reachable = machine["host_status"] == "ok";
    assert_eq!(machine["config"].is_null(), !reachable, "{at}");
    let config = if reachable { &machine["config"] } else { &machine["incomplete_config"] };
    let runs = config["metadata"]["fly_release_version"].as_str();
    assert!(runs.is_some_and(|version| releases.contains(version)), "{at}: runs {runs:?} of {releases:?}");
    let known = configured(config);
    for name in texts(&machine["checks"], "name") {
        assert!(known.contains(name), "{at}: the check {name} is not configured: {known:?}");
    }
    let events = machine["events"].as_array().unwrap();
    assert!(!events.is_empty(), "{at}: a machine without events");
    let times: Vec<i64> = events.iter().map(|event| event["timestamp"].as_i64().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{at}: events are not newest first");
    for exit in events.iter().filter(|event| event["type"] == "exit") {
        assert!(exit["request"]["exit_event"]["exit_code"].is_i64(), "{at}: {exit}");
        assert!(exit["request"]["restart_count"].is_i64(), "{at}: {exit}");
    }
}

async fn look(simulator: &Simulator, app: &str, at: &str) {
    let seen = data(simulator, APP, None, json!({"name": app})).await["app"].take();
    let releases = seen["releases"]["nodes"].as_array().unwrap();
    let versions: BTreeSet<String> = releases.iter().map(|one| one["version"].to_string()).collect();
    for release in releases {
        let status = release["status"].as_str().unwrap();
        assert_eq!(release["inProgress"], matches!(status, "pending" | "running"), "{at}: {release}");
    }
    let url = format!("{}/v1/apps/{app}/machines?include_deleted=true", simulator.machines_url());
    let machines = get(&url, &demo()).await.json();
    let states = |list: &Value| -> BTreeMap<String, String> {
        let ids = texts(list, "id").into_iter().map(str::to_owned);
        ids.zip(texts(list, "state").into_iter().map(str::to_owned)).collect()
    };
    assert_eq!(states(&machines), states(&seen["machines"]["nodes"]), "{at}: two APIs, two answers");
    for machine in machines.as_array().unwrap() {
        look_at_machine(machine, &versions, &format!("{at}, machine {}", machine["id"]));
    }
}

#[tokio::test]
async fn at_each_step_of_each_story_the_apis_agree_and_say_only_what_fly_could() {
    for name in Story::names().into_iter().filter(|name| !name.contains("fleet")) {
        let story = Story::embedded(name).unwrap();
        let apps: BTreeSet<&str> = story.facts.iter().map(|fact| fact.change.app()).collect();
        let simulator = paused(name).await;
        let mut steps = 0;
        loop {
            let at = format!("{name}, step {steps}");
            for app in &apps {
                look(&simulator, app, &at).await;
            }
            if simulator.step().is_none() {
                break;
            }
            steps += 1;
        }
        assert!(steps > 0 || story.facts.is_empty(), "{name} has no steps");
    }
}

#[tokio::test]
async fn what_listens_is_told_of_started_machines_only() {
    let simulator = paused("wrong-port").await;
    let url = format!("{}/v1/apps/crooked-pier/machines/e784079b449483", simulator.machines_url());
    let mut refused = 0;
    while simulator.step().is_some() {
        let state = get(&url, &demo()).await.json()["state"].as_str().unwrap().to_owned();
        let processes = get(&format!("{url}/ps"), &demo()).await;
        assert_eq!(processes.status == 200, state == "started", "{state}: {}", processes.text);
        refused += usize::from(processes.status != 200);
    }
    assert!(refused > 0);
    let text = get(&format!("{url}/ps"), &demo()).await.text;
    assert!(text.contains("[::]:3000") && !text.contains(":8080"), "{text}");
}

#[tokio::test]
async fn a_lease_is_seen_while_flyctl_deploys_and_not_after() {
    let simulator = paused("rolling-deploy").await;
    let url = format!("{}/v1/apps/ember-notes/machines/784e293a441e38/lease", simulator.machines_url());
    let mut seen = vec![get(&url, &demo()).await.status.as_u16()];
    while simulator.step().is_some() {
        seen.push(get(&url, &demo()).await.status.as_u16());
    }
    seen.dedup();
    assert_eq!(seen, [404, 200, 404]);
}

#[tokio::test]
async fn a_line_of_the_proxy_has_its_code_and_a_line_of_the_app_has_none() {
    let simulator = paused("wrong-port").await;
    while simulator.step().is_some() {}
    let url = format!("{}/api/v1/apps/crooked-pier/logs", simulator.api_url());
    let logs = get(&url, &demo()).await.json();
    let lines: Vec<&Value> =
        logs["data"].as_array().unwrap().iter().map(|line| &line["attributes"]["meta"]).collect();
    let codes: BTreeSet<&str> = lines
        .iter()
        .filter(|meta| meta["event"]["provider"] == "proxy")
        .map(|meta| meta["error"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["PC01", "PR04"]);
    let others = lines.iter().filter(|meta| meta["event"]["provider"] != "proxy");
    assert!(others.clone().count() > 5 && others.clone().all(|meta| meta.get("error").is_none()));
}

#[tokio::test]
async fn the_machine_of_a_release_command_is_like_flyctls() {
    let simulator = paused("release-command-fails").await;
    simulator.jump(simulator::StoryTime::parse("2021-09-22T20:00:15Z").unwrap());
    let url = format!("{}/v1/apps/mossy-ledger/machines/d8d7932c5e0478", simulator.machines_url());
    let machine = get(&url, &demo()).await.json();
    let config = &machine["config"];
    assert_eq!(config["auto_destroy"], true);
    assert_eq!(config["metadata"]["fly_process_group"], "fly_app_release_command");
    assert_eq!(config["init"]["cmd"], json!(["./bin/rails", "db:prepare"]));
    assert_eq!(config["guest"]["memory_mb"], 512);
    assert_eq!(machine.get("checks"), None);
}
