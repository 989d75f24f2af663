//! GraphQL as a client meets it.

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};

const WATCH: &str = include_str!("queries/deploy_watch.graphql");
const MACHINES: &str = include_str!("queries/machines.graphql");
const APPS: &str = include_str!("queries/apps.graphql");
const APP: &str = include_str!("queries/app.graphql");
const RELEASES: &str = include_str!("queries/releases.graphql");

async fn ask(simulator: &simulator::Simulator, authorization: &str, query: &str, variables: Value) -> Answer {
    let body = json!({"query": query, "variables": variables});
    send(graphql_request(simulator, authorization, &body)).await
}

#[tokio::test]
async fn every_query_of_a_console_is_answered() {
    let simulator = v14_at("20:25:59").await;
    let name = json!({"name": V14, "version": 14, "first": 5});
    for query in [
        include_str!("queries/viewer.graphql"),
        APPS,
        include_str!("queries/organizations.graphql"),
        APP,
        RELEASES,
        include_str!("queries/release.graphql"),
        include_str!("queries/nomad_status.graphql"),
    ] {
        data(&simulator, query, None, name.clone()).await;
    }
    for operation in ["CurrentEval", "WatchDeployment"] {
        data(&simulator, WATCH, Some(operation), json!({"name": V14, "deploymentId": ""})).await;
    }
    let machines = json!({"appId": "tidewater-api", "name": "tidewater-api"});
    for operation in ["Machines", "AppMachines"] {
        data(&simulator, MACHINES, Some(operation), machines.clone()).await;
    }
}

#[tokio::test]
async fn a_deployment_is_found_by_the_evaluation_of_its_release() {
    let simulator = v14_at("20:25:59").await;
    let release = data(&simulator, WATCH, Some("CurrentEval"), json!({"name": V14})).await;
    let release = &release["app"]["currentRelease"];
    let again = json!({"name": V14, "releaseId": release["id"]});
    let again = data(&simulator, WATCH, Some("ReleaseEval"), again).await;
    assert_eq!(again["app"]["release"]["evaluationId"], release["evaluationId"]);
    let variables = json!({"name": V14, "deploymentId": "", "evaluationId": release["evaluationId"]});
    let found = data(&simulator, WATCH, Some("WatchDeployment"), variables).await;
    let found = &found["app"]["deploymentStatus"];
    assert_eq!(found["status"], "failed");
    let allocation = json!({"name": V14, "allocId": found["allocations"][0]["id"]});
    let allocation = data(&simulator, WATCH, Some("FailedAllocation"), allocation).await;
    assert_eq!(allocation["app"]["allocation"]["idShort"], "e80d7fbd");
    let other = json!({"name": V14, "evaluationId": "another"});
    let other = data(&simulator, WATCH, Some("WatchDeployment"), other).await;
    assert_eq!(other["app"]["deploymentStatus"], Value::Null);
}

#[tokio::test]
async fn an_unknown_app_is_null_with_the_code_not_found_and_status_200() {
    let simulator = paused("calm").await;
    let answer = ask(&simulator, &demo(), APP, json!({"name": "nobody"})).await;
    assert_eq!(answer.status, StatusCode::OK);
    let body = answer.json();
    assert_eq!(body["data"], json!({"app": null}));
    assert_eq!(body["errors"][0]["message"], "Could not find App");
    assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_FOUND");
    assert_eq!(body["errors"][0]["path"], json!(["app"]));
}

#[tokio::test]
async fn an_unknown_node_says_which_identifier_was_not_found() {
    let simulator = paused("calm").await;
    let query = "query($id: ID!) { node(id: $id) { id } }";
    let body = ask(&simulator, &demo(), query, json!({"id": "id_not_found"})).await.json();
    assert_eq!(body["errors"][0]["message"], "Could not find node with id 'id_not_found'");
    let found = data(&simulator, query, None, json!({"id": "3d8d9014b32e68"})).await;
    assert_eq!(found["node"]["id"], "3d8d9014b32e68");
}

