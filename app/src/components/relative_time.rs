//! An instant as its age, with the exact time on hover and on focus.

use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use model::Timestamp;

/// An age that ticks. `now` begins as the snapshot's own time, so that the first render is the same
/// on both sides; the text is touched only when it reads differently.
pub(crate) fn relative_time(at: Signal<Timestamp>, now: Signal<Timestamp>) -> AnyView {
    let text = memo(move || at.get().ago(now.get()));
    let datetime = dynamic(move || at.get().rfc3339());
    let exact = || dynamic(move || at.get().exact());
    view! {
        <time
            datetime=datetime
            title=exact()
            data-exact=exact()
            tabindex="0"
        >
            {text}
        </time>
    }
    .erase()
}

/// An age that ticks, of an instant that does not change.
pub(crate) fn age_of(at: Timestamp, now: Signal<Timestamp>) -> AnyView {
    relative_time(Signal::stored(at), now)
}

/// A time of day, in UTC, with its date on hover.
pub(crate) fn clock_time(at: Timestamp) -> AnyView {
    view! { <time class="at mono" datetime=at.rfc3339() title=at.exact()>{at.clock()}</time> }.erase()
}
