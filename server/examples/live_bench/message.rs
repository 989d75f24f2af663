//! The change that all servers send: one cell, which holds when it was made.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in microseconds modulo 2^32: an hour passes before it comes again.
pub fn now() -> u32 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since.as_micros() % (1 << 32)).unwrap_or_default()
}

/// The data of a change, as Windsock writes it.
pub fn data(made_at: u32) -> String {
    format!(
        r#"{{"topic":"app:bench","checked_at":1795449600000,"changes":[{{"cell":["e80d7fbd",{{"restarts":{made_at}}}]}}]}}"#
    )
}

/// When the change in this line was made.
pub fn made_at(line: &[u8]) -> Option<u32> {
    const BEFORE: &[u8] = b"{\"restarts\":";
    let at = line.windows(BEFORE.len()).position(|window| window == BEFORE)? + BEFORE.len();
    let digits: &[u8] = line.get(at..)?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
}
