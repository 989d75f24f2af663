//! Whole answers of every kind, changed, cut and made up: the decoders take all of them without a
//! panic, and what they make of them is bounded.
//!
//! The ordinary tests try some. `cargo xtask fuzz` tries a million.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests; the count is their result"
)]

mod choices;
mod mutate;
mod samples;

use choices::Choices;
use fly::fuzzing::Answer;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use std::time::Instant;

/// What an answer may become in memory, in bytes of its text form for each byte of the body: the
/// form repeats the names of fields and writes out what is missing.
const LONGEST_OUTCOME: usize = 200;
/// The same of the smallest bodies.
const SHORTEST_LIMIT: usize = 16 * 1024;

fn decode(answer: Answer, sample: &Value, choices: &[u8]) {
    let mut choices = Choices::new(choices);
    let body = mutate::body(&mut choices, sample);
    if let Some(told) = answer.decode(&body) {
        let limit = SHORTEST_LIMIT + LONGEST_OUTCOME * body.len();
        assert!(told.len() <= limit, "{} bytes became {}", body.len(), told.len());
        assert_plain(&told);
    }
}

/// Nothing that could act on a terminal or turn the direction of writing is left in what is shown, but
/// for the colours of logs.
fn assert_plain(told: &str) {
    let told = without_colors(told);
    // The form for debugging writes such characters out, as `\u{1b}`.
    for bad in ["\\u{1b}", "\\u{9b}", "\\u{202e}", "\\0"] {
        assert!(!told.contains(bad), "{bad} in {told}");
    }
}

/// Without `ESC[0;1;31m`, as the lines of logs have it.
fn without_colors(told: &str) -> String {
    let mut pieces = told.split("\\u{1b}[0");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let after = piece.trim_start_matches(|c: char| c == ';' || c.is_ascii_digit()).strip_prefix('m');
        plain.push_str(after.unwrap_or("\\u{1b}"));
    }
    plain
}

/// Runs cases of every kind on two threads.
fn run(cases: u32) {
    let (some, others) = Answer::ALL.split_at(Answer::ALL.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| some.iter().for_each(|answer| run_one(*answer, cases)));
        for answer in others {
            run_one(*answer, cases);
        }
    });
}

/// Runs cases from a seed of the kind's own, so that a failure comes again.
fn run_one(answer: Answer, cases: u32) {
    let sample = samples::sample(answer);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[answer as u8; 32]);
    let bytes = proptest::collection::vec(any::<u8>(), 0..96);
    let check = |choices: Vec<u8>| {
        decode(answer, &sample, &choices);
        Ok(())
    };
    TestRunner::new_with_rng(config, rng)
        .run(&bytes, check)
        .unwrap_or_else(|failure| panic!("{answer:?}: {failure}"));
}

#[test]
fn answers_that_were_changed_cut_or_made_up_never_panic() {
    run(300);
}

#[test]
fn a_good_answer_of_each_kind_is_understood() {
    for answer in Answer::ALL {
        let body = samples::sample(answer).to_string();
        assert!(answer.decode(body.as_bytes()).is_some(), "{answer:?}");
    }
}

#[test]
fn bytes_of_any_kind_never_panic() {
    proptest!(Config { failure_persistence: None, ..Config::with_cases(300) }, |(bytes in proptest::collection::vec(any::<u8>(), 0..512))| {
        for answer in Answer::ALL {
            let _ = answer.decode(&bytes);
        }
    });
}

#[test]
#[ignore = "takes minutes: cargo xtask fuzz"]
fn a_million_answers_never_panic() {
    let wanted = std::env::var("PROPTEST_CASES").map_or(1_000_000, |cases| cases.parse().unwrap());
    let kinds = u32::try_from(Answer::ALL.len()).unwrap();
    let started = Instant::now();
    run(u32::div_ceil(wanted, kinds));
    let seconds = started.elapsed().as_secs();
    println!("fuzz: {} executions in {seconds} s", u32::div_ceil(wanted, kinds) * kinds);
}
