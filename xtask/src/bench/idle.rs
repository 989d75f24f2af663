//! What an open page costs: while nothing changes, while much changes, and over an hour.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use super::samples::{growth, number, over};
use super::{Finding, in_browser};
use crate::workspace::Workspace;

/// Of the main thread, in percent, while two hundred instances change each second.
const BUSY_LIMIT: f64 = 5.0;
/// What the heap may grow by in an hour: noise of the collector, which keeps what it may need again.
const HEAP_LIMIT: f64 = 200_000.0;
/// Nodes that the document may have more after an hour; a leak of one a deployment would be some twenty.
const NODES_LIMIT: f64 = 4.0;
/// The memory of a WebAssembly module grows by pages of 64 kB, and never shrinks.
const WASM_LIMIT: f64 = 65_536.0;

pub(super) fn measure(workspace: &Workspace) -> Result<Finding> {
    let names = ["idle", "restless", "busy"];
    let [idle, restless, busy] = in_browser::measure(workspace, &["idle", "busy"], 1, names)?;
    let parts = [nothing_changes(&idle)?, all_change(&restless)?, an_hour(&busy)?];
    let tables: Vec<&str> = parts.iter().map(|(table, _)| table.as_str()).collect();
    let reasons: Vec<String> = parts.iter().flat_map(|(_, reasons)| reasons.clone()).collect();
    let table = format!("{}\n\n{}", tables.join("\n\n"), in_browser::machine());
    Ok(Finding { table, over_limit: over(&reasons) })
}

/// A table with what was over its limit.
type Part = (String, Vec<String>);

