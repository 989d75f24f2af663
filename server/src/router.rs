//! Every route of the server, and the layers around them.

use crate::assets;
use crate::layers::body::BodyLimits;
use crate::layers::{access_log, body, csp, host, panics, same_origin, security_headers, session};
use crate::routes::{design, diagnosis, events, pages, palette, poll, probes, sign_in};
use crate::state::AppState;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

/// The whole service. Layers run from the last to the first.
pub fn router(state: AppState) -> Router {
    let routes = Router::new()
        .route("/", get(|| async { Redirect::to("/apps") }))
        .route("/sign-in", get(pages::sign_in_page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/open", get(sign_in::open))
        .route("/palette", get(palette::palette))
        .route("/api/{*function}", post(pages::server_function))
        .route("/apps/{name}/diagnosis.md", get(diagnosis::diagnosis))
        .route("/poll", get(poll::poll))
        .fallback(get(pages::page));
    let routes =
        if state.demo_token.is_some() { routes.route("/design", get(design::design)) } else { routes };
    // A stream goes past the compression: each layer around a body costs all streams with each change.
    let routes = routes.layer(CompressionLayer::new()).route("/events", get(events::events));
    let files =
        Router::new().route("/pkg/{name}", get(assets::serve)).route("/favicon.ico", get(assets::favicon));
    routes
        .layer(from_fn_with_state(state.clone(), session::find))
        .merge(files.layer(CompressionLayer::new()))
        .route("/healthz", get(probes::healthz))
        .route("/readyz", get(probes::readyz))
        .layer(from_fn_with_state(BodyLimits::default(), body::read))
        .layer(from_fn_with_state(state.clone(), same_origin::check))
        .layer(from_fn_with_state(state.clone(), host::check))
        .layer(from_fn(panics::catch))
        .layer(from_fn(csp::apply))
        .layer(from_fn_with_state(state.clone(), security_headers::apply))
        .layer(from_fn_with_state(state.clone(), access_log::log))
        .with_state(state)
}
