//! What differs between two configurations, as a structure and as people read it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use model::releases::{Change, Difference, Edit, Step, diff, differences};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The new configuration out of the old one: what a diff means.
fn applied(old: &Value, changes: &[Change]) -> Value {
    let mut value = old.clone();
    for Change { path, edit } in changes {
        let Some((last, way)) = path.split_last() else {
            let Edit::Changed(was, is) = edit else { panic!("the whole can only change: {edit:?}") };
            assert_eq!(value, *was);
            value = is.clone();
            continue;
        };
        let place = way.iter().fold(&mut value, |value, step| match step {
            Step::Key(key) => value.get_mut(key).unwrap(),
            Step::Index(index) => value.get_mut(*index).unwrap(),
        });
        match (last, edit) {
            (Step::Key(key), Edit::Added(new)) => {
                assert_eq!(place.as_object_mut().unwrap().insert(key.clone(), new.clone()), None);
            }
            (Step::Key(key), Edit::Removed(was)) => {
                assert_eq!(place.as_object_mut().unwrap().remove(key).as_ref(), Some(was));
            }
            (Step::Key(key), Edit::Changed(was, new)) => {
                assert_eq!(
                    place.as_object_mut().unwrap().insert(key.clone(), new.clone()).as_ref(),
                    Some(was)
                );
            }
            (Step::Index(index), Edit::Added(new)) => {
                place.as_array_mut().unwrap().insert(*index, new.clone());
            }
            (Step::Index(index), Edit::Removed(was)) => {
                assert_eq!(place.as_array_mut().unwrap().remove(*index), *was);
            }
            (Step::Index(index), Edit::Changed(was, new)) => {
                assert_eq!(std::mem::replace(&mut place[*index], new.clone()), *was);
            }
        }
    }
    value
}

fn configurations() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i32).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[abc]", inner, 0..4)
                .prop_map(|table| Value::Object(table.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(config in configurations()) {
        prop_assert_eq!(diff(&config, &config), vec![]);
    }

    #[test]
    fn the_differences_applied_to_the_old_give_the_new(old in configurations(), new in configurations()) {
        prop_assert_eq!(applied(&old, &diff(&old, &new)), new);
    }

    #[test]
    fn what_differs_is_told_unless_it_is_secret(old in configurations(), new in configurations()) {
        let (lines, more) = differences(&diff(&old, &new));
        prop_assert_eq!(lines.is_empty(), old == new);
        prop_assert_eq!(more, 0);
        for line in lines {
            prop_assert_ne!(line.before, line.after);
        }
    }
}

fn told(old: &Value, new: &Value) -> Vec<(String, Option<String>, Option<String>)> {
    let (lines, _) = differences(&diff(old, new));
    lines.into_iter().map(|Difference { what, before, after }| (what, before, after)).collect()
}

fn line(what: &str, before: Option<&str>, after: Option<&str>) -> (String, Option<String>, Option<String>) {
    (what.to_owned(), before.map(str::to_owned), after.map(str::to_owned))
}

#[test]
fn a_change_is_named_by_its_place_with_what_was_before_and_after() {
    let old = json!({"env": {"PORT": "4000", "LOG": "info"}, "services": [{"internal_port": 4000}]});
    let new = json!({"env": {"PORT": "8080"}, "services": [{"internal_port": 4001}], "kill_timeout": 5});
    assert_eq!(
        told(&old, &new),
        [
            line("env.LOG", Some("\"info\""), None),
            line("env.PORT", Some("\"4000\""), Some("\"8080\"")),
            line("kill_timeout", None, Some("5")),
            line("services[0].internal_port", Some("4000"), Some("4001")),
        ]
    );
}

#[test]
fn an_element_at_the_begin_of_a_list_is_one_addition() {
    let (old, new) = (json!({"handlers": ["http"]}), json!({"handlers": ["tls", "http"]}));
    assert_eq!(told(&old, &new), [line("handlers[0]", None, Some("\"tls\""))]);
}

#[test]
fn a_table_that_is_new_or_gone_is_told_value_by_value() {
    let (old, new) = (json!({"a": 1}), json!({"a": {"b": {"c": 1}, "d": []}}));
    assert_eq!(
        told(&old, &new),
        [line("a", Some("1"), None), line("a.b.c", None, Some("1")), line("a.d", None, Some("[]"))]
    );
}

#[test]
fn a_key_that_is_no_bare_word_is_quoted() {
    assert_eq!(told(&json!({}), &json!({"A B.c": 1})), [line("\"A B.c\"", None, Some("1"))]);
}

#[test]
fn a_value_that_looks_like_a_secret_or_is_named_like_one_is_hidden() {
    let (old, new) = (
        json!({"env": {"DATABASE_PASSWORD": "hunter2 and more", "API_TOKEN": 12345, "URL": "postgres://me:pw1@db/x"}}),
        json!({"env": {"DATABASE_PASSWORD": "hunter3", "API_TOKEN": 12346, "URL": "postgres://me:pw2@db/x"}}),
    );
    assert_eq!(
        told(&old, &new),
        [
            line("env.API_TOKEN", Some("[masked]"), Some("[masked]")),
            line("env.DATABASE_PASSWORD", Some("\"[masked]\""), Some("\"[masked]\"")),
            line("env.URL", Some("\"postgres://me:[masked]@db/x\""), Some("\"postgres://me:[masked]@db/x\"")),
        ]
    );
    let text = format!("{:?}", told(&json!({}), &new));
    assert!(!text.contains("hunter3") && !text.contains("pw2"), "{text}");
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN\n-----END PRIVATE KEY-----";
    let text = format!("{:?}", told(&json!({}), &json!({"files": [{"content": key}]})));
    assert!(!text.contains("MIIEvQ") && !text.contains("IBADAN"), "{text}");
}

#[test]
fn what_is_below_a_secret_name_is_hidden_too() {
    let text = format!("{:?}", told(&json!({}), &json!({"credentials": {"user": "u-17", "list": ["l-18"]}})));
    assert!(!text.contains("u-17") && !text.contains("l-18"), "{text}");
}

#[test]
fn marks_that_turn_the_direction_are_written_out() {
    let lines = told(&json!({}), &json!({"a\u{202e}b": "c\u{2066}d\n"}));
    assert_eq!(lines, [line("\"a\\u202eb\"", None, Some("\"c\\u2066d\\n\""))]);
}

#[test]
fn of_a_long_value_the_beginning_is_told_and_of_many_values_two_hundred() {
    let long = "ä".repeat(1_000);
    let lines = told(&json!({}), &json!({"a": long}));
    assert!(lines[0].2.as_ref().unwrap().len() < 310);
    let many: serde_json::Map<String, Value> = (0..250).map(|n| (format!("k{n}"), json!(n))).collect();
    let (lines, more) = differences(&diff(&json!({}), &Value::Object(many)));
    assert_eq!((lines.len(), more), (200, 50));
}
