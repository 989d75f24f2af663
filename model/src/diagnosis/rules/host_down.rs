//! A host of the app does not answer.
//!
//! Proven by Fly's own mark on the machine; likely where Fly only tells of trouble with a host of the
//! app that is not over.

use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Source, quote};
use crate::state::HostStatus;

/// Most machines that are quoted.
const MOST: usize = 5;

/// See the module.
pub(super) fn host_down(case: &Case<'_>) -> Option<Finding> {
    let lost: Vec<Evidence> = case
        .patients()
        .iter()
        .filter(|one| one.facts.instance.host == HostStatus::Unreachable)
        .map(|one| {
            let instance = &one.facts.instance;
            let text = format!(
                "host_status = unreachable (region {}, last known state {})",
                instance.region, instance.state
            );
            quote::supports(
                Source::Machine(instance.id.clone()),
                Some(instance.updated_at),
                &text,
                &["unreachable"],
            )
        })
        .collect();
    let issues: Vec<Evidence> = case
        .facts
        .host_issues
        .iter()
        .filter(|issue| issue.resolved_at.is_none())
        .map(|issue| quote::supports(Source::Fly, Some(issue.created_at), &issue.message, &[]))
        .collect();
    let (certainty, headline) = match lost.len() {
        0 if issues.is_empty() => return None,
        0 => (Certainty::Likely, "Fly reports trouble with a host that this app runs on.".to_owned()),
        1 => (
            Certainty::Proven,
            "The host of one machine does not answer. The machine cannot be reached or changed.".to_owned(),
        ),
        count => (
            Certainty::Proven,
            format!("The hosts of {count} machines do not answer. These cannot be reached or changed."),
        ),
    };
    let evidence = issues.into_iter().chain(lost).take(MOST).collect();
    Some(
        Finding::new(
            Cause::HostDown,
            certainty,
            headline,
            evidence,
            "Wait for Fly to bring the host back, or run one more machine elsewhere meanwhile (its volume is not there):",
        )
        .command(format!("fly scale count {} -a {}", case.patients().len() + 1, case.facts.app.name))
        .reference("apps/trouble-host-unavailable/"),
    )
}
