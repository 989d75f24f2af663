//! The list of thousands of apps: its first rows, and typing into its search.

use anyhow::Result;
use serde_json::Value;

use super::samples::{Samples, number, over};
use super::{Finding, in_browser};
use crate::workspace::Workspace;

/// First rows from a server that has never read the list, in milliseconds.
const ROWS_LIMIT: f64 = 1_000.0;
/// From the key to the painted letter, in milliseconds: what 98 of 100 keys stay within, as for INP.
const LETTER_LIMIT: f64 = 50.0;

pub(super) fn measure(workspace: &Workspace) -> Result<Finding> {
    let [rows, typing] = in_browser::measure(workspace, &["fleet"], 1, ["rows", "typing"])?;
    read(&rows, &typing, &in_browser::machine())
}

fn read(rows: &Value, typing: &Value, machine: &str) -> Result<Finding> {
    let median = |field: &str| Samples::field(&rows["samples"], field).map(|samples| samples.median());
    let (cold, warm, questions) = (median("rows")?, median("warm")?, median("questions")?);
    let letters = Samples::list(&typing["letters"])?;
    let painted = Samples::list(&typing["rows"])?;
    let mut reasons = Vec::new();
    if cold > ROWS_LIMIT {
        reasons.push(format!("the first rows come after {cold:.0} ms; the limit is {ROWS_LIMIT:.0} ms"));
    }
    let letter = letters.percentile(98.0);
    if letter > LETTER_LIMIT {
        reasons.push(format!("a letter is painted after {letter:.0} ms; the limit is {LETTER_LIMIT:.0} ms"));
    }
    // Fast ones are not told of at all.
    let slow = Samples::list(&typing["events"]).map_or_else(
        |_| "none took 16 ms or longer".to_owned(),
        |events| format!("{} took 16 ms or longer, the slowest {:.0} ms", events.count(), events.most()),
    );
    let table = format!(
        "| list of {apps:.0} apps, 20,000 machines | p50 | p98 | limit |\n|---|---:|---:|---:|\n\
         | first rows, cold server | {cold:.0} ms | | {ROWS_LIMIT:.0} ms |\n\
         | first rows, list known | {warm:.0} ms | | |\n\
         | key to painted letter | {:.0} ms | {letter:.0} ms | {LETTER_LIMIT:.0} ms |\n\
         | key to painted rows | {:.0} ms | {:.0} ms | |\n\n\
         First rows: from the navigation to a hundred rows in the page, median of {starts} fresh servers, {questions:.0} \
         questions to Fly. Typing: {keys:.0} keys, 120 ms apart; of the browser's own event timings (keydown, \
         input, keyup) {slow}. {machine}",
        letters.median(),
        painted.median(),
        painted.percentile(98.0),
        apps = number(rows, "apps")?,
        starts = Samples::field(&rows["samples"], "rows")?.count(),
        keys = number(typing, "keys")?,
    );
    Ok(Finding { table, over_limit: over(&reasons) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn finding(rows: u32, letter: u32, events: &[u32]) -> Finding {
        let rows = json!({"apps": 5005, "samples": [{"rows": rows, "warm": 80, "questions": 50}]});
        let typing = json!({"keys": 4, "letters": [9, 9, 9, letter], "rows": [70], "events": events});
        read(&rows, &typing, "A machine.").unwrap()
    }

    #[test]
    fn rows_within_a_second_and_letters_within_their_limit_are_good_enough() {
        let Finding { table, over_limit } = finding(1_000, 50, &[]);
        assert_eq!(over_limit, None);
        assert!(table.contains("| key to painted letter | 9 ms | 50 ms | 50 ms |"), "{table}");
        assert!(table.contains("none took 16 ms"), "{table}");
    }

    #[test]
    fn late_rows_and_late_letters_are_told() {
        let reasons = finding(1_001, 51, &[16, 24]).over_limit.unwrap();
        assert!(reasons.contains("after 1001 ms") && reasons.contains("after 51 ms"), "{reasons}");
        assert!(finding(1, 1, &[16, 24]).table.contains("2 took 16 ms or longer, the slowest 24 ms"));
    }
}
