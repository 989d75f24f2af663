//! The bytes are choices: how a good answer is changed, cut or made up.

#![no_main]

#[path = "../../tests/fuzz/choices.rs"]
mod choices;
#[path = "../../tests/fuzz/mutate.rs"]
mod mutate;
#[path = "../../tests/fuzz/samples.rs"]
mod samples;

use choices::Choices;
use fly::fuzzing::Answer;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::LazyLock;

static SAMPLES: LazyLock<Vec<Value>> =
    LazyLock::new(|| Answer::ALL.into_iter().map(samples::sample).collect());

fuzz_target!(|bytes: &[u8]| {
    if let Some((kind, choices)) = bytes.split_first() {
        let at = usize::from(*kind) % Answer::ALL.len();
        let body = mutate::body(&mut Choices::new(choices), &SAMPLES[at]);
        let _ = Answer::ALL[at].decode(&body);
    }
});
