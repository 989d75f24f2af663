//! The check is sent elsewhere: Fly follows no redirects, and every answer but 2xx fails.
//!
//! The answer proves it. The usual reason is an app that sends plain HTTP to HTTPS.

use super::answers::{answered, evidence, key};
use crate::diagnosis::{Case, Cause, Certainty, Finding};

/// See the module.
pub(super) fn check_redirect(case: &Case<'_>) -> Option<Finding> {
    let (one, check, answer) = answered(case, |code, _| (300..400).contains(&code))?;
    let (code, key) = (answer.code, key(case, one, check));
    Some(
        Finding::new(
            Cause::CheckRedirect,
            Certainty::Proven,
            format!("The app answers the health check with {code}, a redirect, and Fly takes only 2xx."),
            evidence(case, one, check, answer.quoted),
            format!("Let {key} ask for a path that does not redirect, or send the header X-Forwarded-Proto: https with it, then deploy:"),
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("reference/health-checks/"),
    )
}
