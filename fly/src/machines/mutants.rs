//! Every single value of every REST answer replaced by every kind of wrong one: nothing panics, and
//! a list never loses more than the object that was wrong.

use super::fields::{Fields, each};
use super::{belongings, lease, organization, platform, processes};
use crate::rest::logs::LogQuery;
use crate::rest::{logs, releases};
use serde_json::{Value, json};

fn wrong_values() -> [Value; 10] {
    let odd = "\u{1b}[31m\0\u{202e}../../x";
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!(odd),
        json!("x".repeat(10_000)),
        json!([[]]),
        json!({"a": {}}),
    ]
}

/// The pointers (RFC 6901) of all values inside of a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner {
        let pointer = format!("{at}/{key}");
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

/// Calls `check` with each mutant of the sample; gives their number.
fn with_mutants(sample: &Value, check: impl Fn(&Value)) -> usize {
    let mut found = Vec::new();
    pointers(sample, "", &mut found);
    for pointer in &found {
        for wrong in wrong_values() {
            let mut mutant = sample.clone();
            *mutant.pointer_mut(pointer).unwrap() = wrong;
            check(&mutant);
        }
    }
    found.len() * wrong_values().len()
}

/// One mutant beside a good object: the good one is always read.
fn in_a_list<T: std::fmt::Debug>(sample: &Value, read: fn(Fields<'_>) -> Option<T>) -> usize {
    assert_eq!(each(std::slice::from_ref(sample), read).1, 0, "the sample itself cannot be read");
    with_mutants(sample, |mutant| {
        let (known, unreadable) = each(&[mutant.clone(), sample.clone()], read);
        assert_eq!(known.len() + unreadable, 2);
        assert!(!known.is_empty(), "{mutant}");
        let all = format!("{known:?}");
        assert!(!all.contains('\u{1b}') && !all.contains("\\u{1b}"), "{all}");
        assert!(all.len() < 20_000, "a text was not cut off");
    })
}

#[test]
fn an_object_with_one_wrong_value_costs_only_itself() {
    let volume = json!({"id": "vol_1", "name": "disk", "state": "created", "region": "yul", "size_gb": 3,
        "attached_machine_id": "908057ef21e487", "created_at": "2023-09-01T19:47:14Z", "bytes_used": 1,
        "bytes_total": 2, "encrypted": true, "host_status": "ok", "snapshot_retention": 5, "app_name": "web"});
    let certificate = json!({"hostname": "example.com", "status": "active", "configured": true, "dns_provider": "x",
        "acme_dns_configured": true, "has_fly_certificate": true, "created_at": "2024-01-15T10:30:00Z"});
    let address = json!({"ip": "1.2.3.4", "region": "global", "service_name": "web", "shared": true,
        "created_at": "2024-01-15T10:30:00Z"});
    let secret = json!({"name": "A", "digest": "b", "created_at": "2024-01-15T10:30:00Z"});
    let process = json!({"pid": 1, "command": "init", "directory": "/", "cpu": 1, "rss": 5,
        "listen_sockets": [{"proto": "tcp", "address": "0.0.0.0:80"}]});
    let machine = json!({"app_name": "web", "id": "73d8d46dbee589", "name": "n", "state": "started", "region": "cdg",
        "created_at": "2024-01-15T10:30:00Z", "updated_at": "2024-01-15T10:30:00Z",
        "config": {"image": "i", "metadata": {"fly_process_group": "app", "fly_release_version": "12"}}});
    let mutants = [
        in_a_list(&volume, belongings::volume),
        in_a_list(&certificate, belongings::certificate),
        in_a_list(&address, belongings::address),
        in_a_list(&secret, belongings::secret),
        in_a_list(&process, processes::process),
        in_a_list(&machine, organization::machine),
    ];
    assert!(mutants.iter().sum::<usize>() > 400, "{mutants:?}");
}

#[test]
fn an_answer_with_one_wrong_value_never_panics() {
    let page = json!({"machines": [{}], "next_cursor": "x", "last_updated_at": "2024-01-15T10:30:00Z",
        "error_regions": ["ams"]});
    let lease_answer =
        json!({"status": "success", "data": {"owner": "jo", "description": "d", "expires_at": 5}});
    let scope = json!({"tokens": [{"token_id": "t", "apps": ["web"], "org_slug": "o", "user": "jo",
        "restricted_to_machine": "73d8d46dbee589"}]});
    let regions = json!({"nearest": "cdg", "regions": [{"code": "cdg", "name": "Paris", "latitude": 1.5}]});
    let log = json!({"data": [{"id": "1", "attributes": {"timestamp": "2024-01-15T10:30:00Z", "message": "m",
        "level": "info", "instance": "73d8d46dbee589", "region": "cdg", "meta": {"instance": "x", "region": "x",
        "event": {"provider": "app"}, "error": {"code": 5, "message": "PR01"}}}}], "meta": {"next_token": "5"}});
    let release = json!({"releases": [{"version": 1, "stable": true, "status": "complete", "strategy": "rolling",
        "user": {"name": "n", "email": "e"}, "created_at": "2024-01-15T10:30:00Z", "image_ref": "i"}]});
    with_mutants(&page, |mutant| drop(organization::page(mutant, "machines", organization::machine)));
    with_mutants(&lease_answer, |mutant| drop(lease::lease(mutant)));
    with_mutants(&scope, |mutant| drop(platform::scope(mutant)));
    with_mutants(&regions, |mutant| drop(platform::regions(mutant)));
    with_mutants(&log, |mutant| drop(logs::page(mutant, &LogQuery::default())));
    with_mutants(&release, |mutant| drop(releases::releases(mutant)));
}
