//! Reads the whole of a request's body before a handler begins, so that a slow client holds a
//! connection and nothing else.

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// What a body may take.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Bytes. No form or server function comes near this.
    pub bytes: usize,
    /// From the head to the last byte.
    pub time: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, time: Duration::from_secs(10) }
    }
}

/// 413 for a body that is too large, 408 for one that does not come.
pub async fn read(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(limits.time, to_bytes(body, limits.bytes)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => (StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.\n").into_response(),
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "The request did not come in time.\n").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use tower::ServiceExt as _;

    async fn answer(body: Body) -> StatusCode {
        let router = Router::new()
            .route("/", post(|body: String| async move { body }))
            .layer(from_fn_with_state(BodyLimits::default(), read));
        router.oneshot(Request::post("/").body(body).unwrap()).await.unwrap().status()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_or_is_too_large_never_reaches_a_handler() {
        assert_eq!(answer(Body::from("token=x")).await, StatusCode::OK);
        assert_eq!(answer(Body::from(vec![b'x'; 64 * 1024 + 1])).await, StatusCode::PAYLOAD_TOO_LARGE);
        let never =
            Body::from_stream(futures::stream::pending::<Result<axum::body::Bytes, std::io::Error>>());
        assert_eq!(answer(never).await, StatusCode::REQUEST_TIMEOUT);
    }
}
