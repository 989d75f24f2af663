//! The app, or the server in front of it, refuses its configuration.
//!
//! Proven where a line says so right before the app ends.

use super::last_words::last_words;
use crate::diagnosis::{Case, Cause, Certainty, Finding};
use crate::logs::trouble::Trouble;

/// See the module.
pub(super) fn bad_configuration(case: &Case<'_>) -> Option<Finding> {
    let words = last_words(case, |trouble| *trouble == Trouble::BadConfiguration)?;
    let certainty = if words.ended.is_some() { Certainty::Proven } else { Certainty::Likely };
    Some(
        Finding::new(
            Cause::BadConfiguration,
            certainty,
            "The app ends at its start because it refuses its configuration.",
            words.evidence(),
            "Correct what the quoted line names, then deploy:",
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("getting-started/troubleshooting/"),
    )
}
