//! `/api/v1/apps/{app}/releases`.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::find_app;
use crate::{
    engine::Engine,
    refusal::{Refusal, refusal},
    tokens::Token,
    world::{Release, World},
};

#[derive(Deserialize)]
pub(super) struct Ask {
    limit: Option<usize>,
}

pub(super) async fn list(
    State(engine): State<Arc<Engine>>,
    Extension(token): Extension<Token>,
    Path(name): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    let view = engine.view();
    let app = find_app(&view, token, &name)?;
    let newest = app.releases.iter().rev().take(ask.limit.unwrap_or(25));
    let releases: Vec<Value> = newest.map(|release| write(&view.world, release)).collect();
    Ok(Json(json!({"releases": releases})))
}

pub(super) async fn current(
    State(engine): State<Arc<Engine>>,
    Extension(token): Extension<Token>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let view = engine.view();
    let app = find_app(&view, token, &name)?;
    let release = app.current_release();
    let release = release.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "Could not find Release"))?;
    Ok(Json(write(&view.world, release)))
}

fn write(world: &World, release: &Release) -> Value {
    let user = release.user.as_deref().and_then(|id| world.user(id));
    let user = user.map(|user| json!({"id": user.id, "name": user.name, "email": user.email}));
    json!({
        "id": release.id,
        "version": release.version,
        "stable": release.stable,
        "in_progress": release.in_progress(),
        "status": release.status,
        "strategy": release.strategy.to_lowercase(),
        "description": release.description,
        "reason": release.reason,
        "user": user,
        "created_at": release.created_at,
        "image_ref": release.image,
    })
}
