//! A line of one of the tables. Each cell follows its own value.

use super::View;
use crate::components::changed::changed_when;
use crate::components::log_lines::message;
use crate::components::relative_time::{age_of, clock_time};
use crate::components::status_word::status_word;
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use model::instance_view::{Cell, PartKind};
use model::{InstanceView, Timestamp};

/// The line of this key. A check can be linked to by its name.
pub(super) fn line(
    view: View,
    kind: PartKind,
    columns: &'static [(&'static str, &'static str)],
    key: &str,
    now: Signal<Timestamp>,
) -> AnyView {
    let id = (kind == PartKind::Checks).then(|| ["check-", key].concat());
    // What happened and what was written stays as it is.
    let settled = matches!(kind, PartKind::Events | PartKind::Log);
    let mut cells = Vec::with_capacity(columns.len());
    for (column, (name, label)) in columns.iter().enumerate() {
        let key = key.to_owned();
        cells.push(if settled {
            let cell = view.with_untracked(|view| cell_of(view, kind, &key, column));
            view! { <td data-cell=*name data-label=*label>{content(&cell, now)}</td> }.erase()
        } else {
            let cell = memo(move || view.with(|view| cell_of(view, kind, &key, column)));
            let changed = changed_when(Box::new(move || cell.track()));
            let content = dynamic(move || content(&cell.get(), now));
            view! { <td data-cell=*name data-label=*label class:changed=changed>{content}</td> }.erase()
        });
    }
    view! { <tr id=id>{cells}</tr> }.erase()
}

/// What a cell says now; nothing once its line is gone.
fn cell_of(view: &InstanceView, kind: PartKind, key: &str, column: usize) -> Cell {
    let line = view.part(kind).and_then(|part| part.lines.iter().find(|line| line.key == key));
    line.and_then(|line| line.cells.get(column)).cloned().unwrap_or_default()
}

fn content(cell: &Cell, now: Signal<Timestamp>) -> AnyView {
    match (cell.at, cell.tone) {
        (Some(at), _) if cell.text.is_empty() => age_of(at, now),
        (Some(at), _) => clock_time(at),
        (None, Some(tone)) => status_word(tone, cell.text.clone()),
        (None, None) => message(&cell.text),
    }
}
