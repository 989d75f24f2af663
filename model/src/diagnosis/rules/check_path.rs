//! The check asks for a path that the app does not have, or in a way it does not take.
//!
//! The answer proves it: somebody is there and does not know the path.

use super::answers::{answered, evidence, key};
use crate::diagnosis::{Case, Cause, Certainty, Finding};

/// See the module.
pub(super) fn check_path(case: &Case<'_>) -> Option<Finding> {
    let (one, check, answer) =
        answered(case, |code, output| matches!(code, 404 | 405 | 410) && !output.contains("disallowedhost"))?;
    let (code, key) = (answer.code, key(case, one, check));
    Some(
        Finding::new(
            Cause::CheckPath,
            Certainty::Proven,
            format!("The app answers the health check with {code}: what the check asks for is not there."),
            evidence(case, one, check, answer.quoted),
            format!("Point the path or the method of {key} at something that answers 200, then deploy:"),
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("reference/health-checks/"),
    )
}
