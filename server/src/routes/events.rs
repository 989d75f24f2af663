//! `GET /events?topics=…&since=…`: the live stream.

use super::follow::{Following, Wanted, follow};
use crate::layers::client_address::ClientAddress;
use crate::layers::session::MaybeSession;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;

/// Begins a stream.
pub async fn events(
    State(state): State<AppState>,
    Extension(session): Extension<MaybeSession>,
    address: ClientAddress,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    match follow(&state, session, address, &wanted, &headers).await {
        Ok(following) => respond(following),
        Err(refusal) => refusal,
    }
}

fn respond(following: Following) -> Response {
    let frames = futures::stream::unfold(following, |mut following| async move {
        let event = following.stream.next().await?;
        Some((Ok::<_, Infallible>(event.frame()), following))
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
        // nginx buffers a response unless it is told not to.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(frames)).into_response()
}
