//! What an app answered to an HTTP check, read from the check's output: Fly writes the status in one
//! of several ways, or only the body.

use crate::config::Check;
use crate::diagnosis::{Case, Evidence, Patient, Source, quote};
use crate::health::configured;
use crate::instance::CheckResult;

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    /// The HTTP status.
    pub(super) code: u16,
    /// The part of the output that says so.
    pub(super) quoted: &'a str,
}

/// Longest output that is read, in bytes.
const LONGEST: usize = 2_000;

/// Words before a status.
const BEFORE: &[&str] = &[
    "http/1.0",
    "http/1.1",
    "http/2",
    "http/2.0",
    "status",
    "status:",
    "code",
    "code:",
    "returned",
    "got",
    "received",
    "response",
    "response:",
];

/// First words of the reasons of RFC 9110.
const AFTER: &[&str] = &[
    "ok",
    "moved",
    "found",
    "see",
    "temporary",
    "permanent",
    "bad",
    "unauthorized",
    "forbidden",
    "not",
    "method",
    "gone",
    "too",
    "unprocessable",
    "internal",
    "service",
    "gateway",
    "misdirected",
    "upgrade",
    "page",
];

/// Bodies that stand for a status.
const BODIES: &[(&str, u16)] = &[
    ("disallowedhost", 400),
    ("invalid http_host header", 400),
    ("blocked host", 403),
    ("invalid host header", 403),
    ("moved permanently", 301),
    ("permanent redirect", 308),
    ("temporary redirect", 307),
    ("redirecting to", 302),
    ("you are being <a href", 302),
    ("cannot get /", 404),
    ("not found", 404),
    ("method not allowed", 405),
    ("unauthorized", 401),
    ("forbidden", 403),
    ("bad request", 400),
    ("internal server error", 500),
    ("bad gateway", 502),
    ("service unavailable", 503),
    ("gateway timeout", 504),
];

/// What the output says was answered; none where it tells of no answer.
pub(super) fn answer(output: &str) -> Option<Answer<'_>> {
    let output = crate::logs::head(output, LONGEST);
    if let Some(found) = number(output) {
        return Some(found);
    }
    let lower = output.to_ascii_lowercase();
    BODIES.iter().find_map(|(words, code)| {
        let at = lower.find(words)?;
        Some(Answer { code: *code, quoted: &output[at..at + words.len()] })
    })
}

fn number(output: &str) -> Option<Answer<'_>> {
    let words: Vec<&str> = output.split_whitespace().take(60).collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let digits = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let code: u16 =
            (digits.len() == 3).then(|| digits.parse().ok())?.filter(|code| (100..600).contains(code))?;
        let before = at.checked_sub(1).map(|before| words[before].to_ascii_lowercase());
        let after = words
            .get(at + 1)
            .map(|after| after.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase());
        let told =
            before.as_ref().is_some_and(|before| BEFORE.contains(&before.as_str()) || before.ends_with("/:"));
        let reason = after.is_some_and(|after| AFTER.contains(&after.as_str()));
        let alone = before.is_none() && words.len() == 1;
        (told || reason || alone).then_some(Answer { code, quoted: digits })
    })
}

/// The first failing check of any instance whose answer is one that `wanted` names, with its
/// evidence.
pub(super) fn answered<'a>(
    case: &'a Case<'_>,
    wanted: fn(u16, &str) -> bool,
) -> Option<(&'a Patient<'a>, &'a CheckResult, Answer<'a>)> {
    case.patients().iter().find_map(|one| {
        one.critical().find_map(|check| {
            let answer = answer(&check.output)?;
            wanted(answer.code, &check.output.to_ascii_lowercase()).then_some((one, check, answer))
        })
    })
}

/// The check's answer, and how it is configured.
pub(super) fn evidence(
    case: &Case<'_>,
    one: &Patient<'_>,
    check: &CheckResult,
    marked: &str,
) -> Vec<Evidence> {
    let mut evidence = vec![quote::check(&one.facts.instance.id, check, &[marked])];
    evidence.extend(configured(one.facts, &case.facts.config, check).map(configuration));
    evidence.extend(quote::passing_while_shutting_down(one));
    evidence
}

fn configuration(check: &Check) -> Evidence {
    let mut parts: Vec<String> = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        parts.extend(value.map(|value| format!("{name} = {value}")));
    };
    add("method", check.method.clone());
    add("path", check.path.clone());
    add("protocol", check.protocol.clone());
    add("port", check.port.map(|port| port.to_string()));
    add("timeout", check.timeout_ms.map(|millis| format!("{millis} ms")));
    add("grace_period", check.grace_period_ms.map(|millis| format!("{millis} ms")));
    let path = check.path.clone().unwrap_or_default();
    quote::supports(Source::Configuration, None, &format!("{}: {}", check.key, parts.join(", ")), &[&path])
}

/// Where the check is configured, as a person finds it in fly.toml.
pub(super) fn key(case: &Case<'_>, one: &Patient<'_>, check: &CheckResult) -> String {
    configured(one.facts, &case.facts.config, check)
        .map_or_else(|| "the check".to_owned(), |known| known.key.clone())
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn the_status_is_read_in_each_way_that_fly_and_apps_write_it() {
        for (output, code) in [
            ("HTTP GET http://172.19.1.2:8080/healthz: 404 Not Found Output: \"nope\"", 404),
            ("HTTP/1.1 301 Moved Permanently", 301),
            ("404 page not found", 404),
            ("unexpected status code: 503", 503),
            ("got 308", 308),
            ("500", 500),
            ("Cannot GET /healthz", 404),
            ("<h1>Bad Request (400)</h1>", 400),
            ("{\"detail\":\"Not Found\"}", 404),
            ("Blocked hosts: 172.19.1.2:8080", 403),
            ("Invalid HTTP_HOST header: '172.19.1.2:8080'. You may need to add '172.19.1.2'", 400),
            ("Service Unavailable", 503),
        ] {
            assert_eq!(answer(output).map(|found| found.code), Some(code), "{output}");
        }
    }

    #[test]
    fn an_output_without_an_answer_has_no_status() {
        for output in [
            "",
            "dial tcp 172.19.1.2:8080: connect: connection refused",
            "connect: connection refused",
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
            "timeout after 200 ms",
            "Success",
        ] {
            assert_eq!(answer(output), None, "{output}");
        }
    }
}
