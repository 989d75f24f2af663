//! Answers of which a part fails: what GraphQL nulls upward is asked for again without it.

use crate::samples::{allocation, machine, machines_app, nomad_app, release, with};
use crate::support::{app, client, count, graphql_data, graphql_says, machines_say, ok, token};
use fly::{Fetched, FlyError};
use model::AppFacts;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, body_string_contains, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

const MACHINES: &str = "/v1/apps/harbor-web/machines";

async fn facts(server: &MockServer) -> Fetched<AppFacts> {
    client(&server.uri()).app_facts(&token(), &app()).await.unwrap()
}

/// Answers questions with these variables.
async fn asked(server: &MockServer, variables: Value, answer: Value) {
    Mock::given(method("POST"))
        .and(body_string_contains("AppQuery"))
        .and(body_partial_json(json!({ "variables": variables })))
        .respond_with(ok(&answer))
        .mount(server)
        .await;
}

fn nulled(path: &Value) -> Value {
    json!({"data": {"app": null}, "errors": [{"message": "timeout", "path": path}]})
}

fn without(mut app: Value, fields: &[&str]) -> Value {
    for field in fields {
        app.as_object_mut().unwrap().remove(*field);
    }
    json!({"data": {"app": app}})
}

#[tokio::test]
async fn an_allocation_whose_log_fails_keeps_all_allocations_and_misses_the_logs() {
    let server = MockServer::start().await;
    asked(&server, json!({"logs": true}), nulled(&json!(["app", "allocations", 1, "recentLogs"]))).await;
    let mut bare = allocation();
    bare.as_object_mut().unwrap().remove("recentLogs");
    let answer = json!({"data": {"app": with(nomad_app(), &json!({"allocations": [bare]}))}});
    asked(&server, json!({"logs": false, "allocations": true, "events": true}), answer).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert_eq!(missing, ["logs of instances"]);
    assert_eq!((value.instances.len(), value.instances[0].events.len()), (1, 2));
    assert!(value.instances[0].logs.is_empty());
    assert_eq!(count(&server, "/graphql").await, 2);
}

#[tokio::test]
async fn events_and_checks_that_fail_are_left_out_alone() {
    for (field, flag, named) in
        [("events", "events", "events of instances"), ("checks", "checks", "checks of instances")]
    {
        let server = MockServer::start().await;
        asked(&server, json!({flag: true}), nulled(&json!(["app", "allocations", 0, field]))).await;
        asked(&server, json!({flag: false, "allocations": true}), json!({"data": {"app": nomad_app()}}))
            .await;
        let Fetched { value, missing, .. } = facts(&server).await;
        assert_eq!((missing, value.instances.len()), (vec![named.to_owned()], 1));
    }
}

#[tokio::test]
async fn releases_that_fail_cost_the_releases_and_not_the_app() {
    let server = MockServer::start().await;
    asked(&server, json!({"releases": true}), nulled(&json!(["app", "releasesUnprocessed"]))).await;
    asked(&server, json!({"releases": false}), without(machines_app(), &["releasesUnprocessed"])).await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    let Fetched { value, missing, why, .. } = facts(&server).await;
    assert_eq!(missing, ["releases"]);
    assert!(why.as_ref().is_some_and(|why| why.starts_with("GraphQL failed: ")), "{why:?}");
    assert_eq!((value.releases.len(), value.instances.len()), (0, 1));
}

#[tokio::test]
async fn a_second_failure_is_the_last_before_only_what_cannot_fail_is_asked() {
    let server = MockServer::start().await;
    asked(&server, json!({"allocations": true}), nulled(&json!(["app", "allocations"]))).await;
    asked(
        &server,
        json!({"allocations": false, "config": true}),
        nulled(&json!(["app", "processGroups", 0, "vmSize"])),
    )
    .await;
    asked(
        &server,
        json!({"allocations": false, "config": false, "groups": false}),
        without(nomad_app(), &["allocations", "config", "processGroups"]),
    )
    .await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert_eq!(missing, ["instances", "process groups", "configuration"]);
    assert_eq!(value.releases.len(), 2);
    assert_eq!(count(&server, "/graphql").await, 3);
}

#[tokio::test]
async fn an_app_that_fails_for_good_is_asked_for_three_times_at_most() {
    let every = json!({"data": {"app": null}, "errors": [
        {"message": "x", "path": ["app", "allocations"]},
        {"message": "x", "path": ["app", "releasesUnprocessed"]},
        {"message": "x", "path": ["app", "config"]}
    ]});
    let server = graphql_says(ok(&every)).await;
    let error = client(&server.uri()).app_facts(&token(), &app()).await.unwrap_err();
    assert!(matches!(error, FlyError::Rejected { .. }), "{error:?}");
    assert_eq!(count(&server, "/graphql").await, 2);
}

