//! `/api/v1` beside GraphQL: releases and logs. flyctl uses it; Fly does not document it.

mod logs;
mod releases;

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
    world::App,
};

pub(crate) fn router(engine: &Arc<Engine>) -> Router {
    let gate = Gate { engine: Arc::clone(engine), door: Door::Rest, unauthorized };
    Router::new()
        .route("/api/v1/apps/{app}/releases", get(releases::list))
        .route("/api/v1/apps/{app}/releases/current", get(releases::current))
        .route("/api/v1/apps/{app}/logs", get(logs::read))
        .route_layer(from_fn_with_state(gate, gate::keep))
        .layer(map_response(marked))
        .with_state(Arc::clone(engine))
}

fn unauthorized() -> Response {
    refusal(StatusCode::UNAUTHORIZED, "unauthorized").into_response()
}

/// An app that the token does not reach is as little there as one that does not exist.
fn find_app(view: &View, token: Token, name: &str) -> Result<Arc<App>, Refusal> {
    let app = view.world.app(name).filter(|app| token.reaches(app));
    app.map(Arc::clone).ok_or_else(|| refusal(StatusCode::NOT_FOUND, "Could not find App"))
}
