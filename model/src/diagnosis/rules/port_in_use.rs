//! The app cannot listen: another process in its machine has the port.
//!
//! Proven where a line says so right before the app ends.

use super::last_words::last_words;
use crate::diagnosis::{Case, Cause, Certainty, Finding};
use crate::logs::trouble::Trouble;

/// See the module.
pub(super) fn port_in_use(case: &Case<'_>) -> Option<Finding> {
    let words = last_words(case, |trouble| *trouble == Trouble::PortInUse)?;
    let certainty = if words.ended.is_some() { Certainty::Proven } else { Certainty::Likely };
    Some(
        Finding::new(
            Cause::PortInUse,
            certainty,
            "The app ends because its port is taken by another process in its machine.",
            words.evidence(),
            "Start one server only, or give each a port of its own, then deploy:",
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("getting-started/troubleshooting/"),
    )
}
