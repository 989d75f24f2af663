//! Fly's tokens: what they look like, which header carries them to which API, and how they are
//! kept out of everything else.
//!
//! Source: fly-go `tokens/tokens.go` and `auth.go`; Fly's documentation of access tokens.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt;

/// Macaroons with many discharges are long, but a token of this size is a pasted file.
const LONGEST: usize = 64 * 1024;

const MACAROON_PREFIXES: [&str; 3] = ["fm1r_", "fm1a_", "fm2_"];
const PERSONAL_PREFIX: &str = "fo1_";

/// Stands in every text where a token was.
const REDACTED: &str = "[token]";

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A personal token (`fly auth token`): all organizations of its owner.
    Personal,
    /// Macaroons (`fly tokens create …`): what they were made for.
    Macaroon,
    /// Macaroons with a personal token beside them, as flyctl keeps them.
    Mixed,
}

/// Why a text is not a token. The text itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing is left without its scheme.
    #[error("the token is empty: paste what `fly tokens create readonly` or `fly auth token` prints")]
    Empty,
    /// It cannot stand in a header.
    #[error(
        "the token holds characters that no Fly token has: allowed are printable ASCII characters without spaces"
    )]
    Characters,
    /// It is too long.
    #[error("the token is too long: allowed are 65536 characters")]
    TooLong,
    /// There is more than one personal token in it.
    #[error(
        "that is more than one token: allowed is one personal token, with any number of macaroons (fm2_…)"
    )]
    Several,
}

/// A Fly token. Cheap enough to clone; its text leaves only through [`FlyToken::expose_for_session`]
/// and the `Authorization` header.
#[derive(Clone)]
pub struct FlyToken {
    /// Macaroons first, then the personal token, joined by commas and without a scheme.
    joined: SecretString,
    kind: TokenKind,
}

impl FlyToken {
    /// Reads a token as people paste it: with or without `Bearer` or `FlyV1` before it, one or
    /// several parts joined by commas.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() > LONGEST {
            return Err(TokenError::TooLong);
        }
        let parts: Vec<&str> =
            without_scheme(text.trim()).split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return Err(TokenError::Empty);
        }
        if !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_graphic())) {
            return Err(TokenError::Characters);
        }
        let (macaroons, personal): (Vec<&str>, Vec<&str>) = parts.into_iter().partition(|p| is_macaroon(p));
        let kind = match (macaroons.is_empty(), personal.len()) {
            (true, 1) => TokenKind::Personal,
            (false, 0) => TokenKind::Macaroon,
            (false, 1) => TokenKind::Mixed,
            _ => return Err(TokenError::Several),
        };
        let joined = [macaroons, personal].concat().join(",");
        Ok(Self { joined: joined.into(), kind })
    }

    /// What the token is made of.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// SHA-256 of the token: the same for the same token however it was pasted, fit for a map's
    /// key, and of no use to anybody who reads it.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.joined.expose_secret().as_bytes()).into()
    }

    /// The token's text, to be sealed into a session and for nothing else.
    /// [`FlyToken::parse`] reads it back.
    pub fn expose_for_session(&self) -> &str {
        self.joined.expose_secret()
    }

    /// The header for GraphQL: everything there is, as flyctl sends it.
    pub(crate) fn graphql_header(&self) -> HeaderValue {
        match self.kind {
            TokenKind::Personal => header("Bearer", self.joined.expose_secret()),
            TokenKind::Macaroon | TokenKind::Mixed => header("FlyV1", self.joined.expose_secret()),
        }
    }

    /// The header for the Machines API: macaroons only, if there are any.
    pub(crate) fn machines_header(&self) -> HeaderValue {
        match self.kind {
            TokenKind::Personal => header("Bearer", self.joined.expose_secret()),
            TokenKind::Macaroon | TokenKind::Mixed => {
                let macaroons: Vec<&str> = self.parts().filter(|part| is_macaroon(part)).collect();
                header("FlyV1", &macaroons.join(","))
            }
        }
    }

    /// The text without this token, and without anything else that looks like one: an answer may
    /// repeat what it was asked with.
    pub(crate) fn redact(&self, text: &str) -> String {
        let text = self.parts().fold(text.to_owned(), |text, part| text.replace(part, REDACTED));
        text.split_inclusive(|c: char| !is_token_char(c)).map(without_token).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.joined.expose_secret().split(',')
    }
}

impl fmt::Debug for FlyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FlyToken(…)")
    }
}

fn without_scheme(text: &str) -> &str {
    for scheme in ["bearer", "flyv1"] {
        if let (Some(head), Some(tail)) = (text.get(..scheme.len()), text.get(scheme.len()..))
            && head.eq_ignore_ascii_case(scheme)
            && (tail.is_empty() || tail.starts_with(char::is_whitespace))
        {
            return tail.trim_start();
        }
    }
    text
}

