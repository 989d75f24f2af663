//! The configuration of one machine as people read it: `config` of `GET .../machines/{id}`.
//!
//! Source: the Machines API's OpenAPI document (`fly.MachineConfig`). Whatever has another shape than it
//! promises is passed over. Secrets are hidden here, so that none leaves this crate.

use super::fields::Fields;
use crate::decode::{config, text};
use model::instance_view::{Row, Section};
use model::logs::mask::mask;
use serde_json::Value;

/// No more settings of one kind are shown.
const MOST: usize = 200;
/// A value is cut off after so many characters.
const LONGEST: usize = 500;
/// What has a section of its own, or is told elsewhere on the page.
const SHOWN: [&str; 9] =
    ["services", "checks", "mounts", "env", "restart", "guest", "init", "metadata", "image"];

/// The sections of a configuration, those that are empty left out.
pub(crate) fn sections(settings: &Value) -> Vec<Section> {
    let fields = Fields(settings);
    let listed: Vec<Value> = fields.list("services").map(|service| service.0.clone()).collect();
    let checks = config::checks_of_machine(&listed, fields.get("checks"));
    [
        Section::of("Services", fields.list("services").take(MOST).filter_map(service).collect()),
        Section::of("Health checks", checks.iter().map(Row::check).collect()),
        Section::of("Mounts", fields.list("mounts").take(MOST).filter_map(mount).collect()),
        Section::of("Environment", pairs(fields, "env")),
        Section::of("Restart policy", fields.object("restart").map(restart).unwrap_or_default()),
        Section::of("Guest", fields.object("guest").map(guest).unwrap_or_default()),
        Section::of("Start", fields.object("init").map(start).unwrap_or_default()),
        Section::of("Metadata", pairs(fields, "metadata")),
        Section::of("Also set", others(settings)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `tcp 8080`: `port 80 (http, forced to https), port 443 (tls, http), autostop off`.
fn service(one: Fields<'_>) -> Option<Row> {
    let protocol = one.name("protocol").unwrap_or_else(|| "tcp".to_owned());
    let internal = one.number::<u16>("internal_port")?;
    let mut facts: Vec<String> = one.list("ports").take(MOST).map(port).collect();
    facts.extend(word(one, "autostop").map(|value| format!("autostop {value}")));
    facts.extend(word(one, "autostart").map(|value| format!("autostart {value}")));
    facts.extend(
        one.number::<u32>("min_machines_running").map(|count| format!("at least {count} machines running")),
    );
    facts.extend(one.object("concurrency").and_then(concurrency));
    Some(Row::of(format!("{protocol} {internal}"), facts.join(", ")))
}

fn port(one: Fields<'_>) -> String {
    let port = one.number::<u16>("port").map(|port| port.to_string());
    let range = || {
        let (start, end) = (one.number::<u16>("start_port")?, one.number::<u16>("end_port")?);
        Some(format!("{start} to {end}"))
    };
    let mut how: Vec<String> =
        one.list("handlers").filter_map(|handler| Some(text::line(handler.0.as_str()?, 40))).collect();
    if one.flag("force_https") == Some(true) {
        how.push("forced to https".to_owned());
    }
    let how = if how.is_empty() { String::new() } else { format!(" ({})", how.join(", ")) };
    format!("port {}{how}", port.or_else(range).unwrap_or_else(|| "unknown".to_owned()))
}

fn concurrency(one: Fields<'_>) -> Option<String> {
    let kind = one.name("type").unwrap_or_else(|| "connections".to_owned());
    match (one.number::<u32>("soft_limit"), one.number::<u32>("hard_limit")) {
        (Some(soft), Some(hard)) => Some(format!("{soft} {kind}, {hard} at most")),
        (Some(soft), None) => Some(format!("{soft} {kind}")),
        (None, Some(hard)) => Some(format!("{hard} {kind} at most")),
        (None, None) => None,
    }
}

fn mount(one: Fields<'_>) -> Option<Row> {
    let volume = one.name("name").or_else(|| one.name("volume")).unwrap_or_else(|| "a volume".to_owned());
    let size = one.number::<u32>("size_gb").map(|gb| format!(", {gb} GB")).unwrap_or_default();
    let id = one.name("volume").filter(|id| *id != volume).map(|id| format!(" ({id})")).unwrap_or_default();
    Some(Row::of(one.line("path", LONGEST)?, format!("{volume}{id}{size}")))
}

fn restart(one: Fields<'_>) -> Vec<Row> {
    let policy = one.name("policy").map(|policy| Row::of("policy", policy));
    let retries = one.number::<u32>("max_retries").map(|most| Row::of("at most", format!("{most} times")));
    policy.into_iter().chain(retries).collect()
}

fn guest(one: Fields<'_>) -> Vec<Row> {
    let kind = one.name("cpu_kind").unwrap_or_else(|| "unknown".to_owned());
    let cpus = one.number::<u32>("cpus").map(|cpus| Row::of("processors", format!("{cpus} {kind}")));
    let memory = one.number::<u32>("memory_mb").map(|mb| Row::of("memory", format!("{mb} MB")));
    let gpu = one.name("gpu_kind").map(|gpu| Row::of("GPU", gpu));
    [cpus, memory, gpu].into_iter().flatten().collect()
}

/// Commands, which are lists of words.
fn start(one: Fields<'_>) -> Vec<Row> {
    let command = |key: &'static str| {
        let words: Vec<&str> = one.list(key).filter_map(|word| word.0.as_str()).collect();
        let line = text::line(&words.join(" "), LONGEST);
        (!line.is_empty()).then(|| Row::of(key, &*mask(&line)))
    };
    ["entrypoint", "exec", "cmd"].into_iter().filter_map(command).collect()
}

/// Names and values in the order of the names, which is that of the object as it was read.
fn pairs(fields: Fields<'_>, key: &str) -> Vec<Row> {
    let all = fields.get(key).and_then(Value::as_object);
    let pairs = all.into_iter().flatten().take(MOST);
    pairs.map(|(name, value)| Row::variable(&text::line(name, 200), &written(value))).collect()
}

/// A text as it is, anything else as JSON.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text::line(text, LONGEST),
        other => text::line(&other.to_string(), LONGEST),
    }
}

