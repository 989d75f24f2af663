//! Hides secrets in quoted lines, by their shape and by the names beside them.
//!
//! A pattern can only know what looks like a secret. It is a second net: what an app prints is still
//! shown to whoever may read its logs.

use super::ansi::{self, Span};
use std::borrow::Cow;

/// Stands where a secret was.
pub const MASK: &str = "[masked]";

/// Beginnings of well-known tokens, and how many characters follow at least.
const SHAPES: &[(&str, usize)] = &[
    ("fm2_", 16),
    ("fm1r_", 16),
    ("fm1a_", 16),
    ("fo1_", 16),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 16),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("rk_test_", 16),
    ("whsec_", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("xoxs-", 16),
    ("sk-", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("SG.", 30),
    ("AIza", 30),
    ("ya29.", 20),
    ("dop_v1_", 30),
    ("hf_", 30),
    ("shpat_", 20),
    ("dckr_pat_", 20),
    ("hvs.", 20),
];

/// Ends of names whose values are secret, in lower case and without `_`, `-` and `.`.
const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accesskeyid",
    "secretkey",
    "secretkeybase",
    "privatekey",
    "masterkey",
    "encryptionkey",
    "signingkey",
    "authkey",
    "appkey",
    "credential",
    "credentials",
    "signature",
];

/// Names of headers whose whole value is secret.
const SECRET_HEADERS: &[&str] = &["authorization", "proxyauthorization", "cookie", "setcookie"];

/// Words that follow such a name in a sentence about it.
const NO_VALUES: &[&str] = &[
    "none",
    "null",
    "nil",
    "undefined",
    "true",
    "false",
    "required",
    "missing",
    "invalid",
    "incorrect",
    "wrong",
    "expired",
    "empty",
    "unset",
    "not",
    "is",
    "must",
    "failed",
    "denied",
    "mismatch",
    "revoked",
    "unknown",
    "unauthorized",
    "verification",
    "authentication",
    "redacted",
    "filtered",
    "masked",
];

/// Lines of the longest private key that anybody uses (RSA with 16,384 bits has some 200). What has not ended
/// by then lost its end, and what follows is no key.
const LONGEST_KEY: u16 = 250;

/// Longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 64;

/// Whether what is called that is secret, by its name alone.
pub fn names_a_secret(name: &str) -> bool {
    let name = plain(name);
    SECRET_HEADERS.contains(&name.as_str()) || SECRET_NAMES.iter().any(|ending| name.ends_with(ending))
}

/// A name in lower case and without `_`, `-` and `.`.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The text with its secrets hidden.
pub fn mask(text: &str) -> Cow<'_, str> {
    Masker::default().line(text)
}

/// Hides secrets in the lines of one text in their order: the lines of a private key look like
/// nothing in particular, so it remembers that one began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masker {
    /// How many lines of a private key may still follow.
    key_lines: u16,
}

impl Masker {
    /// Whether a private key began and has not ended.
    pub fn is_in_key(&self) -> bool {
        self.key_lines > 0
    }

