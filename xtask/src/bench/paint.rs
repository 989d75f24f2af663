//! From what Fly tells to the painted cell, and the bytes of a change on the stream.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use super::samples::{Samples, number, over};
use super::{Finding, in_browser};
use crate::workspace::Workspace;

/// The slowest hundredth, in milliseconds; told, not judged.
const PAINT_AIM: f64 = 60.0;
/// Bytes of the stream for each change, on average over the stories.
const BYTES_LIMIT: f64 = 150.0;

pub(super) fn measure(workspace: &Workspace) -> Result<Finding> {
    let [paint, bytes] = in_browser::measure(workspace, &["paint"], 1, ["paint", "bytes"])?;
    let painted = painted(&paint)?;
    let (weighed, reason) = weighed(&bytes)?;
    let table = format!("{painted}\n\n{weighed}\n\n{}", in_browser::machine());
    Ok(Finding { table, over_limit: over(reason.as_slice()) })
}

fn painted(samples: &Value) -> Result<String> {
    let whole = Samples::field(samples, "paint")?;
    let poll = Samples::field(samples, "poll")?;
    let mut text = String::from(
        "| one viewer, `failed-deploy-v14` | p50 | p90 | p99 | most |\n|---|---:|---:|---:|---:|\n",
    );
    for (name, samples) in [
        ("from the question to Fly to the painted cell", &whole),
        ("of it until Fly's answer is worked in", &poll),
    ] {
        let [p50, p90, p99, most] = [50.0, 90.0, 99.0, 100.0].map(|one| samples.percentile(one));
        // Writing to a String cannot fail.
        writeln!(text, "| {name} | {p50:.0} ms | {p90:.0} ms | {p99:.0} ms | {most:.0} ms |").ok();
    }
    let count = whole.count();
    write!(text, "\n{count} changes; the aim for the slowest hundredth is {PAINT_AIM:.0} ms.").ok();
    Ok(text)
}

/// The table, and whether the mean is over its limit.
fn weighed(stories: &Value) -> Result<(String, Option<String>)> {
    let stories = stories.as_array().context("the weighed stories are no list")?;
    let mut kinds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let (mut bytes, mut count) = (0.0, 0_u32);
    for story in stories {
        bytes += number(story, "bytes")?;
        for change in story["changes"].as_array().context("a story without changes")? {
            let kind = change[0].as_str().context("a change without a kind")?;
            kinds.entry(kind).or_default().push(change[1].as_f64().context("a change without a size")?);
            count += 1;
        }
    }
    let mean = bytes / f64::from(count.max(1));
    let mut kinds = kinds
        .into_iter()
        .map(|(kind, sizes)| Ok((kind, Samples::of(sizes)?)))
        .collect::<Result<Vec<(&str, Samples)>>>()?;
    kinds.sort_by_key(|(_, sizes)| std::cmp::Reverse(sizes.count()));
    let mut text =
        String::from("| kind of change | changes | p50 | p99 | mean |\n|---|---:|---:|---:|---:|\n");
    for (kind, sizes) in &kinds {
        let (p50, p99) = (sizes.median(), sizes.percentile(99.0));
        writeln!(text, "| {kind} | {} | {p50:.0} B | {p99:.0} B | {:.0} B |", sizes.count(), sizes.mean())
            .ok();
    }
    let names: Vec<&str> = stories.iter().filter_map(|story| story["story"].as_str()).collect();
    write!(
        text,
        "\nUncompressed, of the topic of an app, over the stories {}: {count} changes, {mean:.0} bytes of the \
         stream for each, with all that is around them (limit {BYTES_LIMIT:.0}).",
        names.join(", ")
    )
    .ok();
    let over = mean > BYTES_LIMIT;
    let reason = format!("a change takes {mean:.0} bytes of the stream; the limit is {BYTES_LIMIT:.0}");
    Ok((text, over.then_some(reason)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn delays_are_told_with_their_slowest_hundredth() {
        let samples: Vec<Value> = (1..=100).map(|ms| json!({"step": 1, "poll": 5, "paint": ms})).collect();
        let table = painted(&json!(samples)).unwrap();
        assert!(table.contains("painted cell | 50 ms | 90 ms | 99 ms | 100 ms |"), "{table}");
        assert!(table.contains("100 changes"), "{table}");
    }

    #[test]
    fn the_mean_counts_all_bytes_of_the_stream_and_is_judged() {
        let stories = |bytes: u32| json!([{"story": "calm", "bytes": bytes, "changes": [["cell state", 60], ["health", 20]]}]);
        let (table, reason) = weighed(&stories(300)).unwrap();
        assert!(table.contains("2 changes, 150 bytes"), "{table}");
        assert!(table.contains("| cell state | 1 | 60 B | 60 B | 60 B |"), "{table}");
        assert_eq!(reason, None);
        assert!(weighed(&stories(302)).unwrap().1.unwrap().contains("151 bytes"));
    }
}
