//! The table of docs/live.md names tests: each is there.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules") && !name.starts_with('.') {
            sources(&path, text);
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "ts") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// The rows of the table: number, what stands in the column of tests, and the result.
fn rows(document: &str) -> Vec<(u32, String, String)> {
    let cells = document.lines().filter(|line| line.starts_with('|')).map(|line| {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<String>>()
    });
    cells
        .filter_map(|cells| {
            Some((cells.first()?.parse().ok()?, cells.get(3)?.clone(), cells.get(4)?.clone()))
        })
        .collect()
}

/// The names between back-ticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_test_that_the_table_of_live_bugs_names_is_in_the_sources() {
    let document = fs::read_to_string(root().join("docs/live.md")).unwrap();
    let mut text = String::new();
    sources(&root(), &mut text);
    let rows = rows(&document);
    let numbers: Vec<u32> = rows.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=62).collect::<Vec<u32>>(), "a row is missing or stands twice");
    for (number, tests, result) in rows {
        let known = ["tested", "open", "in part", "cannot apply"];
        assert!(known.contains(&result.as_str()), "row {number}: the result {result:?}");
        let names = names(&tests);
        assert_eq!(names.is_empty(), matches!(result.as_str(), "open" | "cannot apply"), "row {number}");
        for name in names {
            let ways = [format!("fn {name}("), format!("test('{name}'"), format!("test(`{name}`")];
            let there = ways.iter().any(|way| text.contains(way.as_str()));
            assert!(there, "row {number} names {name:?}, which is no test");
        }
    }
}

#[test]
fn the_words_above_the_table_count_its_rows() {
    let document = fs::read_to_string(root().join("docs/live.md")).unwrap();
    let rows = rows(&document);
    let count = |result: &str| rows.iter().filter(|(.., found)| found == result).count();
    let (tested, in_part) = (count("tested"), count("in part"));
    let (open, none) = (count("open"), count("cannot apply"));
    let said = format!("{tested} are tested, {in_part} in part, {open} are open, and {none} cannot apply.");
    assert!(document.contains(&said), "docs/live.md does not say: {said}");
}
