//! What a signal is without the type of its value.

use leptos::prelude::{Notify, Track};
use leptos::reactive::computed::ArcMemo;
use leptos::reactive::graph::ReactiveNode;
use leptos::reactive::signal::ArcTrigger;
use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock};

/// A value of any type. Whoever reads it holds it, so a signal can be set while it is read.
pub(super) type Value = Arc<dyn Any + Send + Sync>;

/// Computes the value of a memo from the one before.
pub(super) type Compute = Box<dyn Computes>;

/// What can be computed any number of times. A `dyn Fn` can also be called for the last time, and has code
/// of its own for that in each closure.
pub(super) trait Computes: Send + Sync {
    fn compute(&self, before: Option<&Value>) -> Value;
}

impl<F: Fn(Option<&Value>) -> Value + Send + Sync> Computes for F {
    fn compute(&self, before: Option<&Value>) -> Value {
        self(before)
    }
}

/// Whether two values are equal, and of the same type.
pub(super) type Same = fn(&Value, &Value) -> bool;

/// A value and those who follow it.
pub(super) struct Node {
    value: Arc<Slot>,
    source: Source,
}

/// None before a memo is read first.
type Slot = RwLock<Option<Value>>;

enum Source {
    /// Somebody sets the value.
    Set(ArcTrigger),
    /// The value is computed when it is read and what it comes from has changed.
    Computed(ArcMemo<()>),
}

impl Node {
    pub(super) fn new(value: Value) -> Arc<Self> {
        Arc::new(Self { value: Arc::new(RwLock::new(Some(value))), source: Source::Set(ArcTrigger::new()) })
    }

    /// Who follows it is told only when the value is not the same as before.
    pub(super) fn computed(compute: Compute, same: Same) -> Arc<Self> {
        let value = Arc::new(Slot::default());
        let kept = Arc::clone(&value);
        let memo = ArcMemo::new_owning(move |_| {
            let before = read(&kept);
            let now = compute.compute(before.as_ref());
            let changed = !before.is_some_and(|before| same(&before, &now));
            drop(replace(&kept, now));
            ((), changed)
        });
        Arc::new(Self { value, source: Source::Computed(memo) })
    }

    /// Whoever reads this runs again when the value changes.
    pub(super) fn track(&self) {
        match &self.source {
            Source::Set(trigger) => trigger.track(),
            Source::Computed(memo) => memo.track(),
        }
    }

    pub(super) fn read(&self) -> Option<Value> {
        if let Source::Computed(memo) = &self.source {
            memo.update_if_necessary();
        }
        read(&self.value)
    }

    pub(super) fn set(&self, value: Value) {
        // What the value before owns may do anything when it is dropped, so the lock is free by then.
        drop(replace(&self.value, value));
        self.notify();
    }

    pub(super) fn notify(&self) {
        if let Source::Set(trigger) = &self.source {
            trigger.notify();
        }
    }

    /// Changes the value where it is, or a copy of it while somebody reads it. Tells nobody.
    pub(super) fn change(&self, copy: fn(&Value) -> Option<Value>, change: &mut dyn FnMut(&mut dyn Any)) {
        let mut slot = self.value.write().unwrap_or_else(PoisonError::into_inner);
        let Some(value) = &mut *slot else { return };
        if Arc::get_mut(value).is_none()
            && let Some(copy) = copy(value)
        {
            *value = copy;
        }
        if let Some(value) = Arc::get_mut(value) {
            change(value);
        }
    }
}

fn read(slot: &Slot) -> Option<Value> {
    slot.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn replace(slot: &Slot, value: Value) -> Option<Value> {
    slot.write().unwrap_or_else(PoisonError::into_inner).replace(value)
}
