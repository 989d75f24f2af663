//! Tints a cell for a moment when its value changes, and never on the first render.

use crate::erase::{effect, memo};
use crate::prelude::*;
use std::time::Duration;

/// How long a cell keeps the tint of `td.changed` in the style sheet.
const TINT: Duration = Duration::from_millis(1_200);

/// True for a moment after each change of `value`.
pub(crate) fn changed<T: Send + Sync + 'static>(value: Memo<T>) -> Signal<bool> {
    changed_when(Box::new(move || value.track()))
}

/// True for a moment after each change of what `track` follows. It should follow memos: they tell
/// only of values that differ.
pub(crate) fn changed_when(track: Box<dyn Fn() + Send + Sync>) -> Signal<bool> {
    let pending = RwSignal::new(0_u32);
    let mut is_first = true;
    effect(move || {
        track();
        if !std::mem::take(&mut is_first) {
            tint(pending);
        }
    });
    memo(move || pending.get() > 0)
}

/// Counts, so that a second change keeps the tint that the first one's timer would end.
fn tint(pending: RwSignal<u32>) {
    pending.update(|count| *count += 1);
    set_timeout(
        move || {
            // The row may be gone by then.
            pending.update(|count| *count = count.saturating_sub(1));
        },
        TINT,
    );
}
