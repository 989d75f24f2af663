//! `/v1/apps/{app}/ip_assignments` and `/v1/apps/{app}/secrets`.

use axum::{Json, extract::Path, http::StatusCode};
use serde_json::{Value, json};

use crate::{
    refusal::{Refusal, refusal},
    scene::AppScene,
    world::Secret,
};

pub(super) async fn ip_assignments(AppScene { app, .. }: AppScene) -> Json<Value> {
    let ips = app.ips.iter().map(|ip| {
        json!({
            "ip": ip.address,
            "region": "global",
            "created_at": ip.created_at,
            "shared": ip.kind == "shared_v4",
        })
    });
    Json(json!({"ips": ips.collect::<Vec<_>>()}))
}

/// Values are never told, whatever is asked.
pub(super) async fn secrets(AppScene { app, .. }: AppScene) -> Json<Value> {
    Json(json!({"secrets": app.secrets.iter().map(secret).collect::<Vec<_>>()}))
}

pub(super) async fn one_secret(
    AppScene { app, .. }: AppScene,
    Path((_, name)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let found = app.secrets.iter().find(|one| one.name == name);
    let found = found.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "secret not found"))?;
    Ok(Json(secret(found)))
}

fn secret(one: &Secret) -> Value {
    json!({
        "name": one.name,
        "digest": one.digest,
        "created_at": one.created_at,
        "updated_at": one.updated_at(),
    })
}
