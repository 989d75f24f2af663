//! The web API beside GraphQL: logs, and releases while GraphQL is down.

use crate::support::{app, client, machine_id, machines_say, ok, token};
use fly::{FlyError, FlyToken, LogQuery};
use model::ReleaseVersion;
use model::state::{ReleaseStatus, Strategy};
use serde_json::json;
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

const LOGS: &str = "/api/v1/apps/harbor-web/logs";
const RELEASES: &str = "/api/v1/apps/harbor-web/releases";

#[tokio::test]
async fn logs_are_read_on_from_where_they_ended() {
    let entry = |at: &str, message: &str| {
        json!({"id": "1", "attributes": {"timestamp": at, "message": message, "level": "info",
            "instance": "73d8d46dbee589", "region": "ord", "meta": {"event": {"provider": "app"}}}})
    };
    let server = MockServer::start().await;
    for (asked, message, next) in [("", "one", "17"), ("17", "two", "18")] {
        Mock::given(method("GET"))
            .and(path(LOGS))
            .and(query_param("next_token", asked))
            .and(query_param_is_missing("instance"))
            .and(query_param_is_missing("region"))
            .respond_with(ok(
                &json!({"data": [entry("2026-05-01T12:00:00.5Z", message)], "meta": {"next_token": next}}),
            ))
            .mount(&server)
            .await;
    }
    let client = client(&server.uri());
    let first = client.logs(&token(), &app(), &LogQuery::default()).await.unwrap();
    assert_eq!(first.lines[0].line.message, "one");
    let query = LogQuery { after: first.next, ..LogQuery::default() };
    let second = client.logs(&token(), &app(), &query).await.unwrap();
    assert_eq!(
        (second.lines[0].line.message.as_str(), second.next.as_ref().map(fly::LogPlace::token)),
        ("two", Some("18"))
    );
}

#[tokio::test]
async fn logs_are_asked_for_by_instance_and_by_region() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path(LOGS))
        .and(query_param("instance", "73d8d46dbee589"))
        .and(query_param("region", "ord & more"))
        .respond_with(ok(&json!({"data": [], "meta": {"next_token": "18"}})))
        .mount(&server)
        .await;
    let query =
        LogQuery { instance: Some(machine_id()), region: Some("ord & more".parse().unwrap()), after: None };
    let page = client(&server.uri()).logs(&token(), &app(), &query).await.unwrap();
    assert_eq!((page.lines.len(), page.next.as_ref().map(fly::LogPlace::token)), (0, Some("18")));
}

#[tokio::test]
async fn a_token_that_may_not_read_logs_is_not_taken_for_a_refused_one() {
    let server = MockServer::start().await;
    machines_say(&server, LOGS, ResponseTemplate::new(401).set_body_string("unauthorized")).await;
    let error = client(&server.uri()).logs(&token(), &app(), &LogQuery::default()).await.unwrap_err();
    assert!(matches!(error, FlyError::Forbidden { .. }) && !error.is_refused(), "{error:?}");
}

#[tokio::test]
async fn logs_get_the_header_of_machines_and_releases_that_of_flyctl_s_web_client() {
    let server = MockServer::start().await;
    let empty = json!({"data": [], "releases": []});
    Mock::given(method("GET")).respond_with(ok(&empty)).mount(&server).await;
    let mixed = FlyToken::parse("fo1_c,fm2_a").unwrap();
    let client = client(&server.uri());
    client.logs(&mixed, &app(), &LogQuery::default()).await.unwrap();
    client.releases_without_graphql(&mixed, &app(), 25).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<(&str, &str)> = requests
        .iter()
        .map(|request| (request.url.path(), request.headers["authorization"].to_str().unwrap()))
        .collect();
    assert_eq!(sent, [(LOGS, "FlyV1 fm2_a"), (RELEASES, "Bearer fm2_a,fo1_c")]);
}

#[tokio::test]
async fn releases_come_without_graphql_newest_first() {
    let release = |version: u32, status: &str| {
        json!({"id": "x", "version": version, "stable": true, "in_progress": false, "status": status,
            "strategy": "BLUEGREEN", "user": "jo@example.com", "created_at": "2026-05-01T12:00:00Z",
            "image_ref": "registry.fly.io/harbor-web:deployment-12"})
    };
    let body = json!({"releases": [release(11, "complete"), release(12, "haunted"), {"version": -1}]});
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path(RELEASES))
        .and(query_param("limit", "2"))
        .respond_with(ok(&body))
        .mount(&server)
        .await;
    let fetched = client(&server.uri()).releases_without_graphql(&token(), &app(), 2).await.unwrap();
    let newest = &fetched.value[0];
    assert_eq!(newest.version, ReleaseVersion(12));
    assert_eq!(newest.status, ReleaseStatus::Other("haunted".into()));
    assert_eq!(newest.strategy, Some(Strategy::BlueGreen));
    assert_eq!((newest.user.as_deref(), newest.updated_at), (Some("jo@example.com"), newest.created_at));
    assert_eq!(fetched.missing, ["1 release that could not be read"]);
}

#[tokio::test]
async fn an_answer_without_lines_or_releases_is_malformed() {
    for body in [json!({}), json!([]), json!({"data": {}, "releases": "x"}), json!(null)] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(ok(&body)).mount(&server).await;
        let client = client(&server.uri());
        let logs = client.logs(&token(), &app(), &LogQuery::default()).await.unwrap_err();
        let releases = client.releases_without_graphql(&token(), &app(), 1).await.unwrap_err();
        assert!(matches!(logs, FlyError::Malformed { .. }), "{body}: {logs:?}");
        assert_eq!(logs.request_id(), Some("01JREQUEST"));
        assert!(matches!(releases, FlyError::Malformed { .. }), "{body}: {releases:?}");
    }
}
