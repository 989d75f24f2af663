//! The app answers the check with an error of its own.
//!
//! The answer proves that it does, not why: the log may. During its first minute an app may well say
//! that it is not ready.

use super::answers::{answered, evidence};
use crate::diagnosis::{Case, Cause, Certainty, Finding};

/// How long an app may say that it is not ready.
const READY_AFTER_MS: i64 = 60 * 1_000;

/// See the module.
pub(super) fn check_error(case: &Case<'_>) -> Option<Finding> {
    let (one, check, answer) = answered(case, |code, _| code >= 500)?;
    if case.now.since(one.started_at()) < READY_AFTER_MS && !case.failed() {
        return None;
    }
    let id = &one.facts.instance.id;
    Some(
        Finding::new(
            Cause::CheckError,
            Certainty::Proven,
            format!("The app runs, but answers the health check with {}, an error of its own.", answer.code),
            evidence(case, one, check, answer.quoted),
            "Read what it says of that in its log:",
        )
        .command(format!("fly logs -a {} -i {id}", case.facts.app.name))
        .reference("reference/health-checks/"),
    )
}
