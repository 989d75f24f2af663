//! An instant as its age, with the exact time on hover and on focus.

use leptos::prelude::*;
use model::Timestamp;

/// An age that ticks. `now` begins as the snapshot's own time, so that the first render is the same
/// on both sides; the text is touched only when it reads differently.
pub(crate) fn relative_time(at: Signal<Timestamp>, now: Signal<Timestamp>) -> AnyView {
    let text = Memo::new(move |_| at.get().ago(now.get()));
    view! {
        <time
            datetime=move || at.get().rfc3339()
            title=move || at.get().exact()
            data-exact=move || at.get().exact()
            tabindex="0"
        >
            {text}
        </time>
    }
    .into_any()
}

/// An age that ticks, of an instant that does not change.
pub(crate) fn age_of(at: Timestamp, now: Signal<Timestamp>) -> AnyView {
    relative_time(Signal::stored(at), now)
}

/// A time of day, in UTC, with its date on hover.
pub(crate) fn clock_time(at: Timestamp) -> AnyView {
    view! { <time class="at mono" datetime=at.rfc3339() title=at.exact()>{at.clock()}</time> }.into_any()
}
