//! `/v1/apps`.

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
    world::App,
};

#[derive(Deserialize)]
pub(super) struct ListAsk {
    org_slug: Option<String>,
}

pub(super) async fn list(
    State(engine): State<Arc<Engine>>,
    Extension(token): Extension<Token>,
    Query(ask): Query<ListAsk>,
) -> Result<Json<Value>, Refusal> {
    let view = engine.view();
    let Some(slug) = ask.org_slug else {
        return Err(refusal(StatusCode::BAD_REQUEST, "org_slug is required"));
    };
    let Some(organization) = view.world.organization(&slug) else {
        return Err(refusal(StatusCode::NOT_FOUND, "organization not found"));
    };
    if !token.reaches_organization(organization) {
        return Err(refusal(StatusCode::FORBIDDEN, "not authorized to access this organization"));
    }
    let apps = view.world.apps.iter().filter(|app| app.organization == slug);
    let apps: Vec<Value> = apps.map(|app| row(app)).collect();
    Ok(Json(json!({"total_apps": apps.len(), "apps": apps})))
}

fn row(app: &App) -> Value {
    json!({
        "id": opaque_id(app),
        "name": app.name,
        "machine_count": app.machines.iter().filter(|one| one.state != "destroyed").count(),
        "volume_count": 0,
        "network": "default",
    })
}

pub(super) async fn one(
    State(engine): State<Arc<Engine>>,
    Extension(token): Extension<Token>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let view = engine.view();
    let app = find_app(&view, token, &name)?;
    let organization = view.world.organization(&app.organization);
    let (name, slug) = organization.map_or(("", ""), |org| (&org.name, &org.slug));
    Ok(Json(json!({
        "id": opaque_id(&app),
        "internal_numeric_id": app.number,
        "name": app.name,
        "status": app.status,
        "organization": {"name": name, "slug": slug},
    })))
}

/// The Machines API has identifiers of its own for apps: 16 letters and digits.
fn opaque_id(app: &App) -> String {
    format!("a{:015x}", app.number)
}
