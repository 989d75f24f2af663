//! One of the check and the app speaks TLS, and the other does not.
//!
//! The words of the check's own client prove it.

use super::answers::{evidence, key};
use crate::diagnosis::{Case, Cause, Certainty, Finding};

/// What the check's client says (Go's `net/http` and `crypto/tls`), and whether the check speaks TLS.
const SAID: &[(&str, bool)] = &[
    ("server gave http response to https client", true),
    ("first record does not look like a tls handshake", true),
    ("wrong version number", true),
    ("client sent an http request to an https server", false),
    ("malformed http response \"\\x15\\x03", false),
    ("certificate signed by unknown authority", true),
    ("certificate is not valid", true),
    ("cannot validate certificate", true),
];

/// See the module.
pub(super) fn check_tls(case: &Case<'_>) -> Option<Finding> {
    let (one, check, words, speaks_tls) = case.patients().iter().find_map(|one| {
        one.critical().find_map(|check| {
            let lower = check.output.to_ascii_lowercase();
            let (words, speaks_tls) = SAID.iter().find(|(words, _)| lower.contains(words))?;
            let at = lower.find(words)?;
            Some((one, check, check.output.get(at..at + words.len())?, *speaks_tls))
        })
    })?;
    let certificate = words.contains("certificate");
    let key = key(case, one, check);
    let (headline, advice) = match (certificate, speaks_tls) {
        (true, _) => (
            "The health check does not trust the app's certificate.",
            format!(
                "Set tls_skip_verify or tls_server_name of {key}, or let it ask by plain HTTP, then deploy:"
            ),
        ),
        (false, true) => (
            "The health check asks by HTTPS, and the app answers in plain HTTP.",
            format!("Set protocol = \"http\" in {key}: Fly ends TLS before the app. Then deploy:"),
        ),
        (false, false) => (
            "The health check asks in plain HTTP, and the app speaks HTTPS.",
            format!(
                "Let the app speak plain HTTP (Fly ends TLS before it), or set protocol = \"https\" in {key}, then deploy:"
            ),
        ),
    };
    Some(
        Finding::new(Cause::CheckTls, Certainty::Proven, headline, evidence(case, one, check, words), advice)
            .command(format!("fly deploy -a {}", case.facts.app.name))
            .reference("reference/health-checks/"),
    )
}
