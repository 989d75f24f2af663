//! Reading `/v1/apps/{app}/machines` and what lies below.

use axum::{Json, extract::Query, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{json as write, processes as listing};
use crate::{
    refusal::{Refusal, refusal},
    scene::{AppScene, MachineScene},
    world::MachineVersion,
};

#[derive(Deserialize)]
pub(super) struct ListAsk {
    #[serde(default)]
    include_deleted: bool,
    #[serde(default)]
    summary: bool,
    region: Option<String>,
    state: Option<String>,
}

pub(super) async fn list(AppScene { app, .. }: AppScene, Query(ask): Query<ListAsk>) -> Json<Value> {
    let wanted = app.machines.iter().filter(|machine| {
        (ask.include_deleted || machine.state != "destroyed")
            && ask.region.as_ref().is_none_or(|region| *region == machine.region)
            && ask.state.as_ref().is_none_or(|states| states.split(',').any(|one| one == machine.state))
    });
    let write = if ask.summary { write::summary } else { write::machine };
    Json(wanted.map(|machine| write(&app, machine)).collect())
}

pub(super) async fn one(MachineScene { app, machine, .. }: MachineScene) -> Json<Value> {
    Json(write::machine(&app, &machine))
}

#[derive(Deserialize)]
pub(super) struct EventsAsk {
    limit: Option<usize>,
}

pub(super) async fn events(
    MachineScene { machine, .. }: MachineScene,
    Query(ask): Query<EventsAsk>,
) -> Json<Value> {
    let limit = ask.limit.unwrap_or(20).min(50);
    Json(write::events(&machine, limit))
}

/// The present version first.
pub(super) async fn versions(MachineScene { app, machine, .. }: MachineScene) -> Json<Value> {
    let write = |instance_id: &str, config: Value| json!({"version": instance_id, "user_config": config});
    let earlier = machine.versions.iter().rev();
    let earlier = earlier.map(|version: &MachineVersion| {
        write(&version.instance_id, write::config(&app, &machine.as_of(version)))
    });
    let present = write(&machine.instance_id, write::config(&app, &machine));
    Json(std::iter::once(present).chain(earlier).collect())
}

#[derive(Deserialize)]
pub(super) struct ProcessesAsk {
    sort_by: Option<String>,
    order: Option<String>,
}

/// Only a machine that runs has processes.
pub(super) async fn processes(
    MachineScene { app, machine, .. }: MachineScene,
    Query(ask): Query<ProcessesAsk>,
) -> Result<Json<Value>, Refusal> {
    if machine.state != "started" {
        return Err(refusal(StatusCode::BAD_REQUEST, "machine is not started"));
    }
    let mut processes = listing::of(&app, &machine);
    match ask.sort_by.as_deref() {
        Some("cpu") => processes.sort_by_key(|one| one.cpu),
        Some("rss") => processes.sort_by_key(|one| one.rss),
        Some("rtime") => processes.sort_by_key(|one| one.rtime),
        Some("stime") => processes.sort_by_key(|one| one.stime),
        _ => processes.sort_by_key(|one| one.pid),
    }
    if ask.order.as_deref() == Some("desc") {
        processes.reverse();
    }
    Ok(Json(json!(processes)))
}
