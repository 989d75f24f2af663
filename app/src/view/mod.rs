//! Views of one type: what [`view!`] makes of HTML.
//!
//! Leptos gives each view a type of its own, and each type brings its own code for building,
//! hydrating and updating into the browser's module. A [`Node`] is data instead: one piece of code
//! writes it as HTML on the server, takes over that HTML in the browser, and keeps it current. The
//! reactive parts are closures, and each follows only what it reads, as with Leptos.

mod attribute;
mod attribute_state;
mod children;
mod dom;
mod html;
mod leptos_view;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use attribute::{Handler, IntoValue, Value, handler};
pub(crate) use children::IntoNode;
pub(crate) use view_macro::view;

use crate::erase::Says;
use attribute::{Attribute, Kind};
#[cfg(feature = "ssr")]
use leptos::prelude::AnyView;
use std::borrow::Cow;
use std::sync::Arc;

/// A piece of a page.
pub(crate) enum Node {
    /// Nothing now; keeps the place.
    Nothing,
    /// A text.
    Text(Cow<'static, str>),
    /// An element.
    Element(Element),
    /// Several in a row, always as many.
    Several(Vec<Node>),
    /// Several in a row, as many as there are.
    List(Vec<Node>),
    /// Whatever the function says, followed.
    Live(Box<dyn Says<Node>>),
    /// One for each key, in the order of the keys.
    Rows(Rows),
}

/// The keys of rows, in order.
pub(crate) type Keys = Box<dyn Fn() -> Vec<String> + Send + Sync>;
/// From a key to its row; none for one that has gone meanwhile. Called once for a key, as long as the key stays.
pub(crate) type RowOf = Arc<dyn Fn(String) -> Option<Node> + Send + Sync>;

/// Rows that stay what they are while others come, go and move.
pub(crate) struct Rows {
    keys: Keys,
    row_of: RowOf,
}

/// An element that is not in a page yet.
pub(crate) struct Element {
    tag: &'static str,
    is_svg: bool,
    attributes: Vec<Attribute>,
    children: Vec<Node>,
}

impl Node {
    /// Nodes in a row.
    pub(crate) fn several(nodes: Vec<Node>) -> Self {
        if nodes.is_empty() { Self::Nothing } else { Self::Several(nodes) }
    }

    /// Itself, which is of any type already: what is written for Leptos reads the same.
    #[cfg(feature = "ssr")]
    pub(crate) fn into_any(self) -> Self {
        self
    }

    /// A view of Leptos, for what is around the app.
    #[cfg(feature = "ssr")]
    pub(crate) fn into_leptos(self) -> AnyView {
        leptos::prelude::IntoAny::into_any(self)
    }

    /// One row for each key.
    pub(crate) fn rows(keys: Keys, row_of: RowOf) -> Self {
        Self::Rows(Rows { keys, row_of })
    }
}

impl Element {
    /// An element of HTML.
    pub(crate) fn html(tag: &'static str) -> Self {
        Self { tag, is_svg: false, attributes: Vec::new(), children: Vec::new() }
    }

    /// An element of SVG.
    pub(crate) fn svg(tag: &'static str) -> Self {
        Self { is_svg: true, ..Self::html(tag) }
    }

    /// An attribute that stays.
    pub(crate) fn text(&mut self, name: &'static str, value: &'static str) {
        self.attribute(name, Value::Text(Cow::Borrowed(value)));
    }

    /// An attribute.
    pub(crate) fn attribute(&mut self, name: &'static str, value: Value) {
        self.attributes.push(Attribute { name, kind: Kind::Attribute(value) });
    }

    /// A class that is there while the value is.
    pub(crate) fn toggle(&mut self, name: &'static str, value: Value) {
        self.attributes.push(Attribute { name, kind: Kind::Class(value) });
    }

    /// A property of the element in the browser.
    pub(crate) fn property(&mut self, name: &'static str, value: Value) {
        self.attributes.push(Attribute { name, kind: Kind::Property(value) });
    }

    /// What happens on an event. Not on the server, where there are none.
    pub(crate) fn on(&mut self, event: &'static str, handler: Handler) {
        if cfg!(not(feature = "ssr")) {
            self.attributes.push(Attribute { name: event, kind: Kind::Listener(handler) });
        }
    }

    /// The next child.
    pub(crate) fn child(&mut self, child: Node) {
        self.children.push(child);
    }
}
