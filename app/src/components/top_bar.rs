//! The bar on every page: the mark, where one is, how current it is, and a menu with the rest.

use super::link_state::link_state;
use super::mark::mark;
use super::theme_switch::theme_switch;
use crate::erase::{Erase, dynamic, memo};
use crate::location;
use crate::prelude::*;
use crate::routes::{self, Page};
use crate::session::Session;
use model::{AppName, InstanceId, ReleaseVersion};

/// The bar.
pub(crate) fn top_bar(session: &Session) -> AnyView {
    let path = location::path();
    let on_sign_in = memo(move || path.get() == routes::SIGN_IN);
    let state = dynamic(move || (!on_sign_in.get()).then(link_state));
    let menu = session.viewer.as_ref().map_or_else(theme_switch, |viewer| menu(session, viewer));
    view! {
        <header class="top-bar">
            {mark()}
            {crumbs(path)}
            {state}
            {session.viewer.is_some().then(find)}
            {menu}
        </header>
    }
    .erase()
}

fn crumbs(path: Memo<String>) -> AnyView {
    let items = dynamic(move || {
        let path = path.get();
        let here = path.strip_suffix('/').unwrap_or(&path);
        trail(here).into_iter().map(|step| crumb(step, here)).collect::<Vec<AnyView>>()
    });
    view! { <nav class="crumbs" aria-label="Breadcrumbs"><ol>{items}</ol></nav> }.erase()
}

/// One step of the way, and what it is called.
type Step = (String, String);

fn crumb((href, text): Step, here: &str) -> AnyView {
    let current = (href == here).then_some("page");
    view! { <li><a href=href aria-current=current>{text}</a></li> }.erase()
}

/// The way from the list of apps to the page at a path, which comes last; none on a page that is about
/// no apps. Names that are none are left out.
fn trail(path: &str) -> Vec<Step> {
    let page = Page::at(path);
    if matches!(page, Page::SignIn | Page::NotFound) {
        return Vec::new();
    }
    let mut trail = vec![(routes::apps(), "Apps".to_owned())];
    let Ok(app) = AppName::new(routes::app_in(path)) else { return trail };
    trail.push((routes::app(&app), app.to_string()));
    let part = routes::part_in(path);
    if matches!(page, Page::Releases | Page::Release) {
        trail.push((routes::releases(&app, None), "Releases".to_owned()));
    }
    if let (Page::Release, Ok(version)) = (page, part.parse::<ReleaseVersion>()) {
        trail.push((routes::release(&app, version), version.to_string()));
    }
    if let (Page::Instance, Ok(id)) = (page, InstanceId::new(part)) {
        trail.push((routes::instance(&app, &id), id.to_string()));
    }
    trail
}

/// Opens the command palette, which is a page for those without script.
fn find() -> AnyView {
    view! {
        <a class="button find" href=routes::PALETTE rel="external" data-opens="palette" aria-keyshortcuts="Control+K Meta+K">
            "Find"
            <kbd class="needs-script" aria-hidden="true">"Ctrl K"</kbd>
        </a>
    }
    .erase()
}

/// Who is signed in, and what is not needed at every moment. The browser opens and closes it, so that it
/// works without script, too.
fn menu(session: &Session, viewer: &str) -> AnyView {
    let sign_out = session.can_sign_out.then(|| {
        view! {
            <form method="post" action=routes::SIGN_OUT>
                <button type="submit" class="quiet">"Sign out"</button>
            </form>
        }
    });
    view! {
        <button type="button" class="quiet menu-button" popovertarget="menu" aria-label=["Menu, ", viewer].concat()>
            <span class="viewer">{viewer.to_owned()}</span>
            <span class="menu-word">"Menu"</span>
        </button>
        <div id="menu" class="menu" popover="auto">
            <p class="menu-viewer">"Signed in as "<b>{viewer.to_owned()}</b></p>
            {theme_switch()}
            <button type="button" class="quiet needs-script" data-opens="help">"Keyboard shortcuts"</button>
            {sign_out}
        </div>
    }
    .erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str) -> Vec<String> {
        trail(path).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn the_way_to_a_page_ends_with_the_page() {
        let paths = [
            ("/apps", vec!["Apps"]),
            ("/apps/web", vec!["Apps", "web"]),
            ("/apps/web/machines/73d8d46dbee589", vec!["Apps", "web", "73d8d46dbee589"]),
            ("/apps/web/releases", vec!["Apps", "web", "Releases"]),
            ("/apps/web/releases/14", vec!["Apps", "web", "Releases", "v14"]),
        ];
        for (path, way) in paths {
            assert_eq!(names(path), way, "{path}");
            assert_eq!(trail(path).last().unwrap().0, path);
        }
    }

    #[test]
    fn what_is_no_name_is_no_step_of_the_way() {
        assert_eq!(names("/apps/web/releases/latest"), ["Apps", "web", "Releases"]);
        assert_eq!(names("/apps/no%20name/releases"), ["Apps"]);
        assert_eq!(names("/apps/web/machines/no%20id"), ["Apps", "web"]);
    }

    #[test]
    fn a_page_about_no_apps_has_no_way_to_it() {
        assert!(names("/sign-in").is_empty());
        assert!(names("/nowhere").is_empty());
    }
}
