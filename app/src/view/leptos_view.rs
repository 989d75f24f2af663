//! A node is a view of Leptos as well, so that both can stand in one another.

use super::Node;
use super::dom::State;
use super::html::Page;
use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};

impl Render for Node {
    type State = State;

    fn build(self) -> State {
        State::made(self)
    }

    fn rebuild(self, state: &mut State) {
        state.become_like(self);
    }
}

impl RenderHtml for Node {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        text: &mut String,
        position: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
        Page(text).node(self, position);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> State {
        State::found(self, cursor, position)
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl AddAnyAttr for Node {
    type Output<A: Attribute> = Self;

    /// Attributes stand in the tag.
    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}
