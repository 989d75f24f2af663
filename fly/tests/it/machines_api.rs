//! Questions about one machine.

use crate::samples::{machine, with};
use crate::support::{app, client, count, machine_id, machines_say, ok, token};
use fly::FlyError;
use model::machine::ConfigurationGiven;
use model::state::{HostStatus, InstanceState};
use model::{ReleaseVersion, Timestamp};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const MACHINE: &str = "/v1/apps/harbor-web/machines/73d8d46dbee589";

async fn says(below: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    machines_say(&server, &format!("{MACHINE}{below}"), answer).await;
    server
}

#[tokio::test]
async fn one_machine_is_told_with_its_image_its_memory_and_its_configured_checks() {
    let mut sample = with(machine("73d8d46dbee589", "cdg"), &json!({"cordoned": true}));
    sample["config"]["services"][0]["checks"] = json!([{"type": "http", "path": "/up", "interval": "15s", "timeout": 2_000_000_000_u64, "grace_period": "1m"}]);
    sample["config"]["checks"] = json!({"alive": {"type": "tcp", "port": 9090}});
    let server = says("", ok(&sample)).await;
    let known = client(&server.uri()).machine(&token(), &app(), &machine_id()).await.unwrap();
    assert_eq!((known.name.as_str(), known.cordoned), ("quirky-machine", Some(true)));
    assert_eq!(known.configuration, ConfigurationGiven::Whole);
    assert_eq!(known.size.as_deref(), Some("shared-cpu-1x"));
    assert_eq!(known.facts.memory_mb, Some(512));
    assert_eq!(known.facts.image.as_deref(), Some("registry.fly.io/harbor-web:deployment-12"));
    let checks = known.facts.configured_checks;
    let ports: Vec<(&str, Option<u16>)> = checks.iter().map(|one| (one.key.as_str(), one.port)).collect();
    assert_eq!(ports, [("services[0].checks[0]", Some(8080)), ("checks.alive", Some(9090))]);
    let times = (checks[0].interval_ms, checks[0].timeout_ms, checks[0].grace_period_ms);
    assert_eq!(times, (Some(15_000), Some(2_000), Some(60_000)));
}

#[tokio::test]
async fn a_machine_on_a_lost_host_is_known_by_what_is_left_of_its_configuration() {
    let lost = |changes: &Value| with(machine("73d8d46dbee589", "cdg"), changes);
    let left = json!({"config": null, "host_status": "unreachable",
        "incomplete_config": {"image": "registry.fly.io/harbor-web:deployment-9"}});
    let nothing = json!({"config": null, "host_status": "melted"});
    for (changes, configuration, host, image) in [
        (
            left,
            ConfigurationGiven::Incomplete,
            HostStatus::Unreachable,
            "registry.fly.io/harbor-web:deployment-9",
        ),
        // The image reference is beside the configuration and still there.
        (
            nothing,
            ConfigurationGiven::Nothing,
            HostStatus::Other("melted".into()),
            "registry.fly.io/harbor-web:deployment-12",
        ),
    ] {
        let server = says("", ok(&lost(&changes))).await;
        let known = client(&server.uri()).machine(&token(), &app(), &machine_id()).await.unwrap();
        assert_eq!((known.configuration, &known.facts.instance.host), (configuration, &host));
        assert_eq!(known.facts.image.as_deref(), Some(image));
    }
}

#[tokio::test]
async fn a_machine_whose_descriptions_are_odd_is_still_a_machine() {
    let odd = with(
        machine("73d8d46dbee589", "cdg"),
        &json!({"name": 7, "instance_id": [], "private_ip": {}, "cordoned": "yes", "image_ref": "x",
            "state": "levitating"}),
    );
    let server = says("", ok(&odd)).await;
    let known = client(&server.uri()).machine(&token(), &app(), &machine_id()).await.unwrap();
    assert_eq!(known.facts.instance.state, InstanceState::Other("levitating".into()));
    assert_eq!((known.name.as_str(), known.cordoned, known.private_ip), ("", None, None));
}

#[tokio::test]
async fn an_answer_that_is_no_machine_is_malformed() {
    for body in [json!([]), json!({}), json!({"id": "x", "state": "started", "region": "cdg"}), json!(null)] {
        let server = says("", ok(&body)).await;
        let error = client(&server.uri()).machine(&token(), &app(), &machine_id()).await.unwrap_err();
        assert!(matches!(error, FlyError::Malformed { .. }), "{body}: {error:?}");
        assert_eq!(error.request_id(), Some("01JREQUEST"));
    }
}

#[tokio::test]
async fn events_come_oldest_first_with_their_exits_in_both_forms_of_time() {
    let exit = |at: Value| json!({"exit_code": 137, "oom_killed": true, "exited_at": at});
    let list = json!([
        {"id": "3", "type": "exit", "status": "stopped", "source": "flyd", "timestamp": 1_653_346_109_000_i64,
            "request": {"MonitorEvent": {"exit_event": exit(json!("2022-05-23T22:48:28.500Z"))}, "restart_count": 1}},
        {"id": "2", "type": "exit", "status": "stopped", "source": "flyd", "timestamp": 1_653_346_106_000_i64,
            "request": {"exit_event": exit(json!(1_653_346_105_255_i64))}},
        {"id": "1", "type": "launch", "status": "created", "source": "user", "timestamp": 1_653_346_101_403_i64},
        {"type": "launch"}, "x"
    ]);
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path(format!("{MACHINE}/events")))
        .and(query_param("limit", "50"))
        .respond_with(ok(&list))
        .mount(&server)
        .await;
    let fetched = client(&server.uri()).machine_events(&token(), &app(), &machine_id(), 200).await.unwrap();
    let times: Vec<i64> = fetched.value.iter().map(|event| event.at.0).collect();
    assert_eq!(times, [1_653_346_101_403, 1_653_346_105_255, 1_653_346_108_500]);
    let exit = fetched.value[2].exit.as_ref().unwrap();
    assert_eq!((exit.code, exit.oom_killed, exit.restart_count), (Some(137), true, Some(1)));
    assert_eq!(fetched.missing, ["2 events that could not be read"]);
}

