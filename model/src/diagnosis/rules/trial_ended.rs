//! Fly stops the machines of an account that is on trial after some minutes, and starts none when the
//! trial is over.
//!
//! Fly's own line proves it.

use crate::diagnosis::{Case, Cause, Certainty, Finding, quote};

const WORDS: &[&str] = &["Trial machine stopping", "trial has ended"];

/// See the module.
pub(super) fn trial_ended(case: &Case<'_>) -> Option<Finding> {
    let (one, line) =
        case.patients().iter().filter(|one| !one.facts.instance.state.is_up()).find_map(|one| {
            let line =
                one.lines().iter().rfind(|line| WORDS.iter().any(|words| line.message.contains(words)))?;
            Some((one, line))
        })?;
    Some(
        Finding::new(
            Cause::TrialEnded,
            Certainty::Proven,
            "Fly stopped the machine because the account is on trial, or its trial is over.",
            vec![quote::line(&one.facts.instance.id, line, WORDS)],
            "Add a payment method to the organization, then start the machine:",
        )
        .command(format!("fly machine start {} -a {}", one.facts.instance.id, case.facts.app.name))
        .reference("about/free-trial/"),
    )
}
