//! Any address that is no page.

use crate::components::page_heading::page_heading;
use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;
use crate::title::title;

/// The page, with status 404.
pub(crate) fn not_found_page() -> AnyView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    title("No such page · Windsock");
    view! {
        <section class="panel failure hint">
            {page_heading("There is no such page".to_owned(), String::new())}
            <p><a href=routes::APPS>"All apps"</a></p>
        </section>
    }
    .erase()
}
