//! Fly's tokens: what they look like, which header carries them to which API, and how they are
//! kept out of everything else.
//!
//! Source: fly-go `tokens/tokens.go` (`Parse`, `StripAuthorizationScheme`, `normalized`), flyctl
//! `internal/uiex/releases.go`, Fly's documentation of access tokens.

mod macaroon;

use model::Timestamp;
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
    /// Personal tokens (`fly auth token`), usually one: all organizations of the owner.
    Personal,
    /// Macaroons (`fly tokens create …`): what they were made for.
    Macaroon,
    /// Macaroons with personal tokens beside them, as flyctl keeps them.
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
}

/// A Fly token. Cheap enough to clone; its text leaves only through [`FlyToken::expose_for_session`]
/// and the `Authorization` header.
#[derive(Clone)]
pub struct FlyToken {
    /// Macaroons first, then personal tokens, joined by commas and without a scheme.
    joined: SecretString,
    kind: TokenKind,
}

impl FlyToken {
    /// Reads a token as flyctl does and people paste it: with or without `Bearer` or `FlyV1` before
    /// it, once or more often and in any case; one part or several, joined by commas. Parts that
    /// begin with `fm1r_`, `fm1a_` or `fm2_` are macaroons, all others personal tokens.
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
        let kind = match (macaroons.is_empty(), personal.is_empty()) {
            (true, _) => TokenKind::Personal,
            (false, true) => TokenKind::Macaroon,
            (false, false) => TokenKind::Mixed,
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

    /// The last moment of the first of its macaroons that has ended before `now`. A personal token
    /// does not tell when it ends.
    pub fn ended(&self, now: Timestamp) -> Option<Timestamp> {
        self.parts()
            .filter(|part| is_macaroon(part))
            .filter_map(|part| macaroon::last_second(part.split_once('_')?.1))
            .map(|second| Timestamp(second.saturating_mul(1_000)))
            .filter(|last| *last < now)
            .min()
    }

    /// The header for the Machines API and for logs: macaroons only, if there are any.
    pub(crate) fn machines_header(&self) -> HeaderValue {
        match self.kind {
            TokenKind::Personal => header("Bearer", self.joined.expose_secret()),
            TokenKind::Macaroon | TokenKind::Mixed => {
                let macaroons: Vec<&str> = self.parts().filter(|part| is_macaroon(part)).collect();
                header("FlyV1", &macaroons.join(","))
            }
        }
    }

    /// The header for the web API beside GraphQL (releases): everything there is, always `Bearer`.
    pub(crate) fn web_header(&self) -> HeaderValue {
        header("Bearer", self.joined.expose_secret())
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

fn without_scheme(mut text: &str) -> &str {
    while let Some(rest) = after_scheme(text) {
        text = rest;
    }
    text
}

fn after_scheme(text: &str) -> Option<&str> {
    ["bearer", "flyv1"].into_iter().find_map(|scheme| {
        let (head, tail) = text.split_at_checked(scheme.len())?;
        let ends = tail.is_empty() || tail.starts_with(char::is_whitespace);
        (head.eq_ignore_ascii_case(scheme) && ends).then(|| tail.trim_start())
    })
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

    /// What flyctl makes of a text: its parts in order, and the headers for GraphQL, for the
    /// Machines API and logs, and for the web API.
    #[test]
    fn every_way_to_write_a_token_is_read_and_sent_as_flyctl_does() {
        use TokenKind::{Macaroon, Mixed, Personal};
        let table: [(&str, TokenKind, [&str; 3]); 16] = [
            // A personal token, an opaque one, with and without its scheme in any case.
            ("fo1_a", Personal, ["Bearer fo1_a", "Bearer fo1_a", "Bearer fo1_a"]),
            ("opaque-text", Personal, ["Bearer opaque-text", "Bearer opaque-text", "Bearer opaque-text"]),
            ("Bearer fo1_a", Personal, ["Bearer fo1_a", "Bearer fo1_a", "Bearer fo1_a"]),
            (" bEARER   fo1_a\n", Personal, ["Bearer fo1_a", "Bearer fo1_a", "Bearer fo1_a"]),
            ("FlyV1 fo1_a", Personal, ["Bearer fo1_a", "Bearer fo1_a", "Bearer fo1_a"]),
            ("Bearer FlyV1 fo1_a", Personal, ["Bearer fo1_a", "Bearer fo1_a", "Bearer fo1_a"]),
            // Each prefix of a macaroon; another prefix is none, however much it looks like one.
            ("fm2_a", Macaroon, ["FlyV1 fm2_a", "FlyV1 fm2_a", "Bearer fm2_a"]),
            ("fm1r_a", Macaroon, ["FlyV1 fm1r_a", "FlyV1 fm1r_a", "Bearer fm1r_a"]),
            ("fm1a_a", Macaroon, ["FlyV1 fm1a_a", "FlyV1 fm1a_a", "Bearer fm1a_a"]),
            ("fm3_a", Personal, ["Bearer fm3_a", "Bearer fm3_a", "Bearer fm3_a"]),
            ("FM2_a", Personal, ["Bearer FM2_a", "Bearer FM2_a", "Bearer FM2_a"]),
            // Lists: with a scheme, with spaces, mixed, several personal ones.
            ("FlyV1 fm2_a,fm2_b", Macaroon, ["FlyV1 fm2_a,fm2_b", "FlyV1 fm2_a,fm2_b", "Bearer fm2_a,fm2_b"]),
            (
                "Bearer fm2_a, fm2_b,",
                Macaroon,
                ["FlyV1 fm2_a,fm2_b", "FlyV1 fm2_a,fm2_b", "Bearer fm2_a,fm2_b"],
            ),
            ("fm2_a,fo1_c", Mixed, ["FlyV1 fm2_a,fo1_c", "FlyV1 fm2_a", "Bearer fm2_a,fo1_c"]),
            (
                "fo1_c,fm2_b,fm2_a",
                Mixed,
                ["FlyV1 fm2_b,fm2_a,fo1_c", "FlyV1 fm2_b,fm2_a", "Bearer fm2_b,fm2_a,fo1_c"],
            ),
            ("fo1_a,fo1_b", Personal, ["Bearer fo1_a,fo1_b", "Bearer fo1_a,fo1_b", "Bearer fo1_a,fo1_b"]),
        ];
        for (text, kind, headers) in table {
            let read = token(text);
            assert_eq!(read.kind(), kind, "{text:?}");
            let sent = [read.graphql_header(), read.machines_header(), read.web_header()];
            assert_eq!(sent, headers, "{text:?}");
            assert!(sent.iter().all(HeaderValue::is_sensitive));
        }
    }

    #[test]
    fn a_token_has_ended_when_one_of_its_macaroons_has() {
        use macaroon::tests::{macaroon, window};
        let ends = |seconds: u32| format!("fm2_{}", macaroon(&[&window(seconds)]));
        let now = Timestamp(1_700_000_000_000);
        assert_eq!(token(&ends(1_700_000_000)).ended(now), None);
        assert_eq!(token(&ends(1_699_999_999)).ended(now), Some(Timestamp(1_699_999_999_000)));
        let both = format!("{},{},fo1_c", ends(1_800_000_000), ends(1_500_000_000));
        assert_eq!(token(&both).ended(now), Some(Timestamp(1_500_000_000_000)));
        assert_eq!(token("fo1_c").ended(now), None);
        assert_eq!(token("fm2_nonsense").ended(now), None);
    }

    #[test]
    fn a_text_that_is_no_token_is_refused_without_repeating_it() {
        assert_eq!(FlyToken::parse(" Bearer ").unwrap_err(), TokenError::Empty);
        assert_eq!(FlyToken::parse(",,").unwrap_err(), TokenError::Empty);
        assert_eq!(FlyToken::parse("fo1_a b").unwrap_err(), TokenError::Characters);
        assert_eq!(FlyToken::parse("fo1_a\r\nHost: x").unwrap_err(), TokenError::Characters);
        assert_eq!(FlyToken::parse("fo1_ä").unwrap_err(), TokenError::Characters);
        assert_eq!(FlyToken::parse("Bearer FlyV1").unwrap_err(), TokenError::Empty);
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
