//! What stands where a part was never loaded: neither "none" nor "unknown".

use crate::erase::{Erase, memo};
use crate::prelude::*;
use model::App;

/// Whether this part of the app was never loaded.
pub(crate) fn lacks(app: RwSignal<App>, part: &'static str) -> Memo<bool> {
    memo(move || app.with(|app| app.not_loaded.has(part)))
}

/// The text in place of the part. The notice above the page says why.
pub(crate) fn not_loaded(text: &'static str) -> AnyView {
    view! { <p class="dim">{text}" Windsock tries again by itself."</p> }.erase()
}
