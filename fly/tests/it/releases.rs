//! The pages about releases: what they cost, and what is left of them when parts fail.

use crate::samples::{machine, release, with};
use crate::support::{app, client, count, graphql_says, machines_say, ok, token};
use fly::{Fetched, FlyError};
use model::{ReleaseFacts, ReleaseVersion, ReleaseView, ReleasesView};
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, body_string_contains};
use wiremock::{Mock, MockServer, ResponseTemplate};

const MACHINES: &str = "/v1/apps/harbor-web/machines";
const SECRETS: &str = "/v1/apps/harbor-web/secrets";
const WEB: &str = "/api/v1/apps/harbor-web/releases";

fn full(version: i32, port: &str) -> Value {
    with(
        release(version, "failed", "ROLLING"),
        &json!({
            "metadata": {"post_deployment_info": {"flyctl_version": "0.3.197", "error": "no capacity"}},
            "config": {"definition": {"env": {"PORT": port}}},
        }),
    )
}

fn pair() -> Value {
    json!({"platformVersion": "machines", "release": full(14, "8080"), "before": full(13, "4000"),
        "releasesUnprocessed": {"nodes": [release(15, "complete", "ROLLING")]}})
}

/// A server that tells of the app with these errors, and of its machines and secrets.
async fn server(app: Value, errors: Value) -> MockServer {
    let server = graphql_says(ok(&json!({"data": {"app": app}, "errors": errors}))).await;
    let mut running = machine("73d8d46dbee589", "cdg");
    running["config"]["metadata"]["fly_release_version"] = json!("14");
    machines_say(&server, MACHINES, ok(&json!([running, machine("73d8d46dbee590", "cdg")]))).await;
    let secret = json!({"name": "API_KEY", "digest": "x", "created_at": "2021-09-22T20:20:03Z"});
    machines_say(&server, SECRETS, ok(&json!({"secrets": [secret]}))).await;
    server
}

async fn asked(server: &MockServer, version: u32) -> Result<Fetched<ReleaseFacts>, FlyError> {
    client(&server.uri()).release_facts(&token(), &app(), ReleaseVersion(version)).await
}

async fn facts(server: &MockServer) -> Fetched<ReleaseFacts> {
    asked(server, 14).await.unwrap()
}

async fn list(server: &MockServer) -> Result<Fetched<ReleasesView>, FlyError> {
    client(&server.uri()).releases_view(&token(), &app(), None).await
}

async fn without_graphql(listed: &[Value]) -> MockServer {
    let server = graphql_says(ResponseTemplate::new(500)).await;
    machines_say(&server, WEB, ok(&json!({ "releases": listed }))).await;
    machines_say(&server, MACHINES, ok(&json!([]))).await;
    machines_say(&server, SECRETS, ok(&json!({"secrets": []}))).await;
    server
}

fn of_the_web(version: u32, status: &str) -> Value {
    json!({"id": "x", "version": version, "stable": true, "status": status, "strategy": "rolling",
        "user": "jo", "created_at": "2026-05-01T12:00:00Z", "image_ref": format!("registry.fly.io/a:{version}")})
}

