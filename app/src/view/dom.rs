//! Nodes in the browser: made anew or found in the server's HTML, then kept current.

use super::attribute_state::AttributeState;
use super::rows::RowsState;
use super::{Element, Node};
use crate::erase::Says;
use crate::reactive::RenderEffect;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::{CastFrom, Rndr, types};
use leptos::tachys::view::{Position, PositionState};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

/// What became of a node in the page.
pub(crate) enum State {
    Nothing(types::Placeholder),
    Text { node: types::Text, text: Cow<'static, str> },
    Element(ElementState),
    Several(Vec<State>),
    List { states: Vec<State>, end: types::Placeholder },
    Live(LiveState),
    Rows(RowsState),
}

pub(crate) struct ElementState {
    node: types::Element,
    tag: &'static str,
    attributes: Vec<AttributeState>,
    children: Vec<State>,
}

pub(crate) struct LiveState {
    state: Rc<RefCell<Option<State>>>,
    _effect: RenderEffect,
}

/// Where the nodes of a view come from.
#[derive(Clone)]
pub(super) enum Origin {
    New,
    /// They are in the page, from this place on.
    Page(Cursor, PositionState),
}

impl Origin {
    pub(super) fn state(&self, node: Node) -> State {
        match self {
            Self::New => State::made(node),
            Self::Page(cursor, position) => State::found(node, cursor, position),
        }
    }

    pub(super) fn mark(&self) -> types::Placeholder {
        match self {
            Self::New => Rndr::create_placeholder(),
            Self::Page(cursor, position) => cursor.next_placeholder(position),
        }
    }

    fn states(&self, nodes: Vec<Node>) -> Vec<State> {
        nodes.into_iter().map(|node| self.state(node)).collect()
    }
}

impl State {
    /// Makes what a node says. It is not in the page before it is mounted.
    pub(super) fn made(node: Node) -> Self {
        match node {
            Node::Text(text) => Self::Text { node: Rndr::create_text_node(&text), text },
            Node::Element(element) => Self::Element(ElementState::made(element)),
            other => Self::grouped(other, &Origin::New),
        }
    }

    /// Finds in the page what the server wrote of the same node.
    pub(super) fn found(node: Node, cursor: &Cursor, position: &PositionState) -> Self {
        match node {
            Node::Text(text) => found_text(text, cursor, position),
            Node::Element(element) => Self::Element(ElementState::found(element, cursor, position)),
            other => Self::grouped(other, &Origin::Page(cursor.clone(), position.clone())),
        }
    }

    /// What has no node of its own.
    fn grouped(node: Node, origin: &Origin) -> Self {
        match node {
            Node::Several(nodes) => Self::Several(origin.states(nodes)),
            Node::List(nodes) => Self::List { states: origin.states(nodes), end: origin.mark() },
            Node::Live(view) => Self::Live(live(view, origin.clone())),
            Node::Rows(rows) => Self::Rows(RowsState::new(rows, origin)),
            _ => Self::Nothing(origin.mark()),
        }
    }

    /// Makes the page show this node instead, with as few changes as can be.
    pub(super) fn become_like(&mut self, node: Node) {
        match (node, &mut *self) {
            (Node::Nothing, Self::Nothing(_)) => {}
            (Node::Text(new), Self::Text { node, text }) => {
                if new != *text {
                    Rndr::set_text(node, &new);
                    *text = new;
                }
            }
            (Node::Element(new), Self::Element(old)) if old.is_like(&new) => old.become_like(new),
            (Node::Several(new), Self::Several(old)) if new.len() == old.len() => all_become_like(old, new),
            (Node::List(new), Self::List { states, end }) => list_becomes_like(states, new, end),
            (other, old) => {
                let mut new = Self::made(other);
                old.insert_before_this(&mut new);
                old.unmount();
                *old = new;
            }
        }
    }
}

fn found_text(text: Cow<'static, str>, cursor: &Cursor, position: &PositionState) -> State {
    cursor.advance_to_next(position);
    if position.get() == Position::NextChildAfterText {
        cursor.sibling();
    }
    position.set(Position::NextChildAfterText);
    match types::Text::cast_from(cursor.current()) {
        Some(node) => State::Text { node, text },
        None => mismatch("a text"),
    }
}

/// The page is not what the server rendered for this view: whoever reads the console should know
/// which of the two is wrong.
#[cold]
fn mismatch(expected: &str) -> ! {
    panic!("the page has something else where {expected} should be")
}

trait Advance {
    fn advance_to_next(&self, position: &PositionState);
}

impl Advance for Cursor {
    fn advance_to_next(&self, position: &PositionState) {
        match position.get() {
            Position::Current => {}
            Position::FirstChild => self.child(),
            _ => self.sibling(),
        }
    }
}

fn all_become_like(states: &mut [State], nodes: Vec<Node>) {
    for (state, node) in states.iter_mut().zip(nodes) {
        state.become_like(node);
    }
}

fn list_becomes_like(states: &mut Vec<State>, mut nodes: Vec<Node>, end: &types::Placeholder) {
    let more = nodes.split_off(nodes.len().min(states.len()));
    for mut gone in states.drain(nodes.len()..) {
        gone.unmount();
    }
    all_become_like(states, nodes);
    for node in more {
        let mut state = State::made(node);
        end.insert_before_this(&mut state);
        states.push(state);
    }
}

fn live(view: Box<dyn Says<Node>>, origin: Origin) -> LiveState {
    let state = Rc::new(RefCell::new(None));
    let shown = Rc::clone(&state);
    let effect = RenderEffect::new(move || {
        let node = view.says();
        let mut shown = shown.borrow_mut();
        match &mut *shown {
            Some(state) => State::become_like(state, node),
            None => *shown = Some(origin.state(node)),
        }
    });
    LiveState { state, _effect: effect }
}

impl ElementState {
    fn made(element: Element) -> Self {
        let space = element.is_svg.then_some("http://www.w3.org/2000/svg");
        let node = Rndr::create_element(element.tag, space);
        let mut state = Self::around(node, element, false, &Origin::New);
        for child in &mut state.children {
            child.mount(&state.node, None);
        }
        state
    }

