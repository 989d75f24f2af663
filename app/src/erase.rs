//! Views and functions of a type that does not show: each type would bring code of its own into the
//! browser.

use crate::prelude::*;
use crate::view::IntoNode;

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

/// Makes a view of what can be one.
pub(crate) trait Erase {
    /// The view.
    fn erase(self) -> AnyView;
}

impl<T: IntoNode> Erase for T {
    fn erase(self) -> AnyView {
        self.into_node()
    }
}
