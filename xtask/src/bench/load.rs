//! The first load of the app page, beside a file with the same HTML and style, in the same browser and run.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;

use super::samples::{Samples, number, over};
use super::{Finding, in_browser};
use crate::workspace::Workspace;

/// The largest contentful paint, against that of the file.
const PAINT_TO_FILE: f64 = 1.2;
/// What the page is to be hydrated within after its largest paint, in milliseconds; told, not judged.
const HYDRATED_AIM: f64 = 120.0;

pub(super) fn measure(workspace: &Workspace) -> Result<Finding> {
    let [samples] = in_browser::measure(workspace, &["load"], 1, ["load"])?;
    read(&samples, &in_browser::machine())
}

/// Medians of one kind of loads.
struct Load {
    first_byte: f64,
    paint: f64,
    /// Of the worst load.
    shift: f64,
    bytes: f64,
    requests: f64,
}

fn load(samples: &Value) -> Result<Load> {
    let median = |field: &str| Samples::field(samples, field).map(|samples| samples.median());
    Ok(Load {
        first_byte: median("firstByte")?,
        paint: median("lcp")?,
        shift: Samples::field(samples, "cls")?.most(),
        bytes: median("bytes")?,
        requests: median("requests")?,
    })
}

fn read(samples: &Value, machine: &str) -> Result<Finding> {
    let (page, file) = (load(&samples["windsock"])?, load(&samples["file"])?);
    let hydration = hydration(&samples["windsock"])?;
    let longest = Samples::field(&samples["windsock"], "longest")?;
    let ratio = page.paint / file.paint;
    let mut reasons = Vec::new();
    if ratio > PAINT_TO_FILE {
        reasons.push(format!(
            "the largest paint comes {ratio:.2} times as late as a file's; the limit is {PAINT_TO_FILE}"
        ));
    }
    if page.shift > 0.0 {
        reasons.push(format!("the layout shifts by {:.4} while the page loads; the limit is 0", page.shift));
    }
    let mut text =
        String::from("| first load, empty cache | Windsock | the same HTML as a file |\n|---|---:|---:|\n");
    let mut row = |what: &str, ours: String, theirs: String| {
        // Writing to a String cannot fail.
        writeln!(text, "| {what} | {ours} | {theirs} |").ok();
    };
    let ms = |value: f64| format!("{value:.0} ms");
    row("first byte", ms(page.first_byte), ms(file.first_byte));
    row("largest contentful paint", ms(page.paint), ms(file.paint));
    row("layout shift, worst load", format!("{:.4}", page.shift), format!("{:.4}", file.shift));
    row("hydrated after the largest paint", ms(hydration.median()), "–".to_owned());
    row("longest task", ms(longest.median()), "–".to_owned());
    row("bytes over the wire", kilobytes(page.bytes), kilobytes(file.bytes));
    row("requests", format!("{:.0}, and the stream", page.requests), format!("{:.0}", file.requests));
    let warm = Samples::list(&samples["upstream"])?.median();
    let cold = number(samples, "upstreamCold")?;
    row("questions to Fly", format!("{warm:.0}; {cold:.0} of the first viewer"), "–".to_owned());
    let loads = Samples::field(&samples["windsock"], "lcp")?.count();
    write!(
        text,
        "\nMedians of {loads} loads each, in turns, each in a context of its own with an empty cache, \
         from a page of another site, without throttling. The largest paint comes {ratio:.2} times as late as the file's (limit {PAINT_TO_FILE}). \
         The aim for hydration is {HYDRATED_AIM:.0} ms after it; nine of ten loads took at most {:.0} ms. \
         Chromium {}. {machine}",
        hydration.percentile(90.0),
        samples["browser"].as_str().unwrap_or("of an unknown version"),
    )
    .ok();
    Ok(Finding { table: text, over_limit: over(&reasons) })
}

/// From the largest paint to the answer to clicks; 0 where the page answers before.
fn hydration(loads: &Value) -> Result<Samples> {
    let loads = loads.as_array().map(Vec::as_slice).unwrap_or_default();
    let after = loads.iter().map(|load| Ok((number(load, "hydrated")? - number(load, "lcp")?).max(0.0)));
    Samples::of(after.collect::<Result<Vec<f64>>>()?)
}

fn kilobytes(bytes: f64) -> String {
    format!("{:.1} kB", bytes / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn loads(paint: f64, cls: f64) -> Value {
        let load = json!({"firstByte": 5, "lcp": paint, "hydrated": paint + 90.0, "cls": cls, "longest": 40,
            "bytes": 270_000, "requests": 8});
        json!([load, load, load])
    }

    fn finding(paint: f64, cls: f64) -> Finding {
        let samples = json!({"windsock": loads(paint, cls), "file": loads(100.0, 0.0), "upstream": [0, 0],
            "upstreamCold": 4, "browser": "140"});
        read(&samples, "A machine.").unwrap()
    }

    #[test]
    fn a_paint_at_its_limit_and_no_shift_are_good_enough() {
        let Finding { table, over_limit } = finding(120.0, 0.0);
        assert_eq!(over_limit, None);
        assert!(table.contains("| largest contentful paint | 120 ms | 100 ms |"), "{table}");
        assert!(table.contains("| hydrated after the largest paint | 90 ms | – |"), "{table}");
        assert!(table.contains("| questions to Fly | 0; 4 of the first viewer | – |"), "{table}");
    }

    #[test]
    fn a_later_paint_and_any_shift_are_over_their_limits() {
        assert!(finding(121.0, 0.0).over_limit.unwrap().contains("1.21 times"));
        assert!(finding(100.0, 0.001).over_limit.unwrap().contains("0.0010"));
    }

    #[test]
    fn a_page_that_answers_before_its_largest_paint_waits_for_nothing() {
        let before = json!([{"lcp": 100, "hydrated": 80}]);
        assert!(hydration(&before).unwrap().median().abs() < f64::EPSILON);
    }
}
