//! A handler that panics is answered with 500, and the connection goes on.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// Catches what panics until the response begins. The body stays as it is: one more layer around it would
/// cost every stream with every change.
pub async fn catch(request: Request, next: Next) -> Response {
    // Whatever the handler was changing is behind locks that say so, or belonged to this request.
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a request's handler panicked");
        (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong in Windsock. Its log says what.")
            .into_response()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn broken() -> &'static str {
        panic!("as a mistake of ours would")
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_a_500_that_says_where_to_look() {
        let router = Router::new().route("/", get(broken)).layer(from_fn(catch));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = axum::body::to_bytes(response.into_body(), 1_024).await.unwrap();
        assert_eq!(text, "Something went wrong in Windsock. Its log says what.");
    }
}
