//! The root component: what every page stands in.

use crate::components::link_state::provide_shown_freshness;
use crate::components::new_build::new_build;
use crate::components::page_heading::provide_last_heading;
use crate::components::top_bar::top_bar;
use crate::erase::{Erase, dynamic, memo};
use crate::live::provide_live;
use crate::pages::app::app_page;
use crate::pages::apps::apps_page;
use crate::pages::instance::instance_page;
use crate::pages::not_found::not_found_page;
use crate::pages::release::release_page;
use crate::pages::releases::releases_page;
use crate::pages::sign_in::sign_in_page;
use crate::prelude::*;
use crate::routes::Page;
use crate::session::{Session, shared_session};
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;

/// The whole app. Every page is complete in its first HTML.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let session = shared_session();
    provide_context(session.clone());
    provide_live(&session);
    provide_shown_freshness();
    provide_last_heading();
    view! { <Router>{frame(&session)}</Router> }
}

fn frame(session: &Session) -> AnyView {
    view! {
        <a class="skip" href="#main" rel="external">"Skip to the content"</a>
        {top_bar(session)}
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
    let path = use_location().pathname;
    show_in_the_address_bar();
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

/// The router shows a new address when it is told that its page is there.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn show_in_the_address_bar() {
    use leptos_router::location::{BrowserUrl, LocationProvider};
    let (path, address) = (use_location().pathname, use_context::<BrowserUrl>());
    crate::erase::effect(move || {
        path.track();
        if let Some(address) = &address {
            address.ready_to_complete();
        }
    });
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn show_in_the_address_bar() {}
