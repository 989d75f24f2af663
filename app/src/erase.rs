//! Views of a type that does not show: Leptos's `into_any` with less code in the browser.
//!
//! Each type that goes into an `AnyView` brings a dozen functions of its own into the module, called
//! or not. Behind a pointer of ours it brings the few that are used, and `AnyView` sees one type.

use leptos::prelude::*;

/// Hides the type of a function that a view follows: each type of closure would bring the code that
/// follows it.
pub(crate) fn dynamic<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Box<dyn Fn() -> T + Send + Sync> {
    Box::new(value)
}

/// A memo of such a function.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    memo_of(dynamic(value))
}

fn memo_of<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}

/// Runs in the browser, and again whenever what it reads changes. One type of effect for all.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}

/// Hides the type of a view.
pub(crate) trait Erase {
    /// The same view, of the one type that all views can have.
    fn erase(self) -> AnyView;
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
impl<V: RenderHtml> Erase for V {
    fn erase(self) -> AnyView {
        self.into_any()
    }
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
impl<V: RenderHtml> Erase for V {
    fn erase(self) -> AnyView {
        // What has no node of its own needs the placeholder that `AnyView` gives it.
        if V::Owned::EXISTS { in_browser::boxed(self.into_owned()) } else { self.into_any() }
    }
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod in_browser {
    use leptos::attr::Attribute;
    use leptos::attr::any_attribute::AnyAttribute;
    use leptos::prelude::*;
    use leptos::tachys::hydration::Cursor;
    use leptos::tachys::renderer::types::{Element, Node};
    use leptos::tachys::view::{Mountable, Position, PositionState};
    use std::any::{Any, TypeId};

    pub(super) fn boxed<V: RenderHtml + 'static>(view: V) -> AnyView {
        Boxed(Box::new(view)).into_any()
    }

    /// What a view does in the browser.
    trait DynamicView: Send {
        fn kind(&self) -> TypeId;
        fn show(self: Box<Self>) -> Box<dyn DynamicState>;
        fn show_in_place_of(self: Box<Self>, state: &mut dyn DynamicState);
        fn adopt(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Box<dyn DynamicState>;
    }

    impl<V: RenderHtml + 'static> DynamicView for V {
        fn kind(&self) -> TypeId {
            TypeId::of::<V>()
        }

        fn show(self: Box<Self>) -> Box<dyn DynamicState> {
            Box::new(self.build())
        }

        fn show_in_place_of(self: Box<Self>, state: &mut dyn DynamicState) {
            let state: &mut dyn Any = state;
            if let Some(state) = state.downcast_mut() {
                self.rebuild(state);
            }
        }

        fn adopt(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Box<dyn DynamicState> {
            Box::new(self.hydrate::<true>(cursor, position))
        }
    }

    trait DynamicState: Mountable + Any {}

    impl<S: Mountable + Any> DynamicState for S {}

    struct Boxed(Box<dyn DynamicView>);

    struct BoxedState {
        /// Of the view: views of several types have the same type of state.
        kind: TypeId,
        state: Box<dyn DynamicState>,
    }

    impl Render for Boxed {
        type State = BoxedState;

        fn build(self) -> BoxedState {
            BoxedState { kind: self.0.kind(), state: self.0.show() }
        }

        fn rebuild(self, state: &mut BoxedState) {
            if self.0.kind() == state.kind {
                self.0.show_in_place_of(&mut *state.state);
            } else {
                let mut new = self.build();
                state.insert_before_this(&mut new);
                state.unmount();
                *state = new;
            }
        }
    }

    impl Mountable for BoxedState {
        fn unmount(&mut self) {
            self.state.unmount();
        }

        fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
            self.state.mount(parent, marker);
        }

        fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
            self.state.insert_before_this(child)
        }

        fn elements(&self) -> Vec<Element> {
            self.state.elements()
        }
    }

    impl RenderHtml for Boxed {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = 0;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> Self {
            self
        }

        /// Nothing: the browser makes nodes, not HTML.
        fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> BoxedState {
            BoxedState { kind: self.0.kind(), state: self.0.adopt(cursor, position) }
        }

        fn into_owned(self) -> Self {
            self
        }
    }

    impl AddAnyAttr for Boxed {
        type Output<A: Attribute> = Self;

        /// `AnyView` around it takes the attributes and sets them on its elements.
        fn add_any_attr<A: Attribute>(self, _: A) -> Self {
            self
        }
    }
}
