//! Copies a text that the page has, or one that it asks the server for; and a command with such a
//! button.

use crate::erase::Erase;
use crate::prelude::*;

/// What is copied.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "it is copied in the browser"))]
enum Copied {
    Text(String),
    /// The text at an address of this console.
    At(String),
}

/// A button that copies `text`; `what` tells people who cannot see what stands beside it.
pub(crate) fn copy_button(text: String, what: String) -> AnyView {
    button(Copied::Text(text), "visually-hidden", what)
}

/// A button that copies the text at an address of this console, and says so.
pub(crate) fn copy_text_at(url: String, what: String) -> AnyView {
    button(Copied::At(url), "", what)
}

fn button(copied: Copied, class: &'static str, what: String) -> AnyView {
    let label = RwSignal::new("Copy");
    let copy = move |_| copy(&copied, label);
    view! {
        <button type="button" class="needs-script" on:click=copy>
            {label}
            <span class=class>" "{what}</span>
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
fn copy(_: &Copied, _: RwSignal<&'static str>) {}

/// The clipboard is there on https and on loopback only; elsewhere the person is told.
#[cfg(feature = "hydrate")]
fn copy(copied: &Copied, label: RwSignal<&'static str>) {
    use std::time::Duration;
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    let navigator = window().navigator();
    let present = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_object());
    if !present {
        label.set("Not allowed here: select and copy");
        return;
    }
    let clipboard = navigator.clipboard();
    let ready = match copied {
        Copied::Text(text) => Ok(clipboard.write_text(text)),
        Copied::At(url) => Err(window().fetch_with_str(url)),
    };
    spawn_local(async move {
        let written = match ready {
            Ok(written) => Some(written),
            Err(asked) => text_of(asked).await.map(|text| clipboard.write_text(&text)),
        };
        let done = match written {
            Some(written) => JsFuture::from(written).await.is_ok(),
            None => false,
        };
        label.set(if done { "Copied" } else { "Not allowed: select and copy" });
        let reset = move || {
            label.set("Copy");
        };
        set_timeout(reset, Duration::from_secs(2));
    });
}

/// The text of an answer; none where it is no good one.
#[cfg(feature = "hydrate")]
async fn text_of(asked: js_sys::Promise) -> Option<String> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;
    let answer: web_sys::Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}
