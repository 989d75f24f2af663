//! What was true, and whether what was shown was.

use serde_json::{Value, json};
use simulator::Simulator;
use std::collections::BTreeMap;

pub const APP: &str = "crimson-wildflower-1711";
pub const INSTANCE: &str = "e80d7fbd";

/// The cells that are checked, by name; all of the one instance of the story.
pub type Cells = BTreeMap<&'static str, Value>;

/// What a viewer was shown at one moment.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Null where the row was not there.
    pub cells: Cells,
    /// As of when, in the story's milliseconds, the page said this was; none where it also said that
    /// a part could not be loaded.
    pub as_of: Option<i64>,
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

    /// `restarts` grows by one each ten seconds.
    pub fn for_test() -> Self {
        let values = (0..3).map(|number| Since { at: number * 10_000, value: json!(number) }).collect();
        Self(BTreeMap::from([("restarts", values)]))
    }

    /// How many values were checked, or what is wrong with one. An answer may take ten seconds of
    /// real time, in which the story goes on: what is shown may be newer than it says, by that.
    pub fn check(&self, shown: &[Shown], speed: f64) -> Result<usize, String> {
        #[expect(clippy::cast_possible_truncation, reason = "minutes in milliseconds")]
        let (second, answer) = ((1_000.0 * speed) as i64, (10_000.0 * speed) as i64);
        let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
        let mut checked = 0;
        for one in shown {
            for (name, value) in &one.cells {
                let (Some(values), at) = (self.0.get(name), reached.entry(name).or_default()) else {
                    continue;
                };
                let until = |index: usize| values.get(index + 1).map_or(i64::MAX, |next| next.at);
                let fits = |index: usize| {
                    values[index].value == *value
                        && one.as_of.is_none_or(|as_of| until(index) > as_of - second)
                };
                let Some(index) = (*at..values.len()).find(|index| fits(*index)) else {
                    return Err(format!(
                        "{name} shows {value} as of {:?}, which was never true then or came back",
                        one.as_of
                    ));
                };
                if let Some(as_of) = one.as_of.filter(|as_of| values[index].at > as_of.saturating_add(answer))
                {
                    return Err(format!("{name} shows {value} as of {as_of}, long before it was true"));
                }
                *at = index;
                checked += 1;
            }
        }
        Ok(checked)
    }

    /// Whether this is what is true in the end.
    pub fn ends_on(&self, shown: &Shown) -> bool {
        self.0.iter().all(|(name, values)| shown.cells.get(name) == values.last().map(|last| &last.value))
    }
}

fn cell(object: &Value, name: &str) -> Value {
    match name {
        "restarts" => object["restarts"].clone(),
        _ => json!(object["checks"][name].as_i64().unwrap_or(0)),
    }
}

impl Shown {
    pub fn for_test(restarts: u32, as_of: i64) -> Self {
        Self { cells: BTreeMap::from([("restarts", json!(restarts))]), as_of: Some(as_of) }
    }
}