#[tokio::test]
async fn a_part_of_a_wrong_type_is_named_and_the_others_live() {
    let odd = json!({"releasesUnprocessed": 7, "hostIssues": {"nodes": "none"}, "config": [],
        "processGroups": {}, "deploymentStatus": "failed"});
    let Fetched { value, missing, .. } =
        facts(&graphql_data(json!({"app": with(nomad_app(), &odd)})).await).await;
    assert_eq!(missing, ["releases", "deployment status", "configuration", "host issues", "process groups"]);
    assert_eq!(value.instances.len(), 1);
}

#[tokio::test]
async fn one_bad_element_of_a_list_costs_only_itself_and_is_counted() {
    let odd = json!({
        "allocations": [7, allocation(), {}, "x", null],
        "releasesUnprocessed": {"nodes": [[], release(14, "failed", "CANARY"), null]},
        "hostIssues": {"nodes": [{"createdAt": 3}, {"message": null, "createdAt": "2026-11-01T10:00:00Z"}]}
    });
    let Fetched { value, missing, .. } =
        facts(&graphql_data(json!({"app": with(nomad_app(), &odd)})).await).await;
    assert_eq!((value.instances.len(), value.releases.len(), value.host_issues.len()), (1, 1, 1));
    assert_eq!(
        missing,
        [
            "1 release that could not be read",
            "1 host issue that could not be read",
            "3 instances that could not be read"
        ]
    );
}

#[tokio::test]
async fn a_wrong_value_inside_an_allocation_costs_only_itself() {
    let odd = with(
        allocation(),
        &json!({"restarts": "many", "checks": [7, {"name": "a", "status": "passing", "output": []}],
            "events": {}, "recentLogs": [null, {"message": "x"}, 1], "updatedAt": 12}),
    );
    let Fetched { value, missing, .. } =
        facts(&graphql_data(json!({"app": with(nomad_app(), &json!({"allocations": [odd]}))})).await).await;
    assert!(missing.is_empty(), "{missing:?}");
    let one = &value.instances[0];
    assert_eq!((one.instance.restarts, one.checks.len(), one.events.len(), one.logs.len()), (0, 1, 0, 0));
    assert_eq!(one.instance.updated_at, one.instance.created_at);
}

#[tokio::test]
async fn an_app_on_machines_misses_nothing_where_the_fields_of_the_nomad_era_are_odd() {
    let odd = json!({"allocations": 7, "processGroups": "x", "deploymentStatus": []});
    let server = graphql_data(json!({"app": with(machines_app(), &odd)})).await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(value.instances.len(), 1);
}

#[tokio::test]
async fn host_issues_are_told_newest_first_and_with_or_without_words() {
    let issues = json!({"hostIssues": {"nodes": [
        {"message": "Network trouble", "createdAt": "2026-11-01T10:00:00Z", "updatedAt": "2026-11-01T11:00:00Z", "resolvedAt": null},
        {"message": null, "createdAt": "2026-11-02T10:00:00Z", "updatedAt": null, "resolvedAt": "2026-11-02T12:00:00Z"}
    ]}});
    let Fetched { value, missing, .. } =
        facts(&graphql_data(json!({"app": with(nomad_app(), &issues)})).await).await;
    assert!(missing.is_empty(), "{missing:?}");
    let told: Vec<(&str, bool)> =
        value.host_issues.iter().map(|one| (one.message.as_str(), one.resolved_at.is_some())).collect();
    assert_eq!(told, [("", true), ("Network trouble", false)]);
}

#[tokio::test]
async fn errors_by_their_code_have_a_type_of_their_own() {
    type Is = fn(&FlyError) -> bool;
    let cases: [(&str, Is); 8] = [
        ("NOT_FOUND", |e| matches!(e, FlyError::NotFound { .. })),
        ("UNAUTHENTICATED", |e| matches!(e, FlyError::Refused { .. })),
        ("UNAUTHORIZED", |e| matches!(e, FlyError::Refused { .. })),
        ("FORBIDDEN", |e| matches!(e, FlyError::Forbidden { .. })),
        ("UNPROCESSABLE", |e| matches!(e, FlyError::Rejected { .. })),
        ("GRAPHQL_VALIDATION_FAILED", |e| matches!(e, FlyError::Rejected { .. })),
        ("RATE_LIMITED", |e| matches!(e, FlyError::RateLimited { retry_after: None, .. })),
        ("SERVER_ERROR", |e| matches!(e, FlyError::Unavailable { status: 500, .. })),
    ];
    for (code, is) in cases {
        let answer = json!({"data": null, "errors": [{"message": "no", "extensions": {"code": code}}]});
        let server = graphql_says(ok(&answer)).await;
        let error = client(&server.uri()).viewer(&token()).await.unwrap_err();
        assert!(is(&error), "{code}: {error:?}");
        assert_eq!(error.request_id(), Some("01JREQUEST"));
    }
}