fn nothing_changes(pages: &Value) -> Result<Part> {
    let mut text = String::from(
        "| a minute in which nothing changes | changes of the document | ages that ticked | main thread | of \
         it script | bytes received |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let mut reasons = Vec::new();
    for page in pages.as_array().context("the samples of the idle pages are no list")? {
        let name = page["name"].as_str().context("a page without a name")?;
        let changes = page["changes"].as_array().context("the changes are no list")?;
        if let Some(first) = changes.first() {
            reasons.push(format!(
                "{name}: {} changes of the document while nothing changes, first {first}",
                changes.len()
            ));
        }
        let share =
            |field: &str| -> Result<f64> { Ok(number(page, field)? / number(page, "seconds")? * 100.0) };
        // Writing to a String cannot fail.
        writeln!(
            text,
            "| {name} | {} | {:.0} | {:.2} % | {:.2} % | {:.1} kB |",
            changes.len(),
            number(page, "ticks")?,
            share("task")?,
            share("script")?,
            number(page, "bytes")? / 1_000.0
        )
        .ok();
    }
    Ok((text.trim_end().to_owned(), reasons))
}

fn all_change(samples: &Value) -> Result<Part> {
    let seconds = number(samples, "seconds")?;
    let share = |field: &str| number(samples, field).map(|value| value / seconds * 100.0);
    let (task, script, layout) = (share("task")?, share("script")?, share("layout")?);
    let (instances, cells) = (number(samples, "instances")?, number(samples, "cells")?);
    let received = number(samples, "bytes")? / seconds / 1_000.0;
    let text = format!(
        "| each second | instances that change | cells painted | main thread | of it script | of it \
         style and layout | bytes received |\n|---|---:|---:|---:|---:|---:|---:|\n| app page, {seconds:.0} s | \
         {instances:.0} | {cells:.0} | {task:.1} % (limit {BUSY_LIMIT:.0} %) | {script:.1} % | {layout:.1} % | \
         {received:.1} kB |"
    );
    let over = task > BUSY_LIMIT;
    let reason = format!(
        "{instances:.0} instances that change each second take {task:.1} % of the main thread; the limit is \
         {BUSY_LIMIT:.0} %"
    );
    Ok((text, if over { vec![reason] } else { Vec::new() }))
}

fn an_hour(samples: &Value) -> Result<Part> {
    let points = samples["points"].as_array().context("the samples of the hour are no list")?;
    let (first, last) = points.first().zip(points.last()).context("the hour has no points")?;
    let polls = number(last, "polls")?;
    let mut text = format!(
        "| an hour of deployments in fast motion | after {:.0} polls | after {polls:.0} | growth in the hour \
         | limit |\n|---|---:|---:|---:|---:|\n",
        number(first, "polls")?
    );
    let mut reasons = Vec::new();
    let kinds = [
        ("heap", "JavaScript heap, garbage collected", 1_000.0, " kB", HEAP_LIMIT),
        ("wasm", "memory of the module", 1_000.0, " kB", WASM_LIMIT),
        ("nodes", "nodes of the document", 1.0, "", NODES_LIMIT),
        ("listeners", "listeners", 1.0, "", NODES_LIMIT),
    ];
    for (field, name, unit, suffix, limit) in kinds {
        let places = points.iter().map(|point| Ok((number(point, "polls")?, number(point, field)?)));
        let places = places.collect::<Result<Vec<(f64, f64)>>>()?;
        // The polls from the first point to the last are less than the hour.
        let span = polls - number(first, "polls")?;
        let grown = growth(&places) * if span > 0.0 { polls / span } else { 1.0 };
        let told = |value: f64| format!("{:.0}{suffix}", value / unit);
        let (from, to) = (told(number(first, field)?), told(number(last, field)?));
        writeln!(text, "| {name} | {from} | {to} | {} | {} |", told(grown), told(limit)).ok();
        if grown > limit {
            reasons.push(format!("{name} grow by {} in an hour; the limit is {}", told(grown), told(limit)));
        }
    }
    Ok((text.trim_end().to_owned(), reasons))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_that_changes_while_nothing_does_is_named_with_what_changed() {
        let page = |changes: Value| {
            json!([{"name": "app page", "seconds": 60, "changes": changes, "ticks": 90, "task": 0.06,
                "script": 0.03, "bytes": 1_500}])
        };
        let (table, reasons) = nothing_changes(&page(json!([]))).unwrap();
        assert!(table.contains("| app page | 0 | 90 | 0.10 % | 0.05 % | 1.5 kB |"), "{table}");
        assert!(reasons.is_empty());
        let (_, reasons) = nothing_changes(&page(json!(["childList of <td>"]))).unwrap();
        assert!(reasons[0].contains("childList of <td>"), "{reasons:?}");
    }

    #[test]
    fn the_main_thread_may_be_busy_for_a_twentieth_of_the_time() {
        let busy = |task: f64| {
            json!({"instances": 200, "seconds": 20, "task": task, "script": 0.4, "layout": 0.3,
                "bytes": 400_000, "cells": 600})
        };
        let (table, reasons) = all_change(&busy(1.0)).unwrap();
        assert!(table.contains("| 200 | 600 | 5.0 % (limit 5 %) | 2.0 % | 1.5 % | 20.0 kB |"), "{table}");
        assert!(reasons.is_empty());
        assert_eq!(all_change(&busy(1.01)).unwrap().1.len(), 1);
    }

    fn hour(heap: impl Fn(f64) -> f64, nodes: impl Fn(f64) -> f64) -> Part {
        let points: Vec<Value> = (1..=6)
            .map(|part| f64::from(part) * 120.0)
            .map(|polls| {
                json!({"polls": polls, "heap": heap(polls), "nodes": nodes(polls), "listeners": 9, "wasm": 2e6})
            })
            .collect();
        an_hour(&json!({"points": points})).unwrap()
    }

    #[test]
    fn what_stays_as_it_is_over_the_hour_is_flat() {
        let (table, reasons) = hour(|_| 5e6, |_| 900.0);
        assert!(reasons.is_empty(), "{reasons:?}");
        assert!(
            table.contains("| JavaScript heap, garbage collected | 5000 kB | 5000 kB | 0 kB | 200 kB |"),
            "{table}"
        );
    }

    #[test]
    fn a_leak_is_told_by_its_growth_in_an_hour() {
        let (_, reasons) = hour(|polls| 5e6 + polls * 500.0, |polls| 900.0 + polls / 36.0);
        assert!(reasons[0].contains("heap, garbage collected grow by 360 kB"), "{reasons:?}");
        assert!(reasons[1].contains("nodes of the document grow by 20"), "{reasons:?}");
    }
}
