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
    engine::Engine,
    gate::{self, Gate},
    refusal::refusal,
    tokens::Door,
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
