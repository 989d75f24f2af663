//! Releases, the reason of a failed one, and deployments of the Nomad era.

use crate::samples::{allocation, machines_app, nomad_app, release, with};
use crate::support::{app, client, count, graphql_data, graphql_says, machines_say, ok, token};
use fly::{DeploymentKey, Fetched, FlyError, Where};
use model::state::DeploymentState;
use model::{AppFacts, ReleaseVersion};
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, body_string_contains, method};
use wiremock::{Mock, MockServer};

const V14: ReleaseVersion = ReleaseVersion(14);

async fn answer(server: &MockServer, query: &str, variables: Value, data: Value) {
    Mock::given(method("POST"))
        .and(body_string_contains(query))
        .and(body_partial_json(json!({ "variables": variables })))
        .respond_with(ok(&json!({ "data": data })))
        .mount(server)
        .await;
}

async fn facts(server: &MockServer) -> Fetched<AppFacts> {
    client(&server.uri()).app_facts(&token(), &app()).await.unwrap()
}

fn page(nodes: &Value, info: &Value) -> Value {
    json!({"app": {"releasesUnprocessed": {"nodes": nodes, "pageInfo": info}}})
}

#[tokio::test]
async fn releases_are_read_page_by_page_in_both_directions() {
    let server = MockServer::start().await;
    let first = page(
        &json!([release(14, "failed", "ROLLING"), release(13, "complete", "ROLLING")]),
        &json!({"hasNextPage": true, "endCursor": "c13", "hasPreviousPage": false, "startCursor": "c14"}),
    );
    let second = page(
        &json!([release(12, "complete", "ROLLING")]),
        &json!({"hasNextPage": false, "endCursor": "c12", "hasPreviousPage": true, "startCursor": "c12"}),
    );
    answer(&server, "ReleasesQuery", json!({"first": 2, "after": null, "last": null}), first.clone()).await;
    answer(&server, "ReleasesQuery", json!({"first": 2, "after": "c13"}), second).await;
    answer(
        &server,
        "ReleasesQuery",
        json!({"last": 2, "before": "c12", "first": null, "after": null}),
        first,
    )
    .await;
    let client = client(&server.uri());
    let ask = async |at| client.releases(&token(), &app(), at, 2).await.unwrap().value;
    let newest = ask(Where::Newest).await;
    assert_eq!(newest.releases.iter().map(|one| one.version.0).collect::<Vec<_>>(), [14, 13]);
    assert_eq!(newest.newer, None);
    let older = ask(Where::OlderThan(newest.older.unwrap())).await;
    assert_eq!((older.releases[0].version.0, older.older), (12, None));
    let newer = ask(Where::NewerThan(older.newer.unwrap())).await;
    assert_eq!(newer.releases[0].version, V14);
}

#[tokio::test]
async fn releases_that_cannot_be_read_are_counted_and_no_list_is_malformed() {
    let nodes = json!([release(14, "failed", "ROLLING"), {"version": 13}, 7, null]);
    let server = graphql_data(page(&nodes, &json!(null))).await;
    let fetched = client(&server.uri()).releases(&token(), &app(), Where::Newest, 25).await.unwrap();
    assert_eq!((fetched.value.releases.len(), fetched.value.older), (1, None));
    assert_eq!(fetched.missing, ["2 releases that could not be read"]);
    for (data, malformed) in
        [(json!({"app": {"releasesUnprocessed": 7}}), true), (json!({"app": null}), false)]
    {
        let server = graphql_data(data).await;
        let error = client(&server.uri()).releases(&token(), &app(), Where::Newest, 25).await.unwrap_err();
        assert_eq!(matches!(error, FlyError::Malformed { .. }), malformed, "{error:?}");
    }
}

#[tokio::test]
async fn a_page_of_releases_is_never_asked_larger_than_a_hundred() {
    let server = graphql_data(page(&json!([]), &json!({}))).await;
    for count in [0, 1_000] {
        let asked = client(&server.uri()).releases(&token(), &app(), Where::Newest, count).await.unwrap();
        assert!(asked.value.releases.is_empty());
    }
    let asked: Vec<Value> =
        server.received_requests().await.unwrap().iter().map(|one| one.body_json().unwrap()).collect();
    assert_eq!((&asked[0]["variables"]["first"], &asked[1]["variables"]["first"]), (&json!(1), &json!(100)));
}

