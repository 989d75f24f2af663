//! The client's own account of Fly's limits, and the waits that Fly asks for. No test here waits.

use crate::samples::{machine, machines_app};
use crate::support::{
    TestClock, app, clocked_client, count, graphql_data, machine_id, machines_say, ok, token,
};
use fly::{Endpoints, FlyClient, FlyError, FlyToken, Limits, OrgQuery, RetryPolicy};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const LIST: &str = "/v1/apps/harbor-web/machines";
const MACHINE: &str = "/v1/apps/harbor-web/machines/73d8d46dbee589";

/// A server that knows a machine and its events, and a client that waits so long for a turn.
async fn world(turn: Option<Duration>) -> (MockServer, FlyClient, Arc<TestClock>) {
    let server = MockServer::start().await;
    machines_say(&server, MACHINE, ok(&machine("73d8d46dbee589", "cdg"))).await;
    machines_say(&server, &format!("{MACHINE}/events"), ok(&json!([]))).await;
    let (client, clock) = clocked_client(&server.uri(), Limits { turn, ..Limits::default() });
    (server, client, clock)
}

#[tokio::test]
async fn a_question_beyond_the_limit_is_not_sent_and_says_when_it_can_be() {
    let (server, client, _) = world(Some(Duration::ZERO)).await;
    let ask = async || client.machine_events(&token(), &app(), &machine_id(), 20).await;
    assert!(ask().await.is_ok() && ask().await.is_ok());
    let error = ask().await.unwrap_err();
    assert_eq!(error, FlyError::AskedTooOften { retry_after: Duration::from_millis(1_250) });
    assert_eq!(error.person(), "Windsock asks Fly no more often than Fly allows. It can ask again in 2 s.");
    assert_eq!(error.retry_after(), Some(Duration::from_millis(1_250)));
    assert_eq!(count(&server, &format!("{MACHINE}/events")).await, 2);
}

#[tokio::test]
async fn a_short_wait_for_a_turn_is_waited() {
    let (_server, client, clock) = world(Some(Duration::from_secs(2))).await;
    for _ in 0..5 {
        client.machine_events(&token(), &app(), &machine_id(), 20).await.unwrap();
    }
    assert_eq!(clock.slept(), [Duration::from_millis(1_250); 3]);
}

#[tokio::test]
async fn one_machine_may_be_asked_for_more_often_than_anything_else() {
    let (_server, client, clock) = world(Some(Duration::ZERO)).await;
    for _ in 0..8 {
        client.machine(&token(), &app(), &machine_id()).await.unwrap();
    }
    let error = client.machine(&token(), &app(), &machine_id()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_millis(250)));
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn another_token_has_turns_of_its_own() {
    let (_server, client, _) = world(Some(Duration::ZERO)).await;
    for text in ["fo1_a", "fo1_b", "fm2_a"] {
        let token = FlyToken::parse(text).unwrap();
        for _ in 0..2 {
            client.machine_events(&token, &app(), &machine_id(), 20).await.unwrap();
        }
        assert!(client.machine_events(&token, &app(), &machine_id(), 20).await.is_err());
    }
}

