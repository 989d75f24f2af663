//! The configuration: JSON in the shape of `fly.toml`, or of a machine's configuration.

mod checks;

pub(crate) use checks::of_machine as checks_of_machine;

use super::duration::Bare;
use super::json;
use super::text::{self, LONGEST_LINE};
use model::config::{AppConfig, Service};
use serde_json::Value;
use serde_json::value::RawValue;

/// No more process groups of one service are kept.
const MOST_GROUPS: usize = 100;

/// Reads what a diagnosis needs of a definition; whatever has another shape is passed over. Fly has
/// given the definition both as an object and as a text that holds one.
pub(crate) fn config(definition: &RawValue) -> AppConfig {
    json::read(definition).map(|object| of_object(&object)).unwrap_or_default()
}

fn of_object(definition: &Value) -> AppConfig {
    let listed = definition.get("services").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let http = definition.get("http_service");
    let mut services = services(listed);
    let internal_port = http.and_then(port);
    services.extend(internal_port.map(|internal_port| Service {
        internal_port,
        key: "http_service".into(),
        groups: http.map(groups).unwrap_or_default(),
    }));
    let mut checks = checks::of_services(listed, Bare::Millis);
    checks.extend(http.into_iter().flat_map(checks::of_http_service));
    checks.extend(
        definition.get("checks").into_iter().flat_map(|table| checks::with_names(table, Bare::Millis)),
    );
    let deploy = definition.get("deploy");
    AppConfig {
        services,
        checks,
        env_port: env_port(definition.get("env")),
        release_command: deploy.and_then(|deploy| word(deploy.get("release_command"), LONGEST_LINE)),
    }
}

/// The services with a port, each named by its place.
pub(crate) fn services(listed: &[Value]) -> Vec<Service> {
    let numbered = listed.iter().enumerate();
    numbered
        .filter_map(|(at, service)| {
            let key = format!("services[{at}]");
            Some(Service { internal_port: port(service)?, key, groups: groups(service) })
        })
        .collect()
}

/// The variable `PORT`, which people write as a number as often as in quotes.
pub(crate) fn env_port(env: Option<&Value>) -> Option<String> {
    match env?.get("PORT")? {
        Value::String(text) => Some(text::line(text, 20)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The process groups that a service leads to (`processes`).
fn groups(service: &Value) -> Vec<String> {
    let names = service.get("processes").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(|name| word(Some(name), 100)).take(MOST_GROUPS).collect()
}

/// A service's `internal_port`, as a number or in quotes.
fn port(service: &Value) -> Option<u16> {
    number(service.get("internal_port")?)
}

fn number(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A text that is not empty.
fn word(value: Option<&Value>, longest: usize) -> Option<String> {
    let word = text::line(value?.as_str()?, longest);
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests;
