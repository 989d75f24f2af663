//! The root component: what every page stands in.

use crate::components::new_build::new_build;
use crate::components::top_bar::top_bar;
use crate::context::Context;
use crate::erase::{Erase, dynamic, memo};
use crate::handed::handed;
use crate::location;
use crate::pages::app::app_page;
use crate::pages::apps::apps_page;
use crate::pages::instance::instance_page;
use crate::pages::not_found::not_found_page;
use crate::pages::release::release_page;
use crate::pages::releases::releases_page;
use crate::pages::sign_in::sign_in_page;
use crate::prelude::*;
use crate::routes::Page;

/// The whole app. Every page is complete in its first HTML.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    let context = Context::new(handed());
    provide_context(context);
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    location::follow_links(context.address);
    frame(context)
}

fn frame(context: Context) -> AnyView {
    let bar = context.session.with_untracked(top_bar);
    view! {
        <a class="skip" href="#main" rel="external">"Skip to the content"</a>
        {bar}
        <main id="main" tabindex="-1">
            {new_build()}
            {page()}
        </main>
    }
    .erase()
}

/// The page at the address. Without the router's own list of routes: each of them brings 5 kB of
/// code of its own into the browser, compressed.
fn page() -> AnyView {
    let path = location::path();
    let page = memo(move || path.with(|path| Page::at(path)));
    dynamic(move || match page.get() {
        Page::SignIn => sign_in_page(),
        Page::Apps => apps_page(),
        Page::App => app_page(),
        Page::Releases => releases_page(),
        Page::Release => release_page(),
        Page::Instance => instance_page(),
        Page::NotFound => not_found_page(),
    })
    .erase()
}
