//! `/v1/apps`.

use axum::{Json, body::Bytes, extract::Query, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{change::body, find_app, organization::find_organization};
use crate::{
    actions::app::{self as lifetime, Wish},
    refusal::{Refusal, refusal},
    scene::{AppScene, Scene},
    world::App,
};

#[derive(Deserialize)]
pub(super) struct ListAsk {
    org_slug: Option<String>,
}

pub(super) async fn list(scene: Scene, Query(ask): Query<ListAsk>) -> Result<Json<Value>, Refusal> {
    let slug = ask.org_slug.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "org_slug is required"))?;
    find_organization(&scene, &slug)?;
    let apps = scene.view.world.apps.iter().filter(|app| app.organization == slug);
    let apps: Vec<Value> = apps.map(|app| row(app)).collect();
    Ok(Json(json!({"total_apps": apps.len(), "apps": apps})))
}

fn row(app: &App) -> Value {
    json!({
        "id": opaque_id(app),
        "name": app.name,
        "machine_count": machine_count(app),
        "volume_count": volume_count(app),
        "network": "default",
    })
}

fn machine_count(app: &App) -> usize {
    app.machines.iter().filter(|one| one.state != "destroyed").count()
}

fn volume_count(app: &App) -> usize {
    app.volumes.iter().filter(|one| one.exists()).count()
}

pub(super) async fn one(AppScene { scene, app }: AppScene) -> Json<Value> {
    let organization = scene.view.world.organization(&app.organization);
    let organization = organization.map(|one| json!({"name": one.name, "slug": one.slug}));
    Json(json!({
        "id": opaque_id(&app),
        "internal_numeric_id": app.number,
        "name": app.name,
        "status": app.status,
        "organization": organization,
        "machine_count": machine_count(&app),
        "volume_count": volume_count(&app),
        "network": "default",
    }))
}

pub(super) async fn create(scene: Scene, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let wish: Wish = body(&bytes)?;
    let (view, name) = scene.engine.act(|view| {
        let (plan, name) = lifetime::create(view.now, &view.world, scene.token, wish)?;
        Ok((plan.facts(), name))
    })?;
    let app = find_app(&view, scene.token, &name)?;
    let answer = json!({"id": opaque_id(&app), "created_at": app.created_at.as_ms()});
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn delete(AppScene { scene, app }: AppScene) -> Result<StatusCode, Refusal> {
    scene.engine.act(|view| {
        let app = find_app(view, scene.token, &app.name)?;
        Ok((lifetime::delete(view.now, &app).facts(), ()))
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// The Machines API has identifiers of its own for apps: 16 letters and digits.
fn opaque_id(app: &App) -> String {
    format!("a{:015x}", app.number)
}