    fn found(element: Element, cursor: &Cursor, position: &PositionState) -> Self {
        cursor.advance_to_next(position);
        let Some(node) = types::Element::cast_from(cursor.current()) else { mismatch(element.tag) };
        position.set(Position::FirstChild);
        let state = Self::around(node, element, true, &Origin::Page(cursor.clone(), position.clone()));
        cursor.set(state.node.clone().into());
        position.set(Position::NextChild);
        state
    }

    fn around(node: types::Element, element: Element, is_found: bool, origin: &Origin) -> Self {
        let attributes =
            element.attributes.into_iter().map(|one| AttributeState::new(&node, one, is_found)).collect();
        Self { tag: element.tag, attributes, children: origin.states(element.children), node }
    }

    fn is_like(&self, element: &Element) -> bool {
        self.tag == element.tag
            && self.children.len() == element.children.len()
            && self.attributes.len() == element.attributes.len()
            && self.attributes.iter().zip(&element.attributes).all(|(old, new)| old.name == new.name)
    }

    fn become_like(&mut self, element: Element) {
        for (old, new) in self.attributes.iter_mut().zip(element.attributes) {
            old.become_like(&self.node, new);
        }
        all_become_like(&mut self.children, element.children);
    }
}

fn mount_all(states: &mut [State], parent: &types::Element, marker: Option<&types::Node>) {
    for state in states {
        state.mount(parent, marker);
    }
}

impl State {
    /// The parts that stand in the page in a row, without the mark that ends a list.
    fn first(&self) -> Option<&State> {
        match self {
            Self::Several(states) | Self::List { states, .. } => states.first(),
            _ => None,
        }
    }
}

impl Mountable for State {
    fn unmount(&mut self) {
        match self {
            Self::Nothing(mark) => mark.unmount(),
            Self::Text { node, .. } => node.unmount(),
            Self::Element(element) => Rndr::remove(&element.node),
            Self::Several(states) => states.iter_mut().for_each(Self::unmount),
            Self::List { states, end } => {
                states.iter_mut().for_each(Self::unmount);
                end.unmount();
            }
            Self::Live(live) => live.state.borrow_mut().unmount(),
            Self::Rows(rows) => rows.unmount(),
        }
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        match self {
            Self::Nothing(mark) => mark.mount(parent, marker),
            Self::Text { node, .. } => node.mount(parent, marker),
            Self::Element(element) => Rndr::insert_node(parent, &element.node, marker),
            Self::Several(states) => states.iter_mut().for_each(|state| state.mount(parent, marker)),
            Self::List { states, end } => {
                mount_all(states, parent, marker);
                end.mount(parent, marker);
            }
            Self::Live(live) => live.state.borrow_mut().mount(parent, marker),
            Self::Rows(rows) => rows.mount(parent, marker),
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            Self::Nothing(mark) => mark.insert_before_this(child),
            Self::Text { node, .. } => node.insert_before_this(child),
            Self::Element(element) => {
                let Some(parent) = Rndr::get_parent(&element.node).and_then(types::Element::cast_from) else {
                    return false;
                };
                child.mount(&parent, Some(&element.node));
                true
            }
            Self::List { end, .. } if self.first().is_none() => end.insert_before_this(child),
            Self::Several(_) | Self::List { .. } => {
                self.first().is_some_and(|first| first.insert_before_this(child))
            }
            Self::Live(live) => live.state.borrow().insert_before_this(child),
            Self::Rows(rows) => rows.insert_before_this(child),
        }
    }

    /// None: who asks wants to add attributes, and those stand in the tag.
    fn elements(&self) -> Vec<types::Element> {
        Vec::new()
    }
}
