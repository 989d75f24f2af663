//! The oracle finds what is wrong, and nothing else.

use crate::cells::{Cells, Shown, listed};
use crate::history::History;
use crate::oracle::{check_access, check_ended, check_link, check_values};
use crate::tab::{Diary, Note};
use crate::tap::Written;
use app::live::Link;
use axum::body::Bytes;
use model::Timestamp;
use model::live::{SourceHealth, Topic};
use serde_json::{Value, json};

const CELL: &str = "a instance b restarts";

fn page(value: Option<Value>, as_of: i64) -> Note {
    let there = value.is_some().then(|| (listed("a", "b"), json!(true)));
    let cells: Cells = value.map(|value| (CELL.to_owned(), value)).into_iter().chain(there).collect();
    let complete = vec!["a instance ".to_owned()];
    let shown = Shown { cells, complete, as_of: (as_of, as_of), source: SourceHealth::Fine };
    Note { at: as_of + 3_000, topic: "app:a".parse().unwrap(), shown, clock: None, best: None }
}

fn restarts(count: u32, as_of: i64) -> Note {
    page(Some(json!(count)), as_of)
}

fn none(as_of: i64) -> Note {
    page(None, as_of)
}

/// A page that says that it does not know the instances.
fn unknown(as_of: i64) -> Note {
    let mut note = none(as_of);
    note.shown.complete.clear();
    note
}

fn check(notes: &[Note]) -> Result<usize, String> {
    check_values(&History::for_test(), notes, &|_: &Topic, asked| Some(asked + 2_000))
}

#[test]
fn the_oracle_finds_values_that_are_wrong_out_of_order_or_labelled_wrongly() {
    let in_order = [none(0), restarts(0, 10_000), restarts(1, 20_000), restarts(2, 30_000)];
    assert_eq!(check(&in_order), Ok(7));
    assert_eq!(check(&[restarts(1, 18_000)]), Ok(2), "the answer came when it was true");
    assert!(check(&[restarts(7, 30_000)]).unwrap_err().contains("never"));
    assert!(check(&[restarts(2, 30_000), restarts(1, 30_000)]).is_err(), "an old value came back");
    assert!(check(&[restarts(0, 20_000)]).is_err(), "an old value was called new");
    assert!(check(&[restarts(2, 15_000)]).is_err(), "a value was shown before it was true");
}

#[test]
fn the_oracle_tells_instances_that_the_page_does_not_know_from_instances_that_are_gone() {
    assert_eq!(check(&[restarts(1, 20_000), unknown(25_000)]), Ok(2), "nothing was said of it");
    assert!(check(&[restarts(1, 20_000), none(25_000)]).unwrap_err().contains("came back"));
    assert!(check(&[none(15_000)]).is_err(), "it was there by then");
}

#[test]
fn the_oracle_finds_a_label_that_names_a_moment_at_which_nothing_was_asked_or_that_is_yet_to_come() {
    let never = |_: &Topic, _: i64| None;
    assert!(
        check_values(&History::for_test(), &[restarts(0, 10_000)], &never).unwrap_err().contains("not asked")
    );
    let mut early = restarts(0, 10_000);
    early.at = 9_999;
    assert!(check(&[early]).unwrap_err().contains("yet to come"));
}

#[test]
fn the_oracle_finds_a_page_that_is_wrong_about_the_time_or_about_its_link() {
    let diary = |notes, links| Diary { notes, links };
    let check = |diary: &Diary| check_link(diary, 100);
    let clock = |clock, best| Note { clock: Some(clock), best: Some(best), ..none(0) };
    assert_eq!(check(&diary(vec![clock(2_000, 2_500)], vec![])), Ok(()));
    assert!(check(&diary(vec![clock(1_000, 2_500)], vec![])).is_err(), "a second and a half behind");
    assert_eq!(check(&diary(vec![clock(3_001, 2_500)], vec![])), Ok(()), "two clocks are rounded apart");
    assert!(check(&diary(vec![clock(3_002, 2_500)], vec![])).is_err(), "the time is yet to come");
    let live = (0, Link::Live, 0);
    let broken =
        |at, shown_from| (at, Link::Reconnecting { attempt: 1, shown_from: Timestamp(shown_from) }, 0);
    assert_eq!(check(&diary(vec![], vec![live.clone(), broken(35_000, 0)])), Ok(()));
    assert!(check(&diary(vec![], vec![live.clone(), broken(40_000, 0)])).is_err(), "silent for 40 s");
    assert!(check(&diary(vec![], vec![live, broken(10_000, 5_000)])).is_err(), "newer than it is");
    let out = vec![(2_000, Link::SignedOut, 0)];
    assert!(check(&diary(vec![none(0)], out)).unwrap_err().contains("signed out"));
}

#[test]
fn the_oracle_finds_what_was_told_to_somebody_whom_it_is_not_for_or_no_longer() {
    let written = |at, text: &'static str| Written {
        at,
        who: 0,
        answer: 0,
        bytes: (!text.is_empty()).then(|| Bytes::from_static(text.as_bytes())),
    };
    let change = "event: change\ndata: {\"topic\":\"app:a\"}\n\n";
    assert!(check_access(&[written(0, change)], 0, &["app:a".into()]).is_err());
    assert_eq!(check_access(&[written(0, change)], 1, &["app:a".into()]), Ok(()));
    assert_eq!(check_ended(&[written(0, change), written(900, "")], 0, 0, None), Ok(()));
    assert!(check_ended(&[written(0, change), written(1_100, "")], 0, 0, None).is_err(), "too late");
    assert!(check_ended(&[written(0, change)], 0, 0, None).is_err(), "never");
    assert!(
        check_ended(&[written(1_005, change), written(1_006, "")], 0, 0, Some("a")).is_err(),
        "told afterwards"
    );
    assert_eq!(check_ended(&[written(1_005, change)], 0, 0, Some("b")), Ok(()));
}
