//! `/api/v1/apps/{app}/releases`.

use axum::{Json, extract::Query, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    refusal::{Refusal, refusal},
    scene::AppScene,
    world::{Release, World},
};

#[derive(Deserialize)]
pub(super) struct Ask {
    limit: Option<usize>,
}

pub(super) async fn list(AppScene { scene, app }: AppScene, Query(ask): Query<Ask>) -> Json<Value> {
    let newest = app.releases.iter().rev().take(ask.limit.unwrap_or(25));
    let releases: Vec<Value> = newest.map(|release| write(&scene.view.world, release)).collect();
    Json(json!({"releases": releases}))
}

pub(super) async fn current(AppScene { scene, app }: AppScene) -> Result<Json<Value>, Refusal> {
    let release = app.current_release();
    let release = release.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "Could not find Release"))?;
    Ok(Json(write(&scene.view.world, release)))
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
