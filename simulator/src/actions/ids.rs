//! Identifiers of what clients create. The same story and the same requests give the same ones.

use crate::StoryTime;

/// Hexadecimal characters that depend on a seed only.
pub(super) fn hex(seed: &str, length: usize) -> String {
    let text = crate::machines::json::digest(seed);
    text.trim_start_matches("sha256:").chars().take(length).collect()
}

/// 26 characters that grow with time, as a ULID's do.
pub(super) fn ulid(at: StoryTime, seed: &str) -> String {
    format!("01{:012X}{}", at.as_ms(), hex(seed, 12).to_uppercase())
}

/// A name of two words and a number.
pub(super) fn name(seed: &str) -> String {
    const FIRST: [&str; 8] = ["amber", "bold", "calm", "early", "hidden", "late", "silent", "wide"];
    const SECOND: [&str; 8] = ["breeze", "cove", "dune", "field", "grove", "meadow", "river", "stone"];
    let digits = u64::from_str_radix(&hex(seed, 8), 16).unwrap_or_default();
    let pick = |words: [&'static str; 8], by: u64| words[usize::try_from(by % 8).unwrap_or_default()];
    format!("{}-{}-{}", pick(FIRST, digits), pick(SECOND, digits >> 3), digits % 9000 + 1000)
}

/// An address in the private network.
pub(super) fn private_ip(id: &str) -> String {
    let part = |from: usize| id.get(from..from + 4).unwrap_or("0");
    format!("fdaa:0:1:a7b:{}:{}:{}:2", part(0), part(4), part(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_length_of_flys_and_depend_on_their_seed() {
        assert_eq!(hex("one", 14).len(), 14);
        assert_eq!(ulid(StoryTime::from_ms(1_632_340_800_000), "one").len(), 26);
        assert_eq!(hex("one", 14), hex("one", 14));
        assert_ne!(hex("one", 14), hex("two", 14));
        assert_eq!(name("one").split('-').count(), 3);
    }
}
