//! `GET /apps/{name}/diagnosis.md`: what is wrong with an app, as a text for a chat or an issue. The
//! page's button copies it, and it reads where nothing can copy.

use super::follow::refuse;
use crate::layers::host::requested;
use crate::layers::session::MaybeSession;
use crate::state::AppState;
use app::routes;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use model::live::{Snapshot, Topic};
use model::{AppName, AppView};
use std::fmt::Write;

/// The text; without a session the way to sign in.
pub async fn diagnosis(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let Some(active) = session else {
        return Redirect::to(&routes::sign_in(Some(request.uri().path()))).into_response();
    };
    let name = match AppName::new(name) {
        Ok(name) => name,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    match state.hub.read(&Topic::App(name), &active.as_viewer()).await {
        Ok(snapshot) => match snapshot.into_app() {
            Some(snapshot) => text(&snapshot, &origin(&state, &request)),
            None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        Err(error) => refuse(&error),
    }
}

/// Plain text: browsers show it, whatever they know of Markdown.
fn text(snapshot: &Snapshot<AppView>, origin: &str) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(CONTENT_TYPE, kind)], written(snapshot, origin)).into_response()
}

fn written(snapshot: &Snapshot<AppView>, origin: &str) -> String {
    let view = &snapshot.state;
    let app = &view.app.name;
    let link = |source: &_| routes::evidence(app, source).map(|path| format!("{origin}{path}"));
    let mut text = match &view.diagnosis {
        Some(diagnosis) => diagnosis.markdown(app, view.deployment.as_ref(), &link),
        None => format!("## {app}: nothing is wrong that Windsock knows of\n"),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\nAs of {}: <{origin}{}>", snapshot.checked_at.exact(), routes::app(app));
    text
}

/// How the console is reached: by its public name, or else by the one that was asked for, which the
/// server has found to be its own.
fn origin(state: &AppState, request: &Request) -> String {
    match &state.public_url {
        Some(url) => url.origin(),
        None => requested(request).map(|host| format!("http://{host}")).unwrap_or_default(),
    }
}
