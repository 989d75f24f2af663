//! The heading of a page. After a route change it takes the focus, which also announces it; on the
//! first load the browser does the right thing by itself.

use crate::erase::{Erase, effect};
use crate::prelude::*;

/// Which page had its heading shown last.
#[derive(Clone, Copy)]
pub(crate) struct LastHeading(RwSignal<Option<String>>);

/// Remembers the page's heading from one route to the next.
pub(crate) fn provide_last_heading() {
    provide_context(LastHeading(RwSignal::new(None)));
}

/// The `h1` of the page at `path`.
pub(crate) fn page_heading(text: String, path: String) -> AnyView {
    let heading = NodeRef::<leptos::html::H1>::new();
    let last = use_context::<LastHeading>();
    effect(move || {
        if let (Some(heading), Some(LastHeading(last))) = (heading.get(), last) {
            let before = last.get_untracked();
            if before.as_ref().is_some_and(|before| *before != path) {
                focus(&heading);
            }
            last.set(Some(path.clone()));
        }
    });
    view! { <h1 node_ref=heading tabindex="-1">{text}</h1> }.erase()
}

/// With the next frame: a page that waited for its data enters the document after its effects ran.
#[cfg(feature = "hydrate")]
fn focus(heading: &web_sys::HtmlElement) {
    let heading = heading.clone();
    request_animation_frame(move || {
        // An element that is gone by now needs no focus.
        let _ = heading.focus();
    });
}

#[cfg(not(feature = "hydrate"))]
fn focus<T>(_: &T) {}
