//! Numbers of tests, read from what the runners print.

use std::fmt;
use std::iter::Sum;

use anyhow::{Context, Result};
use serde_json::Value;

/// How many tests ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Counts {
    pub(super) const fn one_failed() -> Self {
        Self { passed: 0, failed: 1, skipped: 0 }
    }

    pub(super) const fn one_passed() -> Self {
        Self { passed: 1, failed: 0, skipped: 0 }
    }

    /// Adds up the closing lines of the test programs in the output of `cargo test`.
    pub(super) fn from_cargo(output: &str) -> Self {
        output.lines().filter_map(parse_closing_line).sum()
    }

    /// Reads the `stats` of Playwright's JSON report. A test that passed only when it was tried
    /// again has failed, and so has a run that broke outside of any test.
    pub(super) fn from_playwright(report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("Playwright's report is damaged")?;
        let number = |name: &str| report["stats"][name].as_u64();
        let errors = report["errors"].as_array().map_or(0, Vec::len) as u64;
        Ok(Self {
            passed: number("expected").context("Playwright's report has no counts")?,
            failed: number("unexpected").unwrap_or(0) + number("flaky").unwrap_or(0) + errors,
            skipped: number("skipped").unwrap_or(0),
        })
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; ...`
fn parse_closing_line(line: &str) -> Option<Counts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number =
        |what: &str| numbers.split("; ").find_map(|part| part.strip_suffix(what)?.trim().parse().ok());
    Some(Counts { passed: number("passed")?, failed: number("failed")?, skipped: number("ignored")? })
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            passed: sum.passed + one.passed,
            failed: sum.failed + one.failed,
            skipped: sum.skipped + one.skipped,
        })
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(formatter, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn the_closing_lines_of_all_test_programs_are_added_up() {
        let output = "\
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
noise: test result
test result: FAILED. 3 passed; 4 failed; 0 ignored; 0 measured; 2 filtered out; finished in 1.00s
";
        assert_eq!(Counts::from_cargo(output), counts(5, 4, 1));
    }

    #[test]
    fn a_compiler_error_counts_no_tests() {
        assert_eq!(Counts::from_cargo("error: could not compile"), counts(0, 0, 0));
    }

    #[test]
    fn a_flaky_browser_test_has_failed() {
        let report = r#"{"errors":[],"stats":{"expected":7,"unexpected":1,"flaky":2,"skipped":3}}"#;
        assert_eq!(Counts::from_playwright(report).unwrap(), counts(7, 3, 3));
    }

    #[test]
    fn an_error_outside_of_any_browser_test_has_failed() {
        let report = r#"{"errors":[{"message":"no"}],"stats":{"expected":0}}"#;
        assert_eq!(Counts::from_playwright(report).unwrap(), counts(0, 1, 0));
    }

    #[test]
    fn a_report_without_counts_is_an_error() {
        assert!(Counts::from_playwright("{}").is_err());
        assert!(Counts::from_playwright("").is_err());
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(counts(1, 2, 3).to_string(), "1 passed, 2 failed, 3 skipped");
    }
}
