//! Every single value of an answer replaced by every kind of wrong one: the rest of the answer is
//! shown, or there is an error that says so, and nothing panics.

use crate::samples::{machine, machines_app, nomad_app};
use crate::support::{app, client_with, graphql_data, ok, token};
use fly::{FlyError, Limits};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// Answers with the next body of a list; with the last one for ever.
struct InTurn {
    bodies: Vec<Value>,
    next: AtomicUsize,
}

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let at = self.next.fetch_add(1, Ordering::Relaxed).min(self.bodies.len() - 1);
        ok(&self.bodies[at])
    }
}

fn in_turn(bodies: Vec<Value>) -> InTurn {
    InTurn { bodies, next: AtomicUsize::new(0) }
}

fn wrong_values() -> [Value; 8] {
    let odd = "\u{1b}[31m\0\u{202e}../../x";
    [json!(null), json!(true), json!(-1), json!(1e300), json!(""), json!(odd), json!([[]]), json!({"a": {}})]
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

fn mutants(sample: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    pointers(sample, "", &mut found);
    let mut mutants = Vec::new();
    for pointer in &found {
        for wrong in wrong_values() {
            let mut mutant = sample.clone();
            *mutant.pointer_mut(pointer).unwrap() = wrong;
            mutants.push(mutant);
        }
    }
    mutants
}

#[tokio::test]
async fn a_graphql_answer_with_one_wrong_value_is_shown_in_part_or_malformed() {
    let bodies: Vec<Value> =
        mutants(&nomad_app()).into_iter().map(|app| json!({"data": {"app": app}})).collect();
    let count = bodies.len();
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(in_turn(bodies)).mount(&server).await;
    Mock::given(method("GET")).respond_with(ok(&json!([]))).mount(&server).await;
    let client = client_with(&server.uri(), Limits::default());
    let mut shown = 0;
    for _ in 0..count {
        match client.app_facts(&token(), &app()).await {
            Ok(_) => shown += 1,
            Err(FlyError::Malformed { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    // At the least all nulls, which are one kind of wrong values among eight.
    assert!(shown >= count / wrong_values().len(), "only {shown} of {count} were shown");
}

#[tokio::test]
async fn a_machine_with_one_wrong_value_never_takes_the_others_with_it() {
    let other = machine("73d8d46dbee580", "ams");
    let bodies: Vec<Value> =
        mutants(&machine("73d8d46dbee589", "cdg")).into_iter().map(|one| json!([one, other])).collect();
    let count = bodies.len();
    let server = graphql_data(json!({"app": machines_app()})).await;
    Mock::given(method("GET")).respond_with(in_turn(bodies)).mount(&server).await;
    let client = client_with(&server.uri(), Limits::default());
    for _ in 0..count {
        let fetched = client.app_facts(&token(), &app()).await.unwrap();
        let known = fetched.value.instances.len();
        assert_eq!(known + fetched.missing.len(), 2, "{:?}", fetched.missing);
    }
}
