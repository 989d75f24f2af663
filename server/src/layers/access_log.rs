//! One line of log a request: never the query, a header or a cookie, since they may hold secrets.

use super::client_address::client_address;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

/// Writes the line when the response begins.
pub async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let client = client_address(request.extensions(), request.headers(), &state.trusted_proxy);
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let client = client.map(tracing::field::display);
    if matches!(path.as_str(), "/healthz" | "/readyz") {
        tracing::debug!(%method, path, status, ms, client, "request");
    } else {
        tracing::info!(%method, path, status, ms, client, "request");
    }
    response
}
