//! How well the diagnosis does: the table that `model`'s test `bench` prints.

use anyhow::{Context, Result, bail};

use super::Finding;
use crate::cargo::cargo;
use crate::workspace::Workspace;

const BEGIN: &str = "BEGIN TABLE";
const END: &str = "END TABLE";
/// Begins a line that says which bar was missed.
const BELOW: &str = "BELOW THE BAR: ";

pub(super) fn measure(workspace: &Workspace) -> Result<Finding> {
    let mut command = cargo(workspace);
    command.args(["test", "--package", "model", "--test", "diagnosis", "--", "--exact", "bench"]);
    command.args(["--ignored", "--nocapture"]);
    let output = command.output().context("cannot run cargo")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    match read(&printed) {
        Some(finding) => Ok(finding),
        None => bail!("the bench printed no table:\n{}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn read(printed: &str) -> Option<Finding> {
    let (_, rest) = printed.split_once(BEGIN)?;
    let (table, rest) = rest.split_once(END)?;
    let reasons: Vec<&str> = rest.lines().filter_map(|line| line.strip_prefix(BELOW)).collect();
    Some(Finding {
        table: table.trim().to_owned(),
        over_limit: (!reasons.is_empty()).then(|| reasons.join("\n")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_taken_from_between_its_marks() {
        let found =
            read("running 1 test\nBEGIN TABLE\n| a |\n|---|\nEND TABLE\ntest bench ... ok\n").unwrap();
        assert_eq!((found.table.as_str(), found.over_limit), ("| a |\n|---|", None));
    }

    #[test]
    fn a_missed_bar_is_told() {
        let found = read("BEGIN TABLE\n| a |\nEND TABLE\nBELOW THE BAR: recall 0.5\n").unwrap();
        assert_eq!(found.over_limit.as_deref(), Some("recall 0.5"));
    }

    #[test]
    fn a_bench_that_was_cut_short_has_no_table() {
        assert!(read("BEGIN TABLE\n| a |\n").is_none());
    }
}
