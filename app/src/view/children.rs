//! What can stand in an element.

use super::{Element, Node};
use crate::erase::Dynamic;
use crate::reactive::{RwSignal, Signal};
use std::borrow::Cow;

/// What can be a piece of a page.
pub(crate) trait IntoNode {
    fn into_node(self) -> Node;
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

impl From<&'static str> for Node {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl IntoNode for () {
    fn into_node(self) -> Node {
        Node::Nothing
    }
}

impl IntoNode for &'static str {
    fn into_node(self) -> Node {
        self.into()
    }
}

impl IntoNode for String {
    fn into_node(self) -> Node {
        Node::Text(Cow::Owned(self))
    }
}

impl<T: IntoNode> IntoNode for Option<T> {
    fn into_node(self) -> Node {
        self.map_or(Node::Nothing, T::into_node)
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn into_node(self) -> Node {
        Node::List(self.into_iter().map(T::into_node).collect())
    }
}

impl<T: IntoNode, F: Fn() -> T + Send + Sync + 'static> IntoNode for F {
    fn into_node(self) -> Node {
        Node::Live(Box::new(move || self().into_node()))
    }
}

impl<T: IntoNode + 'static> IntoNode for Dynamic<T> {
    fn into_node(self) -> Node {
        Node::Live(Box::new(move || self.says().into_node()))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoNode for $number {
            fn into_node(self) -> Node {
                self.to_string().into_node()
            }
        }
    )*};
}

numbers!(u16 u32 u64 usize i32 i64);

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<T: IntoNode + Clone + Send + Sync + 'static> IntoNode for $signal<T> {
            fn into_node(self) -> Node {
                Node::Live(Box::new(move || self.get().into_node()))
            }
        }
    )*};
}

signals!(RwSignal Signal);