#[tokio::test]
async fn a_release_is_told_with_the_one_before_in_three_requests() {
    let server = server(pair(), json!([])).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert_eq!(missing, [""; 0]);
    assert_eq!(value.newest.as_ref().unwrap().version, ReleaseVersion(15));
    assert_eq!(value.config, Some(json!({"env": {"PORT": "8080"}})));
    assert_eq!(value.release.as_ref().unwrap().failure.as_ref().unwrap().error, "no capacity");
    let report = ReleaseView::of(&value).report.unwrap();
    assert_eq!(report.running, "1 instance of web");
    assert_eq!(report.before, Some(ReleaseVersion(13)));
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

#[tokio::test]
async fn the_first_release_asks_for_none_before_it() {
    let server = MockServer::start().await;
    let first = json!({"release": full(1, "8080"), "releasesUnprocessed": {"nodes": []}});
    Mock::given(body_partial_json(json!({"variables": {"version": 1, "compare": false, "config": true}})))
        .and(body_string_contains("ReleaseQuery"))
        .respond_with(ok(&json!({"data": {"app": first}})))
        .mount(&server)
        .await;
    let value = asked(&server, 1).await.unwrap().value;
    assert_eq!((value.before, value.newest), (None, None));
    assert!(value.release.is_some());
}

#[tokio::test]
async fn a_number_without_a_release_is_an_answer_and_asks_nothing_else() {
    let none = json!({"platformVersion": "machines", "release": null, "before": null,
        "releasesUnprocessed": {"nodes": [release(12, "complete", "ROLLING")]}});
    let not_found = json!([{"message": "Could not find Release", "path": ["app", "release"],
        "extensions": {"code": "NOT_FOUND"}}]);
    for errors in [json!([]), not_found] {
        let server = server(none.clone(), errors).await;
        let value = facts(&server).await.value;
        assert_eq!((value.release, value.newest.unwrap().version), (None, ReleaseVersion(12)));
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
    let server = server(json!(null), json!([])).await;
    assert!(matches!(asked(&server, 14).await.unwrap_err(), FlyError::NotFound { .. }), "no app");
    let error = asked(&server, u32::MAX).await.unwrap_err();
    assert!(
        !error.is_access_denied(),
        "a number that cannot be asked for says nothing of the app: {error:?}"
    );
}

#[tokio::test]
async fn a_release_that_failed_to_come_is_an_error_and_never_taken_for_none() {
    let errors =
        json!([{"message": "Timeout", "path": ["app", "release"], "extensions": {"code": "SERVER_ERROR"}}]);
    let server = server(with(pair(), &json!({"release": null})), errors).await;
    assert!(asked(&server, 14).await.is_err());
}

#[tokio::test]
async fn what_failed_of_a_release_is_named() {
    let failed =
        |path: Value| json!([{"message": "Timeout", "path": path, "extensions": {"code": "SERVER_ERROR"}}]);
    let mut bare = full(14, "8080");
    bare["config"] = json!(null);
    for (changes, path, missing) in [
        (
            json!({"release": bare}),
            json!(["app", "release", "config", "definition"]),
            ReleaseFacts::CONFIGURATION,
        ),
        (json!({}), json!(["app", "release", "metadata"]), ReleaseFacts::REASON),
        (json!({"before": null}), json!(["app", "before"]), ReleaseFacts::BEFORE),
        (json!({"releasesUnprocessed": 7}), json!([]), ReleaseFacts::NEWEST),
    ] {
        let server = server(with(pair(), &changes), failed(path)).await;
        let fetched = facts(&server).await;
        assert_eq!(fetched.missing, [missing]);
        assert!(fetched.value.lacks(missing) && fetched.value.release.is_some(), "{missing}");
    }
}

#[tokio::test]
async fn the_newest_release_is_left_out_where_it_takes_the_app_from_the_answer() {
    let server = MockServer::start().await;
    let lost = json!({"data": {"app": null}, "errors": [{"message": "Timeout",
        "path": ["app", "releasesUnprocessed"], "extensions": {"code": "SERVER_ERROR"}}]});
    Mock::given(body_partial_json(json!({"variables": {"newest": true}})))
        .respond_with(ok(&lost))
        .mount(&server)
        .await;
    Mock::given(body_partial_json(json!({"variables": {"newest": false}})))
        .respond_with(ok(&json!({"data": {"app": {"release": full(14, "8080")}}})))
        .mount(&server)
        .await;
    let fetched = facts(&server).await;
    assert!(fetched.value.release.is_some() && fetched.value.lacks(ReleaseFacts::NEWEST));
    assert_eq!(count(&server, "/graphql").await, 2);
}

#[tokio::test]
async fn machines_and_secrets_that_fail_are_named_and_those_that_are_denied_are_not_told() {
    for (status, missing) in [(500, &["instances", "secrets"][..]), (403, &[]), (401, &[])] {
        let server = graphql_says(ok(&json!({"data": {"app": pair()}}))).await;
        machines_say(&server, MACHINES, ResponseTemplate::new(status)).await;
        machines_say(&server, SECRETS, ResponseTemplate::new(status)).await;
        let fetched = facts(&server).await;
        assert_eq!(fetched.missing, missing, "{status}");
        assert_eq!((fetched.value.running, fetched.value.secrets), (None, None), "{status}");
    }
}

#[tokio::test]
async fn without_graphql_a_release_comes_from_the_web_api_without_configuration_and_reason() {
    let server = without_graphql(&[of_the_web(14, "failed"), of_the_web(13, "complete")]).await;
    let Fetched { value, missing, why, .. } = facts(&server).await;
    assert_eq!(missing, ["descriptions of releases", "configuration", "reason of failure"]);
    assert!(why.unwrap().starts_with("GraphQL failed"));
    let view = ReleaseView::of(&value);
    assert_eq!(view.newest, Some(ReleaseVersion(14)));
    let report = view.report.unwrap();
    assert_eq!(report.no_reason.unwrap(), "The reason is not loaded.");
    assert_eq!(report.notes, ["The configuration is not loaded."]);
    assert_eq!(report.differences[0].what, "image");
    assert!(asked(&server, 15).await.unwrap().value.release.is_none(), "one to come");
    assert!(matches!(asked(&server, 3).await.unwrap_err(), FlyError::Unavailable { .. }), "not in the list");
}

#[tokio::test]
async fn the_list_comes_from_the_web_api_while_graphql_is_down_and_with_both_down_the_error_is_that_of_graphql()
 {
    let server = without_graphql(&[of_the_web(14, "failed"), of_the_web(13, "complete")]).await;
    let Fetched { value, missing, .. } = list(&server).await.unwrap();
    assert_eq!((value.releases.len(), value.older), (2, None));
    assert_eq!(missing, ["descriptions of releases"]);
    let place = "MjU".parse().unwrap();
    let older = client(&server.uri()).releases_view(&token(), &app(), Some(&place)).await;
    assert!(older.is_err(), "the web API knows no places");
    let server = graphql_says(ResponseTemplate::new(500)).await;
    assert!(matches!(list(&server).await.unwrap_err(), FlyError::Unavailable { .. }));
}

#[tokio::test]
async fn the_list_leads_to_older_releases_from_a_place_that_can_stand_in_an_address() {
    for (cursor, place) in [("MjU=", Some("MjU=")), ("a, b", None)] {
        let page = json!({"nodes": [release(14, "failed", "ROLLING")],
            "pageInfo": {"hasNextPage": true, "endCursor": cursor}});
        let server = graphql_says(ok(&json!({"data": {"app": {"releasesUnprocessed": page}}}))).await;
        let view = list(&server).await.unwrap().value;
        assert_eq!(view.older.map(|place| place.to_string()).as_deref(), place);
        let from = "MjU".parse().unwrap();
        client(&server.uri()).releases_view(&token(), &app(), Some(&from)).await.unwrap();
        let last: Value = server.received_requests().await.unwrap().last().unwrap().body_json().unwrap();
        assert_eq!((&last["variables"]["after"], &last["variables"]["first"]), (&json!("MjU"), &json!(25)));
    }
}
