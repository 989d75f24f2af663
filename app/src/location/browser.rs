//! Links and the browser's history.

use super::Address;
use crate::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlAnchorElement, MouseEvent};

/// Links that leave it to the browser where they lead.
const NOT_OURS: &str = "[target], [download], [rel~=external]";

/// The address that the browser shows.
pub(super) fn shown() -> Address {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    Address { path: location.pathname().unwrap_or_default(), query: query.trim_start_matches('?').to_owned() }
}

/// Goes where links of the console lead, and back and forth, for the rest of the page's life.
pub(crate) fn follow_links(address: RwSignal<Address>) {
    window_event_listener_untyped("click", move |event| {
        if let Some(link) = link(&event) {
            event.prevent_default();
            go(address, &link);
        }
    });
    window_event_listener_untyped("popstate", move |_| address.set(shown()));
}

/// The link that was clicked, if it leads to another page of the console in this tab.
fn link(event: &Event) -> Option<HtmlAnchorElement> {
    let mouse: &MouseEvent = event.unchecked_ref();
    let changes = mouse.meta_key() || mouse.alt_key() || mouse.ctrl_key() || mouse.shift_key();
    if event.default_prevented() || mouse.button() != 0 || changes {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let is_ours = link.origin() == window().location().origin().ok()? && !link.matches(NOT_OURS).ok()?;
    is_ours.then_some(link)
}

fn go(address: RwSignal<Address>, link: &HtmlAnchorElement) {
    let (href, location) = (link.href(), window().location());
    if location.href().is_ok_and(|here| here != href)
        && let Ok(history) = window().history()
    {
        // An address that cannot be shown leads there all the same.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&href));
    }
    address.set(shown());
    let stays = link.has_attribute("data-noscroll");
    // What follows the address has drawn the page by then.
    spawn_local(async move { scroll(stays) });
}

/// Shows what the address names in the page, or else its beginning.
fn scroll(stays: bool) {
    let hash = window().location().hash().unwrap_or_default();
    let named = super::unescaped(hash.trim_start_matches('#'));
    match document().get_element_by_id(&named) {
        Some(element) => element.scroll_into_view(),
        None if stays => {}
        None => window().scroll_to_with_x_and_y(0.0, 0.0),
    }
}