    /// The next line with its secrets hidden.
    pub fn line<'a>(&mut self, line: &'a str) -> Cow<'a, str> {
        let found = self.find(line);
        if found.is_empty() {
            return Cow::Borrowed(line);
        }
        let mut text = String::with_capacity(line.len());
        let mut from = 0;
        for (start, end) in found {
            text.push_str(&line[from..start]);
            text.push_str(MASK);
            from = end;
        }
        text.push_str(&line[from..]);
        Cow::Owned(text)
    }

    /// The next line, as it may be shown: with its colours, and with its secrets hidden wherever
    /// colours change inside of them.
    pub fn spans(&mut self, line: &str) -> Vec<Span> {
        let spans = ansi::spans(line);
        let plain: String = spans.iter().map(|span| span.text.as_str()).collect();
        let mut found = self.find(&plain).into_iter().peekable();
        let mut safe = Vec::with_capacity(spans.len());
        let mut at = 0;
        for Span { text, style } in spans {
            let end = at + text.len();
            let mut shown = String::with_capacity(text.len());
            while let Some((from, until)) = found.peek().copied().filter(|(from, _)| *from < end) {
                if from >= at {
                    shown.push_str(&plain[at..from]);
                    shown.push_str(MASK);
                }
                at = until.min(end);
                if until > end {
                    break;
                }
                found.next();
            }
            shown.push_str(&plain[at..end]);
            at = end;
            if !shown.is_empty() {
                safe.push(Span { text: shown, style });
            }
        }
        safe
    }

    /// Where the secrets of the next line stand: in order, and none inside of another.
    fn find(&mut self, line: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        self.private_key(line, &mut found);
        shaped(line, &mut found);
        web_tokens(line, &mut found);
        in_addresses(line, &mut found);
        after_schemes(line, &mut found);
        assigned(line, &mut found);
        apart(found)
    }

    /// PEM (RFC 7468).
    fn private_key(&mut self, line: &str, found: &mut Vec<(usize, usize)>) {
        let mut from = 0;
        if !self.is_in_key() {
            let Some(begin) = line.find("-----BEGIN ") else { return };
            let Some(label) = line[begin..].find("PRIVATE KEY-----") else { return };
            from = begin + label + "PRIVATE KEY-----".len();
            self.key_lines = LONGEST_KEY;
        }
        let end = line[from..].find("-----END").map(|at| from + at);
        self.key_lines = if end.is_none() { self.key_lines - 1 } else { 0 };
        found.push((from, end.unwrap_or(line.len())));
    }
}

/// Places in order, joined where they overlap.
fn apart(mut found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    found.retain(|(start, end)| start < end);
    found.sort_unstable();
    found.dedup_by(|next, last| {
        let overlap = next.0 < last.1;
        if overlap {
            last.1 = last.1.max(next.1);
        }
        overlap
    });
    found
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=')
}

fn token_length(text: &str) -> usize {
    let length = text.bytes().take_while(|byte| is_token_byte(*byte)).count();
    text[..length].trim_end_matches(['.', '=']).len()
}

/// Where words begin: after anything that is no letter, digit or underscore.
fn word_starts(line: &str) -> impl Iterator<Item = usize> {
    let bytes = line.as_bytes();
    (0..bytes.len()).filter(move |at| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        bytes[*at].is_ascii_alphanumeric()
            && before.is_none_or(|before| !(before.is_ascii_alphanumeric() || before == b'_'))
    })
}

fn shaped(line: &str, found: &mut Vec<(usize, usize)>) {
    for at in word_starts(line) {
        let rest = &line[at..];
        let length = SHAPES.iter().find_map(|(prefix, least)| {
            let tail = rest.strip_prefix(prefix)?;
            let length = token_length(tail);
            let random = tail[..length].bytes().any(|byte| byte.is_ascii_digit());
            (length >= *least && random).then_some(prefix.len() + length)
        });
        if let Some(length) = length.or_else(|| aws_key(rest)) {
            found.push((at, at + length));
        }
    }
}

/// An access key id of AWS: `AKIA` or `ASIA` and 16 capitals and digits.
fn aws_key(text: &str) -> Option<usize> {
    let tail = text.strip_prefix("AKIA").or_else(|| text.strip_prefix("ASIA"))?;
    let length = tail.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    (length == 16 && !tail[16..].starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(20)
}

/// JSON Web Tokens (RFC 7519): three parts of base64url, the first of which begins an object.
fn web_tokens(line: &str, found: &mut Vec<(usize, usize)>) {
    for at in word_starts(line).filter(|at| line[*at..].starts_with("eyJ")) {
        let length = token_length(&line[at..]);
        let parts: Vec<&str> = line[at..at + length].split('.').collect();
        if parts.len() >= 3 && parts[..2].iter().all(|part| part.len() >= 8) {
            found.push((at, at + length));
        }
    }
}

/// `scheme://user:password@host`.
fn in_addresses(line: &str, found: &mut Vec<(usize, usize)>) {
    for (at, _) in line.match_indices("://") {
        let start = at + "://".len();
        let end = line[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '<' | '>' | '?' | '#' | '`'))
            .map_or(line.len(), |length| start + length);
        let Some(sign) = line[start..end].rfind('@').map(|length| start + length) else { continue };
        match line[start..sign].find(':') {
            Some(colon) => found.push((start + colon + 1, sign)),
            None if sign - start >= 16 => found.push((start, sign)),
            None => {}
        }
    }
}