#[tokio::test]
async fn questions_without_a_published_limit_are_not_counted() {
    let server = MockServer::start().await;
    let body = json!({"machines": [], "tokens": [], "regions": [], "data": []});
    Mock::given(method("GET")).respond_with(ok(&body)).mount(&server).await;
    let (client, clock) =
        clocked_client(&server.uri(), Limits { turn: Some(Duration::ZERO), ..Limits::default() });
    let slug = "harbor-works".parse().unwrap();
    for _ in 0..20 {
        client.organization_machines(&token(), &slug, &OrgQuery::default()).await.unwrap();
        client.token_scope(&token()).await.unwrap();
        client.platform_regions(&token()).await.unwrap();
        client.logs(&token(), &app(), &fly::LogQuery::default()).await.unwrap();
    }
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn a_client_of_a_fly_without_limits_keeps_no_account() {
    let (_server, client, clock) = world(None).await;
    for _ in 0..20 {
        client.machine_events(&token(), &app(), &machine_id(), 20).await.unwrap();
    }
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn every_try_takes_a_turn_and_without_one_the_failure_stands() {
    let server = MockServer::start().await;
    machines_say(&server, &format!("{MACHINE}/events"), ResponseTemplate::new(503)).await;
    // A retry waits 0.5 to 1 s and then 1 to 2 s by itself, so that the third try finds its turn.
    let (client, clock) =
        clocked_client(&server.uri(), Limits { turn: Some(Duration::from_secs(2)), ..Limits::default() });
    let error = client.machine_events(&token(), &app(), &machine_id(), 20).await.unwrap_err();
    assert!(matches!(error, FlyError::Unavailable { status: 503, .. }), "{error:?}");
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
    let pauses: Vec<u128> = clock.slept().iter().map(Duration::as_millis).collect();
    assert!((500..=1_000).contains(&pauses[0]) && (1_000..=2_000).contains(&pauses[1]), "{pauses:?}");

    // Without pauses the third try comes before its turn.
    let server = MockServer::start().await;
    machines_say(&server, &format!("{MACHINE}/events"), ResponseTemplate::new(503)).await;
    let endpoints = Endpoints { api: server.uri(), machines: server.uri() };
    let limits = Limits { turn: Some(Duration::ZERO), ..Limits::default() };
    let hasty = FlyClient::with_limits(endpoints, limits, RetryPolicy { attempts: 2, base: Duration::ZERO })
        .unwrap()
        .with_clock(Arc::new(TestClock::default()));
    let error = hasty.machine_events(&token(), &app(), &machine_id(), 20).await.unwrap_err();
    assert!(matches!(error, FlyError::Unavailable { status: 503, .. }), "{error:?}");
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_wait_of_a_part_that_was_limited_reaches_the_caller() {
    let limited = ResponseTemplate::new(429).insert_header("retry-after", "7");
    for (answer, wait) in [
        (limited, Some(Duration::from_secs(7))),
        (ResponseTemplate::new(429), None),
        (ResponseTemplate::new(503).insert_header("retry-after", "30"), Some(Duration::from_secs(30))),
        (ResponseTemplate::new(500), None),
        (ok(&json!([])), None),
    ] {
        let server = graphql_data(json!({"app": machines_app()})).await;
        machines_say(&server, LIST, answer).await;
        let (client, _) = clocked_client(&server.uri(), Limits::default());
        let fetched = client.app_facts(&token(), &app()).await.unwrap();
        assert_eq!(fetched.retry_after, wait);
    }
}

#[tokio::test]
async fn a_watch_that_asks_too_often_is_told_when_to_ask_for_the_machines_again() {
    let server = graphql_data(json!({"app": machines_app()})).await;
    machines_say(&server, LIST, ok(&json!([]))).await;
    let (client, _) =
        clocked_client(&server.uri(), Limits { turn: Some(Duration::ZERO), ..Limits::default() });
    for _ in 0..2 {
        assert_eq!(client.app_facts(&token(), &app()).await.unwrap().retry_after, None);
    }
    let fetched = client.app_facts(&token(), &app()).await.unwrap();
    assert_eq!(fetched.missing, ["instances"]);
    assert_eq!(fetched.retry_after, Some(Duration::from_millis(1_250)));
}

#[tokio::test]
async fn the_longest_wait_of_several_organizations_counts() {
    let app = |name: &str, slug: &str| {
        json!({"name": name, "status": "deployed", "platformVersion": "machines",
            "organization": {"slug": slug, "name": slug}, "currentReleaseUnprocessed": null, "deploymentStatus": null})
    };
    let nodes = [app("a", "one"), app("b", "two"), app("c", "three")];
    let server = graphql_data(
        json!({"apps": {"nodes": nodes, "pageInfo": {"hasNextPage": false, "endCursor": null}}}),
    )
    .await;
    for (slug, wait) in [("one", "3"), ("two", "9"), ("three", "4")] {
        Mock::given(method("GET"))
            .and(path(format!("/v1/orgs/{slug}/machines")))
            .respond_with(ResponseTemplate::new(429).insert_header("retry-after", wait))
            .mount(&server)
            .await;
    }
    let (client, _) = clocked_client(&server.uri(), Limits::default());
    let fetched = client.apps(&token()).await.unwrap();
    assert_eq!(fetched.missing.len(), 3);
    assert_eq!(fetched.retry_after, Some(Duration::from_secs(9)));
}
