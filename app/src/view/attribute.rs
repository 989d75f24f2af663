//! The attributes of elements, with the values they can have.

use crate::erase::{Dynamic, Says};
use crate::reactive::{RwSignal, Signal};
use leptos::tachys::renderer::types::Event;
use leptos::wasm_bindgen::JsCast;
use std::borrow::Cow;

/// What stands in the tag of an element, or is said of it in the browser.
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Attribute(Value),
    Class(Value),
    Property(Value),
    Listener(Handler),
}

/// Does something about an event.
pub(crate) type Handler = Box<dyn FnMut(Event) + Send>;

/// A handler of events of a type. The browser sends no others.
pub(crate) fn handler<E: JsCast>(mut handle: impl FnMut(E) + Send + 'static) -> Handler {
    Box::new(move |event| handle(event.unchecked_into()))
}

/// The value of an attribute.
pub(crate) enum Value {
    /// There is none.
    Absent,
    /// It is there, without a text.
    Present,
    /// A text.
    Text(Cow<'static, str>),
    /// Whatever the function says, followed.
    Live(Box<dyn Says<Value>>),
}

impl Value {
    /// The same as far as one can see; of two functions nobody knows.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) | (Self::Present, Self::Present) => true,
            (Self::Text(one), Self::Text(other)) => one == other,
            _ => false,
        }
    }

    /// What it is now.
    pub(crate) fn now(self) -> Self {
        match self {
            Self::Live(value) => value.says().now(),
            fixed => fixed,
        }
    }
}

/// What can be the value of an attribute.
pub(crate) trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl IntoValue for bool {
    fn into_value(self) -> Value {
        if self { Value::Present } else { Value::Absent }
    }
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}

impl<T: IntoValue, F: Fn() -> T + Send + Sync + 'static> IntoValue for F {
    fn into_value(self) -> Value {
        Value::Live(Box::new(move || self().into_value()))
    }
}

impl<T: IntoValue + 'static> IntoValue for Dynamic<T> {
    fn into_value(self) -> Value {
        Value::Live(Box::new(move || self.says().into_value()))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoValue for $number {
            fn into_value(self) -> Value {
                self.to_string().into_value()
            }
        }
    )*};
}

numbers!(u16 u32 u64 usize i32 i64);

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<T: IntoValue + Clone + Send + Sync + 'static> IntoValue for $signal<T> {
            fn into_value(self) -> Value {
                Value::Live(Box::new(move || self.get().into_value()))
            }
        }
    )*};
}

signals!(RwSignal Signal);
