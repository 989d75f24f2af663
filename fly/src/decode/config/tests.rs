use super::*;
use model::config::Check;
use serde_json::json;

fn config(definition: &Value) -> AppConfig {
    super::config(&serde_json::value::to_raw_value(definition).unwrap())
}

fn services(config: &AppConfig) -> Vec<(u16, &str)> {
    config.services.iter().map(|one| (one.internal_port, one.key.as_str())).collect()
}

#[test]
fn the_port_of_the_environment_may_be_a_number_or_a_text() {
    assert_eq!(config(&json!({"env": {"PORT": 8080}})).env_port.as_deref(), Some("8080"));
    assert_eq!(config(&json!({"env": {"PORT": "8080"}})).env_port.as_deref(), Some("8080"));
    assert_eq!(config(&json!({"env": {"PORT": null}})).env_port, None);
}

#[test]
fn services_are_named_by_their_place_in_the_configuration() {
    let known = config(&json!({
        "services": [{"internal_port": 4000}, {"protocol": "tcp"}, {"internal_port": "4001"}],
        "http_service": {"internal_port": 8080}
    }));
    assert_eq!(services(&known), [(4000, "services[0]"), (4001, "services[2]"), (8080, "http_service")]);
}

#[test]
fn a_definition_in_a_text_is_read_as_well() {
    let known = config(&json!(r#"{"services":[{"internal_port":4000}]}"#));
    assert_eq!(services(&known), [(4000, "services[0]")]);
}

#[test]
fn a_definition_of_another_shape_is_empty() {
    for other in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"services": {}, "env": [], "checks": 3, "deploy": "x", "http_service": []}),
        json!({"services": [{"internal_port": 70000}]}),
    ] {
        assert_eq!(config(&other), AppConfig::default(), "{other}");
    }
}

#[test]
fn a_service_says_which_process_groups_it_leads_to() {
    let known = config(&json!({
        "services": [{"internal_port": 1, "processes": ["web", "", 3]}, {"internal_port": 2}],
        "http_service": {"internal_port": 3, "processes": ["app"]}
    }));
    let groups: Vec<&[String]> = known.services.iter().map(|one| one.groups.as_slice()).collect();
    assert_eq!(groups, [&["web".to_owned()][..], &[], &["app".to_owned()]]);
}

#[test]
fn checks_are_found_below_services_and_in_a_table_of_their_own() {
    let known = config(&json!({
        "services": [{"internal_port": 4000,
            "tcp_checks": [{"interval": "15s", "grace_period": "1s", "timeout": "2s", "restart_limit": 6}],
            "http_checks": [{"interval": 10000, "method": "get", "path": "/health", "protocol": "HTTP"}]}],
        "http_service": {"internal_port": 8080, "checks": [{"path": "/up", "headers": {"X-Key": "secret"}}]},
        "checks": {"alive": {"type": "TCP", "port": 9000, "interval": "1m0s"}}
    }));
    let at = |key: &str, kind: &str, port| Check {
        key: key.into(),
        kind: kind.into(),
        port: Some(port),
        ..Check::default()
    };
    let ms = Some;
    assert_eq!(
        known.checks,
        [
            Check {
                interval_ms: ms(15_000),
                timeout_ms: ms(2_000),
                grace_period_ms: ms(1_000),
                ..at("services[0].tcp_checks[0]", "tcp", 4000)
            },
            Check {
                interval_ms: ms(10_000),
                method: Some("GET".into()),
                path: Some("/health".into()),
                protocol: Some("http".into()),
                ..at("services[0].http_checks[0]", "http", 4000)
            },
            Check {
                path: Some("/up".into()),
                headers: vec!["X-Key".into()],
                ..at("http_service.checks[0]", "http", 8080)
            },
            Check { interval_ms: ms(60_000), ..at("checks.alive", "tcp", 9000) },
        ]
    );
}

#[test]
fn the_release_command_is_a_text_that_is_not_empty() {
    let command = |value: Value| config(&json!({"deploy": {"release_command": value}})).release_command;
    assert_eq!(command(json!("/app/bin/migrate")).as_deref(), Some("/app/bin/migrate"));
    assert_eq!(command(json!(" ")), None);
    assert_eq!(command(json!(["/app/bin/migrate"])), None);
}

#[test]
fn a_definition_larger_than_any_is_not_read() {
    let huge = json!({"env": {"PORT": "8080"}, "x": "x".repeat(super::json::LONGEST)});
    assert_eq!(config(&huge), AppConfig::default());
}

#[test]
fn checks_of_a_machine_are_told_with_their_place_and_without_the_values_of_headers() {
    let services = [
        json!({"internal_port": 8080, "checks": [
            {"type": "tcp", "interval": "15s", "timeout": "2s", "grace_period": "1s"},
            {"type": "http", "port": 9090, "path": "/up", "method": "get", "protocol": "HTTPS",
                "headers": [{"name": "Host", "values": ["secret"]}, {"name": 3}], "interval": 10_000_000_000_u64}
        ]}),
        json!({"internal_port": 53, "protocol": "udp"}),
    ];
    let named = json!({"alive": {"type": "HTTP", "port": 4000, "path": "/"}});
    let checks = checks_of_machine(&services, Some(&named));
    let keys: Vec<&str> = checks.iter().map(|check| check.key.as_str()).collect();
    assert_eq!(keys, ["services[0].checks[0]", "services[0].checks[1]", "checks.alive"]);
    assert_eq!(
        checks[0],
        Check {
            key: "services[0].checks[0]".into(),
            kind: "tcp".into(),
            port: Some(8080),
            interval_ms: Some(15_000),
            timeout_ms: Some(2_000),
            grace_period_ms: Some(1_000),
            ..Check::default()
        }
    );
    assert_eq!(checks[1].headers, ["Host"]);
    assert_eq!((checks[1].method.as_deref(), checks[1].protocol.as_deref()), (Some("GET"), Some("https")));
    assert_eq!((checks[1].port, checks[1].interval_ms), (Some(9090), Some(10_000)));
    assert_eq!((checks[2].kind.as_str(), checks[2].port), ("http", Some(4000)));
    assert!(!format!("{checks:?}").contains("secret"));
}

#[test]
fn a_machine_without_checks_has_none() {
    for checks in [json!(null), json!([]), json!("x"), json!({})] {
        assert_eq!(checks_of_machine(&[json!({"checks": null}), json!(5)], Some(&checks)), []);
    }
}
