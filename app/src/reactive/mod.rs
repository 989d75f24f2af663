//! Signals of one type: what views read and stores set.
//!
//! Leptos has code of its own for each type of value that a signal holds. Here a value stands behind
//! [`Any`](std::any::Any), so all that keeps and tells of it exists once (`node`), and what knows the
//! type is a few lines around it. Who follows whom stays with Leptos: its effects and memos follow these
//! signals and these follow its own, on the server and in the browser, and they go with their owner.

mod effect;
mod node;
mod signal;
#[cfg(test)]
mod tests;

pub(crate) use effect::{RenderEffect, effect};
pub use signal::{ArcRwSignal, Memo, RwSignal, Signal};
pub(crate) use signal::{memo, memo_with};
