//! Copies a text, and a command with such a button.

use crate::erase::Erase;
use crate::prelude::*;

/// A button that copies `text`; `what` tells people who cannot see what stands beside it.
pub(crate) fn copy_button(text: String, what: String) -> AnyView {
    let (label, set_label) = signal("Copy");
    let copy = move |_| copy(&text, set_label);
    view! {
        <button type="button" class="needs-script" on:click=copy>
            {label}
            <span class="visually-hidden">" "{what}</span>
        </button>
    }
    .erase()
}

/// A command, ready to paste.
pub(crate) fn command(text: String) -> AnyView {
    view! { <span class="command"><code>{text.clone()}</code>{copy_button(text, "the command".to_owned())}</span> }
        .erase()
}

#[cfg(not(feature = "hydrate"))]
fn copy(_: &str, _: WriteSignal<&'static str>) {}

/// The clipboard is there on https and on loopback only; elsewhere the person is told.
#[cfg(feature = "hydrate")]
fn copy(text: &str, label: WriteSignal<&'static str>) {
    use std::time::Duration;
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    let navigator = window().navigator();
    let present = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_object());
    if !present {
        label.set("Not allowed here: select and copy");
        return;
    }
    let promise = navigator.clipboard().write_text(text);
    spawn_local(async move {
        let done = JsFuture::from(promise).await.is_ok();
        let _ = label.try_set(if done { "Copied" } else { "Not allowed: select and copy" });
        let reset = move || {
            let _ = label.try_set("Copy");
        };
        set_timeout(reset, Duration::from_secs(2));
    });
}