/// `Bearer …`, `Basic …`, `FlyV1 …`.
fn after_schemes(line: &str, found: &mut Vec<(usize, usize)>) {
    for at in word_starts(line) {
        let rest = &line[at..];
        let Some(scheme) = ["bearer ", "basic ", "flyv1 "]
            .iter()
            .find(|scheme| rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
        else {
            continue;
        };
        let start = at + scheme.len();
        let length = line[start..].bytes().take_while(|b| is_token_byte(*b) || *b == b',').count();
        let value = &line[start..start + length];
        let random = value.bytes().any(|b| b.is_ascii_digit()) || length >= 24;
        if length >= 12 && random {
            found.push((start, start + length));
        }
    }
}

/// `password=…`, `"api_key": "…"`, `token: …`, `"secret"=>"…"`.
fn assigned(line: &str, found: &mut Vec<(usize, usize)>) {
    let bytes = line.as_bytes();
    for (at, byte) in line.bytes().enumerate() {
        if byte != b'=' && byte != b':' {
            continue;
        }
        let Some(name) = name_before(line, at) else { continue };
        if SECRET_HEADERS.contains(&name.as_str()) {
            let start = at + 1 + line[at + 1..].len() - line[at + 1..].trim_start().len();
            found.push((start, line.len()));
            continue;
        }
        if !SECRET_NAMES.iter().any(|ending| name.ends_with(ending)) || bytes.get(at + 1) == Some(&b'=') {
            continue;
        }
        let arrow = usize::from(byte == b'=' && bytes.get(at + 1) == Some(&b'>'));
        found.extend(value_after(line, at + 1 + arrow, byte == b'=' && arrow == 0));
    }
}

/// The name before a sign, in lower case and without `_`, `-` and `.`.
fn name_before(line: &str, sign: usize) -> Option<String> {
    let head = line[..sign].trim_end_matches([' ', '"', '\'', '\\']);
    let length = head
        .bytes()
        .rev()
        .take(LONGEST_NAME)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        .count();
    let name = plain(&head[head.len() - length..]);
    (!name.is_empty()).then_some(name)
}

fn value_after(line: &str, from: usize, tight: bool) -> Option<(usize, usize)> {
    let rest = &line[from..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let rest = &rest[spaces..];
    let quote =
        ["\\\"", "\"", "'", "`"].into_iter().find(|quote| rest.starts_with(quote)).unwrap_or_default();
    if quote.is_empty() && spaces > 0 && tight {
        // "token = value" in an assignment, but not "a token = is missing".
        return sentence_value(rest, from + spaces);
    }
    let start = from + spaces + quote.len();
    let value = &line[start..];
    let length = if quote.is_empty() {
        value.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | ')' | ']' | '}' | '"'))
    } else {
        value.find(quote)
    }
    .unwrap_or(value.len());
    let value = &value[..length];
    let shown = value.is_empty() || value.starts_with(['[', '<', '$', '*', '{']) || is_word_about_it(value);
    let too_short = quote.is_empty() && !tight && length < 6;
    (!shown && !too_short).then_some((start, start + length))
}

fn sentence_value(rest: &str, start: usize) -> Option<(usize, usize)> {
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).unwrap_or(rest.len());
    let value = &rest[..length];
    (!value.is_empty() && !value.starts_with(['[', '<', '$', '*', '{']) && !is_word_about_it(value))
        .then_some((start, start + length))
}

fn is_word_about_it(value: &str) -> bool {
    let word = value.trim_end_matches(['.', '!', ':']);
    NO_VALUES.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
