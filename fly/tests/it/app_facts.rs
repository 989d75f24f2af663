//! One app, from both APIs.

use crate::samples::{allocation, machine, machines_app, nomad_app, release, with};
use crate::support::{app, client, count, graphql_data, graphql_says, machines_say, ok, token};
use fly::{Fetched, FlyError};
use model::state::{CheckStatus, DesiredState, HostStatus, InstanceState, ReleaseStatus, Strategy};
use model::{AppFacts, ReleaseVersion};
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

const MACHINES: &str = "/v1/apps/harbor-web/machines";

async fn facts(server: &MockServer) -> Fetched<AppFacts> {
    client(&server.uri()).app_facts(&token(), &app()).await.unwrap()
}

async fn nomad(changes: Value) -> Fetched<AppFacts> {
    facts(&graphql_data(json!({"app": with(nomad_app(), &changes)})).await).await
}

async fn on_machines(list: Value) -> Fetched<AppFacts> {
    let server = graphql_data(json!({"app": machines_app()})).await;
    machines_say(&server, MACHINES, ok(&list)).await;
    facts(&server).await
}

#[tokio::test]
async fn an_app_of_the_nomad_era_is_told_by_graphql_alone() {
    let server = graphql_data(json!({"app": nomad_app()})).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(count(&server, "/graphql").await, 1);
    assert_eq!(count(&server, MACHINES).await, 0);
    insta::assert_debug_snapshot!(value);
}

#[tokio::test]
async fn an_app_on_machines_is_told_by_both_apis() {
    let Fetched { value, missing, .. } =
        on_machines(json!([machine("73d8d46dbee589", "cdg"), machine("73d8d46dbee580", "ams")])).await;
    assert!(missing.is_empty(), "{missing:?}");
    insta::assert_debug_snapshot!(value);
}

#[tokio::test]
async fn machines_that_do_not_come_are_named_instances_and_the_rest_is_kept() {
    for status in [401, 403, 404, 429, 500] {
        let server = graphql_data(json!({"app": machines_app()})).await;
        machines_say(&server, MACHINES, ResponseTemplate::new(status)).await;
        let Fetched { value, missing, .. } = facts(&server).await;
        assert_eq!(missing, ["instances"], "{status}");
        assert!(value.instances.is_empty() && value.process_groups.is_empty());
        assert_eq!(value.releases.len(), 2);
        assert_eq!(count(&server, MACHINES).await, 1);
    }
}

#[tokio::test]
async fn an_app_that_runs_on_nothing_yet_misses_nothing() {
    let never = with(
        machines_app(),
        &json!({"platformVersion": null, "status": "pending", "releasesUnprocessed": {"nodes": []}}),
    );
    let server = graphql_data(json!({"app": never})).await;
    machines_say(&server, MACHINES, ResponseTemplate::new(404).set_body_string("not found")).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.is_empty() && value.instances.is_empty(), "{missing:?}");
    assert_eq!((value.app.version, value.app.image), (None, None));
}

#[tokio::test]
async fn an_app_between_nomad_and_machines_has_instances_of_both() {
    let server =
        graphql_data(json!({"app": with(nomad_app(), &json!({"platformVersion": "detached"}))})).await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    let Fetched { value, .. } = facts(&server).await;
    let ids: Vec<&str> = value.instances.iter().map(|one| one.instance.id.as_str()).collect();
    assert_eq!(ids, ["e80d7fbd", "73d8d46dbee589"]);
    let groups: Vec<(&str, u32)> =
        value.process_groups.iter().map(|group| (group.name.as_str(), group.instances)).collect();
    assert_eq!(groups, [("app", 1), ("web", 1)]);
}

