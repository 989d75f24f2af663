//! The app ends because a variable of its environment is missing: a secret that was never set.
//!
//! Proven where it names the variable right before it ends with an error.

use super::last_words::{LastWords, last_words};
use crate::diagnosis::{Case, Cause, Certainty, Finding};
use crate::logs::trouble::Trouble;

/// See the module.
pub(super) fn missing_variable(case: &Case<'_>) -> Option<Finding> {
    let words = last_words(case, |trouble| matches!(trouble, Trouble::MissingVariable(_)))?;
    let certainty = match (words.ended, name(&words)) {
        (Some(_), Some(_)) => Certainty::Proven,
        _ => Certainty::Likely,
    };
    let headline = match name(&words) {
        Some(name) => format!("The app ends at its start because {name} is not set."),
        None => "The app ends at its start because a variable or secret that it needs is not set.".to_owned(),
    };
    let variable = name(&words).unwrap_or("NAME".to_owned());
    Some(
        Finding::new(
            Cause::MissingVariable,
            certainty,
            headline,
            words.evidence(),
            "Set it as a secret (which deploys again), or under [env] in fly.toml where it is no secret:",
        )
        .command(format!("fly secrets set -a {} {variable}=...", case.facts.app.name))
        .reference("apps/secrets/"),
    )
}

/// The variable's name: in the line itself, or alone on the line before (`database_url`, then "Field
/// required").
fn name(words: &LastWords<'_>) -> Option<String> {
    if let Trouble::MissingVariable(Some(name)) = words.told.trouble {
        return Some(name.to_owned());
    }
    let at = words.patient.lines().iter().position(|line| std::ptr::eq(line, words.line))?;
    let before = words.patient.lines().get(at.checked_sub(1)?)?.message.trim();
    let name = !before.is_empty()
        && before.len() <= 64
        && before.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && before.contains('_');
    name.then(|| before.to_ascii_uppercase())
}
