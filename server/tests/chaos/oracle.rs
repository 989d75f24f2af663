//! What was true, and whether what was shown was.

use serde_json::{Value, json};
use simulator::Simulator;
use std::collections::BTreeMap;

pub const APP: &str = "crimson-wildflower-1711";
pub const INSTANCE: &str = "e80d7fbd";

/// The cells that are checked, by name; all of the one instance of the story. Null where the page says
/// that there is no such instance; none at all where it says that it does not know the instances.
pub type Cells = BTreeMap<&'static str, Value>;

/// What a viewer was shown at one moment.
#[derive(Clone, Debug)]
pub struct Shown {
    pub cells: Cells,
    /// As of when, in the story's milliseconds, the page said the oldest of this was, and the newest.
    pub as_of: (i64, i64),
}

/// A value and from when it was true.
struct Since {
    at: i64,
    value: Value,
}

/// For each cell its values in order.
pub struct History(BTreeMap<&'static str, Vec<Since>>);

pub const CELLS: [&str; 5] = ["restarts", "total", "passing", "warning", "critical"];

impl History {
    pub fn of(simulator: &Simulator) -> Self {
        let object = format!("allocation:{APP}/{INSTANCE}");
        let mut cells: BTreeMap<&'static str, Vec<Since>> = BTreeMap::new();
        for name in CELLS {
            cells.insert(name, vec![Since { at: i64::MIN, value: Value::Null }]);
        }
        for entry in simulator.history(Some(&object)) {
            for (name, values) in &mut cells {
                let value = entry.value.as_ref().map_or(Value::Null, |value| cell(value, name));
                if values.last().is_none_or(|last| last.value != value) {
                    values.push(Since { at: entry.at.as_ms(), value });
                }
            }
        }
        assert!(cells.values().any(|values| values.len() > 3), "the story tells nothing of {object}");
        Self(cells)
    }

    /// `restarts` of an instance that appears after ten seconds, and then one more each ten seconds.
    pub fn for_test() -> Self {
        let values = (0..3).map(|number| Since { at: 10_000 + number * 10_000, value: json!(number) });
        let none = Since { at: i64::MIN, value: Value::Null };
        Self(BTreeMap::from([("restarts", std::iter::once(none).chain(values).collect())]))
    }

    /// How many values were checked, or what is wrong with one. `answered_by` says when all that was
    /// asked at a moment had been answered: what is shown may be newer than it says, by no more.
    pub fn check(&self, shown: &[Shown], answered_by: impl Fn(i64) -> i64) -> Result<usize, String> {
        let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
        let mut checked = 0;
        for Shown { cells, as_of: (oldest, newest) } in shown {
            for (name, value) in cells {
                let (Some(values), at) = (self.0.get(name), reached.entry(name).or_default()) else {
                    continue;
                };
                let until = |index: usize| values.get(index + 1).map_or(i64::MAX, |next| next.at);
                let fits = |index: &usize| values[*index].value == *value && until(*index) > *oldest;
                let Some(index) = (*at..values.len()).find(fits) else {
                    return Err(format!(
                        "{name} shows {value} as of {oldest} to {newest}, which was never true then or came back"
                    ));
                };
                if values[index].at > answered_by(*newest) {
                    return Err(format!("{name} shows {value} as of {newest}, before it was true"));
                }
                *at = index;
                checked += 1;
            }
        }
        Ok(checked)
    }

    /// What is true in the end.
    pub fn end(&self) -> Cells {
        let last = |values: &Vec<Since>| values.last().map_or(Value::Null, |last| last.value.clone());
        self.0.iter().map(|(name, values)| (*name, last(values))).collect()
    }
}

fn cell(object: &Value, name: &str) -> Value {
    match name {
        "restarts" => object["restarts"].clone(),
        _ => json!(object["checks"][name].as_i64().unwrap_or(0)),
    }
}

impl Shown {
    /// An instance that was restarted so many times.
    pub fn for_test(restarts: u32, as_of: i64) -> Self {
        Self { cells: BTreeMap::from([("restarts", json!(restarts))]), as_of: (as_of, as_of) }
    }

    /// No instance.
    pub fn none_for_test(as_of: i64) -> Self {
        Self { cells: BTreeMap::from([("restarts", Value::Null)]), as_of: (as_of, as_of) }
    }

    /// Instances that the page says it does not know.
    pub fn unknown_for_test(as_of: i64) -> Self {
        Self { cells: BTreeMap::new(), as_of: (as_of, as_of) }
    }
}
