//! A status: a shape, a word and a colour. The shapes differ, so that colour never stands alone.

use crate::erase::{Erase, dynamic};
use crate::prelude::*;
use model::Tone;

/// The class that colours a tone.
pub(crate) fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Busy => "busy",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
        Tone::Idle => "idle",
    }
}

/// The outline of a tone: a disc, a half disc, a triangle, a cross, a dash.
pub(crate) fn tone_path(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z",
        Tone::Busy => "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 1.5v7a3.5 3.5 0 0 1 0-7z",
        Tone::Warning => "M6 1l5.5 10H.5z",
        Tone::Bad => "M2.5 1L6 4.5 9.5 1 11 2.5 7.5 6 11 9.5 9.5 11 6 7.5 2.5 11 1 9.5 4.5 6 1 2.5z",
        Tone::Idle => "M1 5h10v2H1z",
    }
}

/// The shape of a tone.
pub(crate) fn tone_shape(tone: Tone) -> AnyView {
    view! {
        <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d=tone_path(tone) fill="currentColor"></path>
        </svg>
    }
}

/// A status that does not change while it is shown.
pub(crate) fn status_word(tone: Tone, word: String) -> AnyView {
    view! { <span class=format!("status {}", tone_class(tone))>{tone_shape(tone)}<span>{word}</span></span> }
        .erase()
}

/// A status that follows its signal; only what changed is touched.
pub(crate) fn live_status_word(status: Memo<(Tone, String)>) -> AnyView {
    let class = dynamic(move || format!("status {}", tone_class(status.get().0)));
    let path = dynamic(move || tone_path(status.get().0));
    let word = dynamic(move || status.get().1);
    view! {
        <span class=class>
            <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d=path fill="currentColor"></path>
            </svg>
            <span>{word}</span>
        </span>
    }
    .erase()
}
