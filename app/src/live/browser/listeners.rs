//! What the browser says of the tab: one set of listeners for the page's life.

use super::{Inner, timers::window};
use crate::live::connection::Input;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventTarget, VisibilityState};

/// Whether nobody can see the tab.
pub(super) fn is_hidden() -> bool {
    window().document().is_some_and(|document| document.visibility_state() == VisibilityState::Hidden)
}

/// Whether the browser thinks that it has a network.
pub(super) fn is_online() -> bool {
    window().navigator().on_line()
}

/// Listens from now on.
pub(super) fn listen(inner: &Rc<Inner>) {
    let window = window();
    if let Some(document) = window.document() {
        on(inner, &document, "visibilitychange", |inner| {
            if is_hidden() {
                // The frame this waits for is not drawn any more.
                inner.apply_arrived();
                inner.handle(Input::Hidden);
            } else {
                inner.show_time();
                inner.handle(Input::Visible);
            }
        });
        // A page that is frozen does nothing: another tab has to see to the stream.
        on(inner, &document, "freeze", |inner| inner.handle(Input::PageHide));
        on(inner, &document, "resume", |inner| inner.handle(Input::PageShow));
    }
    on(inner, &window, "online", |inner| inner.handle(Input::Online));
    on(inner, &window, "offline", |inner| inner.handle(Input::Offline));
    on(inner, &window, "pagehide", |inner| inner.handle(Input::PageHide));
    on(inner, &window, "pageshow", |inner| inner.handle(Input::PageShow));
}

fn on(inner: &Rc<Inner>, target: &EventTarget, event: &str, then: impl Fn(&Rc<Inner>) + 'static) {
    let inner = Rc::downgrade(inner);
    let callback = Closure::<dyn Fn()>::new(move || {
        if let Some(inner) = inner.upgrade() {
            then(&inner);
        }
    });
    let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    // One set for the page's life: there is no moment at which to take it down.
    callback.forget();
}
