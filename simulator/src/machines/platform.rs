//! `/v1/tokens/current` and `/v1/platform/regions`.

use std::sync::Arc;

use axum::{Extension, Json, extract::State};
use serde_json::{Value, json};

use crate::{
    catalog,
    engine::Engine,
    tokens::{Reach, Token},
};

pub(super) async fn current_token(
    State(engine): State<Arc<Engine>>,
    Extension(token): Extension<Token>,
) -> Json<Value> {
    let world = engine.view().world;
    let (slug, apps) = match token.reach {
        Reach::Everything => (world.organizations.first().map(|org| org.slug.clone()), vec!["*"]),
        Reach::Organization(slug) => (Some(slug.to_owned()), vec!["*"]),
        Reach::App(name) => (world.app(name).map(|app| app.organization.clone()), vec![name]),
    };
    let user = world.users.first().map(|user| user.email.clone());
    Json(json!({
        "tokens": [{
            "token_id": format!("simulated-{}", token.name),
            "apps": apps,
            "org_slug": slug,
            "organization": slug,
            "restricted_to_machine": "",
            "source_machine_id": "",
            "user": if token.is_macaroon() { None } else { user },
        }],
    }))
}

pub(super) async fn regions() -> Json<Value> {
    let regions = catalog::REGIONS.iter().map(|region| {
        json!({
            "code": region.code,
            "name": region.name,
            "latitude": region.latitude,
            "longitude": region.longitude,
            "geo_region": region.area,
            "gateway_available": true,
            "requires_paid_plan": false,
            "deprecated": false,
        })
    });
    let regions: Vec<Value> = regions.collect();
    Json(json!({"nearest": catalog::NEAREST, "regions": regions}))
}