#[tokio::test]
async fn one_release_tells_why_it_failed() {
    let mut failed = release(14, "failed", "ROLLING");
    failed["metadata"] =
        json!({"post_deployment_info": {"flyctl_version": "0.3.197", "error": "no capacity"}});
    let server = graphql_data(json!({"app": {"release": failed}})).await;
    let known = client(&server.uri()).release(&token(), &app(), V14).await.unwrap();
    assert_eq!(known.failure.unwrap().error, "no capacity");
    let server = graphql_data(json!({"app": {"release": null}})).await;
    let error = client(&server.uri()).release(&token(), &app(), V14).await.unwrap_err();
    assert!(matches!(error, FlyError::NotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn a_release_that_cannot_be_read_is_malformed() {
    for odd in [json!("x"), json!({"version": -1, "createdAt": "2026-11-01T10:00:00Z", "status": "failed"})] {
        let server = graphql_data(json!({"app": {"release": odd}})).await;
        let error = client(&server.uri()).release(&token(), &app(), V14).await.unwrap_err();
        assert!(matches!(error, FlyError::Malformed { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn the_reason_of_the_newest_release_costs_no_request_of_its_own() {
    let server = graphql_data(json!({"app": nomad_app()})).await;
    let value = facts(&server).await.value;
    assert_eq!(value.releases[0].failure.as_ref().unwrap().error, "failed due to unhealthy allocations");
    assert_eq!(value.releases[1].failure, None);
    assert_eq!(count(&server, "/graphql").await, 1);
}

#[tokio::test]
async fn a_reason_that_the_current_release_does_not_tell_is_asked_for_once() {
    for current in [json!(null), json!({"version": 13, "metadata": null}), json!(7)] {
        let server = MockServer::start().await;
        let app = with(nomad_app(), &json!({ "currentRelease": current }));
        answer(&server, "AppQuery", json!({}), json!({ "app": app })).await;
        let mut failed = release(14, "failed", "CANARY");
        failed["metadata"] = json!({"post_deployment_info": "{\"error\":\"canary is unhealthy\"}"});
        answer(&server, "ReleaseQuery", json!({"version": 14}), json!({"app": {"release": failed}})).await;
        let Fetched { value, missing, .. } = facts(&server).await;
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(value.releases[0].failure.as_ref().unwrap().error, "canary is unhealthy");
        assert_eq!(count(&server, "/graphql").await, 2);
    }
}

#[tokio::test]
async fn a_release_that_did_not_fail_is_never_asked_for_its_reason() {
    let server = graphql_data(json!({"app": with(machines_app(), &json!({"currentRelease": null}))})).await;
    machines_say(&server, "/v1/apps/harbor-web/machines", ok(&json!([]))).await;
    assert_eq!(facts(&server).await.value.releases[0].failure, None);
    assert_eq!(count(&server, "/graphql").await, 1);
}

#[tokio::test]
async fn a_reason_that_fails_is_named_and_costs_nothing_else() {
    let denied = json!({
        "data": {"app": with(nomad_app(), &json!({"currentRelease": null}))},
        "errors": [{"message": "not for this token", "path": ["app", "currentRelease", "metadata"]}]
    });
    let server = graphql_says(ok(&denied)).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert_eq!(missing, ["reason why v14 failed"]);
    assert_eq!((value.releases.len(), value.releases[0].failure.clone()), (2, None));
    assert_eq!(count(&server, "/graphql").await, 1);
}

fn deployment(version: i32) -> Value {
    json!({"id": "d2f306ae-803b-fa48-d2f1-7d56a16de9ff", "version": version, "status": "running",
        "description": "Deployment is running", "inProgress": true, "successful": false, "promoted": false,
        "desiredCount": 2, "placedCount": 1, "healthyCount": 0, "unhealthyCount": 0})
}

#[tokio::test]
async fn a_deployment_is_found_by_its_evaluation_its_id_or_both() {
    let evaluation = || "9e9fe9c3".to_owned();
    let id = || "d2f306ae".to_owned();
    for (key, variables) in [
        (DeploymentKey::Latest, json!({"id": null, "evaluationId": null})),
        (DeploymentKey::Id(id()), json!({"id": "d2f306ae", "evaluationId": null})),
        (DeploymentKey::Evaluation(evaluation()), json!({"id": null, "evaluationId": "9e9fe9c3"})),
        (
            DeploymentKey::Both { id: id(), evaluation: evaluation() },
            json!({"id": "d2f306ae", "evaluationId": "9e9fe9c3"}),
        ),
    ] {
        let server = MockServer::start().await;
        answer(&server, "DeploymentQuery", variables, json!({"app": {"deploymentStatus": deployment(14)}}))
            .await;
        let found = client(&server.uri()).deployment(&token(), &app(), &key).await.unwrap().unwrap();
        assert_eq!(found.id.as_deref(), Some("d2f306ae-803b-fa48-d2f1-7d56a16de9ff"));
        assert_eq!((found.status.version, found.in_progress), (V14, Some(true)));
    }
}

#[tokio::test]
async fn an_app_without_a_deployment_status_is_an_answer_and_a_failed_one_an_error() {
    let ask = async |answer: Value| {
        let server = graphql_says(ok(&answer)).await;
        client(&server.uri()).deployment(&token(), &app(), &DeploymentKey::Latest).await
    };
    assert_eq!(ask(json!({"data": {"app": {"deploymentStatus": null}}})).await, Ok(None));
    let failed = json!({"data": {"app": {"deploymentStatus": null}},
        "errors": [{"message": "nomad is gone", "path": ["app", "deploymentStatus"]}]});
    assert!(matches!(ask(failed).await, Err(FlyError::Rejected { .. })));
    assert!(matches!(ask(json!({"data": {"app": null}})).await, Err(FlyError::NotFound { .. })));
    for odd in [json!(7), json!({"status": "running"})] {
        let answer = json!({"data": {"app": {"deploymentStatus": odd}}});
        assert!(matches!(ask(answer).await, Err(FlyError::Malformed { .. })));
    }
}

fn of_an_evaluation() -> Value {
    let mut newest = release(14, "running", "CANARY");
    newest["evaluationId"] = json!("9e9fe9c3");
    let mut older = release(13, "complete", "CANARY");
    older["evaluationId"] = json!("0ld");
    with(nomad_app(), &json!({"deploymentStatus": null, "releasesUnprocessed": {"nodes": [older, newest]}}))
}

#[tokio::test]
async fn the_chain_leads_from_the_newest_release_over_its_evaluation_to_the_deployment() {
    let server = MockServer::start().await;
    answer(&server, "AppQuery", json!({}), json!({"app": of_an_evaluation()})).await;
    answer(
        &server,
        "DeploymentQuery",
        json!({"evaluationId": "9e9fe9c3", "id": null}),
        json!({"app": {"deploymentStatus": deployment(14)}}),
    )
    .await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.is_empty(), "{missing:?}");
    let found = value.deployment.unwrap();
    assert_eq!((found.version, found.status, found.placed), (V14, DeploymentState::Running, 1));
    assert_eq!(count(&server, "/graphql").await, 2);
}

#[tokio::test]
async fn a_chain_that_breaks_off_is_named_and_one_that_leads_nowhere_is_not() {
    let server = MockServer::start().await;
    answer(&server, "AppQuery", json!({}), json!({"app": of_an_evaluation()})).await;
    assert_eq!(facts(&server).await.missing, ["deployment status"]);
    answer(&server, "DeploymentQuery", json!({}), json!({"app": {"deploymentStatus": null}})).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(value.deployment, None);
}

#[tokio::test]
async fn vms_of_the_nomad_era_are_instances_also_when_they_have_ended() {
    let ended = with(allocation(), &json!({"status": "complete", "desiredStatus": "stop"}));
    let connection =
        json!({"nodes": [ended, {"idShort": 7}, null], "pageInfo": {"hasNextPage": true, "endCursor": "x"}});
    let server = graphql_data(json!({"app": {"vms": connection}})).await;
    let Fetched { value, missing, .. } = client(&server.uri()).vms(&token(), &app()).await.unwrap();
    assert_eq!((value.len(), value[0].events.len(), value[0].logs.len()), (1, 2, 0));
    assert_eq!(missing, ["1 VM that could not be read", "VMs after the first 1"]);
}