/// A word, or yes and no: `autostop` has been both.
fn word(one: Fields<'_>, key: &str) -> Option<String> {
    let flag = one.flag(key).map(|on| if on { "on" } else { "off" }.to_owned());
    flag.or_else(|| one.name(key))
}

/// What else is set, by name: the values may be files, and files may hold secrets.
fn others(settings: &Value) -> Vec<Row> {
    let set = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && !is_empty(value);
    let all = settings.as_object().into_iter().flatten();
    let names: Vec<String> = all
        .filter(|(name, value)| !SHOWN.contains(&name.as_str()) && set(value))
        .take(MOST)
        .map(|(name, _)| text::line(name, 100))
        .collect();
    if names.is_empty() { Vec::new() } else { vec![Row::of("not shown here", names.join(", "))] }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty)
        || value.as_str().is_some_and(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value<'a>(sections: &'a [Section], title: &str, name: &str) -> Option<&'a str> {
        let section = sections.iter().find(|section| section.title == title)?;
        section.rows.iter().find(|row| row.name == name).map(|row| row.value.as_str())
    }

    #[test]
    fn a_configuration_reads_as_sections_of_names_and_values() {
        let told = sections(&json!({
            "image": "registry.fly.io/web:1",
            "services": [{"protocol": "tcp", "internal_port": 8080, "autostop": "off", "autostart": true,
                "min_machines_running": 1, "concurrency": {"type": "requests", "soft_limit": 200, "hard_limit": 250},
                "ports": [{"port": 80, "handlers": ["http"], "force_https": true}, {"start_port": 443, "end_port": 444}],
                "checks": [{"type": "http", "path": "/up", "interval": "15s"}]}],
            "mounts": [{"path": "/data", "name": "data", "volume": "vol_1", "size_gb": 3}],
            "env": {"PORT": "8080", "API_TOKEN": "abcdefgh", "COUNT": 3},
            "restart": {"policy": "on-failure", "max_retries": 10},
            "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256},
            "init": {"cmd": ["server", "--password=hunter22"], "exec": null},
            "metadata": {"fly_process_group": "app"},
            "files": [{"guest_path": "/etc/key", "raw_value": "c2VjcmV0"}], "statics": [], "auto_destroy": false
        }));
        for (title, name, expected) in [
            (
                "Services",
                "tcp 8080",
                "port 80 (http, forced to https), port 443 to 444, autostop off, autostart on, at least 1 \
                 machines running, 200 requests, 250 at most",
            ),
            ("Health checks", "services[0].checks[0]", "HTTP /up on port 8080, every 15 s"),
            ("Mounts", "/data", "data (vol_1), 3 GB"),
            ("Environment", "PORT", "8080"),
            ("Environment", "COUNT", "3"),
            ("Environment", "API_TOKEN", "[masked]"),
            ("Restart policy", "policy", "on-failure"),
            ("Restart policy", "at most", "10 times"),
            ("Guest", "processors", "1 shared"),
            ("Guest", "memory", "256 MB"),
            ("Start", "cmd", "server --password=[masked]"),
            ("Metadata", "fly_process_group", "app"),
            ("Also set", "not shown here", "files"),
        ] {
            assert_eq!(value(&told, title, name), Some(expected), "{title} {name}");
        }
        let text = format!("{told:?}");
        assert!(
            !text.contains("c2VjcmV0") && !text.contains("hunter22") && !text.contains("abcdefgh"),
            "{text}"
        );
    }

    #[test]
    fn anything_of_another_shape_is_passed_over() {
        for odd in [
            json!(null),
            json!([]),
            json!("x"),
            json!({"services": {}, "checks": [], "mounts": "x", "env": [], "restart": 1, "guest": "big",
                "init": [], "metadata": null}),
            json!({"services": [null, 1, {"internal_port": "many"}], "mounts": [{"path": 1}]}),
        ] {
            assert_eq!(sections(&odd), [], "{odd}");
        }
    }

    #[test]
    fn however_much_is_set_what_is_shown_is_bounded() {
        let env: serde_json::Map<String, Value> =
            (0..1_000).map(|at| (format!("NAME_{at}"), json!("x".repeat(10_000)))).collect();
        let told = sections(&json!({"env": env}));
        assert_eq!(told[0].rows.len(), MOST);
        assert!(told[0].rows.iter().all(|row| row.value.chars().count() <= LONGEST + 1));
    }
}
