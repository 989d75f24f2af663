//! The health checks of a configuration, be it an app's or a machine's, in each form they are
//! written in: lists below a service (`tcp_checks`, `http_checks`, `checks`), and a table of names
//! (`[checks]`).

use super::{number, port, word};
use crate::decode::duration::{self, Bare};
use crate::decode::text;
use model::config::Check;
use serde_json::Value;

/// No more checks of one configuration are kept, nor more headers of one check.
const MOST: usize = 200;
/// Longest name or path, in characters.
const LONGEST: usize = 500;

/// The checks of a machine: those of its services, in order, then the named ones. `services` and
/// `checks` are the fields of its configuration of these names.
pub(crate) fn of_machine(services: &[Value], checks: Option<&Value>) -> Vec<Check> {
    let mut all = of_services(services, Bare::Nanos);
    all.extend(checks.into_iter().flat_map(|table| with_names(table, Bare::Nanos)));
    all
}

/// The checks of listed services.
pub(super) fn of_services(services: &[Value], bare: Bare) -> Vec<Check> {
    let numbered = services.iter().enumerate();
    let checks = numbered.flat_map(|(at, service)| of_service(service, &format!("services[{at}]"), bare));
    checks.take(MOST).collect()
}

/// The checks of `http_service`, which are of no other kind than HTTP.
pub(super) fn of_http_service(service: &Value) -> Vec<Check> {
    listed(service, "http_service", ("checks", "http"), Bare::Millis)
}

fn of_service(service: &Value, place: &str, bare: Bare) -> Vec<Check> {
    [("tcp_checks", "tcp"), ("http_checks", "http"), ("checks", "")]
        .into_iter()
        .flat_map(|list| listed(service, place, list, bare))
        .collect()
}

/// The checks of a list; its name tells their kind, or each check does.
fn listed(service: &Value, place: &str, (list, kind): (&str, &str), bare: Bare) -> Vec<Check> {
    let checks = service.get(list).and_then(Value::as_array).into_iter().flatten().take(MOST).enumerate();
    checks
        .filter_map(|(at, check)| read(check, format!("{place}.{list}[{at}]"), (kind, port(service)), bare))
        .collect()
}

/// The checks of a table, which stand for themselves and belong to no service.
pub(super) fn with_names(table: &Value, bare: Bare) -> Vec<Check> {
    let named = table.as_object().into_iter().flatten().take(MOST);
    named
        .filter_map(|(name, check)| {
            read(check, text::line(&format!("checks.{name}"), LONGEST), ("", None), bare)
        })
        .collect()
}

/// A check with the kind and the port that it has from where it stands, if any.
fn read(check: &Value, key: String, (kind, service_port): (&str, Option<u16>), bare: Bare) -> Option<Check> {
    let span = |field| check.get(field).and_then(|span| duration::millis(span, bare));
    let (interval_ms, timeout_ms, grace_period_ms) =
        (span("interval"), span("timeout"), span("grace_period"));
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
        interval_ms,
        timeout_ms,
        grace_period_ms,
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
