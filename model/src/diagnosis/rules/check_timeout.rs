//! The app does not answer the check in time.
//!
//! The output proves that it does not; why is open, so the finding is only likely to be the cause.

use super::answers::{answer, evidence, key};
use crate::diagnosis::{Case, Cause, Certainty, Finding};

/// How long an app may be busy with its start.
const READY_AFTER_MS: i64 = 60 * 1_000;

/// See the module.
pub(super) fn check_timeout(case: &Case<'_>) -> Option<Finding> {
    let (one, check) = case.patients().iter().find_map(|one| {
        let slow = one.critical().find(|check| is_timeout(&check.output))?;
        Some((one, slow))
    })?;
    if case.now.since(one.started_at()) < READY_AFTER_MS && !case.failed() {
        return None;
    }
    let key = key(case, one, check);
    Some(
        Finding::new(
            Cause::CheckTimeout,
            Certainty::Likely,
            "The app takes the health check's connection, but does not answer in time.",
            evidence(case, one, check, "timeout"),
            format!("Find what keeps it busy, give it more CPU, or raise the timeout of {key}, then deploy:"),
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("reference/health-checks/"),
    )
}

fn is_timeout(output: &str) -> bool {
    let lower = output.to_ascii_lowercase();
    let words = ["timeout", "timed out", "deadline exceeded"];
    words.iter().any(|word| lower.contains(word)) && answer(output).is_none()
}
