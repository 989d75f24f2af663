//! The pages, one file each.

pub(crate) mod app;
pub(crate) mod apps;
pub(crate) mod apps_query;
pub(crate) mod not_found;
pub(crate) mod sign_in;

use crate::components::page_heading::page_heading;
use crate::erase::Erase;
use leptos::prelude::*;
use std::pin::Pin;

/// A page that is there as soon as its data is. One for all pages, because each type of [`Suspense`]
/// brings its own code.
pub(crate) fn when_loaded(page: Box<dyn Fn() -> Loading + Send + Sync>) -> AnyView {
    view! { <Suspense fallback=loading>{move || Suspend::new(page())}</Suspense> }.erase()
}

/// A page whose data is on its way.
pub(crate) type Loading = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// While the first data of a page is on its way, after a change of route.
fn loading() -> AnyView {
    view! { <p class="dim">"Loading…"</p> }.erase()
}

/// The heading of a page that has no data to show.
pub(crate) fn plain_heading(text: String, path: String) -> AnyView {
    view! { <div class="app-header">{page_heading(text, path)}</div> }.erase()
}
