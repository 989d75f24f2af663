//! The app refuses the check: for the host it asks, or for want of a login.
//!
//! The answer proves it: the check comes to the machine's own address.

use super::answers::{answered, evidence, key};
use crate::diagnosis::{Case, Cause, Certainty, Finding};

/// See the module.
pub(super) fn check_host(case: &Case<'_>) -> Option<Finding> {
    let (one, check, answer) =
        answered(case, |code, output| matches!(code, 400 | 401 | 403 | 421) || is_about_host(output))?;
    let (code, key) = (answer.code, key(case, one, check));
    Some(
        Finding::new(
            Cause::CheckHost,
            Certainty::Proven,
            format!("The app refuses the health check with {code}: for its host name, or for want of a login."),
            evidence(case, one, check, answer.quoted),
            format!("Let the app take the check's path from any host and without a login, or send a Host header with {key}, then deploy:"),
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("reference/health-checks/"),
    )
}

/// Words by which an app says that it does not serve the host it was asked for.
const HOST_REFUSED: &[&str] =
    &["disallowedhost", "http_host", "blocked host", "invalid host", "host not allowed", "unknown host"];

/// Whether the answer is about the host.
pub(super) fn is_about_host(output: &str) -> bool {
    HOST_REFUSED.iter().any(|words| output.contains(words))
}
