//! The control of a proxy, on a loopback port of its own.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    conditions::{Conditions, How},
    proxy::counts,
    switches::Switches,
};

pub(crate) fn router(switches: &Arc<Switches>) -> Router {
    Router::new()
        .route("/_proxy/state", get(state))
        .route("/_proxy/conditions", get(state).put(change).delete(clear))
        .route("/_proxy/end", post(end))
        .with_state(Arc::clone(switches))
}

async fn state(State(switches): State<Arc<Switches>>) -> Json<Value> {
    Json(json!({"conditions": switches.conditions(), "counts": counts(&switches)}))
}

/// Replaces all conditions: what is not named is as if the proxy were not there.
async fn change(State(switches): State<Arc<Switches>>, body: Bytes) -> Response {
    let read = serde_json::from_slice::<Conditions>(&body).map_err(|error| error.to_string());
    let checked = read.and_then(|read| read.check().map(|()| read).map_err(|wrong| wrong.to_string()));
    match checked {
        Err(reason) => (StatusCode::BAD_REQUEST, Json(json!({"error": reason}))).into_response(),
        Ok(conditions) => {
            switches.change(conditions);
            state(State(switches)).await.into_response()
        }
    }
}

async fn clear(State(switches): State<Arc<Switches>>) -> Json<Value> {
    switches.change(Conditions::default());
    state(State(switches)).await
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    how: How,
}

/// Ends every connection that is open.
async fn end(State(switches): State<Arc<Switches>>, Query(ask): Query<Ask>) -> Json<Value> {
    switches.end_all(ask.how);
    state(State(switches)).await
}
