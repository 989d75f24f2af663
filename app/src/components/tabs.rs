//! Pages or parts of a page that belong together, side by side. Links: they work without script, and each
//! has its address.

use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;
use model::AppName;

/// Where a tab leads, and what it is called.
pub(crate) type Tab = (String, &'static str);

/// The tabs; the one that leads to `here` is the present one.
pub(crate) fn tabs(name: &'static str, here: &str, tabs: Vec<Tab>) -> AnyView {
    let links: Vec<AnyView> = tabs.into_iter().map(|(href, text)| tab(href, text, here)).collect();
    view! { <nav class="tabs" aria-label=name>{links}</nav> }.erase()
}

fn tab(href: String, text: &'static str, here: &str) -> AnyView {
    let current = (href == here).then_some("page");
    // The browser goes to a part of the page by itself.
    let rel = href.starts_with('#').then_some("external");
    view! { <a href=href rel=rel aria-current=current>{text}</a> }.erase()
}

/// The pages of one app.
pub(crate) fn app_tabs(app: &AppName, here: &str) -> AnyView {
    tabs(
        "Pages of the app",
        here,
        vec![(routes::app(app), "Status"), (routes::releases(app, None), "Releases")],
    )
}
