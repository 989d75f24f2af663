//! Keys that work on every page: `/` goes to the search, `g a` to the apps.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Listens as long as the app is there. Keys typed into a field are left alone.
pub(crate) fn listen() {
    Effect::new(move |_| {
        let navigate = use_navigate();
        let last = StoredValue::new(String::new());
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing() {
                return;
            }
            let key = event.key();
            let before = last.get_value();
            last.set_value(key.clone());
            match (before.as_str(), key.as_str()) {
                (_, "/") if focus_search() => event.prevent_default(),
                ("g", "a") => navigate(crate::routes::APPS, leptos_router::NavigateOptions::default()),
                _ => {}
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[cfg(feature = "hydrate")]
fn is_typing() -> bool {
    let focused = document().active_element();
    focused.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

#[cfg(feature = "hydrate")]
fn focus_search() -> bool {
    use wasm_bindgen::JsCast;
    let field = document().get_element_by_id("search");
    field
        .and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|field| field.focus().is_ok())
}

#[cfg(not(feature = "hydrate"))]
fn is_typing() -> bool {
    false
}

#[cfg(not(feature = "hydrate"))]
fn focus_search() -> bool {
    false
}
