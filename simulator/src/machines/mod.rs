//! The Machines API: `/v1` on an address of its own.
//! Source: Fly's OpenAPI of the Machines API and the samples of its documentation.

mod apps;
mod belongings;
mod certificates;
mod change;
pub(crate) mod json;
mod lease;
mod machine;
mod metadata;
mod organization;
mod platform;
mod processes;
mod volumes;
mod wait;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post, put},
};

use crate::{
    answer::marked,
    engine::{Engine, View},
    gate::{self, Gate},
    refusal::{Refusal, refusal},
    scene,
    tokens::{Access, Door, Token},
    world::App,
};

pub(crate) fn router(engine: &Arc<Engine>) -> Router {
    let gate = Gate { engine: Arc::clone(engine), door: Door::Machines, unauthorized };
    apps_and_organizations()
        .merge(machines())
        .merge(belongings())
        .route_layer(from_fn(refuse_readers))
        .route_layer(from_fn_with_state(gate, gate::keep))
        .fallback(not_found)
        .layer(map_response(marked))
        .with_state(Arc::clone(engine))
}

type Routes = Router<Arc<Engine>>;

fn apps_and_organizations() -> Routes {
    Router::new()
        .route("/v1/apps", get(apps::list).post(apps::create))
        .route("/v1/apps/{app}", get(apps::one).delete(apps::delete))
        .route("/v1/orgs/{org}/machines", get(organization::machines))
        .route("/v1/orgs/{org}/volumes", get(organization::volumes))
        .route("/v1/tokens/current", get(platform::current_token))
        .route("/v1/platform/regions", get(platform::regions))
}

fn machines() -> Routes {
    let below = |rest: &str, routes: MethodRouter<Arc<Engine>>| {
        Router::new().route(&format!("{}/{rest}", gate::ONE_MACHINE), routes)
    };
    Router::new()
        .route("/v1/apps/{app}/machines", get(machine::list).post(change::create))
        .route(gate::ONE_MACHINE, get(machine::one).post(change::update).delete(change::destroy))
        .merge(below("wait", get(wait::wait)))
        .merge(below("events", get(machine::events)))
        .merge(below("versions", get(machine::versions)))
        .merge(below("ps", get(machine::processes)))
        .merge(below("lease", get(lease::read).post(lease::take).delete(lease::release)))
        .merge(below("metadata", get(metadata::all).put(metadata::replace).patch(metadata::merge)))
        .merge(below("metadata/{key}", get(metadata::one).post(metadata::set).delete(metadata::remove)))
        .merge(below("start", post(change::start)))
        .merge(below("stop", post(change::stop)))
        .merge(below("suspend", post(change::suspend)))
        .merge(below("restart", post(change::restart)))
        .merge(below("signal", post(change::signal)))
        .merge(below("cordon", post(change::cordon)))
        .merge(below("uncordon", post(change::uncordon)))
}

fn belongings() -> Routes {
    Router::new()
        .route("/v1/apps/{app}/volumes", get(volumes::list).post(volumes::create))
        .route("/v1/apps/{app}/volumes/{volume}", get(volumes::one).delete(volumes::destroy))
        .route("/v1/apps/{app}/volumes/{volume}/extend", put(volumes::extend))
        .route("/v1/apps/{app}/volumes/{volume}/snapshots", get(volumes::snapshots))
        .route("/v1/apps/{app}/certificates", get(certificates::list))
        .route("/v1/apps/{app}/certificates/{hostname}", get(certificates::one))
        .route("/v1/apps/{app}/ip_assignments", get(belongings::ip_assignments))
        .route("/v1/apps/{app}/secrets", get(belongings::secrets))
        .route("/v1/apps/{app}/secrets/{name}", get(belongings::one_secret))
}

/// A token that may only look changes nothing, whatever it reaches.
async fn refuse_readers(Extension(token): Extension<Token>, request: Request, next: Next) -> Response {
    if token.access == Access::Read && !request.method().is_safe() {
        return refusal(StatusCode::FORBIDDEN, "not authorized: the token is read-only").into_response();
    }
    next.run(request).await
}

/// As captured from the real API in 2025.
fn unauthorized() -> Response {
    refusal(StatusCode::UNAUTHORIZED, "Authenticate: token validation error").into_response()
}

async fn not_found() -> Refusal {
    Refusal::NotFound
}

/// The app of this name, if it is there and the token reaches it.
fn find_app(view: &View, token: Token, name: &str) -> Result<Arc<App>, Refusal> {
    scene::find_app(view, token, Door::Machines, name)
}

/// How many rows a cursor skips.
fn position(cursor: Option<&str>) -> Result<usize, Refusal> {
    let read = cursor.filter(|text| !text.is_empty()).map(str::parse).transpose();
    let read = read.map_err(|_| refusal(StatusCode::BAD_REQUEST, "cursor is none of ours"))?;
    Ok(read.unwrap_or(0))
}
