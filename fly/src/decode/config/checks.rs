//! The health checks of a configuration, in each form they are written in: lists below a service
//! (`tcp_checks`, `http_checks`, `checks`), and a table of names (`[checks]`).

use super::{duration, number, port, word};
use crate::decode::text;
use model::config::Check;
use serde_json::Value;

/// No more checks of one configuration are kept, nor more headers of one check.
const MOST: usize = 200;
/// Longest name or path, in characters.
const LONGEST: usize = 500;

/// The checks of listed services.
pub(crate) fn of_services(services: &[Value]) -> Vec<Check> {
    let numbered = services.iter().enumerate();
    numbered.flat_map(|(at, service)| of_service(service, &format!("services[{at}]"))).take(MOST).collect()
}

/// The checks of `http_service`, which are of no other kind than HTTP.
pub(super) fn of_http_service(service: &Value) -> Vec<Check> {
    listed(service, "http_service", "checks", "http")
}

fn of_service(service: &Value, place: &str) -> Vec<Check> {
    [("tcp_checks", "tcp"), ("http_checks", "http"), ("checks", "")]
        .into_iter()
        .flat_map(|(list, kind)| listed(service, place, list, kind))
        .collect()
}

fn listed(service: &Value, place: &str, list: &str, kind: &str) -> Vec<Check> {
    let checks = service.get(list).and_then(Value::as_array).into_iter().flatten().take(MOST).enumerate();
    checks
        .filter_map(|(at, check)| read(check, format!("{place}.{list}[{at}]"), kind, port(service)))
        .collect()
}

/// The checks of a table, which stand for themselves and belong to no service.
pub(crate) fn with_names(table: &Value) -> Vec<Check> {
    let named = table.as_object().into_iter().flatten().take(MOST);
    named
        .filter_map(|(name, check)| read(check, text::line(&format!("checks.{name}"), LONGEST), "", None))
        .collect()
}

fn read(check: &Value, key: String, kind: &str, service_port: Option<u16>) -> Option<Check> {
    let check = check.as_object()?;
    let told = word(check.get("type"), 20).map(|kind| kind.to_lowercase());
    let kind = if kind.is_empty() { told.unwrap_or_default() } else { kind.to_owned() };
    Some(Check {
        key,
        kind,
        port: check.get("port").and_then(number).or(service_port),
        path: word(check.get("path"), LONGEST),
        method: word(check.get("method"), 20).map(|method| method.to_uppercase()),
        protocol: word(check.get("protocol"), 20).map(|protocol| protocol.to_lowercase()),
        headers: check.get("headers").map(headers).unwrap_or_default(),
        interval_ms: check.get("interval").and_then(duration::millis),
        timeout_ms: check.get("timeout").and_then(duration::millis),
        grace_period_ms: check.get("grace_period").and_then(duration::millis),
    })
}

/// The names of headers: the keys of a table, or the `name` of each entry of a list. The values may
/// be secret and are not looked at.
fn headers(value: &Value) -> Vec<String> {
    let names: Vec<&str> = match value {
        Value::Object(table) => table.keys().map(String::as_str).collect(),
        Value::Array(list) => list.iter().filter_map(|header| header.get("name")?.as_str()).collect(),
        _ => Vec::new(),
    };
    names.into_iter().take(MOST).map(|name| text::line(name, 200)).filter(|name| !name.is_empty()).collect()
}
