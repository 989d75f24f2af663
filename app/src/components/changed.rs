//! Tints a cell for a moment when its value changes, and never on the first render.

use crate::erase::{effect, memo};
use crate::prelude::*;
use std::cell::RefCell;
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

/// Counts, so that a second change keeps the tint that the first one's end would take away.
fn tint(pending: RwSignal<u32>) {
    pending.update(|count| *count += 1);
    let is_first = ENDING.with_borrow_mut(|ending| {
        ending.push(pending);
        ending.len() == 1
    });
    if is_first {
        set_timeout(close, Duration::ZERO);
    }
}

thread_local! {
    /// The tints that begin together: one timer ends them all, since one each would cost more than the
    /// cells do where hundreds change at once.
    static ENDING: RefCell<Vec<RwSignal<u32>>> = const { RefCell::new(Vec::new()) };
}

/// What begins from now on ends apart.
fn close() {
    let together = ENDING.take();
    set_timeout(move || together.into_iter().for_each(end), TINT);
}

fn end(pending: RwSignal<u32>) {
    // The row may be gone by then.
    pending.update(|count| *count = count.saturating_sub(1));
}
