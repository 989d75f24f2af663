//! Signals as their users see them: the type of the value, around a [`Node`] that does not know it.

use super::node::{Node, Value};
use leptos::reactive::owner::ArenaItem;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

/// A value that changes, to be read. Lives as long as the reactive owner in which it was made.
pub struct Signal<T> {
    place: Place,
    value: PhantomData<fn() -> T>,
}

/// A signal whose value comes from others. Who follows it is told only when the value differs.
pub type Memo<T> = Signal<T>;

/// A signal that can be set. Reads as [`Signal`].
pub struct RwSignal<T>(Signal<T>);

/// A signal that can be set, and lives as long as somebody holds it.
pub struct ArcRwSignal<T> {
    node: Arc<Node>,
    value: PhantomData<fn() -> T>,
}

/// A memo of what the function says. It runs when the memo is read, and what it read has changed.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    let compute = Box::new(move |_: Option<&Value>| -> Value { Arc::new(value()) });
    Signal::of(Node::computed(compute, same::<T>))
}

/// The same of a function that is told the value before; none the first time.
pub(crate) fn memo_with<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let compute = Box::new(move |before: Option<&Value>| -> Value {
        Arc::new(value(before.and_then(|before| before.downcast_ref())))
    });
    Signal::of(Node::computed(compute, same::<T>))
}

fn same<T: PartialEq + 'static>(one: &Value, other: &Value) -> bool {
    let one: Option<&T> = one.downcast_ref();
    one.is_some() && one == other.downcast_ref()
}

fn copy<T: Clone + Send + Sync + 'static>(value: &Value) -> Option<Value> {
    value.downcast_ref::<T>().map(|value| Arc::new(value.clone()) as Value)
}

/// The value as what it is: one function for each type, and not a piece of each that reads one.
#[inline(never)]
fn cast<T: 'static>(value: &Value) -> Option<&T> {
    value.downcast_ref()
}

/// The same where a reader without a value cannot go on.
#[inline(never)]
#[cfg_attr(debug_assertions, track_caller)]
fn seen<T: 'static>(value: &Value) -> &T {
    let Some(seen) = cast(value) else { gone() };
    seen
}

/// It was read after its owner was gone, and the page shows what nobody keeps.
#[cold]
#[cfg_attr(debug_assertions, track_caller)]
fn gone() -> ! {
    panic!("a signal was read after its owner was gone")
}

/// Where a node is, for as long as its owner lives.
#[derive(Clone, Copy, PartialEq)]
struct Place(ArenaItem<Arc<Node>>);

impl Place {
    fn node(self) -> Option<Arc<Node>> {
        self.0.try_get_value()
    }

    fn value(self) -> Option<Value> {
        self.node()?.read()
    }

    fn tracked(self) -> Option<Value> {
        let node = self.node()?;
        node.track();
        node.read()
    }

    #[cfg_attr(debug_assertions, track_caller)]
    fn value_there(self) -> Value {
        let Some(value) = self.value() else { gone() };
        value
    }

    #[cfg_attr(debug_assertions, track_caller)]
    fn tracked_there(self) -> Value {
        let Some(value) = self.tracked() else { gone() };
        value
    }
}

impl<T> Signal<T> {
    fn of(node: Arc<Node>) -> Self {
        Self { place: Place(ArenaItem::new(node)), value: PhantomData }
    }

    /// Makes whoever calls this run again when the value changes.
    pub fn track(&self) {
        if let Some(node) = self.place.node() {
            node.track();
        }
    }
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// A value that never changes.
    pub fn stored(value: T) -> Self {
        Self::of(Node::new(Arc::new(value)))
    }
}

impl<T: 'static> Signal<T> {
    /// Looks at the value and follows it; none when the owner is gone.
    pub fn try_with<R>(&self, with: impl FnOnce(&T) -> R) -> Option<R> {
        cast(&self.place.tracked()?).map(with)
    }

    /// Looks at the value; none when the owner is gone.
    pub fn try_with_untracked<R>(&self, with: impl FnOnce(&T) -> R) -> Option<R> {
        cast(&self.place.value()?).map(with)
    }

    /// Looks at the value and follows it.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        with(seen(&self.place.tracked_there()))
    }

    /// Looks at the value.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with_untracked<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        with(seen(&self.place.value_there()))
    }
}

impl<T: Clone + 'static> Signal<T> {
    /// The value, which is followed; none when the owner is gone.
    pub fn try_get(&self) -> Option<T> {
        self.try_with(T::clone)
    }

    /// The value; none when the owner is gone.
    pub fn try_get_untracked(&self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }

    /// The value, which is followed.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal of this value, in the current reactive owner.
    pub fn new(value: T) -> Self {
        Self(Signal::stored(value))
    }

    /// Sets the value and tells who follows it. Nothing happens when the owner is gone.
    pub fn set(&self, value: T) {
        if let Some(node) = self.place.node() {
            node.set(Arc::new(value));
        }
    }
}

impl<T> RwSignal<T> {
    /// The same signal, to be read only.
    pub fn read_only(&self) -> Signal<T> {
        self.0
    }
}

impl<T: Clone + Send + Sync + 'static> RwSignal<T> {
    /// Changes the value and tells who follows it; none when the owner is gone.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let changed = self.update_untracked(change);
        if changed.is_some()
            && let Some(node) = self.place.node()
        {
            node.notify();
        }
        changed
    }

    /// Changes the value and tells nobody; none when the owner is gone. The signal cannot be read
    /// meanwhile.
    pub fn update_untracked<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut changed) = (Some(change), None);
        self.place.node()?.change(copy::<T>, &mut |value: &mut dyn Any| {
            changed = value.downcast_mut().zip(change.take()).map(|(value, change)| change(value));
        });
        changed
    }
}

impl<T: Send + Sync + 'static> ArcRwSignal<T> {
    /// A signal of this value.
    pub fn new(value: T) -> Self {
        Self { node: Node::new(Arc::new(value)), value: PhantomData }
    }

    /// Sets the value and tells who follows it.
    pub fn set(&self, value: T) {
        self.node.set(Arc::new(value));
    }
}

impl<T: 'static> ArcRwSignal<T> {
    /// Makes whoever calls this run again when the value changes.
    pub fn track(&self) {
        self.node.track();
    }

    /// Looks at the value and follows it.
    pub fn with<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(with)
    }

    /// Looks at the value.
    pub fn with_untracked<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        let Some(value) = self.node.read() else { gone() };
        with(seen(&value))
    }
}

impl<T: Clone + 'static> ArcRwSignal<T> {
    /// The value, which is followed.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T> Deref for RwSignal<T> {
    type Target = Signal<T>;

    fn deref(&self) -> &Signal<T> {
        &self.0
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        signal.0
    }
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T> Clone for ArcRwSignal<T> {
    fn clone(&self) -> Self {
        Self { node: Arc::clone(&self.node), value: PhantomData }
    }
}

/// Of the same signal, whatever the values are.
impl<T> PartialEq for Signal<T> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

/// Of the same signal, whatever the values are.
impl<T> PartialEq for RwSignal<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> fmt::Debug for Signal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signal")
    }
}

impl<T> fmt::Debug for RwSignal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RwSignal")
    }
}
