//! Views and functions of a type that does not show: each type would bring code of its own into the
//! browser.

use crate::prelude::*;
pub(crate) use crate::reactive::{effect, memo};
use crate::view::IntoNode;

/// Hides the type of a function that a view follows: each type of closure would bring the code that
/// follows it.
pub(crate) fn dynamic<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Dynamic<T> {
    Dynamic(Box::new(value))
}

/// A function without its type.
pub(crate) struct Dynamic<T>(Box<dyn Says<T>>);

impl<T> Dynamic<T> {
    /// What the function says now.
    pub(crate) fn says(&self) -> T {
        self.0.says()
    }
}

/// What can be asked any number of times. A `dyn Fn` can also be called for the last time, and has code
/// of its own for that in each closure.
pub(crate) trait Says<T>: Send + Sync {
    /// What it says now.
    fn says(&self) -> T;
}

impl<T, F: Fn() -> T + Send + Sync> Says<T> for F {
    fn says(&self) -> T {
        self()
    }
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
