//! The root component: what every page stands in.

use crate::components::link_state::provide_shown_freshness;
use crate::components::new_build::new_build;
use crate::components::page_heading::provide_last_heading;
use crate::components::top_bar::top_bar;
use crate::erase::Erase;
use crate::keyboard;
use crate::live::provide_live;
use crate::pages::app::app_page;
use crate::pages::apps::apps_page;
use crate::pages::not_found::not_found_page;
use crate::pages::sign_in::sign_in_page;
use crate::session::{Session, shared_session};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::SsrMode;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// The whole app. Every page is complete in its first HTML.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let session = shared_session();
    provide_context(session.clone());
    provide_live(session.build.clone());
    provide_shown_freshness();
    provide_last_heading();
    view! { <Router>{frame(&session)}</Router> }
}

fn frame(session: &Session) -> AnyView {
    keyboard::listen();
    view! {
        <a class="skip" href="#main" rel="external">"Skip to the content"</a>
        {top_bar(session)}
        <main id="main" tabindex="-1">
            {new_build()}
            <FlatRoutes fallback=not_found_page>
                <Route path=path!("/sign-in") view=sign_in_page ssr=SsrMode::Async />
                <Route path=path!("/apps") view=apps_page ssr=SsrMode::Async />
                <Route path=path!("/apps/:name") view=app_page ssr=SsrMode::Async />
            </FlatRoutes>
        </main>
    }
    .erase()
}
