//! The list of apps: what can be asked of it, and the part of it that is shown.
//!
//! Thousands of apps are known, a hundred are shown: a [`AppsQuery`] asks for a search, filters, an
//! order and a page, and [`crate::AppsView::window`] answers with the [`AppsWindow`] for it.

mod query;
mod window;
#[cfg(test)]
mod window_tests;

pub use query::{AppsQuery, MOST_SEARCHED, ROWS, Sort};
pub use window::{AppsTotals, AppsWindow};
