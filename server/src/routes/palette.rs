//! `GET /palette`: what the command palette finds, as options for its list box (`part=options`) or as a
//! page of links.

use crate::backend::ViewerBackend;
use crate::layers::csp::CspNonce;
use crate::layers::session::MaybeSession;
use crate::state::AppState;
use app::AppError;
use app::backend::Backend;
use app::palette::{Asked, Known, options, palette_page, refused};
use axum::extract::{Extension, OriginalUri, Query, State};
use axum::http::header::REFERER;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use model::live::{Snapshot, Topic};
use model::{AppName, AppSummary, AppView};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

/// Says that an answer is the list's content, and not the page of something on the way.
const IS_OPTIONS: HeaderName = HeaderName::from_static("windsock-options");
/// How long an answer may take: whoever opened the palette for something else should not wait for a fleet.
const PATIENCE: Duration = Duration::from_millis(800);
/// Longer than any name; whatever is typed beyond finds nothing more.
const LONGEST: usize = 200;

/// The query.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    /// The path of the page that the person is on.
    #[serde(default)]
    at: String,
    #[serde(default)]
    part: String,
}

/// `GET /palette?q=&at=&part=`.
pub async fn palette(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
    Extension(CspNonce(nonce)): Extension<CspNonce>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Response {
    let for_list = wanted.part == "options";
    let Some(active) = session else {
        if for_list {
            return (StatusCode::UNAUTHORIZED, [(IS_OPTIONS, "1")], Html(refused())).into_response();
        }
        let back = uri.path_and_query().map(PathAndQuery::as_str);
        return Redirect::to(&app::routes::sign_in(back)).into_response();
    };
    let asked = asked(wanted, &headers);
    let backend = ViewerBackend { hub: state.hub.clone(), viewer: active.as_viewer() };
    let known = known(apps(&backend), one_app(&backend, asked.app()), state.shared.is_none()).await;
    if for_list {
        return ([(IS_OPTIONS, "1")], Html(options(&asked, &known))).into_response();
    }
    Html(palette_page(state.assets.clone(), Some(nonce), &asked, &known)).into_response()
}

/// Where the address does not say which page it was asked from, the browser's `Referer` does: pages
/// without script have a plain link.
fn asked(wanted: Wanted, headers: &HeaderMap) -> Asked {
    let Wanted { q, at, .. } = wanted;
    let typed = q.chars().take(LONGEST).collect();
    if !at.is_empty() {
        return Asked { typed, at };
    }
    let from = headers.get(REFERER).and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
    Asked { typed, at: from.map(|uri| uri.path().to_owned()).unwrap_or_default() }
}

/// What there is to find. What takes long goes on loading when nobody waits for it any more: the next
/// question finds it.
async fn known(
    apps: impl Future<Output = Result<Vec<AppSummary>, AppError>>,
    app: impl Future<Output = Option<AppView>>,
    can_sign_out: bool,
) -> Known {
    let (apps, app) = tokio::join!(timeout(PATIENCE, apps), timeout(PATIENCE, app));
    let still_loading = |_| {
        let message = "The list of apps is still loading. Type again in a moment.".to_owned();
        Err(AppError::Upstream { message, request_id: None, retry_at: None })
    };
    Known { apps: apps.unwrap_or_else(still_loading), app: app.ok().flatten(), can_sign_out }
}

async fn apps(backend: &ViewerBackend) -> Result<Vec<AppSummary>, AppError> {
    let list = backend.all_apps().await?;
    Ok(list.apps.iter().map(|app| AppSummary::clone(app)).collect())
}

/// The page says itself why its app cannot be read.
async fn one_app(backend: &dyn Backend, name: Option<AppName>) -> Option<AppView> {
    let state = backend.read(Topic::App(name?)).await.ok()?;
    state.into_app().map(|Snapshot { state, .. }| state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test(start_paused = true)]
    async fn a_list_that_takes_long_holds_up_nothing_else() {
        let begun = tokio::time::Instant::now();
        let known = known(pending(), pending(), true).await;
        assert_eq!(begun.elapsed(), PATIENCE);
        let html = options(&Asked::default(), &known);
        assert!(html.contains("still loading") && html.contains("Theme: dark"), "{html}");
    }

    #[test]
    fn the_page_that_is_asked_from_is_told_by_the_address_or_else_by_the_browser() {
        let headers =
            HeaderMap::from_iter([(REFERER, "http://127.0.0.1:8080/apps/web?x=1".parse().unwrap())]);
        let at = |at: &str| asked(Wanted { at: at.to_owned(), ..Wanted::default() }, &headers).at;
        assert_eq!(at(""), "/apps/web");
        assert_eq!(at("/apps/other"), "/apps/other");
        assert_eq!(asked(Wanted::default(), &HeaderMap::new()).at, "");
    }

    #[test]
    fn a_text_that_no_name_is_as_long_as_is_cut() {
        let wanted = Wanted { q: "ä".repeat(10_000), ..Wanted::default() };
        assert_eq!(asked(wanted, &HeaderMap::new()).typed.chars().count(), LONGEST);
    }
}
