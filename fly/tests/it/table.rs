//! The table of docs/fly-api.md: each test it names exists.

use std::collections::BTreeSet;
use std::path::Path;

const PAGE: &str = include_str!("../../../docs/fly-api.md");

/// The words in backticks of a text that look like a test's name.
fn named_tests(page: &str) -> BTreeSet<&str> {
    let quoted = page.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| {
            word.matches('_').count() >= 3
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
        .collect()
}

/// The functions below a folder that are tests.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            tests_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.extend(tests_in(&std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The functions that follow an attribute which makes them tests.
fn tests_in(source: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut marked = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some((_, rest)) = line.split_once("fn ").filter(|_| marked) {
            tests.push(rest.split('(').next().unwrap_or_default().to_owned());
            marked = false;
        }
    }
    tests
}

#[test]
fn every_test_that_the_table_of_answers_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in [root.join("src"), root.join("tests"), root.join("../model/src")] {
        tests_below(&folder, &mut found);
    }
    let gone: Vec<&str> = named_tests(PAGE).into_iter().filter(|name| !found.contains(*name)).collect();
    assert!(gone.is_empty(), "docs/fly-api.md names tests that do not exist: {gone:?}");
}

#[test]
fn every_row_of_the_table_of_answers_names_a_test() {
    let table = PAGE.split("| Fly answers |").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows: Vec<&str> = table.lines().skip(2).collect();
    assert!(rows.len() > 20, "{}", rows.len());
    for row in rows {
        let tests = row.trim_end_matches('|').rsplit('|').next().unwrap();
        assert!(!named_tests(tests).is_empty(), "no test: {row}");
    }
}
