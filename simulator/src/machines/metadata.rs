//! `/v1/apps/{app}/machines/{machine}/metadata`.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    change::{body, nonce},
    json as write,
};
use crate::{
    actions::{lease, machine::set_metadata},
    refusal::{Refusal, refusal},
    scene::MachineScene,
};

type Done = Result<StatusCode, Refusal>;
/// App, machine and key.
type Key = Path<(String, String, String)>;

pub(super) async fn all(MachineScene { app, machine, .. }: MachineScene) -> Json<Value> {
    Json(Value::Object(write::metadata(&app, &machine)))
}

pub(super) async fn one(
    MachineScene { app, machine, .. }: MachineScene,
    Path((_, _, key)): Key,
) -> Result<Json<Value>, Refusal> {
    let value = write::metadata(&app, &machine).remove(&key);
    let value = value.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "metadata key not found"))?;
    Ok(Json(json!({"value": value})))
}

#[derive(Default, Deserialize)]
pub(super) struct Many {
    #[serde(default)]
    metadata: Map<String, Value>,
    machine_version: Option<String>,
}

/// All metadata is what is sent.
pub(super) async fn replace(on: MachineScene, headers: HeaderMap, bytes: Bytes) -> Done {
    let sent: Many = body(&bytes)?;
    let version = sent.machine_version.clone();
    edit(&on, &headers, version, |metadata| *metadata = sent.metadata)
}

/// What is sent is added.
pub(super) async fn merge(on: MachineScene, headers: HeaderMap, bytes: Bytes) -> Done {
    let sent: Many = body(&bytes)?;
    let version = sent.machine_version.clone();
    edit(&on, &headers, version, |metadata| metadata.extend(sent.metadata))
}

#[derive(Default, Deserialize)]
pub(super) struct One {
    #[serde(default)]
    value: String,
}

pub(super) async fn set(on: MachineScene, Path((_, _, key)): Key, headers: HeaderMap, bytes: Bytes) -> Done {
    let sent: One = body(&bytes)?;
    edit(&on, &headers, None, |metadata| {
        metadata.insert(key, sent.value.into());
    })
}

pub(super) async fn remove(on: MachineScene, Path((_, _, key)): Key, headers: HeaderMap) -> Done {
    edit(&on, &headers, None, |metadata| {
        metadata.remove(&key);
    })
}

fn edit(
    on: &MachineScene,
    headers: &HeaderMap,
    version: Option<String>,
    change: impl FnOnce(&mut Map<String, Value>),
) -> Done {
    on.decide(|target| {
        lease::check(target.machine, target.now, nonce(headers))?;
        if version.is_some_and(|version| version != target.machine.instance_id) {
            let reason = format!("machine version is {}", target.machine.instance_id);
            return Err(refusal(StatusCode::PRECONDITION_FAILED, reason));
        }
        let mut metadata = write::metadata(target.app, target.machine);
        change(&mut metadata);
        if let Some((key, _)) = metadata.iter().find(|(_, value)| !value.is_string()) {
            return Err(refusal(StatusCode::BAD_REQUEST, format!("metadata.{key} is no text")));
        }
        Ok((set_metadata(target, metadata), ()))
    })?;
    Ok(StatusCode::NO_CONTENT)
}
