//! What every answer has.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{http::HeaderValue, response::Response};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Gives an answer its `fly-request-id`: 26 characters and a region, as Fly's are.
pub(crate) fn mark(answer: &mut Response) {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let id = format!("01SIMULATED{number:015}-{}", crate::catalog::NEAREST);
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert("fly-request-id", id);
    }
    answer.headers_mut().insert("via", HeaderValue::from_static("1.1 fly.io"));
}

/// As a layer: [`mark`] on whatever comes back.
pub(crate) async fn marked(answer: Response) -> Response {
    let mut answer = answer;
    mark(&mut answer);
    answer
}
