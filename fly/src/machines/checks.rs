//! The health checks a machine is configured with.

use super::duration::millis;
use super::fields::Fields;
use crate::decode::{config, text};
use model::config::Check;
use serde_json::Value;

/// The checks of the services, in order, then those of the map `checks`, by name. `services` and
/// `checks` are the fields of a machine's configuration of these names.
pub(crate) fn configured(services: &[Value], checks: Option<&Value>) -> Vec<Check> {
    let of_services = services.iter().enumerate().flat_map(|(at, service)| {
        let port = config::port(service);
        Fields(service)
            .list("checks")
            .enumerate()
            .map(move |(number, one)| check(one, format!("services[{at}].checks[{number}]"), port))
    });
    let named = checks.and_then(Value::as_object).into_iter().flatten();
    let named =
        named.map(|(name, one)| check(Fields(one), format!("checks.{}", text::line(name, 100)), None));
    of_services.chain(named).collect()
}

/// A check of a service that names no port asks the service's own.
fn check(one: Fields<'_>, key: String, service_port: Option<u16>) -> Check {
    Check {
        key,
        kind: one.name("type").unwrap_or_default().to_ascii_lowercase(),
        port: one.number("port").or(service_port),
        path: one.line("path", 1_000),
        method: one.name("method"),
        protocol: one.name("protocol"),
        headers: one.list("headers").filter_map(|header| header.name("name")).collect(),
        interval_ms: one.get("interval").and_then(millis),
        timeout_ms: one.get("timeout").and_then(millis),
        grace_period_ms: one.get("grace_period").and_then(millis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn checks_of_services_and_named_ones_are_told_with_their_place() {
        let services = [
            json!({"internal_port": 8080, "checks": [
                {"type": "tcp", "interval": "15s", "timeout": "2s", "grace_period": "1s"},
                {"type": "http", "port": 9090, "path": "/up", "method": "get", "protocol": "https",
                    "headers": [{"name": "Host", "values": ["secret"]}], "interval": 10_000_000_000_u64}
            ]}),
            json!({"internal_port": 53, "protocol": "udp"}),
        ];
        let named = json!({"alive": {"type": "HTTP", "port": 4000, "path": "/"}});
        let checks = configured(&services, Some(&named));
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
        assert_eq!((checks[1].port, checks[1].interval_ms), (Some(9090), Some(10_000)));
        assert_eq!((checks[2].kind.as_str(), checks[2].port), ("http", Some(4000)));
        assert!(!format!("{checks:?}").contains("secret"));
    }

    #[test]
    fn a_configuration_without_checks_has_none() {
        for checks in [json!(null), json!([]), json!("x"), json!({})] {
            assert_eq!(configured(&[json!({"checks": null}), json!(5)], Some(&checks)), []);
        }
    }
}
