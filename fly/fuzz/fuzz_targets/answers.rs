//! The bytes are the body of an answer; the first says of which kind.

#![no_main]

use fly::fuzzing::Answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((kind, body)) = bytes.split_first() {
        let _ = Answer::ALL[usize::from(*kind) % Answer::ALL.len()].decode(body);
    }
});
