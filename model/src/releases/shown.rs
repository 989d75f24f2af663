//! Differences as a person reads them: one line for each value, with what looks like a secret hidden.

use super::diff::{Change, Edit, Step, Written};
use crate::id::turns_direction;
use crate::json::FromJson;
use crate::logs::head;
use crate::logs::mask::{MASK, Masker, names_a_secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write;

/// More lines are counted, and not shown.
const MOST: usize = 200;
/// Of a longer value the beginning is shown, in bytes.
const LONGEST: usize = 300;

/// One line of what changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Difference {
    /// What it is: `image`, or a place of the configuration (`env.PORT`).
    pub what: String,
    /// What it was; none where there was nothing.
    pub before: Option<String>,
    /// What it is; none where it is gone.
    pub after: Option<String>,
}

/// The lines that tell of these changes, and how many more there would be. A table or list that is
/// new or gone is told value by value.
pub fn differences(changes: &[Change]) -> (Vec<Difference>, usize) {
    let mut lines = Vec::new();
    for Change { path, edit } in changes {
        match edit {
            Edit::Added(value) => leaves(path, value, &mut |path, text| lines.push(new(path, text))),
            Edit::Removed(value) => leaves(path, value, &mut |path, text| lines.push(gone(path, text))),
            Edit::Changed(old, new_value) if is_leaf(old) && is_leaf(new_value) => lines.push(Difference {
                what: place(path),
                before: Some(text(path, old)),
                after: Some(text(path, new_value)),
            }),
            Edit::Changed(old, new_value) => {
                leaves(path, old, &mut |path, text| lines.push(gone(path, text)));
                leaves(path, new_value, &mut |path, text| lines.push(new(path, text)));
            }
        }
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    (lines, more)
}

fn new(path: &[Step], after: String) -> Difference {
    Difference { what: place(path), before: None, after: Some(after) }
}

fn gone(path: &[Step], before: String) -> Difference {
    Difference { what: place(path), before: Some(before), after: None }
}

/// Whether a value is told as one.
fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Object(table) => table.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => true,
    }
}

fn leaves(path: &[Step], value: &Value, tell: &mut dyn FnMut(&[Step], String)) {
    let inner = |step: Step| path.iter().cloned().chain([step]).collect::<Vec<Step>>();
    match value {
        Value::Object(table) if !table.is_empty() => {
            for (key, value) in table {
                leaves(&inner(Step::Key(key.clone())), value, tell);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (at, value) in list.iter().enumerate() {
                leaves(&inner(Step::Index(at)), value, tell);
            }
        }
        value => tell(path, text(path, value)),
    }
}

fn place(path: &[Step]) -> String {
    if path.is_empty() {
        return "the whole configuration".to_owned();
    }
    visible(&Written(path).to_string())
}

/// A value as it would be written, unless its name or its shape says that it is a secret.
fn text(path: &[Step], value: &Value) -> String {
    let mut names = path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    let secret = matches!(value, Value::String(_) | Value::Number(_)) && names.any(names_a_secret);
    match value {
        Value::String(_) if secret => format!("\"{MASK}\""),
        _ if secret => MASK.to_owned(),
        Value::String(text) => visible(&cut(&Value::from(masked(text)).to_string())),
        other => visible(&cut(&other.to_string())),
    }
}

fn masked(text: &str) -> String {
    let mut masker = Masker::default();
    let lines: Vec<_> = text.split('\n').map(|line| masker.line(line)).collect();
    lines.join("\n")
}

fn cut(text: &str) -> String {
    let kept = head(text, LONGEST);
    if kept.len() < text.len() { format!("{kept}…") } else { text.to_owned() }
}

/// Marks that would turn what stands around them are written out, as JSON writes other marks.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if turns_direction(c) || c.is_control() {
            // Writing to a String cannot fail.
            write!(out, "\\u{:04x}", u32::from(c)).ok();
        } else {
            out.push(c);
        }
    }
    out
}
