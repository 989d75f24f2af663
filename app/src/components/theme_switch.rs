//! Light, dark, or as the system has it. The choice lives in the browser.

use crate::erase::{Erase, dynamic, effect};
use crate::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// A button that goes to the next theme and says which one is chosen.
pub(crate) fn theme_switch() -> AnyView {
    // What is stored is read after hydration: the server cannot know it.
    let theme = RwSignal::new(Theme::System);
    effect(move || theme.set(stored()));
    let switch = move |_| {
        let next = theme.get_untracked().next();
        theme.set(next);
        choose(next);
    };
    let word = dynamic(move || theme.get().word());
    view! {
        <button type="button" class="quiet needs-script" data-part="theme" on:click=switch>"Theme: "{word}</button>
    }
    .erase()
}

#[cfg(not(feature = "hydrate"))]
fn stored() -> Theme {
    Theme::System
}

#[cfg(not(feature = "hydrate"))]
fn choose(_: Theme) {}

#[cfg(feature = "hydrate")]
const KEY: &str = "windsock-theme";

/// Nothing where the browser forbids storage.
#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(feature = "hydrate")]
fn stored() -> Theme {
    match storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// A choice that cannot be stored still holds for this page.
#[cfg(feature = "hydrate")]
fn choose(theme: Theme) {
    let root = document().document_element();
    if let Some(root) = root {
        let _ = match theme {
            Theme::System => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.word()),
        };
    }
    if let Some(storage) = storage() {
        let _ = match theme {
            Theme::System => storage.remove_item(KEY),
            theme => storage.set_item(KEY, theme.word()),
        };
    }
}
