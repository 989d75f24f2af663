//! A table with one row a key. One for all tables: a row is drawn once and then follows its own
//! values, whatever is added, removed or reordered around it.

use crate::erase::Erase;
use crate::prelude::*;

pub(crate) use crate::view::{Keys, RowOf};

/// The table of this class and accessible name.
pub(crate) fn table(
    class: &'static str,
    name: &'static str,
    columns: &[&'static str],
    keys: Keys,
    row_of: RowOf,
) -> AnyView {
    let headers: Vec<AnyView> =
        columns.iter().map(|column| view! { <th scope="col">{*column}</th> }.erase()).collect();
    view! {
        <table class=class aria-label=name>
            <thead><tr>{headers}</tr></thead>
            <tbody>{AnyView::rows(keys, row_of)}</tbody>
        </table>
    }
    .erase()
}
