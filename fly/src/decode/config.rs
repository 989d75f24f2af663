//! The configuration: JSON in the shape of `fly.toml`.

use model::config::{AppConfig, Service};
use serde_json::Value;

/// Reads the services and `PORT` of a definition; whatever has another shape is passed over. Fly
/// has given the definition both as an object and as a text that holds one.
pub(crate) fn config(definition: &Value) -> AppConfig {
    if let Value::String(text) = definition {
        return serde_json::from_str::<Value>(text).map(|inner| of_object(&inner)).unwrap_or_default();
    }
    of_object(definition)
}

fn of_object(definition: &Value) -> AppConfig {
    let listed = definition.get("services").and_then(Value::as_array).into_iter().flatten();
    let mut services: Vec<Service> = listed
        .enumerate()
        .filter_map(|(at, service)| {
            Some(Service { internal_port: port(service)?, key: format!("services[{at}]") })
        })
        .collect();
    let http = definition.get("http_service").and_then(port);
    services.extend(http.map(|internal_port| Service { internal_port, key: "http_service".into() }));
    AppConfig { services, env_port: env_port(definition.get("env")), ..AppConfig::default() }
}

/// The variable `PORT`, which people write as a number as often as in quotes.
pub(crate) fn env_port(env: Option<&Value>) -> Option<String> {
    match env?.get("PORT")? {
        Value::String(text) => Some(super::text::line(text, 20)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A service's `internal_port`, as a number or in quotes.
pub(crate) fn port(service: &Value) -> Option<u16> {
    match service.get("internal_port")? {
        Value::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
            json!({"services": {}, "env": []}),
            json!({"services": [{"internal_port": 70000}]}),
        ] {
            assert_eq!(config(&other), AppConfig::default(), "{other}");
        }
    }
}
