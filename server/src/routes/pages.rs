//! Renders pages and answers server functions.

use crate::backend::ViewerBackend;
use crate::layers::csp::CspNonce;
use crate::layers::session::MaybeSession;
use crate::state::AppState;
use app::backend::Backend;
use app::session::{Refusal, Session};
use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use std::sync::Arc;
use std::time::Duration;

/// A page that is not rendered by then is given up.
const RENDER_TIMEOUT: Duration = Duration::from_secs(10);
/// No page comes near this; it bounds what a render may hold.
const PAGE_LIMIT: usize = 32 * 1024 * 1024;

/// Any page but the sign-in page: without a session it leads there, and back afterwards.
pub async fn page(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
    Extension(CspNonce(nonce)): Extension<CspNonce>,
    request: Request,
) -> Response {
    let Some(active) = session else {
        let wanted = request.uri().path_and_query().map_or("/apps", |path| path.as_str());
        return Redirect::to(&app::routes::sign_in(Some(wanted))).into_response();
    };
    let backend = ViewerBackend { hub: state.hub.clone(), viewer: active.as_viewer() };
    let session = Session {
        tag: active.key.tag(),
        viewer: Some(active.viewer),
        can_sign_out: state.shared.is_none(),
        build: state.build.clone(),
        ..Session::default()
    };
    render(state, session, Some(Arc::new(backend)), nonce, request).await
}

/// The sign-in page, or the way on for those who are signed in.
pub async fn sign_in_page(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
    Extension(CspNonce(nonce)): Extension<CspNonce>,
    request: Request,
) -> Response {
    let next = super::sign_in::next_of_query(request.uri().query());
    if session.is_some() {
        return Redirect::to(next.as_deref().unwrap_or("/apps")).into_response();
    }
    render_sign_in(state, next, None, nonce, request).await
}

/// The sign-in page with what went wrong, if anything did.
pub(super) async fn render_sign_in(
    state: AppState,
    next: Option<String>,
    refusal: Option<Refusal>,
    nonce: String,
    request: Request,
) -> Response {
    let demo_token = state.demo_token.clone();
    let session = Session { demo_token, refusal, next, build: state.build.clone(), ..Session::default() };
    render(state, session, None, nonce, request).await
}

async fn render(
    state: AppState,
    session: Session,
    backend: Option<Arc<dyn Backend>>,
    nonce: String,
    request: Request,
) -> Response {
    let assets = state.assets.clone();
    let rendering = async move {
        // Read first, so that rendering waits for nothing.
        let first = app::first_of(request.uri(), backend).await;
        let shell_nonce = nonce.clone();
        let context = move || {
            provide_context(session.clone());
            provide_context(Nonce::from_value(nonce.clone()));
            if let Some(first) = &first {
                provide_context(first.clone());
            }
        };
        let shell = move || app::shell(assets.clone(), Some(shell_nonce.clone()));
        leptos_axum::render_app_async_with_context(context, shell)(request).await
    };
    detached(&state, rendering).await
}

/// A server function: the data of a page that the browser opens without loading it anew.
pub async fn server_function(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
    request: Request,
) -> Response {
    let backend = session.map(|active| {
        let backend: Arc<dyn Backend> =
            Arc::new(ViewerBackend { hub: state.hub.clone(), viewer: active.as_viewer() });
        backend
    });
    let context = move || {
        if let Some(backend) = &backend {
            provide_context(backend.clone());
        }
    };
    let answering =
        async move { leptos_axum::handle_server_fns_with_context(context, request).await.into_response() };
    detached(&state, answering).await
}

/// Runs a render on a task of its own, to its end even when the client has gone: Leptos leaks what
/// a render holds when its body is dropped half-way (measured: 3 to 15 kB each). How many run at
/// once, how long and how large is bounded here.
async fn detached(state: &AppState, render: impl Future<Output = Response> + Send + 'static) -> Response {
    let turn = tokio::time::timeout(RENDER_TIMEOUT, state.renders.clone().acquire_owned()).await;
    let Ok(Ok(permit)) = turn else { return busy() };
    let task = tokio::spawn(async move {
        let _permit = permit;
        tokio::time::timeout(RENDER_TIMEOUT, whole(render)).await
    });
    match task.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a page was not rendered in time");
            busy()
        }
        Err(error) => {
            tracing::error!(%error, "a render panicked");
            (StatusCode::INTERNAL_SERVER_ERROR, "Windsock made a mistake. Its log tells more.\n")
                .into_response()
        }
    }
}

async fn whole(render: impl Future<Output = Response>) -> Response {
    let (parts, body) = render.await.into_parts();
    match to_bytes(body, PAGE_LIMIT).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(error) => {
            tracing::error!(%error, "a page could not be collected");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn busy() -> Response {
    let headers = [(RETRY_AFTER, HeaderValue::from_static("5"))];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "Windsock is busy. Try again in a few seconds.\n")
        .into_response()
}