#[tokio::test]
async fn versions_name_their_image_and_their_release() {
    let list = json!([
        {"version": "01HB", "user_config": {"image": "registry.fly.io/harbor-web:deployment-12",
            "metadata": {"fly_release_version": "12"}}},
        {"version": "01HA", "user_config": null},
        {"user_config": {}}
    ]);
    let server = says("/versions", ok(&list)).await;
    let fetched = client(&server.uri()).machine_versions(&token(), &app(), &machine_id()).await.unwrap();
    assert_eq!(fetched.value.len(), 2);
    assert_eq!(fetched.value[0].release, Some(ReleaseVersion(12)));
    assert_eq!((fetched.value[1].release, fetched.value[1].image.as_deref()), (None, None));
    assert_eq!(fetched.missing, ["1 version that could not be read"]);
}

#[tokio::test]
async fn processes_are_told_with_the_sockets_they_listen_on() {
    let list = json!([
        {"pid": 1, "command": "/fly/init", "directory": "/", "cpu": 0, "rss": 1024, "listen_sockets": null},
        {"pid": 318, "command": "bin/server", "directory": "/app", "cpu": 3, "rss": 104_857_600_u64, "rtime": 5, "stime": 5,
            "listen_sockets": [{"proto": "tcp", "address": "0.0.0.0:8080"}, {"proto": "tcp6", "address": "[::1]:4000"}, {}]},
        {"command": "nobody"}
    ]);
    let server = says("/ps", ok(&list)).await;
    let fetched = client(&server.uri()).processes(&token(), &app(), &machine_id()).await.unwrap();
    let server_process = &fetched.value[1];
    let sockets: Vec<(&str, &str)> =
        server_process.listen_sockets.iter().map(|one| (one.proto.as_str(), one.address.as_str())).collect();
    assert_eq!(sockets, [("tcp", "0.0.0.0:8080"), ("tcp6", "[::1]:4000")]);
    assert_eq!((server_process.pid, server_process.rss_bytes), (318, 104_857_600));
    assert_eq!(fetched.value[0].listen_sockets, []);
    assert_eq!(fetched.missing, ["1 process that could not be read"]);
}

#[tokio::test]
async fn processes_of_a_machine_that_does_not_run_are_rejected_with_fly_s_words() {
    let answer = ResponseTemplate::new(412).set_body_json(json!({"error": "machine is not started"}));
    let server = says("/ps", answer).await;
    let error = client(&server.uri()).processes(&token(), &app(), &machine_id()).await.unwrap_err();
    assert!(error.person().contains("machine is not started"), "{error:?}");
    assert!(matches!(error, FlyError::Conflict { .. }));
}

#[tokio::test]
async fn a_lease_names_its_holder_and_404_is_none() {
    let held = json!({"status": "success", "data": {"nonce": "5c35f65c9f95", "expires_at": 1_708_569_778,
        "owner": "hello@example.com", "description": "deploy", "version": "01HQ"}});
    let server = says("/lease", ok(&held)).await;
    let lease = client(&server.uri()).lease(&token(), &app(), &machine_id()).await.unwrap().unwrap();
    assert_eq!(lease.owner, "hello@example.com");
    assert_eq!(lease.expires_at, Some(Timestamp(1_708_569_778_000)));

    for none in [
        ResponseTemplate::new(404).set_body_json(json!({"error": "lease not found"})),
        ResponseTemplate::new(404).set_body_string("not found"),
        ok(&json!({"status": "success", "data": null})),
    ] {
        let server = says("/lease", none).await;
        assert_eq!(client(&server.uri()).lease(&token(), &app(), &machine_id()).await, Ok(None));
    }

    let server = says("/lease", ResponseTemplate::new(403)).await;
    let denied = client(&server.uri()).lease(&token(), &app(), &machine_id()).await.unwrap_err();
    assert!(matches!(denied, FlyError::Forbidden { .. }), "{denied:?}");
    assert_eq!(count(&server, &format!("{MACHINE}/lease")).await, 1);
}

#[tokio::test]
async fn machines_of_release_commands_stand_apart_from_the_instances() {
    let command = with(
        machine("73d8d46dbee580", "cdg"),
        &json!({"state": "stopped", "config": {"metadata": {"fly_process_group": "fly_app_release_command"}},
            "events": [{"type": "exit", "status": "stopped", "timestamp": 1_779_576_600_000_i64,
                "request": {"exit_event": {"exit_code": 1}}}]}),
    );
    let named = with(machine("73d8d46dbee588", "cdg"), &json!({"name": "fly_app_release_command"}));
    let server = crate::support::graphql_data(json!({"app": crate::samples::machines_app()})).await;
    machines_say(&server, "/v1/apps/harbor-web/machines", ok(&json!([command, named]))).await;
    let facts = client(&server.uri()).app_facts(&token(), &app()).await.unwrap().value;
    let ids = |list: &[model::InstanceFacts]| -> Vec<String> {
        list.iter().map(|one| one.instance.id.to_string()).collect()
    };
    assert_eq!(ids(&facts.release_commands), ["73d8d46dbee580"]);
    assert_eq!(ids(&facts.instances), ["73d8d46dbee588"]);
    assert_eq!(facts.release_commands[0].events[0].exit.as_ref().unwrap().code, Some(1));
}
