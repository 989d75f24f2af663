//! The browser's entry: hydrates the page that the server rendered, and says so on `<html>`, where
//! tests and styles can see it.

use wasm_bindgen::prelude::*;

/// On `<html>` once the page answers to clicks.
const HYDRATED: &str = "data-hydrated";
/// On `<html>` when the script gave up. The page still shows what the server rendered.
const FAILED: &str = "data-hydration-failed";

/// Hydrates the page. Called once, by the script that loaded this module.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        mark(FAILED);
        console_error_panic_hook::hook(panic);
    }));
    leptos::mount::hydrate_body(app::App);
    mark(HYDRATED);
}

fn mark(attribute: &str) {
    if let Some(html) = leptos::prelude::document().document_element() {
        // Fails for a name that is no name; these are.
        let _ = html.set_attribute(attribute, "");
    }
}