#[tokio::test]
async fn errors_that_cannot_be_read_are_still_errors() {
    for errors in [json!("broken"), json!([7]), json!([{}]), json!({"message": "x"})] {
        let server = graphql_says(ok(&json!({"data": {"app": null}, "errors": errors}))).await;
        let error = client(&server.uri()).app_facts(&token(), &app()).await.unwrap_err();
        assert!(matches!(error, FlyError::Rejected { .. }), "{errors}: {error:?}");
    }
}

#[tokio::test]
async fn good_data_beside_errors_that_lead_nowhere_is_shown() {
    let answer =
        json!({"data": {"app": nomad_app()}, "errors": [{"message": "x", "path": [null, {"a": [1]}]}, 3]});
    let Fetched { value, missing, .. } = facts(&graphql_says(ok(&answer)).await).await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(value.instances.len(), 1);
}

#[tokio::test]
async fn a_denied_app_is_no_outage_and_asks_nothing_else() {
    let server = graphql_data(json!({"app": null})).await;
    machines_say(&server, "/v1/apps/harbor-web", ok(&json!({"organization": {"slug": "x"}}))).await;
    let error = client(&server.uri()).app_facts(&token(), &app()).await.unwrap_err();
    assert!(matches!(error, FlyError::NotFound { .. }), "{error:?}");
    assert_eq!(count(&server, "/v1/apps/harbor-web").await, 0);
}

#[tokio::test]
async fn while_graphql_is_down_the_machines_api_tells_of_the_app_what_it_can() {
    for answer in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(429),
        ResponseTemplate::new(200).set_body_string("<html>maintenance</html>"),
    ] {
        let server = graphql_says(answer).await;
        let header = json!({"id": "jlyv9r5d56v18xrg", "name": "harbor-web", "status": "deployed",
            "organization": {"name": "Harbor Works", "slug": "harbor-works"}});
        machines_say(&server, "/v1/apps/harbor-web", ok(&header)).await;
        machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
        let Fetched { value, missing, .. } = facts(&server).await;
        assert!(missing.contains(&"configuration".to_owned()) && missing.contains(&"host issues".to_owned()));
        assert!(!missing.contains(&"instances".to_owned()), "{missing:?}");
        assert_eq!(value.app.organization.name, "Harbor Works");
        assert_eq!((value.instances.len(), value.process_groups.len()), (1, 1));
        assert_eq!(value.config.services[0].internal_port, 8080);
    }
}

#[tokio::test]
async fn while_graphql_is_down_the_releases_come_without_their_descriptions() {
    let server = graphql_says(ResponseTemplate::new(500)).await;
    let header = json!({"organization": {"slug": "harbor-works"}});
    machines_say(&server, "/v1/apps/harbor-web", ok(&header)).await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    let releases = json!({"releases": [{"version": 12, "status": "running", "strategy": "ROLLING",
        "created_at": "2026-05-01T12:00:00Z", "image_ref": "registry.fly.io/harbor-web:deployment-12"}]});
    machines_say(&server, "/api/v1/apps/harbor-web/releases", ok(&releases)).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.contains(&"descriptions of releases".to_owned()), "{missing:?}");
    assert!(!missing.contains(&"releases".to_owned()), "{missing:?}");
    assert_eq!((value.releases.len(), value.app.version), (1, Some(value.releases[0].version)));
    assert_eq!(value.app.image.as_deref(), Some("registry.fly.io/harbor-web:deployment-12"));
}

#[tokio::test]
async fn with_both_apis_down_the_error_is_that_of_graphql() {
    let server = graphql_says(ResponseTemplate::new(500).set_body_string("first")).await;
    machines_say(&server, "/v1/apps/harbor-web", ResponseTemplate::new(401)).await;
    machines_say(&server, MACHINES, ResponseTemplate::new(401)).await;
    let error = client(&server.uri()).app_facts(&token(), &app()).await.unwrap_err();
    assert!(matches!(error, FlyError::Unavailable { status: 500, .. }), "{error:?}");
}

#[tokio::test]
async fn while_graphql_is_down_an_app_without_machines_misses_its_instances() {
    let server = graphql_says(ResponseTemplate::new(500)).await;
    let header = json!({"organization": {"slug": "harbor-works"}});
    machines_say(&server, "/v1/apps/harbor-web", ok(&header)).await;
    machines_say(&server, MACHINES, ok(&json!([]))).await;
    let Fetched { missing, .. } = facts(&server).await;
    assert!(missing.contains(&"instances".to_owned()), "{missing:?}");
}
