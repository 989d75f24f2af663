//! A table with one row a key. One for all tables: a row is drawn once and then follows its own
//! values, whatever is added, removed or reordered around it.

use crate::erase::{Erase, dynamic};
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
    table_of(class, name, columns, keys, row_of, None)
}

/// The same of a table that shows a part of its rows: `count` tells how many there are, with the
/// header's.
pub(crate) fn table_of(
    class: &'static str,
    name: &'static str,
    columns: &[&'static str],
    keys: Keys,
    row_of: RowOf,
    count: Option<Memo<String>>,
) -> AnyView {
    let headers: Vec<AnyView> =
        columns.iter().map(|column| view! { <th scope="col">{*column}</th> }.erase()).collect();
    let (is_part, count) = (count.is_some(), dynamic(move || count.map(|count| count.get())));
    view! {
        <table class=class aria-label=name aria-rowcount=count>
            <thead><tr aria-rowindex=is_part.then_some("1")>{headers}</tr></thead>
            <tbody>{keyed(keys, row_of)}</tbody>
        </table>
    }
    .erase()
}

/// One view a key: drawn once, and left alone while others come and go around it.
pub(crate) fn keyed(keys: Keys, row_of: RowOf) -> AnyView {
    AnyView::rows(keys, row_of)
}
