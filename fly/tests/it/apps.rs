//! The list of apps.

use crate::support::{client, client_with, count, graphql_data, graphql_says, machines_say, ok, token};
use fly::{Fetched, FlyError, Limits};
use model::AppSummary;
use model::app::InstanceCounts;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

const MACHINES: &str = "/v1/orgs/harbor-works/machines";

fn node(name: &str, era: &str) -> Value {
    json!({
        "name": name, "status": "deployed", "platformVersion": era,
        "organization": {"slug": "harbor-works", "name": "Harbor Works"},
        "currentReleaseUnprocessed": {"version": 3, "status": "complete", "createdAt": "2026-11-01T10:00:00Z",
            "user": {"name": "Jo", "email": "jo@example.com"}},
        "deploymentStatus": null
    })
}

fn page(nodes: &Value, next: Option<&str>) -> Value {
    json!({"apps": {"nodes": nodes, "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next}}})
}

fn machine(app: &str, state: &str, region: &str) -> Value {
    json!({"app_name": app, "id": "73d8d46dbee589", "state": state, "region": region, "config": {"metadata": {}}})
}

async fn apps(server: &MockServer) -> Fetched<Vec<AppSummary>> {
    client(&server.uri()).apps(&token()).await.unwrap()
}

fn counts(fetched: &Fetched<Vec<AppSummary>>) -> Vec<(&str, Option<(u32, u32)>)> {
    let pair = |counts: InstanceCounts| (counts.total, counts.up);
    fetched.value.iter().map(|app| (app.name.as_str(), app.instances.map(pair))).collect()
}

#[tokio::test]
async fn machines_are_counted_by_app_with_one_request_for_the_organization() {
    let server = graphql_data(page(
        &json!([node("web", "machines"), node("api", "machines"), node("new", "machines")]),
        None,
    ))
    .await;
    let list = json!({"machines": [
        machine("web", "started", "sjc"), machine("web", "stopped", "ams"), machine("web", "destroyed", "cdg"),
        machine("api", "started", "ams"), machine("api", "started", "ams"),
        {"app_name": "api", "state": "started", "region": "lhr", "config": {"metadata": {"fly_process_group": "fly_app_console"}}}
    ], "next_cursor": ""});
    machines_say(&server, MACHINES, ok(&list)).await;
    let fetched = apps(&server).await;
    assert_eq!(counts(&fetched), [("api", Some((2, 2))), ("new", Some((0, 0))), ("web", Some((2, 1)))]);
    assert!(fetched.missing.is_empty(), "{:?}", fetched.missing);
    let regions: Vec<&str> = fetched.value[2].regions.iter().map(model::RegionCode::as_str).collect();
    assert_eq!(regions, ["ams", "sjc"]);
    assert_eq!(fetched.value[0].last_release.as_ref().unwrap().user.as_deref(), Some("Jo"));
    assert_eq!(count(&server, MACHINES).await, 1);
    let asked = server.received_requests().await.unwrap();
    assert_eq!(
        asked.iter().find(|request| request.url.path() == MACHINES).unwrap().url.query(),
        Some("limit=1000")
    );
}

#[tokio::test]
async fn what_a_machine_is_worth_follows_from_its_state() {
    let server = graphql_data(page(&json!([node("web", "machines")]), None)).await;
    let states = ["started", "stopped", "suspended", "failed", "starting", "created", "odd"];
    let machines: Vec<Value> = states.iter().map(|state| machine("web", state, "sjc")).collect();
    machines_say(&server, MACHINES, ok(&json!({"machines": machines}))).await;
    let counts = apps(&server).await.value[0].instances;
    assert_eq!(counts, Some(InstanceCounts { total: 7, up: 1, unhealthy: 1, pending: 3 }));
}

#[tokio::test]
async fn one_machine_that_cannot_be_read_is_one_machine() {
    let server = graphql_data(page(&json!([node("web", "machines")]), None)).await;
    let list = json!({"machines": [machine("web", "started", "sjc"), {"app_name": 7}]});
    machines_say(&server, MACHINES, ok(&list)).await;
    assert_eq!(apps(&server).await.missing, ["1 machine of harbor-works that could not be read"]);
}

#[tokio::test]
async fn all_pages_of_both_lists_are_read() {
    let server = MockServer::start().await;
    let after = |cursor: Value| body_partial_json(json!({"variables": {"after": cursor}}));
    let first = ok(&json!({"data": page(&json!([node("web", "machines")]), Some("c1"))}));
    let second = ok(&json!({"data": page(&json!([node("api", "machines")]), None)}));
    Mock::given(method("POST")).and(after(json!(null))).respond_with(first).mount(&server).await;
    Mock::given(method("POST")).and(after(json!("c1"))).respond_with(second).mount(&server).await;
    let first = ok(&json!({"machines": [machine("web", "started", "sjc")], "next_cursor": "m 1&x"}));
    let second = ok(&json!({"machines": [machine("web", "started", "sjc")]}));
    Mock::given(path(MACHINES))
        .and(query_param_is_missing("cursor"))
        .respond_with(first)
        .mount(&server)
        .await;
    Mock::given(path(MACHINES)).and(query_param("cursor", "m 1&x")).respond_with(second).mount(&server).await;
    assert_eq!(counts(&apps(&server).await), [("api", Some((0, 0))), ("web", Some((2, 2)))]);
}

#[tokio::test]
async fn a_list_that_never_ends_is_left_and_said_to_be_cut() {
    let server = graphql_data(page(&json!([node("web", "nomad")]), Some("again"))).await;
    let fetched = apps(&server).await;
    assert_eq!(fetched.missing, ["apps after the first 2"]);
    assert_eq!(fetched.value.len(), 1);
}

#[tokio::test]
async fn machines_whose_list_never_ends_are_not_counted_at_all() {
    let server = graphql_data(page(&json!([node("web", "machines")]), None)).await;
    machines_say(&server, MACHINES, ok(&json!({"machines": [], "next_cursor": "again"}))).await;
    let fetched = apps(&server).await;
    assert_eq!(counts(&fetched), [("web", None)]);
    assert_eq!(fetched.missing, ["machines of harbor-works"]);
}

#[tokio::test]
async fn an_organization_whose_machines_do_not_come_is_named_and_its_apps_have_no_counts() {
    let server = graphql_data(page(&json!([node("web", "machines")]), None)).await;
    machines_say(&server, MACHINES, ResponseTemplate::new(403)).await;
    let fetched = apps(&server).await;
    assert_eq!(counts(&fetched), [("web", None)]);
    assert_eq!(fetched.missing, ["machines of harbor-works"]);
}

#[tokio::test]
async fn regions_that_do_not_answer_are_named_and_none_seen_is_not_taken_for_none() {
    let server = graphql_data(page(&json!([node("web", "machines"), node("api", "machines")]), None)).await;
    let list = json!({"machines": [machine("web", "started", "sjc")], "error_regions": ["lhr", "ams"]});
    machines_say(&server, MACHINES, ok(&list)).await;
    let fetched = apps(&server).await;
    assert_eq!(counts(&fetched), [("api", None), ("web", Some((1, 1)))]);
    assert_eq!(fetched.missing, ["machines of harbor-works in ams, lhr"]);
}

#[tokio::test]
async fn an_app_of_the_nomad_era_is_counted_by_its_deployment_status() {
    let mut failed = node("old", "nomad");
    failed["deploymentStatus"] = json!({"status": "failed", "placedCount": 3, "unhealthyCount": 1});
    let server = graphql_data(page(&json!([failed, node("older", "nomad")]), None)).await;
    let fetched = apps(&server).await;
    assert_eq!(
        fetched.value[0].instances,
        Some(InstanceCounts { total: 3, up: 2, unhealthy: 1, pending: 0 })
    );
    assert_eq!(fetched.value[0].deployment.as_ref().unwrap().as_str(), "failed");
    assert_eq!(fetched.value[1].instances, None);
    assert_eq!(count(&server, MACHINES).await, 0);
}

#[tokio::test]
async fn an_error_that_is_not_about_access_is_a_failure_and_no_denial() {
    let said = json!({"data": null, "errors": [{"message": "A single error happened"}]});
    let error = client(&graphql_says(ok(&said)).await.uri()).apps(&token()).await.unwrap_err();
    assert!(!error.is_list_denied(), "{error:?}");
    assert_eq!(error.person(), "Fly says: A single error happened.");
}

#[tokio::test]
async fn a_token_for_one_app_is_told_to_open_the_app_by_its_name() {
    let said =
        json!({"data": null, "errors": [{"message": "Not authorized to list apps", "path": ["apps"]}]});
    for answer in [ok(&said), ResponseTemplate::new(403), ResponseTemplate::new(400).set_body_json(&said)] {
        let server = graphql_says(answer).await;
        let error = client(&server.uri()).apps(&token()).await.unwrap_err();
        assert!(matches!(error, FlyError::ListDenied(_)), "{error:?}");
        assert!(error.person().ends_with("open the app by its name."), "{}", error.person());
    }
}

#[tokio::test]
async fn an_app_that_cannot_be_read_and_a_field_that_failed_are_named() {
    let mut partial = node("old", "nomad");
    partial["currentReleaseUnprocessed"] = json!(null);
    let nodes = json!([node("../x", "nomad"), null, partial, node("web", "machines")]);
    let answer = json!({"data": page(&nodes, None), "errors": [
        {"message": "x", "path": ["apps", "nodes", 2, "deploymentStatus"]},
        {"message": "x", "path": ["apps", "nodes", 2, "currentReleaseUnprocessed", "status"]},
        {"message": "x", "path": ["apps", "nodes", 3, "deploymentStatus"]}
    ]});
    let server = graphql_says(ok(&answer)).await;
    machines_say(&server, MACHINES, ok(&json!({"machines": []}))).await;
    let fetched = apps(&server).await;
    assert_eq!(fetched.value.len(), 2);
    assert_eq!(
        fetched.missing,
        ["deployment status of old", "last release of old", "1 app that could not be read"]
    );
}

#[tokio::test]
async fn a_thousand_machines_fit_into_the_usual_limit() {
    let server = graphql_data(page(&json!([node("web", "machines")]), None)).await;
    let many: Vec<Value> = (0..1_000).map(|_| machine("web", "started", "sjc")).collect();
    machines_say(&server, MACHINES, ok(&json!({ "machines": many }))).await;
    let fetched = client_with(&server.uri(), Limits::default()).apps(&token()).await.unwrap();
    assert_eq!(counts(&fetched), [("web", Some((1_000, 1_000)))]);
}

#[tokio::test]
async fn the_machines_of_an_organization_are_asked_for_while_the_next_page_of_apps_is_on_its_way() {
    let server = MockServer::start().await;
    let after = |cursor: Value| body_partial_json(json!({"variables": {"after": cursor}}));
    let first = ok(&json!({"data": page(&json!([node("web", "machines")]), Some("c1"))}));
    // A page that never comes: only its neighbor's machines can be asked for by then.
    let second =
        ok(&json!({"data": page(&json!([]), None)})).set_delay(std::time::Duration::from_secs(3_600));
    Mock::given(method("POST")).and(after(json!(null))).respond_with(first).mount(&server).await;
    Mock::given(method("POST")).and(after(json!("c1"))).respond_with(second).mount(&server).await;
    let asked = std::sync::Arc::new(tokio::sync::Notify::new());
    let told = asked.clone();
    let machines = move |_: &wiremock::Request| {
        told.notify_one();
        ok(&json!({"machines": []}))
    };
    Mock::given(path(MACHINES)).respond_with(machines).mount(&server).await;
    let list = client(&server.uri());
    let token = token();
    tokio::select! {
        _ = list.apps(&token) => panic!("the list came without its second page"),
        () = asked.notified() => {}
    }
}