fn is_macaroon(part: &str) -> bool {
    MACAROON_PREFIXES.iter().any(|prefix| part.starts_with(prefix))
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-+/=.~".contains(c)
}

fn without_token(word: &str) -> String {
    let start =
        MACAROON_PREFIXES.iter().chain([&PERSONAL_PREFIX]).filter_map(|prefix| word.find(prefix)).min();
    let Some(start) = start else { return word.to_owned() };
    let tail: String = word.chars().next_back().filter(|c| !is_token_char(*c)).into_iter().collect();
    format!("{}{REDACTED}{tail}", &word[..start])
}

#[expect(clippy::expect_used, reason = "parse lets only printable ASCII into a token")]
fn header(scheme: &str, token: &str) -> HeaderValue {
    let mut value =
        HeaderValue::from_str(&format!("{scheme} {token}")).expect("printable ASCII is a header value");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> FlyToken {
        FlyToken::parse(text).unwrap()
    }

    #[test]
    fn a_scheme_before_a_token_is_dropped_in_any_case() {
        for text in ["fo1_abc", "Bearer fo1_abc", " bearer   fo1_abc\n", "FlyV1 fo1_abc", "FLYV1 fo1_abc,"] {
            assert_eq!(token(text).expose_for_session(), "fo1_abc", "{text:?}");
        }
    }

    #[test]
    fn a_token_is_told_by_its_prefix_and_anything_unknown_is_personal() {
        assert_eq!(token("fo1_abc").kind(), TokenKind::Personal);
        assert_eq!(token("some-opaque-text").kind(), TokenKind::Personal);
        assert_eq!(token("FlyV1 fm2_a,fm2_b").kind(), TokenKind::Macaroon);
        assert_eq!(token("fm1r_a,fm1a_b").kind(), TokenKind::Macaroon);
        assert_eq!(token("fo1_c,fm2_a").kind(), TokenKind::Mixed);
    }

    #[test]
    fn graphql_gets_everything_and_machines_only_macaroons_where_there_are_any() {
        let mixed = token("fo1_c,fm2_a,fm2_b");
        assert_eq!(mixed.graphql_header(), "FlyV1 fm2_a,fm2_b,fo1_c");
        assert_eq!(mixed.machines_header(), "FlyV1 fm2_a,fm2_b");
        let personal = token("fo1_c");
        assert_eq!(personal.graphql_header(), "Bearer fo1_c");
        assert_eq!(personal.machines_header(), "Bearer fo1_c");
        assert!(personal.graphql_header().is_sensitive());
    }

    #[test]
    fn a_text_that_is_no_token_is_refused_without_repeating_it() {
        assert_eq!(FlyToken::parse(" Bearer ").unwrap_err(), TokenError::Empty);
        assert_eq!(FlyToken::parse(",,").unwrap_err(), TokenError::Empty);
        assert_eq!(FlyToken::parse("fo1_a b").unwrap_err(), TokenError::Characters);
        assert_eq!(FlyToken::parse("fo1_a\r\nHost: x").unwrap_err(), TokenError::Characters);
        assert_eq!(FlyToken::parse("fo1_ä").unwrap_err(), TokenError::Characters);
        assert_eq!(FlyToken::parse("fo1_a,fo1_b").unwrap_err(), TokenError::Several);
        assert_eq!(FlyToken::parse(&"a".repeat(LONGEST + 1)).unwrap_err(), TokenError::TooLong);
    }

    #[test]
    fn the_same_token_has_the_same_fingerprint_however_it_was_pasted() {
        assert_eq!(token("Bearer fo1_c").fingerprint(), token("fo1_c").fingerprint());
        assert_eq!(token("fo1_c,fm2_a").fingerprint(), token("fm2_a, fo1_c").fingerprint());
        assert_ne!(token("fo1_c").fingerprint(), token("fo1_d").fingerprint());
    }

    #[test]
    fn debug_shows_nothing_of_a_token() {
        assert_eq!(format!("{:?}", token("fo1_c")), "FlyToken(…)");
    }

    #[test]
    fn a_session_gives_back_the_same_token() {
        let mixed = token("FlyV1 fm2_a,fo1_c");
        assert_eq!(token(mixed.expose_for_session()).fingerprint(), mixed.fingerprint());
    }

    #[test]
    fn tokens_are_cut_out_of_texts_be_they_ours_or_another_s() {
        let ours = token("opaque-secret");
        assert_eq!(ours.redact("bad token opaque-secret."), "bad token [token].");
        assert_eq!(ours.redact("\"fo1_x/y==\" and (fm2_abc)"), "\"[token]\" and ([token])");
        assert_eq!(ours.redact("nothing here"), "nothing here");
    }
}
