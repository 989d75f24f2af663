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
    node: ArenaItem<Arc<Node>>,
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

fn look<T: 'static, R>(value: Option<Value>, look: impl FnOnce(&T) -> R) -> Option<R> {
    value?.downcast_ref().map(look)
}

/// It was read after its owner was gone, and the page shows what nobody keeps.
#[cold]
#[cfg_attr(debug_assertions, track_caller)]
fn gone() -> ! {
    panic!("a signal was read after its owner was gone")
}

impl<T> Signal<T> {
    fn of(node: Arc<Node>) -> Self {
        Self { node: ArenaItem::new(node), value: PhantomData }
    }

    fn node(self) -> Option<Arc<Node>> {
        self.node.try_get_value()
    }

    fn value(self) -> Option<Value> {
        self.node()?.read()
    }

    fn tracked(self) -> Option<Value> {
        let node = self.node()?;
        node.track();
        node.read()
    }

    /// Makes whoever calls this run again when the value changes.
    pub fn track(&self) {
        if let Some(node) = self.node() {
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
        look(self.tracked(), with)
    }

    /// Looks at the value; none when the owner is gone.
    pub fn try_with_untracked<R>(&self, with: impl FnOnce(&T) -> R) -> Option<R> {
        look(self.value(), with)
    }

    /// Looks at the value and follows it.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        let Some(seen) = look(self.tracked(), with) else { gone() };
        seen
    }

    /// Looks at the value.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with_untracked<R>(&self, with: impl FnOnce(&T) -> R) -> R {
        let Some(seen) = look(self.value(), with) else { gone() };
        seen
    }
}

impl<T: Clone + 'static> Signal<T> {
    /// The value, which is followed; none when the owner is gone.
    pub fn try_get(&self) -> Option<T> {
        look(self.tracked(), T::clone)
    }

    /// The value; none when the owner is gone.
    pub fn try_get_untracked(&self) -> Option<T> {
        look(self.value(), T::clone)
    }

    /// The value, which is followed.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get(&self) -> T {
        let Some(value) = self.try_get() else { gone() };
        value
    }

    /// The value.
    ///
    /// # Panics
    ///
    /// When the owner is gone.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get_untracked(&self) -> T {
        let Some(value) = self.try_get_untracked() else { gone() };
        value
    }
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal of this value, in the current reactive owner.
    pub fn new(value: T) -> Self {
        Self(Signal::stored(value))
    }

    /// Sets the value and tells who follows it. Nothing happens when the owner is gone.
    pub fn set(&self, value: T) {
        if let Some(node) = self.node() {
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
            && let Some(node) = self.node()
        {
            node.notify();
        }
        changed
    }

    /// Changes the value and tells nobody; none when the owner is gone. The signal cannot be read
    /// meanwhile.
    pub fn update_untracked<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut changed) = (Some(change), None);
        self.node()?.change(copy::<T>, &mut |value: &mut dyn Any| {
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
        let Some(seen) = look(self.node.read(), with) else { gone() };
        seen
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
        self.node == other.node
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
