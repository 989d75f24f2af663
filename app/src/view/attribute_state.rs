//! The attributes of an element in the browser.

use super::attribute::{Attribute, Kind, Value};
use crate::reactive::RenderEffect;
use leptos::tachys::renderer::{Rndr, types};
use leptos::wasm_bindgen::JsValue;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// Sets a value of an element.
type Set = fn(&types::Element, &'static str, &Value);

/// What is set of an attribute.
pub(super) struct AttributeState {
    pub(super) name: &'static str,
    shown: Rc<RefCell<Value>>,
    /// What keeps it current, or listens.
    held: Option<Box<dyn Any>>,
}

impl AttributeState {
    /// What the server wrote is there already; properties it cannot write.
    pub(super) fn new(node: &types::Element, attribute: Attribute, is_found: bool) -> Self {
        Self::instead_of(Value::Absent, node, attribute, is_found)
    }

    pub(super) fn become_like(&mut self, node: &types::Element, attribute: Attribute) {
        // What followed the old value must not set it any more.
        drop(self.held.take());
        let before = self.shown.replace(Value::Absent);
        *self = Self::instead_of(before, node, attribute, false);
    }

    fn instead_of(before: Value, node: &types::Element, attribute: Attribute, is_found: bool) -> Self {
        let Attribute { name, kind } = attribute;
        let shown = Rc::new(RefCell::new(before));
        let (value, set, mut is_found): (Value, Set, bool) = match kind {
            Kind::Attribute(value) => (value, set_attribute, is_found),
            Kind::Class(value) => (value, set_class, is_found),
            Kind::Property(value) => (value, set_property, false),
            Kind::Listener(handler) => {
                let listener = Rndr::add_event_listener(node, name, handler);
                return Self { name, shown, held: Some(Box::new(listener)) };
            }
        };
        let (last, node) = (Rc::clone(&shown), node.clone());
        let mut show = move |new: Value| {
            if !std::mem::take(&mut is_found) && !new.is(&last.borrow()) {
                set(&node, name, &new);
            }
            last.replace(new);
        };
        let held: Option<Box<dyn Any>> = match value {
            Value::Live(value) => Some(Box::new(RenderEffect::new(move || show(value.says().now())))),
            fixed => {
                show(fixed);
                None
            }
        };
        Self { name, shown, held }
    }
}

fn set_attribute(node: &types::Element, name: &'static str, value: &Value) {
    match value {
        Value::Text(text) => Rndr::set_attribute(node, name, text),
        Value::Present => Rndr::set_attribute(node, name, ""),
        Value::Absent | Value::Live(_) => Rndr::remove_attribute(node, name),
    }
}

fn set_class(node: &types::Element, name: &'static str, value: &Value) {
    let classes = Rndr::class_list(node);
    if matches!(value, Value::Present) {
        Rndr::add_class(&classes, name);
    } else {
        Rndr::remove_class(&classes, name);
    }
}

fn set_property(node: &types::Element, name: &'static str, value: &Value) {
    let value = match value {
        Value::Text(text) => JsValue::from_str(text),
        value => JsValue::from_bool(matches!(value, Value::Present)),
    };
    Rndr::set_property_or_value(node, name, &value);
}
