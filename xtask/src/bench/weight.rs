//! The bytes that the first visit loads beside the page itself.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Finding;
use crate::assets;

const SCRIPT: &str = "windsock.js";
/// Scripts of our own, which need no build; one line of the table for all of them.
const SMALL_SCRIPTS: [&str; 2] = ["keys.js", "palette.js"];
const WASM: &str = "windsock.wasm";
const STYLE: &str = "windsock.css";

/// Bytes of JavaScript and wasm together in brotli: what was reached, and a little for noise. The aim
/// is 150 kB; docs/performance.md says what the module is made of and what would lower it.
const LIMIT: u64 = 161_000;

struct Weight {
    name: &'static str,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

pub(super) fn measure(site: &Path) -> Result<Finding> {
    let (code, style) = weigh(site)?;
    Ok(judge(&code, &style))
}

/// Bytes of JavaScript and wasm together, as they are and in brotli.
pub(super) fn code(site: &Path) -> Result<(u64, u64)> {
    let all = sum("JavaScript and wasm", &weigh(site)?.0);
    Ok((all.raw, all.brotli))
}

/// The code, and the style.
fn weigh(site: &Path) -> Result<(Vec<Weight>, Weight)> {
    let manifest = assets::read_manifest(site)?;
    let weigh = |name: &'static str| -> Result<Weight> {
        let file = manifest.get(name).with_context(|| format!("the site has no {name}"))?;
        let bytes = |suffix: &str| -> Result<u64> {
            let path = site.join("pkg").join(format!("{file}{suffix}"));
            let facts = fs::metadata(&path).with_context(|| format!("cannot weigh {}", path.display()))?;
            Ok(facts.len())
        };
        Ok(Weight { name, raw: bytes("")?, gzip: bytes(".gz")?, brotli: bytes(".br")? })
    };
    let small = SMALL_SCRIPTS.into_iter().map(weigh).collect::<Result<Vec<Weight>>>()?;
    let small = sum("keys.js, palette.js", &small);
    Ok((vec![weigh(SCRIPT)?, weigh(WASM)?, small], weigh(STYLE)?))
}

fn sum(name: &'static str, parts: &[Weight]) -> Weight {
    let of = |bytes: fn(&Weight) -> u64| parts.iter().map(bytes).sum();
    Weight { name, raw: of(|one| one.raw), gzip: of(|one| one.gzip), brotli: of(|one| one.brotli) }
}

fn judge(parts: &[Weight], style: &Weight) -> Finding {
    let all = sum("JavaScript and wasm", parts);
    let code = all.brotli;
    Finding {
        table: table(parts, style, &all),
        over_limit: (code > LIMIT).then(|| {
            format!(
                "JavaScript and wasm are {} in brotli, {} over the limit of {}",
                kilobytes(code),
                kilobytes(code - LIMIT),
                kilobytes(LIMIT)
            )
        }),
    }
}

fn table(parts: &[Weight], style: &Weight, code: &Weight) -> String {
    let mut text = String::from("| first load | brotli | gzip | as it is |\n|---|---:|---:|---:|\n");
    for one in parts.iter().chain([style, code]) {
        // Writing to a String cannot fail.
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            one.name,
            kilobytes(one.brotli),
            kilobytes(one.gzip),
            kilobytes(one.raw)
        )
        .ok();
    }
    write!(text, "\nLimit for JavaScript and wasm in brotli: {}.", kilobytes(LIMIT)).ok();
    text
}

/// Thousands of bytes with one decimal, rounded up: a limit is not met by rounding.
pub(super) fn kilobytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn weight(name: &'static str, brotli: u64) -> Weight {
        Weight { name, raw: brotli * 4, gzip: brotli * 2, brotli }
    }

    #[test]
    fn the_limit_is_for_code_and_not_for_style() {
        let finding = judge(&[weight(SCRIPT, 65_000), weight(WASM, 96_000)], &weight(STYLE, 90_000));
        assert_eq!(finding.over_limit, None);
    }

    #[test]
    fn one_byte_over_the_limit_is_over() {
        let finding = judge(&[weight(SCRIPT, 65_001), weight(WASM, 96_000)], &weight(STYLE, 1));
        assert_eq!(
            finding.over_limit.as_deref(),
            Some("JavaScript and wasm are 161.1 kB in brotli, 0.1 kB over the limit of 161.0 kB")
        );
    }

    #[test]
    fn the_table_has_a_line_for_each_file_and_one_for_the_code() {
        let small = sum("small", &[weight("keys.js", 900), weight("palette.js", 1_300)]);
        let parts = [weight(SCRIPT, 8_000), weight(WASM, 199_000), small];
        let table = judge(&parts, &weight(STYLE, 5_000)).table;
        assert!(table.contains("| windsock.wasm | 199.0 kB | 398.0 kB | 796.0 kB |"));
        assert!(table.contains("| small | 2.2 kB | 4.4 kB | 8.8 kB |"));
        assert!(table.contains("| JavaScript and wasm | 209.2 kB | 418.4 kB | 836.8 kB |"));
    }
}