#[tokio::test]
async fn no_app_is_not_found() {
    let server = graphql_data(json!({"app": null})).await;
    let error = client(&server.uri()).app_facts(&token(), &app()).await.unwrap_err();
    assert!(matches!(error, FlyError::NotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn a_part_that_fails_is_named_and_the_others_are_shown() {
    let answer = json!({
        "data": {"app": with(nomad_app(), &json!({"deploymentStatus": null, "releasesUnprocessed": null}))},
        "errors": [
            {"message": "timeout", "path": ["app", "deploymentStatus"]},
            {"message": "timeout", "path": ["app", "releasesUnprocessed", "nodes", 3]},
            {"message": "timeout", "path": ["app", "releasesUnprocessed", "nodes", 4]}
        ]
    });
    let Fetched { value, missing, .. } = facts(&graphql_says(ok(&answer)).await).await;
    assert_eq!(missing, ["deployment status", "releases"]);
    assert_eq!(value.instances.len(), 1);
    assert_eq!(value.deployment, None);
}

#[tokio::test]
async fn allocations_that_fail_are_named_instances() {
    let answer = json!({
        "data": {"app": with(nomad_app(), &json!({"allocations": null}))},
        "errors": [{"message": "timeout", "path": ["app", "allocations"]}]
    });
    let Fetched { value, missing, .. } = facts(&graphql_says(ok(&answer)).await).await;
    assert_eq!(missing, ["instances"]);
    assert!(value.instances.is_empty());
}

#[tokio::test]
async fn an_app_on_machines_misses_nothing_where_only_fields_of_the_nomad_era_fail() {
    let server = MockServer::start().await;
    let failing = json!({"data": {"app": null}, "errors": [{"message": "no nomad here", "path": ["app", "allocations"]}]});
    let mut lean = machines_app();
    lean.as_object_mut().unwrap().remove("allocations");
    let asked = |allocations: bool| body_partial_json(json!({"variables": {"allocations": allocations}}));
    Mock::given(method("POST")).and(asked(true)).respond_with(ok(&failing)).mount(&server).await;
    Mock::given(method("POST"))
        .and(asked(false))
        .respond_with(ok(&json!({"data": {"app": lean}})))
        .mount(&server)
        .await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    let Fetched { value, missing, .. } = facts(&server).await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(value.instances.len(), 1);
    assert_eq!(value.config.services[0].internal_port, 8080);
}

#[tokio::test]
async fn values_nobody_knew_yet_are_shown_as_they_came() {
    let Fetched { value, .. } = nomad(json!({
        "status": "hibernating",
        "releasesUnprocessed": {"nodes": [release(15, "paused", "TELEPORT")]},
        "allocations": [with(allocation(), &json!({"status": "dreaming", "desiredStatus": "dream"}))]
    }))
    .await;
    assert_eq!(value.app.status.as_str(), "hibernating");
    assert_eq!(value.releases[0].status, ReleaseStatus::Other("paused".into()));
    assert_eq!(value.releases[0].strategy, Some(Strategy::Other("teleport".into())));
    assert_eq!(value.instances[0].instance.state, InstanceState::Other("dreaming".into()));
    assert_eq!(value.instances[0].instance.desired, DesiredState::Other("dream".into()));
}

#[tokio::test]
async fn an_era_nobody_knew_yet_is_asked_for_machines() {
    let server =
        graphql_data(json!({"app": with(machines_app(), &json!({"platformVersion": "clouds"}))})).await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    assert_eq!(facts(&server).await.value.instances.len(), 1);
}

#[tokio::test]
async fn nulls_where_the_schema_promises_values_cost_only_themselves() {
    let bare = with(
        allocation(),
        &json!({"version": null, "checks": null, "events": null, "recentLogs": null, "restarts": null,
            "taskName": null, "desiredStatus": null, "updatedAt": null}),
    );
    let Fetched { value, missing, .. } = nomad(json!({
        "hostname": null, "status": null, "config": null, "processGroups": null, "deploymentStatus": null,
        "releasesUnprocessed": {"nodes": [null, release(14, "failed", "SIMPLE")]},
        "allocations": [bare]
    }))
    .await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(value.releases.len(), 1);
    assert_eq!(value.instances[0].instance.version, None);
    assert_eq!(value.instances[0].instance.process_group, "app");
}

#[tokio::test]
async fn an_object_that_cannot_be_read_is_left_out_and_counted() {
    let Fetched { value, missing, .. } = nomad(json!({
        "allocations": [allocation(), with(allocation(), &json!({"idShort": "../../etc"})), with(allocation(), &json!({"createdAt": "soon"}))],
        "releasesUnprocessed": {"nodes": [release(14, "failed", "CANARY"), release(-1, "failed", "CANARY")]}
    }))
    .await;
    assert_eq!((value.instances.len(), value.releases.len()), (1, 1));
    assert_eq!(missing, ["1 release that could not be read", "2 instances that could not be read"]);
    let Fetched { value, missing, .. } =
        on_machines(json!([machine("73d8d46dbee589", "cdg"), {"id": 7}, "x", null])).await;
    assert_eq!(value.instances.len(), 1);
    assert_eq!(missing, ["3 instances that could not be read"]);
}

#[tokio::test]
async fn machines_that_do_not_serve_are_left_out() {
    let temporary = |group: &str| {
        with(machine("73d8d46dbee580", "cdg"), &json!({"config": {"metadata": {"fly_process_group": group}}}))
    };
    let Fetched { value, missing, .. } = on_machines(json!([
        temporary("fly_app_release_command"),
        temporary("fly_app_test_machine_command"),
        temporary("fly_app_console"),
        machine("73d8d46dbee589", "cdg")
    ]))
    .await;
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(value.instances.len(), 1);
    assert_eq!(value.process_groups.len(), 1);
}

#[tokio::test]
async fn a_machine_whose_host_is_out_of_reach_is_known_by_its_incomplete_configuration() {
    let lost = with(
        machine("73d8d46dbee589", "cdg"),
        &json!({"config": null, "host_status": "unreachable", "checks": null, "events": null,
            "incomplete_config": {"metadata": {"fly_process_group": "worker", "fly_release_version": "11"}}}),
    );
    let Fetched { value, .. } = on_machines(json!([lost])).await;
    let instance = &value.instances[0].instance;
    assert_eq!(instance.host, HostStatus::Unreachable);
    assert_eq!((instance.process_group.as_str(), instance.version), ("worker", Some(ReleaseVersion(11))));
}

#[tokio::test]
async fn a_machine_made_without_flyctl_has_no_version_and_belongs_to_app() {
    let plain =
        with(machine("73d8d46dbee589", "cdg"), &json!({"config": {"metadata": null}, "host_status": null}));
    let Fetched { value, .. } = on_machines(json!([plain])).await;
    let instance = &value.instances[0].instance;
    assert_eq!((instance.process_group.as_str(), instance.version), ("app", None));
    assert_eq!(instance.host, HostStatus::Unknown);
}

#[tokio::test]
async fn a_machine_that_is_gone_counts_in_no_process_group() {
    let gone = with(machine("73d8d46dbee580", "ams"), &json!({"state": "destroyed"}));
    let Fetched { value, .. } = on_machines(json!([gone, machine("73d8d46dbee589", "cdg")])).await;
    assert_eq!(value.instances.len(), 2);
    assert_eq!(value.process_groups[0].instances, 1);
    assert_eq!(value.process_groups[0].regions.len(), 1);
}

#[tokio::test]
async fn checks_that_flyctl_adds_for_itself_are_not_shown() {
    let Fetched { value, .. } = on_machines(json!([machine("73d8d46dbee589", "cdg")])).await;
    let names: Vec<(&str, &CheckStatus)> =
        value.instances[0].checks.iter().map(|check| (check.name.as_str(), &check.status)).collect();
    assert_eq!(names, [("servicecheck-00-http-8080", &CheckStatus::Passing)]);
    assert_eq!(value.instances[0].instance.checks.sentence(), "1 total, 1 passing");
}

#[tokio::test]
async fn the_written_configuration_outranks_that_of_the_machines() {
    let written =
        json!({"config": {"definition": {"http_service": {"internal_port": 3000}, "env": {"PORT": "3000"}}}});
    let server = graphql_data(json!({"app": with(machines_app(), &written)})).await;
    machines_say(&server, MACHINES, ok(&json!([machine("73d8d46dbee589", "cdg")]))).await;
    let config = facts(&server).await.value.config;
    assert_eq!((config.services.len(), config.services[0].key.as_str()), (1, "http_service"));
    assert_eq!(config.env_port.as_deref(), Some("3000"));
}
