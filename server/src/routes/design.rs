//! `GET /design`: every component, for whoever works on them. The demo has it; a console has not.

use crate::state::AppState;
use axum::extract::State;
use axum::response::Html;

/// The page.
pub async fn design(State(state): State<AppState>) -> Html<String> {
    Html(app::design::design_page(state.assets.clone()))
}
