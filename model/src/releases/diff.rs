//! What differs between two configurations, as a structure: which keys were added, removed or
//! changed, and where they stand.

use serde_json::{Map, Value};
use std::fmt;

/// One step of the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
}

/// One difference.
///
/// The differences of one [`diff`] are applied in their order. The index of what changed or was
/// removed is its place at that moment, so those of a list are removed from its end on; the index of
/// what was added is its place in the new list.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where. Empty for the whole configuration.
    pub path: Vec<Step>,
    /// What.
    pub edit: Edit,
}

/// What happened to a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// It is new.
    Added(Value),
    /// It is gone.
    Removed(Value),
    /// It was the first and is the second. Never two tables or two lists: what changed inside of
    /// those is told on its own.
    Changed(Value, Value),
}

/// Writes a path as `fly.toml` names the place: `services[0].internal_port`, `env."A B"`.
pub(super) struct Written<'a>(pub(super) &'a [Step]);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    f.write_str(if at == 0 { "" } else { "." })?;
                    if is_bare(key) { f.write_str(key)? } else { write!(f, "{}", Value::from(key.as_str()))? }
                }
            }
        }
        Ok(())
    }
}

/// Keys that TOML takes without quotes.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// What leads from `old` to `new`, ordered by place. Empty where they are equal.
pub fn diff(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Found { path: Vec::new(), changes: Vec::new() };
    found.values(old, new);
    found.changes
}

struct Found {
    path: Vec<Step>,
    changes: Vec<Change>,
}

impl Found {
    fn values(&mut self, old: &Value, new: &Value) {
        match (old, new) {
            _ if old == new => {}
            (Value::Object(old), Value::Object(new)) => self.tables(old, new),
            (Value::Array(old), Value::Array(new)) => self.lists(old, new),
            _ => self.add(Edit::Changed(old.clone(), new.clone())),
        }
    }

    fn tables(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.at(Step::Key(key.clone()), |found| found.one(old.get(key), new.get(key)));
        }
    }

    /// What both lists begin and end with is the same; what lies between is compared in pairs, and
    /// what is over was added or removed.
    fn lists(&mut self, old: &[Value], new: &[Value]) {
        let begin = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[begin..], &new[begin..]);
        let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
        let pairs = old.len().min(new.len());
        for (at, (old, new)) in old.iter().zip(new).enumerate() {
            self.at(Step::Index(begin + at), |found| found.values(old, new));
        }
        for (at, gone) in old.iter().enumerate().skip(pairs).rev() {
            self.at(Step::Index(begin + at), |found| found.one(Some(gone), None));
        }
        for (at, added) in new.iter().enumerate().skip(pairs) {
            self.at(Step::Index(begin + at), |found| found.one(None, Some(added)));
        }
    }

    fn one(&mut self, old: Option<&Value>, new: Option<&Value>) {
        match (old, new) {
            (Some(old), Some(new)) => self.values(old, new),
            (Some(old), None) => self.add(Edit::Removed(old.clone())),
            (None, Some(new)) => self.add(Edit::Added(new.clone())),
            (None, None) => {}
        }
    }

    fn at(&mut self, step: Step, find: impl FnOnce(&mut Self)) {
        self.path.push(step);
        find(self);
        self.path.pop();
    }

    fn add(&mut self, edit: Edit) {
        self.changes.push(Change { path: self.path.clone(), edit });
    }
}
