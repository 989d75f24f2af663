//! What is written as JSON is read, and nothing else.

use super::{FromJson, Json, parse::parse, read};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// How `serde_json` reads the same text.
fn theirs(value: &serde_json::Value) -> Json {
    use serde_json::Value;
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Json::Number(number),
            (_, Some(number)) => Json::Negative(number.unsigned_abs()),
            _ => Json::OtherNumber,
        },
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(items) => Json::List(items.iter().map(theirs).collect()),
        Value::Object(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), theirs(value))).collect())
        }
    }
}

fn sorted(json: Json) -> Json {
    match json {
        Json::List(items) => Json::List(items.into_iter().map(sorted).collect()),
        Json::Object(mut fields) => {
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(fields.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        other => other,
    }
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e30_f64..1e30).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..5)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_as_it_is(value in any_value(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let read = parse(text.unwrap().as_bytes()).unwrap();
        // A fraction may be written without one; nobody reads those.
        if !format!("{:?}", theirs(&value)).contains("OtherNumber") {
            prop_assert_eq!(sorted(read), sorted(theirs(&value)));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]{}\":,0-9a-u.\\\\eE+ -]{0,40}") {
        let ours = parse(text.as_bytes()).is_some();
        if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
            prop_assert!(ours, "{}", text);
        }
    }
}

#[test]
fn escapes_are_read_as_the_letters_that_they_stand_for() {
    let text = r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude80""#;
    assert_eq!(read::<String>(text.as_bytes()).as_deref(), Ok("\"\\/\u{8}\u{c}\n\r\tä\u{1F680}"));
}

#[test]
fn what_is_no_json_is_an_error() {
    for bad in [
        "",
        "{",
        "[",
        "[1",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "nul",
        "tru",
        "01",
        "-",
        "+1",
        "1 2",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\n\"",
    ] {
        assert!(parse(bad.as_bytes()).is_none(), "{bad:?}");
    }
    assert!(parse(b"\"\xff\"").is_none(), "a text that is no UTF-8");
    assert!(parse("[".repeat(100_000).as_bytes()).is_none(), "deeper than anything that is sent");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
struct Whole {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<(u32, i64)>,
    other: Option<Box<Kind>>,
    #[serde(flatten)]
    flat: Flat<bool>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
struct Flat<T> {
    inner: T,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
enum Kind {
    RateLimited,
    One(u8),
    Two(String, Option<u64>),
    Named { since: i32 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, FromJson)]
#[serde(untagged)]
enum Either {
    Number(u16),
    Kind(Kind),
}

fn there_and_back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(read::<T>(text.as_bytes()).as_ref(), Ok(value), "{text}");
}

#[test]
fn what_serde_writes_of_a_type_is_read() {
    let whole = |other, numbers| Whole { name: "n".into(), numbers, other, flat: Flat { inner: true } };
    there_and_back(&whole(None, vec![]));
    there_and_back(&whole(Some(Box::new(Kind::RateLimited)), vec![(u32::MAX, i64::MIN), (0, i64::MAX)]));
    there_and_back(&vec![
        Kind::RateLimited,
        Kind::One(255),
        Kind::Two("t".into(), None),
        Kind::Two("t".into(), Some(u64::MAX)),
        Kind::Named { since: -5 },
    ]);
    there_and_back(&vec![Either::Number(3), Either::Kind(Kind::One(1))]);
    there_and_back(&vec![Ok::<_, String>(1_u64), Err("e".to_owned())]);
}

#[test]
fn fields_that_this_version_does_not_know_are_passed_over() {
    let read = read::<Flat<bool>>(br#"{"new":[1.5,{}],"inner":false,"other":-1e400}"#);
    assert_eq!(read, Ok(Flat { inner: false }));
}

#[test]
fn an_error_names_the_innermost_field_that_does_not_fit() {
    for (json, said) in [
        ("{", "not JSON"),
        ("[1]", "name"),
        (r#"{"name":1,"inner":true}"#, "name"),
        (r#"{"name":"n","inner":1}"#, "inner"),
        (r#"{"name":"n","inner":true,"numbers":[[-1,1]]}"#, "numbers"),
        (r#"{"name":"n","inner":true,"numbers":[[4294967296,1]]}"#, "numbers"),
        (r#"{"name":"n","inner":true,"other":{"named":{"since":1.5}}}"#, "since"),
        (r#"{"name":"n","inner":true,"other":"unknown"}"#, "other"),
    ] {
        let error = read::<Whole>(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, format!("cannot be read: {said}"), "{json}");
    }
    assert_eq!(read::<bool>(b"1").unwrap_err().to_string(), "cannot be read: the value itself");
}
