//! A disk of the machine is full.
//!
//! Proven where a line says so right before the app ends.

use super::last_words::last_words;
use crate::diagnosis::{Case, Cause, Certainty, Finding};
use crate::logs::trouble::Trouble;

/// See the module.
pub(super) fn disk_full(case: &Case<'_>) -> Option<Finding> {
    let words = last_words(case, |trouble| *trouble == Trouble::DiskFull)?;
    let certainty = if words.ended.is_some() { Certainty::Proven } else { Certainty::Likely };
    Some(
        Finding::new(
            Cause::DiskFull,
            certainty,
            "A disk of the machine is full.",
            words.evidence(),
            "Make room, or extend the volume (fly volumes list names it):",
        )
        .command(format!("fly volumes list -a {}", case.facts.app.name))
        .reference("volumes/"),
    )
}
