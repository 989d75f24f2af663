//! `GET /design`: every component, for whoever works on them. The demo has it; a console has not.

use crate::layers::csp::CspNonce;
use crate::state::AppState;
use axum::extract::{Extension, State};
use axum::response::Html;

/// The page.
pub async fn design(
    State(state): State<AppState>,
    Extension(CspNonce(nonce)): Extension<CspNonce>,
) -> Html<String> {
    Html(app::design::design_page(state.assets.clone(), Some(nonce)))
}
