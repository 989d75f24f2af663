//! Signing in and out, as plain forms: both work without JavaScript.

use super::pages::render_sign_in;
use crate::layers::client_address::ClientAddress;
use crate::layers::csp::CspNonce;
use crate::layers::session::MaybeSession;
use crate::session::{expired, issued};
use crate::state::AppState;
use app::session::Refusal;
use axum::Form;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::http::header::{HeaderName, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use fly::{FlyError, FlyToken};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;

/// The sign-in form.
#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`.
pub async fn sign_in(
    State(state): State<AppState>,
    Extension(MaybeSession(before)): Extension<MaybeSession>,
    Extension(CspNonce(nonce)): Extension<CspNonce>,
    ClientAddress(address): ClientAddress,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        let refusal = Refusal {
            message: "The form could not be read. Paste the token again.".into(),
            request_id: None,
        };
        return refuse(state, None, StatusCode::BAD_REQUEST, refusal, nonce).await;
    };
    let next = safe_next(&form.next);
    if let Err(wait) = state.clients.try_sign_in(address, Instant::now()) {
        return slow_down(state, next, wait, nonce).await;
    }
    match admit(&state, &form.token).await {
        Ok(cookie) => {
            state.clients.signed_in(address, Instant::now());
            if let Some(before) = before {
                state.sessions.end(&before.key);
            }
            let mut response = Redirect::to(next.as_deref().unwrap_or("/apps")).into_response();
            response.headers_mut().insert(SET_COOKIE, cookie);
            response
        }
        Err((status, refusal)) => refuse(state, next, status, refusal, nonce).await,
    }
}

/// Somebody tries tokens faster than a person pastes them.
async fn slow_down(state: AppState, next: Option<String>, wait: Duration, nonce: String) -> Response {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let message = format!("Too many sign-ins from your address were refused. Try again in {seconds} s.");
    let refusal = Refusal { message, request_id: None };
    let mut response = refuse(state, next, StatusCode::TOO_MANY_REQUESTS, refusal, nonce).await;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Asks Fly whom the token belongs to and begins a session.
async fn admit(state: &AppState, token: &str) -> Result<HeaderValue, (StatusCode, Refusal)> {
    let plain = |status, message: String| (status, Refusal { message, request_id: None });
    let token =
        FlyToken::parse(token).map_err(|error| plain(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    let viewer = state.upstream.viewer(&token).await.map_err(|error| {
        tracing::info!(%error, "a sign-in was refused");
        let mut message = error.person();
        if !error.is_access_denied() {
            message.push_str(" The token was not checked: try again in a moment.");
        }
        (refusal_status(&error), Refusal { message, request_id: error.request_id().map(str::to_owned) })
    })?;
    let internal = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a session could not be kept");
        plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The session could not be kept. The log of Windsock tells more.".into(),
        )
    };
    state.hub.forget_verdicts(&token);
    let id = state.sessions.begin(token, viewer.label).map_err(|error| internal(&error))?;
    HeaderValue::from_str(&issued(&id, state.https)).map_err(|error| internal(&error))
}

fn refusal_status(error: &FlyError) -> StatusCode {
    if error.is_access_denied() { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_GATEWAY }
}

async fn refuse(
    state: AppState,
    next: Option<String>,
    status: StatusCode,
    refusal: Refusal,
    nonce: String,
) -> Response {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = Uri::from_static("/sign-in");
    let mut response = render_sign_in(state, next, Some(refusal), nonce, request).await;
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}

/// `POST /sign-out`.
pub async fn sign_out(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
) -> Response {
    if let Some(active) = session {
        state.sessions.end(&active.key);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let headers = response.headers_mut();
    if let Ok(cookie) = HeaderValue::from_str(&expired(state.https)) {
        headers.insert(SET_COOKIE, cookie);
    }
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    response
}

/// The form "open an app by name".
#[derive(Deserialize)]
pub struct Open {
    #[serde(default)]
    name: String,
}

/// `GET /open?name=`: leads to the app's page, which says what is wrong with a name that is none.
pub async fn open(Query(open): Query<Open>) -> Redirect {
    Redirect::to(&app::routes::app_named(open.name.trim()))
}

/// The `next` of a query string.
pub(super) fn next_of_query(query: Option<&str>) -> Option<String> {
    #[derive(Deserialize)]
    struct Wanted {
        next: String,
    }
    let uri: Uri = format!("/?{}", query?).parse().ok()?;
    let Query(wanted) = Query::<Wanted>::try_from_uri(&uri).ok()?;
    safe_next(&wanted.next)
}

/// A path of this console, and nothing that a browser could read as another host's address.
fn safe_next(next: &str) -> Option<String> {
    let ours = next.starts_with('/') && !next.starts_with("//") && next.len() <= 2_000;
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let loops = next.starts_with("/sign-in") || next.starts_with("/sign-out");
    (ours && plain && !loops).then(|| next.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_kept_only_when_it_is_a_path_of_ours() {
        assert_eq!(safe_next("/apps/a?q=b#c").as_deref(), Some("/apps/a?q=b#c"));
        for bad in [
            "",
            "apps",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/a b",
            "/sign-in?next=/",
        ] {
            assert_eq!(safe_next(bad), None, "{bad:?} was taken");
        }
    }

    #[test]
    fn the_way_back_is_read_from_the_query() {
        assert_eq!(next_of_query(Some("next=%2Fapps%2Fa%3Fq%3Db")).as_deref(), Some("/apps/a?q=b"));
        assert_eq!(next_of_query(Some("next=%2F%2Fevil.example")), None);
        assert_eq!(next_of_query(Some("other=1")), None);
        assert_eq!(next_of_query(None), None);
    }
}
