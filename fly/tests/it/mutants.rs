//! Every single value of an answer replaced by every kind of wrong one: the rest of the answer is
//! shown, and nothing panics.

use crate::samples::{machine, machines_app, nomad_app};
use crate::support::{app, client_with, graphql_data, ok, token};
use fly::{FlyError, Limits};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::{body_string_contains, method};
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

/// Each wrong answer, with the place of what is wrong.
fn mutants(sample: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    pointers(sample, "", &mut found);
    let mut mutants = Vec::new();
    for pointer in &found {
        for wrong in wrong_values() {
            let mut mutant = sample.clone();
            *mutant.pointer_mut(pointer).unwrap() = wrong;
            mutants.push((pointer.clone(), mutant));
        }
    }
    mutants
}

#[tokio::test]
async fn one_wrong_value_of_a_graphql_answer_never_takes_the_app_from_view() {
    let (places, apps): (Vec<String>, Vec<Value>) = mutants(&nomad_app()).into_iter().unzip();
    let bodies = apps.into_iter().map(|app| json!({"data": {"app": app}})).collect();
    let server = MockServer::start().await;
    let of_the_app = body_string_contains("AppQuery");
    Mock::given(method("POST")).and(of_the_app).respond_with(in_turn(bodies)).mount(&server).await;
    Mock::given(method("GET")).respond_with(ok(&json!([]))).mount(&server).await;
    let client = client_with(&server.uri(), Limits::default());
    for place in places {
        // Whose app it is belongs to its address on the page: without that there is nothing to show.
        let needed = ["/organization", "/organization/slug"].contains(&place.as_str());
        match client.app_facts(&token(), &app()).await {
            Ok(fetched) => {
                assert!(!needed, "{place}");
                assert_eq!(fetched.value.app.name, app());
            }
            Err(FlyError::Malformed { .. }) => assert!(needed, "{place}"),
            Err(other) => panic!("{place}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_machine_with_one_wrong_value_never_takes_the_others_with_it() {
    let other = machine("73d8d46dbee580", "ams");
    let bodies: Vec<Value> =
        mutants(&machine("73d8d46dbee589", "cdg")).into_iter().map(|(_, one)| json!([one, other])).collect();
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
