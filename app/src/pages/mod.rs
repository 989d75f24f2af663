//! The pages, one file each.

pub(crate) mod app;
pub(crate) mod apps;
pub(crate) mod apps_query;
pub(crate) mod not_found;
pub(crate) mod sign_in;

use crate::components::page_heading::page_heading;
use leptos::prelude::*;

/// While the first data of a page is on its way, after a change of route.
pub(crate) fn loading() -> AnyView {
    view! { <p class="dim">"Loading…"</p> }.into_any()
}

/// The heading of a page that has no data to show.
pub(crate) fn plain_heading(text: String, path: String) -> AnyView {
    view! { <div class="app-header">{page_heading(text, path)}</div> }.into_any()
}
