//! `/v1/apps/{app}/machines` and what lies below.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{find_app, find_machine, json as write, processes as listing};
use crate::{
    engine::Engine,
    refusal::{Refusal, refusal},
    tokens::Token,
    world::{App, Machine},
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

type Shared = State<Arc<Engine>>;
type Answer = Result<Json<Value>, Refusal>;

pub(super) async fn list(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(name): Path<String>,
    Query(ask): Query<ListAsk>,
) -> Answer {
    let app = find_app(&engine.view(), token, &name)?;
    let wanted = app.machines.iter().filter(|machine| {
        (ask.include_deleted || machine.state != "destroyed")
            && ask.region.as_ref().is_none_or(|region| *region == machine.region)
            && ask.state.as_ref().is_none_or(|states| states.split(',').any(|one| one == machine.state))
    });
    let write = if ask.summary { write::summary } else { write::machine };
    Ok(Json(wanted.map(|machine| write(&app, machine)).collect()))
}

/// The machine of a request's path.
fn find(engine: &Engine, token: Token, path: &(String, String)) -> Result<(Arc<App>, Machine), Refusal> {
    let app = find_app(&engine.view(), token, &path.0)?;
    let machine = find_machine(&app, &path.1)?;
    Ok((app, machine))
}

pub(super) async fn one(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(path): Path<(String, String)>,
) -> Answer {
    let (app, machine) = find(&engine, token, &path)?;
    Ok(Json(write::machine(&app, &machine)))
}

#[derive(Deserialize)]
pub(super) struct EventsAsk {
    limit: Option<usize>,
}

pub(super) async fn events(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(path): Path<(String, String)>,
    Query(ask): Query<EventsAsk>,
) -> Answer {
    let (_, machine) = find(&engine, token, &path)?;
    let limit = ask.limit.unwrap_or(20).min(50);
    Ok(Json(write::events(&machine, limit)))
}

/// A story keeps the present version of a machine only.
pub(super) async fn versions(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(path): Path<(String, String)>,
) -> Answer {
    let (app, machine) = find(&engine, token, &path)?;
    let config = write::config(&app, &machine);
    Ok(Json(json!([{"version": machine.instance_id, "user_config": config}])))
}

pub(super) async fn metadata(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(path): Path<(String, String)>,
) -> Answer {
    let (app, machine) = find(&engine, token, &path)?;
    Ok(Json(Value::Object(write::metadata(&app, &machine))))
}

pub(super) async fn processes(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(path): Path<(String, String)>,
) -> Answer {
    let (app, machine) = find(&engine, token, &path)?;
    if machine.state != "started" {
        return Err(refusal(StatusCode::BAD_REQUEST, "machine is not started"));
    }
    Ok(Json(json!(listing::of(&app, &machine))))
}

pub(super) async fn lease(
    State(engine): Shared,
    Extension(token): Extension<Token>,
    Path(path): Path<(String, String)>,
) -> Answer {
    let now = engine.clock.now();
    let (_, machine) = find(&engine, token, &path)?;
    let lease = machine.lease.as_ref().filter(|lease| lease.expires_at > now);
    let lease = lease.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "lease not found"))?;
    // The nonce is what lets its holder write; a viewer that must not write gets none that works.
    Ok(Json(json!({
        "status": "success",
        "data": {
            "nonce": "000000000000",
            "expires_at": lease.expires_at.as_ms() / 1000,
            "owner": lease.owner,
            "description": lease.description,
            "version": machine.instance_id,
        },
    })))
}
