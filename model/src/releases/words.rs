//! What is said of a release where there is no value to show: "none", "not told by Fly" and "not
//! loaded" are three different things.

use super::facts::ReleaseFacts;
use crate::id::ReleaseVersion;
use crate::release::Release;
use crate::state::ReleaseStatus;
use std::collections::BTreeMap;
use std::fmt::Write;

const NOT_LOADED: &str = "not loaded";
const NOT_TOLD: &str = "not told by Fly";

/// What the command does. Source: flyctl takes the configuration of the folder it is run in, and
/// asks Fly for the app's present one where there is none (flyctl, `deploy`).
pub(super) const GOES_BACK: &str = "It deploys this image again, with the fly.toml of the folder it is run in, or \
     the app's present configuration where there is none. Secrets stay as they are.";

/// What to say of a failed release without a reason.
pub(super) fn no_reason(facts: &ReleaseFacts, release: &Release) -> Option<String> {
    let ended_badly = matches!(release.status, ReleaseStatus::Failed | ReleaseStatus::Interrupted);
    if !ended_badly || release.failure.is_some() {
        return None;
    }
    let text = if facts.lacks(ReleaseFacts::REASON) {
        "The reason is not loaded."
    } else {
        "Fly keeps no reason for it: whoever deployed it left none."
    };
    Some(text.to_owned())
}

/// Why nothing can be compared.
pub(super) fn nothing_before(facts: &ReleaseFacts) -> String {
    if facts.version == ReleaseVersion(1) {
        return "This is the first release: there was nothing before it.".to_owned();
    }
    if facts.lacks(ReleaseFacts::BEFORE) {
        return "The release before is not loaded.".to_owned();
    }
    format!(
        "Fly does not tell of {} any more, so there is nothing to compare with.",
        ReleaseVersion(facts.version.0.saturating_sub(1))
    )
}

/// Why the configuration cannot be compared.
pub(super) fn no_configuration(facts: &ReleaseFacts) -> String {
    if facts.lacks(ReleaseFacts::CONFIGURATION) {
        return "The configuration is not loaded.".to_owned();
    }
    let whose = match (&facts.config_before, &facts.config) {
        (Some(_), None) => "this release",
        (None, Some(_)) => "the release before",
        _ => "these releases",
    };
    format!("Fly does not tell the configuration of {whose}.")
}

/// How many instances of each process group run the release now: `4 instances of app, 2 of worker`.
pub(super) fn running(facts: &ReleaseFacts) -> String {
    let Some(running) = &facts.running else {
        return missing(facts, ReleaseFacts::INSTANCES);
    };
    let mut groups: BTreeMap<&str, u32> = BTreeMap::new();
    for one in running.iter().filter(|one| one.version == Some(facts.version)) {
        *groups.entry(&one.process_group).or_default() += 1;
    }
    let mut text = String::new();
    for (group, count) in groups {
        let (before, noun) = match (text.is_empty(), count) {
            (false, _) => (", ", ""),
            (true, 1) => ("", " instance"),
            (true, _) => ("", " instances"),
        };
        // Writing to a String cannot fail.
        write!(text, "{before}{count}{noun} of {group}").ok();
    }
    if text.is_empty() { "none".to_owned() } else { text }
}

/// The secrets that were last set between the release before and this one: more Fly does not tell.
pub(super) fn secrets(facts: &ReleaseFacts, release: &Release) -> String {
    let Some(secrets) = &facts.secrets else {
        return missing(facts, ReleaseFacts::SECRETS);
    };
    let Some(before) = &facts.before else { return NOT_TOLD.to_owned() };
    let set = secrets.iter().map(|secret| (secret.updated_at.or(secret.created_at), &secret.name));
    if !secrets.is_empty() && set.clone().all(|(at, _)| at.is_none()) {
        return NOT_TOLD.to_owned();
    }
    let between =
        set.filter(|(at, _)| at.is_some_and(|at| at > before.created_at && at <= release.created_at));
    let mut names: Vec<&str> = between.map(|(_, name)| name.as_str()).collect();
    names.sort_unstable();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn missing(facts: &ReleaseFacts, part: &str) -> String {
    (if facts.lacks(part) { NOT_LOADED } else { NOT_TOLD }).to_owned()
}
