//! What was true, by the simulator's own account.

use crate::cells::{Cells, listed};
use serde_json::{Value, json};
use simulator::{HistoryEntry, Simulator};
use std::collections::{BTreeMap, BTreeSet};

/// A value and from when it was true.
#[derive(Clone, Debug, PartialEq)]
pub struct Since {
    pub at: i64,
    pub value: Value,
}

/// For each cell its values in order; null where there is nothing of the kind.
#[derive(Default)]
pub struct History(BTreeMap<String, Vec<Since>>);

impl History {
    pub fn of(simulator: &Simulator) -> Self {
        let mut history = Self::default();
        let mut world: BTreeMap<String, Value> = BTreeMap::new();
        let entries = simulator.history(None);
        let of_nomad = |entry: &HistoryEntry| entry.object.starts_with("allocation:");
        let of_nomad: BTreeSet<&str> =
            entries.iter().filter(|one| of_nomad(one)).filter_map(app_of).collect();
        for instant in entries.chunk_by(|one, other| one.at == other.at) {
            let touched: BTreeSet<&str> = instant.iter().filter_map(app_of).collect();
            for entry in instant {
                match &entry.value {
                    Some(value) => world.insert(entry.object.clone(), value.clone()),
                    None => world.remove(&entry.object),
                };
            }
            for app in touched {
                let mut cells = cells_of(app, &world);
                // What counts of the Nomad era is for Fly to say.
                if of_nomad.contains(app) {
                    cells.remove(&format!("{app} total"));
                }
                history.take(app, cells, instant[0].at.as_ms());
            }
        }
        history
    }

    /// `a instance b restarts` of an instance that appears after ten seconds, and one more each ten
    /// seconds.
    pub fn for_test() -> Self {
        let values = (0..3).map(|number| Since { at: 10_000 + number * 10_000, value: json!(number) });
        let none = Since { at: i64::MIN, value: Value::Null };
        let there = Since { at: 10_000, value: json!(true) };
        Self(BTreeMap::from([
            (listed("a", "b"), vec![none.clone(), there]),
            ("a instance b restarts".into(), std::iter::once(none).chain(values).collect()),
        ]))
    }

    /// The values of a cell in order; none where there never was such a cell.
    pub fn values(&self, cell: &str) -> Option<&[Since]> {
        self.0.get(cell).map(Vec::as_slice)
    }

    /// The names of the cells that begin so and say whether something is listed.
    pub fn listed<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.beginning_with(start).filter(|name| name.ends_with(" listed"))
    }

    /// The names of all cells that begin so.
    fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .range(start.to_owned()..)
            .map(|(name, _)| name.as_str())
            .take_while(move |name| name.starts_with(start))
    }

    /// What is true of a cell in the end.
    pub fn end(&self, cell: &str) -> Value {
        self.values(cell).and_then(<[Since]>::last).map_or(Value::Null, |last| last.value.clone())
    }

    /// How often a value changed.
    pub fn changes(&self) -> usize {
        self.0.values().map(|values| values.len().saturating_sub(2)).sum()
    }

    /// The names of all apps.
    pub fn apps(&self) -> BTreeSet<&str> {
        self.0.keys().filter_map(|cell| cell.split(' ').next()).collect()
    }

    fn take(&mut self, app: &str, cells: Cells, at: i64) {
        let start = format!("{app} ");
        let known: Vec<String> = self.beginning_with(&start).map(str::to_owned).collect();
        let gone = known.into_iter().filter(|name| !cells.contains_key(name)).map(|name| (name, Value::Null));
        let gone: Cells = gone.collect();
        for (name, value) in cells.into_iter().chain(gone) {
            let none = || vec![Since { at: i64::MIN, value: Value::Null }];
            let values = self.0.entry(name).or_insert_with(none);
            if values.last().is_none_or(|last| last.value != value) {
                values.push(Since { at, value });
            }
        }
    }
}

fn app_of(entry: &HistoryEntry) -> Option<&str> {
    entry.object.split_once(':')?.1.split('/').next()
}

fn cells_of(app: &str, world: &BTreeMap<String, Value>) -> Cells {
    let mut cells = Cells::new();
    if let Some(value) = world.get(&format!("app:{app}")) {
        cells.insert(format!("{app} status"), value["status"].clone());
        let release = world.get(&format!("release:{app}/{}", value["version"]));
        if let Some(release) = release {
            cells.insert(format!("{app} newest"), json!([value["version"], release["status"]]));
        }
    }
    let of = |kind: &str| {
        let start = format!("{kind}:{app}/");
        let range = world.range(start.clone()..);
        range.take_while(move |(name, _)| name.starts_with(&start)).map(|(_, value)| value)
    };
    for release in of("release") {
        cells.insert(format!("{app} release {}", release["version"]), release["status"].clone());
    }
    for one in of("allocation") {
        let id = one["id"].as_str().unwrap_or_default();
        cells.insert(listed(app, &id[..8]), json!(true));
        instance(app, &id[..8], &one["status"], &one["restarts"], &one["version"], one, &mut cells);
    }
    let mut total = 0_u32;
    for one in of("machine") {
        let id = one["id"].as_str().unwrap_or_default();
        // Fly still tells of it when it is asked for by its name.
        if one["state"] != "destroyed" {
            total += u32::from(one["state"] != "destroying");
            cells.insert(listed(app, id), json!(true));
        }
        instance(app, id, &one["state"], &restarts(one), &one["release"], one, &mut cells);
    }
    cells.insert(format!("{app} total"), json!(total));
    cells
}

fn instance(
    app: &str,
    id: &str,
    state: &Value,
    restarts: &Value,
    version: &Value,
    one: &Value,
    cells: &mut Cells,
) {
    let checks = &one["checks"];
    let mut add = |cell: &str, value: Value| cells.insert(format!("{app} instance {id} {cell}"), value);
    add("state", state.clone());
    add("restarts", restarts.clone());
    add("version", version.clone());
    add("checks", json!([checks["total"], checks["passing"], checks["warning"], checks["critical"]]));
}

/// The count of the newest event that carries one.
fn restarts(machine: &Value) -> Value {
    let events = machine["events"].as_array().map_or(&[][..], Vec::as_slice);
    let counts = events.iter().rev().filter_map(|event| {
        let request = &event["request"];
        request["restart_count"].as_u64().or(request["exit_event"]["restart_count"].as_u64())
    });
    json!(counts.into_iter().next().unwrap_or(0))
}
