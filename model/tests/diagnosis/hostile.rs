//! Whatever an app, a check or a client wrote: it is read, quoted and copied without a panic, and what
//! is quoted neither holds a control character nor leaves its fence.

use crate::world::{MINUTE, SECOND, T0, app, crash, crashing, failing, failure, machine};
use model::diagnosis::listening::announced;
use model::logs::{ansi, mask::mask, trouble::told};
use model::{AppFacts, Deployment, Diagnosis, Timestamp};
use proptest::prelude::*;

/// Parts that readers look for, so that random text gets past their first step.
const PARTS: &[&str] = &[
    "listening on ",
    "port ",
    ":8080",
    "http://",
    "[::]:",
    "127.0.0.1",
    "password=",
    "Bearer ",
    "://u:p@h",
    "-----BEGIN PRIVATE KEY-----",
    "eyJ",
    "sk-",
    "KeyError: '",
    "DATABASE_URL",
    " is not set",
    "panic: ",
    "404 ",
    "HTTP/1.1 ",
    "\u{1b}[31m",
    "\u{1b}]0;",
    "\u{202e}",
    "```",
    "\n",
    "=",
    "\"",
    "é",
    "İ",
    "\u{0}",
];

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => prop::sample::select(PARTS).prop_map(str::to_owned),
        2 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn facts(words: &[String], output: &str, error: &str) -> AppFacts {
    let mut facts = app("failed");
    failure(&mut facts, error);
    facts.config.env_port = Some(output.to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let broken = crashing(machine(1, 14, 10 * SECOND), 2, 3 * SECOND, &crash(), &words);
    facts.release_commands = vec![broken.clone()];
    facts.instances = vec![broken, failing(machine(2, 14, 10 * SECOND), output), machine(3, 13, 0)];
    facts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_line_makes_a_reader_panic(line in text()) {
        let _ = announced(&line).map(|found| assert!(line.contains(found.quoted)));
        let _ = told(&line);
        let _ = mask(&line);
        prop_assert!(ansi::spans(&line).iter().all(|span| !span.text.chars().any(char::is_control)));
    }

    #[test]
    fn what_is_masked_once_is_masked(line in text()) {
        let plain = ansi::plain(&line);
        let once = mask(&plain).into_owned();
        prop_assert_eq!(mask(&once).into_owned(), once);
    }

    #[test]
    fn no_text_makes_the_diagnosis_panic_or_leave_its_fences(
        words in prop::collection::vec(text(), 1..4), output in text(), error in text(),
    ) {
        let facts = facts(&words, &output, &error);
        let now = Timestamp(T0 + 5 * MINUTE);
        let deployment = Deployment::of(&facts, now);
        let diagnosis = Diagnosis::of(&facts, deployment.as_ref(), now).unwrap();
        for line in diagnosis.log_tail.iter().flat_map(|tail| &tail.lines) {
            let pieces = line.message.split("\u{1b}[0").skip(1).map(|piece| piece.split_once('m'));
            let is_code = |codes: &str| codes.bytes().all(|b| b.is_ascii_digit() || b == b';');
            prop_assert!(pieces.into_iter().all(|piece| piece.is_some_and(|(codes, _)| is_code(codes))));
            prop_assert!(!line.plain().chars().any(char::is_control));
        }
        for evidence in diagnosis.findings.iter().flat_map(|finding| &finding.evidence) {
            prop_assert!(!evidence.plain().chars().any(char::is_control));
        }
        let copied = diagnosis.markdown(&facts.app.name, deployment.as_ref(), &|_| None);
        prop_assert!(copied.chars().all(|c| c == '\n' || !c.is_control()));
        let mut fence: Option<usize> = None;
        for line in copied.lines() {
            let ticks = line.bytes().take_while(|b| *b == b'`').count();
            match fence {
                None if ticks >= 3 => fence = Some(ticks),
                Some(open) if ticks >= open && line.len() == ticks => fence = None,
                _ => {}
            }
        }
        prop_assert_eq!(fence, None);
    }
}