#[tokio::test]
async fn a_bad_token_is_answered_401_with_the_code_unauthorized() {
    let simulator = paused("calm").await;
    let answer = ask(&simulator, "Bearer fo1_unknown", APPS, json!({})).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let expected = json!({"errors": [{"message": "Unauthorized", "extensions": {"code": "UNAUTHORIZED"}}]});
    assert_eq!(answer.json(), expected);
    assert!(!answer.header("fly-request-id").is_empty());
}

#[tokio::test]
async fn apps_come_in_pages_and_each_once() {
    let simulator = paused("calm").await;
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = data(&simulator, APPS, None, json!({"first": 2, "after": after})).await;
        let page = &page["apps"];
        assert_eq!(page["totalCount"], 5);
        let nodes = page["nodes"].as_array().unwrap();
        names.extend(nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let expected = ["tidewater-api", "new-venture", "lighthouse-archive", "night-owl", "pier-lights"];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn each_token_sees_what_it_reaches() {
    let simulator = paused("calm").await;
    let names = |answer: Value| -> Vec<String> {
        let nodes = answer["data"]["apps"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = names(ask(&simulator, &demo(), APPS, json!({})).await.json());
    assert!(all.contains(&"pier-lights".to_owned()), "{all:?}");
    let org = names(ask(&simulator, &read_only(), APPS, json!({})).await.json());
    assert!(!org.contains(&"pier-lights".to_owned()), "{org:?}");
    let other = names(ask(&simulator, &other_org(), APPS, json!({})).await.json());
    assert_eq!(other, ["pier-lights"]);
    let hidden = ask(&simulator, &other_org(), APP, json!({"name": "tidewater-api"})).await.json();
    assert_eq!(hidden["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_token_of_one_app_opens_it_but_lists_nothing() {
    let simulator = paused("calm").await;
    let list = ask(&simulator, &app_scoped(), APPS, json!({})).await;
    assert_eq!(list.status, StatusCode::OK);
    assert_eq!(list.json()["errors"][0]["extensions"]["code"], "UNAUTHORIZED");
    let app = ask(&simulator, &app_scoped(), APP, json!({"name": "tidewater-api"})).await.json();
    assert_eq!(app["errors"], Value::Null, "{app}");
    assert_eq!(app["data"]["app"]["organization"]["slug"], "harbor-works");
}

#[tokio::test]
async fn a_viewer_is_a_user_or_a_macaroon() {
    let simulator = paused("calm").await;
    let query = include_str!("queries/viewer.graphql");
    let user = ask(&simulator, &demo(), query, json!({})).await.json();
    assert_eq!(user["data"]["viewer"]["__typename"], "User");
    let macaroon = ask(&simulator, &read_only(), query, json!({})).await.json();
    assert_eq!(macaroon["data"]["viewer"]["__typename"], "Macaroon");
}

#[tokio::test]
async fn an_app_on_machines_has_no_deployment_status() {
    let simulator = paused("calm").await;
    let app = data(&simulator, APP, None, json!({"name": "tidewater-api"})).await;
    let app = &app["app"];
    assert_eq!(app["platformVersion"], "machines");
    assert_eq!(app["deploymentStatus"], Value::Null);
    assert_eq!(app["currentReleaseUnprocessed"]["version"], 42);
    assert_eq!(app["processGroups"][1]["vmSize"]["memoryMb"], 512);
}

#[tokio::test]
async fn last_releases_are_the_oldest_and_first_ones_the_newest() {
    let simulator = paused("calm").await;
    let query = "{ app(name: \"tidewater-api\") {
        first: releases(first: 2) { nodes { version } } last: releases(last: 2) { nodes { version } } } }";
    let app = data(&simulator, query, None, json!({})).await;
    assert_eq!(app["app"]["first"]["nodes"], json!([{"version": 42}, {"version": 41}]));
    assert_eq!(app["app"]["last"]["nodes"], json!([{"version": 37}, {"version": 36}]));
}

#[tokio::test]
async fn a_failed_release_of_an_app_on_machines_says_why_in_its_metadata() {
    let simulator = paused("calm").await;
    let query = include_str!("queries/release.graphql");
    let variables = json!({"name": "tidewater-api", "version": 39});
    let release = data(&simulator, query, None, variables).await;
    let error = &release["app"]["release"]["metadata"]["post_deployment_info"]["error"];
    assert!(error.as_str().unwrap().contains("health checks"), "{release}");
}

#[tokio::test]
async fn an_app_without_releases_and_machines_is_answered() {
    let simulator = paused("calm").await;
    let app = data(&simulator, APP, None, json!({"name": "new-venture"})).await;
    assert_eq!(app["app"]["currentReleaseUnprocessed"], Value::Null);
    assert_eq!(app["app"]["processGroups"], json!([]));
}

#[tokio::test]
async fn a_field_that_does_not_exist_is_refused() {
    let simulator = paused("calm").await;
    let body = ask(&simulator, &demo(), "{ viewer { shoeSize } }", json!({})).await.json();
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("shoeSize"), "{body}");
}

#[tokio::test]
async fn volumes_certificates_secrets_and_their_parts_are_told() {
    let simulator = paused("calm").await;
    let query = include_str!("queries/belongings.graphql");
    let app = &data(&simulator, query, None, json!({"name": "tidewater-api"})).await["app"];
    let volumes = app["volumes"]["nodes"].as_array().unwrap();
    assert_eq!(volumes[0]["attachedMachine"]["name"], "slow-tide-5520");
    assert_eq!((&volumes[0]["usedBytes"], &volumes[0]["sizeGb"]), (&json!("2415919104"), &json!(10)));
    assert_eq!(volumes[1]["attachedMachine"], Value::Null);
    assert_eq!(volumes[0]["snapshots"]["totalCount"], 2);
    let certificates = app["certificates"]["nodes"].as_array().unwrap();
    assert_eq!(certificates[0]["issued"]["nodes"][0]["expiresAt"], "2021-11-28T09:12:44Z");
    assert_eq!(
        (&certificates[1]["isConfigured"], &certificates[1]["isApex"]),
        (&json!(false), &json!(false))
    );
    assert!(certificates[1]["validationErrors"][0]["message"].as_str().unwrap().contains("CNAME"));
    assert_eq!(app["secrets"][0]["name"], "DATABASE_URL");
    assert_eq!(app["ipAddresses"]["totalCount"], 1);
    assert_eq!(app["sharedIpAddress"], "66.241.124.63");
}

#[tokio::test]
async fn vms_tell_the_same_as_allocations_with_counts() {
    let simulator = v14_at("20:25:59").await;
    let query = "query($name: String!) { app(name: $name) { vms(showCompleted: true) {
        totalCount activeCount failedCount nodes { idShort status checks { name status } events { type } } }
        allocations(showCompleted: true) { idShort } } }";
    let app = &data(&simulator, query, None, json!({"name": V14})).await["app"];
    let vms = app["vms"]["nodes"].as_array().unwrap();
    assert_eq!(vms.len(), app["allocations"].as_array().unwrap().len());
    assert_eq!(vms[0]["idShort"], app["allocations"][0]["idShort"]);
    assert_eq!(app["vms"]["totalCount"], json!(vms.len()));
}

#[tokio::test]
async fn an_app_is_found_by_its_number_too() {
    let simulator = paused("calm").await;
    let app =
        data(&simulator, "{ app(internalId: \"188204\") { name internalNumericId } }", None, json!({})).await;
    assert_eq!(app["app"]["name"], "tidewater-api");
}

#[tokio::test]
async fn a_release_has_the_configuration_it_was_made_with_or_else_the_one_of_its_app() {
    let simulator = paused("failed-deploy-v14").await;
    let query = "query($name: String!) { app(name: $name) {
        v12: release(version: 12) { config { definition } } v13: release(version: 13) { config { definition } }
        raw: releasesUnprocessed(first: 1) { nodes { version configDefinition } } } }";
    let app = data(&simulator, query, None, json!({"name": V14})).await["app"].clone();
    let port = |definition: &Value| definition["services"][0]["internal_port"].clone();
    assert_eq!(port(&app["v12"]["config"]["definition"]), 4000);
    assert_eq!(port(&app["v13"]["config"]["definition"]), 8080);
    let newest = &app["raw"]["nodes"][0];
    assert_eq!((&newest["version"], port(&newest["configDefinition"])), (&json!(13), json!(8080)));
}
