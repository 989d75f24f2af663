//! `GET /poll?topics=…&since=…`: the long-polling twin of `/events`, for a page behind a proxy that
//! does not let a stream through.

use super::follow::{Following, Wanted, follow};
use crate::layers::client_address::ClientAddress;
use crate::layers::session::MaybeSession;
use crate::live::outgoing::polled;
use crate::state::AppState;
use axum::extract::{Extension, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long an answer waits for news: shorter than the 30 s after which the strictest of the usual
/// proxies give a response up.
const PATIENCE: Duration = Duration::from_secs(25);

/// The events up to the first news, as a JSON array.
pub async fn poll(
    State(state): State<AppState>,
    Extension(session): Extension<MaybeSession>,
    address: ClientAddress,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let Following { stream, place: _place } = match follow(&state, session, address, &wanted, &headers).await
    {
        Ok(following) => following,
        Err(refusal) => return refusal,
    };
    let events = stream.until_news(PATIENCE).await;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
    ];
    (headers, polled(&events)).into_response()
}
