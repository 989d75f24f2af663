//! Views and functions of a type that does not show: each type would bring code of its own into the
//! browser.

use crate::prelude::*;
pub(crate) use crate::reactive::{effect, memo};
use crate::view::IntoNode;

/// Hides the type of a function that a view follows: each type of closure would bring the code that
/// follows it.
pub(crate) fn dynamic<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Box<dyn Fn() -> T + Send + Sync> {
    Box::new(value)
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
