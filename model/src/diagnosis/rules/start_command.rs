//! What is to be started is not in the image, or is no program for the machine.
//!
//! Proven where a line says so right before the app ends.

use super::last_words::last_words;
use crate::diagnosis::{Case, Cause, Certainty, Finding};
use crate::logs::trouble::Trouble;

/// See the module.
pub(super) fn start_command(case: &Case<'_>) -> Option<Finding> {
    let words = last_words(case, |trouble| *trouble == Trouble::StartCommand)?;
    let certainty = if words.ended.is_some() { Certainty::Proven } else { Certainty::Likely };
    Some(
        Finding::new(
            Cause::StartCommand,
            certainty,
            "What Fly is to start is not in the image, or cannot run there.",
            words.evidence(),
            "Look at the image's command and at [processes] in fly.toml, build it again and deploy:",
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("reference/configuration/"),
    )
}
