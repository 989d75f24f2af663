//! Every single value of every REST answer replaced by every kind of wrong one: nothing panics, and
//! a list never loses more than the object that was wrong.

use super::fields::{Fields, each};
use super::{holdings, lease, organization, platform, processes, samples};
use crate::decode::listed::Envelope;
use crate::rest::logs::LogQuery;
use crate::rest::{logs, releases};
use serde_json::{Value, json};

fn wrong_values() -> [Value; 10] {
    let odd = "\u{1b}[31m\0\u{202e}../../x";
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!(odd),
        json!("x".repeat(10_000)),
        json!([[]]),
        json!({"a": {}}),
    ]
}

/// The pointers (RFC 6901) of all values inside of a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner {
        let pointer = format!("{at}/{key}");
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

/// Calls `check` with each mutant of the sample; gives their number.
fn with_mutants(sample: &Value, check: impl Fn(&Value)) -> usize {
    let mut found = Vec::new();
    pointers(sample, "", &mut found);
    for pointer in &found {
        for wrong in wrong_values() {
            let mut mutant = sample.clone();
            *mutant.pointer_mut(pointer).unwrap() = wrong;
            check(&mutant);
        }
    }
    found.len() * wrong_values().len()
}

/// One mutant beside a good object: the good one is always read.
fn in_a_list<T: std::fmt::Debug>(sample: &Value, read: fn(Fields<'_>) -> Option<T>) -> usize {
    let each = |list: Value| each(&serde_json::from_value(list).unwrap(), read);
    assert_eq!(each(json!([sample])).1, 0, "the sample itself cannot be read");
    with_mutants(sample, |mutant| {
        let (known, unreadable) = each(json!([mutant, sample]));
        assert_eq!(known.len() + unreadable, 2);
        assert!(!known.is_empty(), "{mutant}");
        let all = format!("{known:?}");
        assert!(!all.contains('\u{1b}') && !all.contains("\\u{1b}"), "{all}");
        assert!(all.len() < 20_000, "a text was not cut off");
    })
}

#[test]
fn an_object_with_one_wrong_value_costs_only_itself() {
    let mutants = [
        in_a_list(&samples::volume(), holdings::volume),
        in_a_list(&samples::certificate(), holdings::certificate),
        in_a_list(&samples::address(), holdings::address),
        in_a_list(&samples::secret(), holdings::secret),
        in_a_list(&samples::process(), processes::process),
        in_a_list(&samples::machine(), organization::machine),
    ];
    assert!(mutants.iter().sum::<usize>() > 400, "{mutants:?}");
}

fn envelope(answer: &Value) -> Envelope {
    serde_json::from_value(answer.clone()).unwrap()
}

#[test]
fn an_answer_with_one_wrong_value_never_panics() {
    with_mutants(&samples::page(), |mutant| {
        let _ = organization::page(&envelope(mutant), "machines", organization::machine);
    });
    with_mutants(&json!({"status": "success", "data": samples::lease()}), |mutant| {
        let _ = lease::lease(mutant);
    });
    with_mutants(&json!({"tokens": [samples::grant()]}), |mutant| {
        let _ = platform::scope(&envelope(mutant));
    });
    with_mutants(&json!({"nearest": "cdg", "regions": [samples::region()]}), |mutant| {
        let _ = platform::regions(&envelope(mutant));
    });
    with_mutants(&samples::log(), |mutant| {
        let _ = logs::page(&envelope(mutant), &LogQuery::default());
    });
    with_mutants(&samples::releases(), |mutant| {
        let _ = releases::releases(&envelope(mutant));
    });
}
