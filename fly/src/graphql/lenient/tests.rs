use super::{MOST, Option, Vec};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
struct Ship {
    name: Option<String>,
    decks: Option<i32>,
    crew: Option<Vec<Sailor>>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Sailor {
    rank: String,
    age: Option<i32>,
}

fn ship(text: &str) -> Option<Ship> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_wrong_value_costs_only_itself() {
    let known = ship(r#"{"name": "Vesper", "decks": "three", "crew": 7}"#).known().unwrap();
    assert_eq!(known.name, Option::Some("Vesper".into()));
    assert_eq!((known.decks, known.crew), (Option::Unreadable, Option::Unreadable));
}

#[test]
fn a_missing_field_and_a_null_are_none() {
    let known = ship(r#"{"decks": null, "sails": [1, {"a": 2}]}"#).known().unwrap();
    assert_eq!(known, Ship { name: Option::None, decks: Option::None, crew: Option::None });
    assert_eq!(ship("null"), Option::None);
}

#[test]
fn an_object_of_another_kind_is_unreadable() {
    for other in ["{}", r#"{"sails": 3}"#, "[]", "3", r#""Vesper""#, "true", "1e999"] {
        assert!(ship(other).is_unreadable(), "{other}");
    }
}

#[test]
fn a_field_that_comes_twice_counts_once() {
    assert_eq!(ship(r#"{"decks": 1, "decks": 2}"#).known().unwrap().decks, Option::Some(1));
}

#[test]
fn a_field_whose_name_is_written_with_escapes_is_known() {
    assert_eq!(ship(r#"{"d\u0065cks": 1}"#).known().unwrap().decks, Option::Some(1));
}

#[test]
fn a_list_keeps_what_can_be_read_and_counts_the_rest() {
    let text = r#"{"crew": [{"rank": "mate"}, null, {"age": 3}, 7, {"rank": "cook", "age": []}]}"#;
    let (crew, unreadable) = ship(text).known().unwrap().crew.into_elements();
    assert_eq!(crew.iter().map(|one| one.rank.as_str()).collect::<std::vec::Vec<_>>(), ["mate", "cook"]);
    assert_eq!(crew[1].age, Option::Unreadable);
    assert_eq!(unreadable, 2);
}

#[test]
fn an_element_is_found_by_its_place_in_the_text() {
    let list: Vec<i32> = serde_json::from_str(r#"[10, null, "x", 13, 14]"#).unwrap();
    let found: std::vec::Vec<_> = (0..6).map(|place| list.at(place).copied()).collect();
    assert_eq!(
        found,
        [Some(10), None, None, Some(13), Some(14), None].map(|one: std::option::Option<i32>| one)
    );
}

#[test]
fn a_list_ends_at_its_limit_and_counts_what_is_beyond() {
    let text = format!("[{}0]", "0,".repeat(MOST + 4));
    let list: Option<Vec<i32>> = serde_json::from_str(&text).unwrap();
    let (kept, unreadable) = list.into_elements();
    assert_eq!((kept.len(), unreadable), (MOST, 5));
}

#[test]
fn what_is_nested_too_deeply_costs_its_field() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let known = ship(&format!(r#"{{"name": "Vesper", "crew": {deep}}}"#)).known().unwrap();
    assert_eq!(known.crew.into_elements(), (vec![], 1));
}

#[test]
fn broken_json_is_an_error_of_the_whole() {
    for broken in [r#"{"name": "#, r#"{"name": "x", }"#, r#"{"name": tru}"#] {
        assert!(serde_json::from_str::<Option<Ship>>(broken).is_err(), "{broken}");
    }
}
