//! Signals that are only set when their value differs, so that nothing renders twice the same.

use crate::prelude::*;

/// Sets the signal if it is still there and holds another value.
pub(super) fn set_if_different<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}

/// Changes what the signal holds, if it is still there, and tells of it if it differs then.
pub(super) fn alter<T>(signal: RwSignal<T>, change: impl FnOnce(&mut T))
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let Some(mut value) = signal.try_get_untracked() else { return };
    change(&mut value);
    set_if_different(signal, value);
}

/// The same for a signal that is owned by whoever holds it; tells whether it was set.
pub(super) fn set_arc_if_different<T: PartialEq + Send + Sync + 'static>(
    signal: &ArcRwSignal<T>,
    value: T,
) -> bool {
    let differs = signal.with_untracked(|old| *old != value);
    if differs {
        signal.set(value);
    }
    differs
}
