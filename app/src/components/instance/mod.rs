//! The page of one instance: its header, and its parts. All parts are tables of one kind, so that a part
//! weighs nothing of its own.

pub(crate) mod header;
mod line;

use super::table::table;
use super::tabs::tabs;
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use line::line;
use model::instance_view::PartKind;
use model::{InstanceView, Timestamp};
use std::sync::Arc;

/// All that is known of the instance.
pub(crate) type View = RwSignal<InstanceView>;

/// What a part is called, where it can be linked to, and its columns: the name of the cell and its heading.
struct Shape {
    id: &'static str,
    title: &'static str,
    class: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

fn shape(kind: PartKind) -> Shape {
    let (id, title, class, columns): (_, _, _, &[_]) = match kind {
        PartKind::Checks => (
            "checks",
            "Health checks",
            "checks-table",
            &[("check", "Check"), ("result", "Result"), ("changed", "Changed"), ("output", "Output")],
        ),
        PartKind::Events => (
            "events",
            "Events",
            "events-table",
            &[("when", "When"), ("event", "Event"), ("detail", "What it led to"), ("by", "Asked by")],
        ),
        PartKind::Log => {
            ("logs", "Logs", "log-table", &[("at", "Time"), ("level", "Level"), ("line", "Line")])
        }
        PartKind::Processes => (
            "processes",
            "Processes",
            "processes-table",
            &[("command", "Command"), ("listens", "Listens on"), ("usage", "Uses")],
        ),
        PartKind::About => ("about", "About", "about-table", &[("name", "Fact"), ("value", "Value")]),
        PartKind::Configuration => (
            "config",
            "Configuration",
            "config-table",
            &[("of", "Of"), ("setting", "Setting"), ("value", "Value")],
        ),
    };
    Shape { id, title, class, columns }
}

/// The way to each part of the page, in the order of the parts.
pub(crate) fn part_tabs() -> AnyView {
    let tab = |kind| {
        let Shape { id, title, .. } = shape(kind);
        (["#", id].concat(), title)
    };
    tabs("Parts of the page", "", PartKind::ALL.map(tab).to_vec())
}

/// A part of the page: a region with a table, or with a word on why there is none.
pub(crate) fn part(view: View, kind: PartKind, now: Signal<Timestamp>) -> AnyView {
    let Shape { id, title, class, columns } = shape(kind);
    let keys = memo(move || view.with(|view| keys(view, kind)));
    let note =
        memo(move || view.with(|view| view.part(kind).map(|part| part.note.clone()).unwrap_or_default()));
    let headings: Vec<&'static str> = columns.iter().map(|(_, heading)| *heading).collect();
    let line = move |key: String| Some(line(view, kind, columns, &key, now));
    let table = table(class, title, &headings, Box::new(move || keys.get()), Arc::new(line));
    let table = if kind == PartKind::Log { log_end(table) } else { table };
    let empty = dynamic(move || Some(note.get()).filter(|note| !note.is_empty()).map(none));
    view! {
        <section class="panel instance-part" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {table}
            {empty}
        </section>
    }
    .erase()
}

/// The keys of a part's lines. One that comes twice is shown once.
fn keys(view: &InstanceView, kind: PartKind) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for line in view.part(kind).iter().flat_map(|part| &part.lines) {
        if !keys.contains(&line.key) {
            keys.push(line.key.clone());
        }
    }
    keys
}

/// A table of which the end is shown, and which stays where the reader scrolled to.
fn log_end(table: AnyView) -> AnyView {
    view! { <div class="log-end" role="group" aria-label="Last log lines" tabindex="0">{table}</div> }.erase()
}

fn none(note: String) -> AnyView {
    view! { <p class="dim">{note}</p> }.erase()
}
