//! Bodies of answers: samples that were changed, JSON of any shape, and bytes.

use crate::choices::Choices;
use serde_json::{Map, Value, json};

/// What is long already is not made longer: two changes in one place multiply.
const LONG: usize = 2_000;

/// A body.
pub(crate) fn body(choices: &mut Choices<'_>, sample: &Value) -> Vec<u8> {
    let mut json = match choices.byte() % 8 {
        0 => any(choices, 4),
        1 => json!({"data": any(choices, 4), "errors": any(choices, 3)}),
        2 => {
            let mut failed = sample.clone();
            if let Value::Object(answer) = &mut failed {
                answer.insert("errors".into(), any(choices, 4));
            }
            failed
        }
        _ => sample.clone(),
    };
    for _ in 0..choices.below(5) {
        change(choices, &mut json);
    }
    let mut bytes = json.to_string().into_bytes();
    match choices.byte() % 6 {
        0 => bytes.truncate(choices.below(bytes.len() + 1)),
        1 => {
            let at = choices.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = choices.byte();
            }
        }
        _ => {}
    }
    bytes
}

/// Changes one value at some place.
fn change(choices: &mut Choices<'_>, json: &mut Value) {
    let mut at = json;
    loop {
        let inner = match at {
            Value::Object(object) => object.len(),
            Value::Array(list) => list.len(),
            _ => 0,
        };
        if inner == 0 || choices.byte().is_multiple_of(8) {
            break;
        }
        let place = choices.below(inner);
        if choices.byte().is_multiple_of(16) {
            drop_or_repeat(choices, at, place);
            return;
        }
        let next = match at {
            Value::Object(object) => object.values_mut().nth(place),
            Value::Array(list) => list.get_mut(place),
            _ => None,
        };
        at = next.expect("the place is inside");
    }
    *at = other(choices, at.take());
}

/// Leaves an element out, or writes it again.
fn drop_or_repeat(choices: &mut Choices<'_>, json: &mut Value, place: usize) {
    match json {
        Value::Object(object) => {
            let key = object.keys().nth(place).cloned().unwrap_or_default();
            if let Some(value) = object.remove(&key)
                && choices.byte().is_multiple_of(2)
            {
                object.insert(word(choices), value);
            }
        }
        Value::Array(list) if choices.byte().is_multiple_of(2) => drop(list.remove(place)),
        Value::Array(list) => {
            let again = list[place].clone();
            if list.len() < LONG && again.to_string().len() < LONG {
                list.extend(std::iter::repeat_n(again, choices.below(30)));
            }
        }
        _ => {}
    }
}

/// Another value in the place of this one.
fn other(choices: &mut Choices<'_>, value: Value) -> Value {
    match (choices.byte() % 4, value) {
        (0, Value::String(text)) if text.len() < LONG => json!(text.repeat(choices.below(200))),
        (0, Value::Number(_)) | (1, _) => number(choices),
        (2, value) => json!(value.to_string()),
        _ => any(choices, 3),
    }
}

fn number(choices: &mut Choices<'_>) -> Value {
    choices
        .one(&[
            json!(0),
            json!(-1),
            json!(-0.0),
            json!(i32::MIN),
            json!(i64::from(i32::MAX) + 1),
            json!(u32::MAX),
            json!(i64::MIN),
            json!(i64::MAX),
            json!(u64::MAX),
            json!(1e300),
            json!(5e-324),
            json!(0.5),
        ])
        .clone()
}

/// JSON of any shape, with names and words that mean something to the decoders.
fn any(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.byte() % 9 {
        0 => Value::Null,
        1 => json!(choices.byte().is_multiple_of(2)),
        2 => number(choices),
        3 | 4 => json!(word(choices)),
        5 | 6 if depth > 0 => (0..choices.below(6)).map(|_| any(choices, depth - 1)).collect(),
        7 | 8 if depth > 0 => {
            let fields = (0..choices.below(8)).map(|_| (word(choices), any(choices, depth - 1)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        _ => json!({}),
    }
}

fn word(choices: &mut Choices<'_>) -> String {
    const WORDS: &[&str] = &[
        "",
        "app",
        "apps",
        "nodes",
        "data",
        "errors",
        "message",
        "path",
        "extensions",
        "code",
        "NOT_FOUND",
        "allocations",
        "recentLogs",
        "checks",
        "events",
        "releasesUnprocessed",
        "pageInfo",
        "endCursor",
        "hasNextPage",
        "viewer",
        "__typename",
        "User",
        "organization",
        "slug",
        "personal",
        "name",
        "status",
        "version",
        "createdAt",
        "2026-11-01T10:00:00Z",
        "9999-12-31T23:59:60.999999999+23:59",
        "metadata",
        "post_deployment_info",
        "{\"error\":\"x\"}",
        "error",
        "config",
        "definition",
        "services",
        "internal_port",
        "65536",
        "http_checks",
        "interval",
        "1h1m",
        "9e99s",
        "platformVersion",
        "nomad",
        "machines",
        "id",
        "73d8d46dbee589",
        "e80d7fbd",
        "state",
        "started",
        "region",
        "sjc",
        "timestamp",
        "request",
        "exit_event",
        "exit_code",
        "\u{1b}[31mred\u{202e}",
        "\u{0}",
        "ä\u{10ffff}",
        "../..",
        "\u{9b}",
        "\u{1b}]0;",
        "fo1_secret",
        "FlyV1 fm2_x,fm1r_y",
    ];
    (*choices.one(WORDS)).to_owned()
}
