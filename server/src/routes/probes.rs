//! What platforms ask to know whether this process is alive and of use.

use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;

/// `GET /healthz`: this process answers. Never asks Fly: an outage of Fly must not restart us.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: 503 after a call to Fly that failed, for a minute or until one succeeds.
pub async fn readyz(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.hub.last_failed() {
        (StatusCode::SERVICE_UNAVAILABLE, "Fly is not answering")
    } else {
        (StatusCode::OK, "ok")
    }
}
