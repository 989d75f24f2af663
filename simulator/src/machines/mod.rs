//! The Machines API: `/v1` on an address of its own.
//! Source: Fly's OpenAPI of the Machines API and the samples of its documentation.

mod apps;
pub(crate) mod json;
mod machine;
mod organization;
mod platform;
mod processes;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    answer::marked,
    engine::{Engine, View},
    gate::{self, Gate},
    refusal::{Refusal, refusal},
    tokens::{Door, Token},
    world::{App, Machine},
};

pub(crate) fn router(engine: &Arc<Engine>) -> Router {
    let gate = Gate { engine: Arc::clone(engine), door: Door::Machines, unauthorized };
    Router::new()
        .route("/v1/apps", get(apps::list))
        .route("/v1/apps/{app}", get(apps::one))
        .route("/v1/apps/{app}/machines", get(machine::list))
        .route(gate::ONE_MACHINE, get(machine::one))
        .route("/v1/apps/{app}/machines/{machine}/events", get(machine::events))
        .route("/v1/apps/{app}/machines/{machine}/versions", get(machine::versions))
        .route("/v1/apps/{app}/machines/{machine}/ps", get(machine::processes))
        .route("/v1/apps/{app}/machines/{machine}/lease", get(machine::lease))
        .route("/v1/apps/{app}/machines/{machine}/metadata", get(machine::metadata))
        .route("/v1/orgs/{org}/machines", get(organization::machines))
        .route("/v1/tokens/current", get(platform::current_token))
        .route("/v1/platform/regions", get(platform::regions))
        .route_layer(from_fn_with_state(gate, gate::keep))
        .fallback(not_found)
        .layer(map_response(marked))
        .with_state(Arc::clone(engine))
}

/// As captured from the real API in 2025.
fn unauthorized() -> Response {
    refusal(StatusCode::UNAUTHORIZED, "Authenticate: token validation error").into_response()
}

async fn not_found() -> Refusal {
    Refusal::NotFound
}

/// The app of this name, if it is there and the token reaches it.
fn find_app(view: &View, token: Token, name: &str) -> Result<Arc<App>, Refusal> {
    let app = view.world.app(name).ok_or(Refusal::NotFound)?;
    if !token.reaches(app) {
        return Err(refusal(StatusCode::FORBIDDEN, "not authorized to access this app"));
    }
    Ok(Arc::clone(app))
}

fn find_machine(app: &App, id: &str) -> Result<Machine, Refusal> {
    let machine = app.machine(id).cloned();
    machine.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "machine not found"))
}
