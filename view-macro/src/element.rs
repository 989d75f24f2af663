//! An element as calls that build it.

use crate::{error, node};
use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::{Infallible, KeyedAttribute, NodeAttribute, NodeElement};

/// Elements that HTML has not and SVG has; the browser makes them in another name space.
const SVG: [&str; 22] = [
    "svg",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "g",
    "defs",
    "use",
    "symbol",
    "marker",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "text",
    "tspan",
    "foreignObject",
];

pub(crate) fn expression(element: &NodeElement<Infallible>) -> TokenStream {
    let name = element.name().to_string();
    if name.starts_with(char::is_uppercase) {
        return error(element.name(), "a component is a function here: {name()}");
    }
    let make = if SVG.contains(&name.as_str()) { quote!(svg) } else { quote!(html) };
    let attributes = element.attributes().iter().map(attribute);
    let children = element.children().iter().filter_map(node);
    quote! {
        {
            let mut element = crate::view::Element::#make(#name);
            #(#attributes)*
            #(element.child(#children);)*
            crate::view::Node::from(element)
        }
    }
}

fn attribute(attribute: &NodeAttribute) -> TokenStream {
    match attribute {
        NodeAttribute::Attribute(attribute) => keyed(attribute),
        NodeAttribute::Block(block) => error(block, "an attribute has a name"),
    }
}

fn keyed(attribute: &KeyedAttribute) -> TokenStream {
    let name = attribute.key.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    let value = attribute.value().map_or_else(|| quote!(true), |value| quote!(#value));
    match name.split_once(':') {
        Some(("class", class)) => {
            quote! { element.toggle(#class, crate::view::IntoValue::into_value(#value)); }
        }
        Some(("prop", property)) => {
            quote! { element.property(#property, crate::view::IntoValue::into_value(#value)); }
        }
        Some(("on", event)) => listener(event, &value),
        Some(_) => error(attribute, "there are class:, prop: and on: only"),
        None => plain(attribute, name, &value),
    }
}

fn plain(attribute: &KeyedAttribute, name: &str, value: &TokenStream) -> TokenStream {
    if let Some(text) = attribute.value_literal_string() {
        quote! { element.text(#name, #text); }
    } else {
        quote! { element.attribute(#name, crate::view::IntoValue::into_value(#value)); }
    }
}

/// The handler is told the type of its event, as Leptos does.
fn listener(event: &str, handler: &TokenStream) -> TokenStream {
    let kind = match event {
        "keydown" | "keyup" => quote!(KeyboardEvent),
        "click" | "dblclick" | "mousedown" | "mouseup" => quote!(MouseEvent),
        "submit" => quote!(SubmitEvent),
        _ => quote!(Event),
    };
    quote! { element.on(#event, crate::view::handler::<::leptos::web_sys::#kind>(#handler)); }
}
