//! The bar on every page: the mark, where one is, how current it is, the theme, and the session.

use super::link_state::link_state;
use super::mark::mark;
use super::theme_switch::theme_switch;
use crate::erase::{Erase, dynamic, memo};
use crate::location;
use crate::prelude::*;
use crate::routes::{self, Page};
use crate::session::Session;
use model::AppName;

/// The bar.
pub(crate) fn top_bar(session: &Session) -> AnyView {
    let path = location::path();
    let on_sign_in = memo(move || path.get() == routes::SIGN_IN);
    let state = dynamic(move || (!on_sign_in.get()).then(link_state));
    view! {
        <header class="top-bar">
            {mark()}
            {crumbs(path)}
            {state}
            {session.viewer.is_some().then(find)}
            {theme_switch()}
            {viewer(session)}
        </header>
    }
    .erase()
}

fn crumbs(path: Memo<String>) -> AnyView {
    let items = dynamic(move || match place(&path.get()) {
        Place::Apps => view! { <li><a href=routes::APPS aria-current="page">"Apps"</a></li> }.erase(),
        Place::App(name) => view! {
            <li><a href=routes::APPS>"Apps"</a></li>
            <li><a href=routes::app(&name) aria-current="page">{name.to_string()}</a></li>
        }
        .erase(),
        Place::Instance(name) => view! {
            <li><a href=routes::APPS>"Apps"</a></li>
            <li><a href=routes::app(&name)>{name.to_string()}</a></li>
        }
        .erase(),
        Place::Elsewhere => ().erase(),
    });
    view! { <nav class="crumbs" aria-label="Breadcrumbs"><ol>{items}</ol></nav> }.erase()
}

enum Place {
    Apps,
    App(AppName),
    Instance(AppName),
    Elsewhere,
}

fn place(path: &str) -> Place {
    match (Page::at(path), AppName::new(routes::app_in(path))) {
        (Page::Apps, _) => Place::Apps,
        (Page::App, Ok(name)) => Place::App(name),
        (Page::Instance, Ok(name)) => Place::Instance(name),
        _ => Place::Elsewhere,
    }
}

/// Opens the command palette, which is a page for those without script.
fn find() -> AnyView {
    view! {
        <a class="button find" href=routes::PALETTE rel="external" data-opens="palette" aria-keyshortcuts="Control+K Meta+K">
            "Find"
        </a>
    }
    .erase()
}

fn viewer(session: &Session) -> AnyView {
    let name = session.viewer.clone().map(|name| {
        let title = name.clone();
        view! { <span class="viewer" title=title>{name}</span> }
    });
    let sign_out = session.can_sign_out.then(|| {
        view! {
            <form method="post" action=routes::SIGN_OUT>
                <button type="submit" class="quiet">"Sign out"</button>
            </form>
        }
    });
    view! { {name}{sign_out} }.erase()
}
