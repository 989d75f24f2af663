//! One release, with what changed against the one before.

use super::diff::diff;
use super::facts::ReleaseFacts;
use super::shown::{Difference, differences};
use super::words;
use crate::diagnosis::go_back;
use crate::id::ReleaseVersion;
use crate::json::FromJson;
use crate::logs::mask::Masker;
use crate::release::{Release, ReleaseFailure};
use serde::{Deserialize, Serialize};

/// What is known of one release. Texts are sentences or parts of one for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ReleaseReport {
    /// The release, with the reason of its failure; what looks like a secret in that is hidden.
    pub release: Release,
    /// What is to be said where a failed release has no reason.
    pub no_reason: Option<String>,
    /// The release before it, where Fly knows one.
    pub before: Option<ReleaseVersion>,
    /// What changed against the release before: its image, and its configuration value by value.
    pub differences: Vec<Difference>,
    /// What did not change against the release before, or is not known.
    pub notes: Vec<String>,
    /// The instances that run it now, counted for each process group ("2 web, 1 worker").
    pub running: String,
    /// The names of the secrets that were last set between the release before and this one.
    pub secrets: String,
    /// The command that goes back to it, ready to paste; none where that makes no sense.
    pub go_back: Option<String>,
    /// What that command does, or why there is none.
    pub go_back_note: String,
}

impl ReleaseReport {
    /// Concludes what is told of `release`, the one that `facts` are about.
    pub(super) fn of(facts: &ReleaseFacts, release: &Release) -> Self {
        let (go_back, go_back_note) = match go_back::to(&facts.app, release, facts.newest.as_ref()) {
            Ok(command) => (Some(command), words::GOES_BACK.to_owned()),
            Err(why) => (None, why.sentence(release.version)),
        };
        let (differences, notes) = changes(facts, release);
        Self {
            release: masked(release),
            no_reason: words::no_reason(facts, release),
            before: facts.before.as_ref().map(|before| before.version),
            differences,
            notes,
            running: words::running(facts),
            secrets: words::secrets(facts, release),
            go_back,
            go_back_note,
        }
    }
}

fn masked(release: &Release) -> Release {
    let mut masker = Masker::default();
    let failure = release.failure.as_ref().map(|failure| {
        let lines: Vec<_> = failure.error.lines().map(|line| masker.line(line)).collect();
        ReleaseFailure { error: lines.join("\n"), flyctl_version: failure.flyctl_version.clone() }
    });
    Release { failure, ..release.clone() }
}

fn changes(facts: &ReleaseFacts, release: &Release) -> (Vec<Difference>, Vec<String>) {
    let Some(before) = &facts.before else {
        return (Vec::new(), vec![words::nothing_before(facts)]);
    };
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    match (&before.image, &release.image) {
        (Some(old), Some(new)) if old == new => notes.push("The image is the same.".to_owned()),
        (None, None) => notes.push("Fly tells of no image of either release.".to_owned()),
        (old, new) => {
            lines.push(Difference { what: "image".to_owned(), before: old.clone(), after: new.clone() });
        }
    }
    match (&facts.config_before, &facts.config) {
        (Some(old), Some(new)) => {
            let (found, more) = differences(&diff(old, new));
            if found.is_empty() {
                notes.push("The configuration is the same.".to_owned());
            }
            if more > 0 {
                notes.push(format!("{more} more values of the configuration differ."));
            }
            lines.extend(found);
        }
        _ => notes.push(words::no_configuration(facts)),
    }
    (lines, notes)
}
