//! The heading of a page. After a route change it takes the focus, which also announces it; on the
//! first load the browser does the right thing by itself.

use crate::context::context;
use crate::erase::{Erase, effect};
use crate::prelude::*;

/// The `h1` of the page at `path`.
pub(crate) fn page_heading(text: String, path: String) -> AnyView {
    let last = context().heading;
    effect(move || {
        let before = last.try_get_untracked().flatten();
        if before.is_some_and(|before| before != path) {
            focus();
        }
        last.set(Some(path.clone()));
    });
    view! { <h1 tabindex="-1">{text}</h1> }.erase()
}

/// With the next frame: a page that waited for its data enters the document after its effects ran.
#[cfg(feature = "hydrate")]
fn focus() {
    use wasm_bindgen::JsCast;
    request_animation_frame(|| {
        let heading = document().query_selector("main h1").ok().flatten();
        // A heading that is gone by now needs no focus.
        if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = heading.focus();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn focus() {}
