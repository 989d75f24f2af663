//! A machine as the API writes it.

use serde_json::{Map, Value, json};

use crate::{
    catalog,
    world::{App, Machine, MachineEvent},
};

/// The version of flyctl that made the machines of every story.
const FLYCTL: &str = "0.2.8";

pub(crate) fn machine(app: &App, machine: &Machine) -> Value {
    let mut whole = summary(app, machine);
    let reachable = machine.host_status == "ok";
    let (config, incomplete) =
        if reachable { (config(app, machine), Value::Null) } else { (Value::Null, config(app, machine)) };
    whole["config"] = config;
    if !reachable {
        whole["incomplete_config"] = incomplete;
    }
    let checks = machine.checks.iter().map(|check| {
        json!({
            "name": check.name,
            "status": check.status.as_str(),
            "output": check.output,
            "updated_at": check.updated_at,
        })
    });
    if machine.cordoned {
        whole["cordoned"] = json!(true);
    }
    if !machine.checks.is_empty() {
        whole["checks"] = checks.collect();
    }
    whole["events"] = events(machine, usize::MAX);
    whole
}

/// Without configuration, checks and events.
pub(crate) fn summary(app: &App, machine: &Machine) -> Value {
    json!({
        "id": machine.id,
        "name": machine.name,
        "state": machine.state,
        "region": machine.region,
        "image_ref": image_ref(&image(app, machine)),
        "instance_id": machine.instance_id,
        "version": machine.instance_id,
        "private_ip": machine.private_ip,
        "created_at": machine.created_at,
        "updated_at": machine.updated_at(),
        "host_status": machine.host_status,
    })
}

pub(crate) fn image(app: &App, machine: &Machine) -> String {
    if let Some(image) = given(machine)["image"].as_str() {
        return image.to_owned();
    }
    let release = app.release(machine.release).and_then(|release| release.image.clone());
    machine.image.clone().or(release).unwrap_or_default()
}

/// `registry/repository:tag` in its parts.
fn image_ref(image: &str) -> Value {
    let (registry, rest) = image.split_once('/').unwrap_or(("", image));
    let (repository, tag) = rest.split_once(':').unwrap_or((rest, "latest"));
    let digest = digest(image);
    json!({"registry": registry, "repository": repository, "tag": tag, "digest": digest, "labels": {}})
}

/// Not a real digest: the same text always gives the same one, which is all a viewer can see.
pub(crate) fn digest(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let words: Vec<String> = (0..4_u8)
        .map(|round| {
            for byte in text.bytes().chain([round]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            format!("{hash:016x}")
        })
        .collect();
    format!("sha256:{}", words.concat())
}

/// The configuration that a client gave a machine, if one did.
fn given(machine: &Machine) -> &Value {
    machine.config.as_ref().unwrap_or(&Value::Null)
}

pub(crate) fn metadata(app: &App, machine: &Machine) -> Map<String, Value> {
    if machine.config.is_some() {
        return given(machine)["metadata"].as_object().cloned().unwrap_or_default();
    }
    let mut all = Map::new();
    all.insert("fly_flyctl_version".to_owned(), json!(FLYCTL));
    all.insert("fly_platform_version".to_owned(), json!("v2"));
    all.insert("fly_process_group".to_owned(), json!(machine.group));
    if let Some(release) = app.release(machine.release) {
        all.insert("fly_release_id".to_owned(), json!(release.id));
        all.insert("fly_release_version".to_owned(), json!(release.version.to_string()));
    }
    all.extend(machine.metadata.iter().map(|(key, value)| (key.clone(), json!(value))));
    all
}

fn guest(app: &App, machine: &Machine) -> Value {
    if machine.config.is_some() {
        return given(machine)["guest"].clone();
    }
    let size = app.group(&machine.group).and_then(|group| catalog::vm_size(&group.size));
    size.map_or(Value::Null, self::size)
}

/// A size of machines, as a configuration writes it.
pub(crate) fn size(size: &catalog::VmSize) -> Value {
    json!({"cpu_kind": size.cpu_kind, "cpus": size.cpus, "memory_mb": size.memory_mb})
}

/// What a client gave, or what the process group and the release make of it.
pub(crate) fn config(app: &App, machine: &Machine) -> Value {
    if let Some(config) = &machine.config {
        return config.clone();
    }
    let group = app.group(&machine.group).map(|group| group.config.clone());
    let mut config = match group {
        Some(Value::Object(config)) => config,
        _ => Map::new(),
    };
    for value in config.get_mut("env").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        // A number of a fly.toml is a text by the time it reaches Fly.
        if !value.is_string() {
            *value = json!(value.to_string());
        }
    }
    config.insert("image".to_owned(), json!(image(app, machine)));
    config.insert("guest".to_owned(), guest(app, machine));
    config.insert("metadata".to_owned(), Value::Object(metadata(app, machine)));
    Value::Object(config)
}

/// As the list of an organization has it: no checks, no events, little configuration.
pub(crate) fn overview(app: &App, machine: &Machine) -> Value {
    json!({
        "app_name": app.name,
        "config": {
            "guest": guest(app, machine),
            "image": image(app, machine),
            "metadata": metadata(app, machine),
        },
        "created_at": machine.created_at,
        "id": machine.id,
        "instance_id": machine.instance_id,
        "name": machine.name,
        "private_ip": machine.private_ip,
        "region": machine.region,
        "state": machine.state,
        "updated_at": machine.updated_at(),
        "version": machine.instance_id,
    })
}

/// Newest first.
pub(crate) fn events(machine: &Machine, limit: usize) -> Value {
    let newest = machine.events.iter().enumerate().rev().take(limit);
    newest.map(|(index, one)| event(machine, index, one)).collect()
}

fn event(machine: &Machine, index: usize, event: &MachineEvent) -> Value {
    let mut json = json!({
        "id": event_id(machine, index, event),
        "type": event.kind,
        "status": event.status,
        "source": event.source,
        "timestamp": event.at.as_ms(),
    });
    if !event.request.is_null() {
        json["request"] = event.request.clone();
    }
    json
}

/// 26 characters that grow with time, as a ULID's do.
pub(crate) fn event_id(machine: &Machine, index: usize, event: &MachineEvent) -> String {
    let tail: String = machine.id.chars().take(8).collect::<String>().to_uppercase();
    format!("01{:012X}{tail:0<8}{index:04}", event.at.as_ms())
}
