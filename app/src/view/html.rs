//! Nodes as HTML, written so that the browser finds each of them again.
//!
//! Elements are found by their place. Two texts in a row would be one in the browser, so an empty
//! comment parts them; another stands where nothing is and where a list ends. Views of Leptos do the
//! same, so both can stand in one another.

use super::attribute::{Attribute, Kind, Value};
use super::{Element, IntoNode, Node};
use leptos::tachys::view::Position;

const MARK: &str = "<!>";
/// Elements of HTML that have no content and no end.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Where HTML goes.
pub(super) struct Page<'a>(pub(super) &'a mut String);

impl Page<'_> {
    fn push(&mut self, html: &str) {
        self.0.push_str(html);
    }

    fn mark(&mut self, position: &mut Position) {
        self.push(MARK);
        *position = Position::NextChild;
    }

    /// Writes a node. `position` says what stands before it.
    pub(super) fn node(&mut self, node: Node, position: &mut Position) {
        match node {
            Node::Nothing => self.mark(position),
            Node::Text(text) => {
                if *position == Position::NextChildAfterText {
                    self.push(MARK);
                }
                // An empty text would be no node.
                self.push(if text.is_empty() { " " } else { "" });
                self.push(&escaped(&text, false));
                *position = Position::NextChildAfterText;
            }
            Node::Element(element) => self.element(element, position),
            Node::Several(nodes) => self.nodes(nodes, position),
            Node::List(nodes) => {
                self.nodes(nodes, position);
                self.mark(position);
            }
            Node::Live(view) => self.node(view.says(), position),
            Node::Rows(rows) => {
                for key in (rows.keys)() {
                    self.node((rows.row_of)(key).into_node(), position);
                }
                self.mark(position);
            }
        }
    }

    fn nodes(&mut self, nodes: Vec<Node>, position: &mut Position) {
        for node in nodes {
            self.node(node, position);
        }
    }

    fn element(&mut self, element: Element, position: &mut Position) {
        self.push("<");
        self.push(element.tag);
        self.attributes(element.attributes);
        self.push(">");
        if !VOID.contains(&element.tag) {
            self.nodes(element.children, &mut Position::FirstChild);
            self.push("</");
            self.push(element.tag);
            self.push(">");
        }
        *position = Position::NextChild;
    }

    /// The attributes in their order; the classes that come and go join the others.
    fn attributes(&mut self, attributes: Vec<Attribute>) {
        let mut classes = String::new();
        for Attribute { name, kind } in attributes {
            match kind {
                Kind::Attribute(value) => match value.now() {
                    Value::Text(text) if name == "class" => add_class(&mut classes, &text),
                    Value::Text(text) => self.attribute(name, &text),
                    Value::Present => {
                        self.push(" ");
                        self.push(name);
                    }
                    Value::Absent | Value::Live(_) => {}
                },
                Kind::Class(value) => {
                    if matches!(value.now(), Value::Present) {
                        add_class(&mut classes, name);
                    }
                }
                Kind::Property(_) | Kind::Listener(_) => {}
            }
        }
        if !classes.is_empty() {
            self.attribute("class", &classes);
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.push(" ");
        self.push(name);
        self.push("=\"");
        self.push(&escaped(value, true));
        self.push("\"");
    }
}

fn add_class(classes: &mut String, class: &str) {
    if !classes.is_empty() && !class.is_empty() {
        classes.push(' ');
    }
    classes.push_str(class);
}

/// Text that is no markup, and in a tag not the end of its quotation marks either.
fn escaped(text: &str, in_tag: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_tag => out.push_str("&quot;"),
            char => out.push(char),
        }
    }
    out
}
