//! A database or another service cannot be reached, or refuses the app.
//!
//! Likely where a line says so right before the app ends, or while it answers its check with an error:
//! it shows the trouble, but not that the app minds.

use super::answers::answer;
use super::last_words::{LastWords, last_words};
use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Patient, quote};
use crate::logs::trouble::Trouble;

/// Lines that are older than this say nothing of a check that fails now.
const RECENTLY_MS: i64 = 10 * 60 * 1_000;

/// See the module.
pub(super) fn dependency(case: &Case<'_>) -> Option<Finding> {
    if let Some(words) = last_words(case, |trouble| *trouble == Trouble::Dependency) {
        let LastWords { ended, .. } = words;
        let certainty = if ended.is_some() { Certainty::Likely } else { Certainty::Possible };
        return Some(finding(case, certainty, words.evidence()));
    }
    case.patients().iter().find_map(|one| while_failing(case, one))
}

fn while_failing(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let failing =
        one.critical().find(|check| answer(&check.output).is_some_and(|answer| answer.code >= 500))?;
    let (line, told) = one.telling().rfind(|(line, told)| {
        let recent = case.now.since(line.at) < RECENTLY_MS || case.failed();
        recent && told.trouble == Trouble::Dependency
    })?;
    let quoted = told.quoted;
    let id = &one.facts.instance.id;
    let evidence = vec![quote::line(id, line, &[quoted]), quote::check(id, failing, &[])];
    Some(finding(case, Certainty::Likely, evidence))
}

fn finding(case: &Case<'_>, certainty: Certainty, evidence: Vec<Evidence>) -> Finding {
    Finding::new(
        Cause::Dependency,
        certainty,
        "The app cannot use a service that it needs: a database, a cache or another host.",
        evidence,
        "See that the service runs and that the address and password in the app's secrets are its own:",
    )
    .command(format!("fly secrets list -a {}", case.facts.app.name))
    .reference("networking/private-networking/")
}
