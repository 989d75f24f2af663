//! The deployment was cut short by its client: Ctrl-C, a CI job that ran out of time, or Fly's limit
//! of requests.
//!
//! Proven by the release's status, or by what flyctl wrote down.

use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Source, quote};
use crate::state::DeploymentState;

const WORDS: &[&str] = &[
    "interrupted",
    "context canceled",
    "signal: interrupt",
    "signal: killed",
    "rate limit",
    "too many requests",
    "429",
];

/// See the module.
pub(super) fn interrupted(case: &Case<'_>) -> Option<Finding> {
    let deployment = case.deployment?;
    let release = case.release()?;
    let cut = deployment.status == DeploymentState::Interrupted;
    let error = case.failure().unwrap_or_default();
    let words = WORDS.iter().find(|words| error.to_ascii_lowercase().contains(**words));
    let stopped = case.failed() && words.is_some();
    if !cut && !stopped {
        return None;
    }
    let source = || Source::Release(release.version);
    let mut evidence: Vec<Evidence> = Vec::new();
    if cut {
        let text = format!("status = {}", release.status);
        evidence.push(quote::supports(source(), Some(release.updated_at), &text, &[release.status.as_str()]));
    }
    if !error.is_empty() {
        evidence.push(quote::supports(
            source(),
            Some(release.updated_at),
            error,
            words.map_or(&[][..], std::slice::from_ref),
        ));
    }
    let limited = words.is_some_and(|words| matches!(*words, "rate limit" | "too many requests" | "429"));
    let headline = if limited {
        "Fly's limit of requests stopped the deployment half-way.".to_owned()
    } else {
        format!(
            "The deployment was stopped by its client when {} of {} instances had {}.",
            deployment.placed, deployment.desired, deployment.version
        )
    };
    let advice = if limited {
        "Deploy again when fewer deployments run at a time:"
    } else {
        "Deploy again, and give the job that deploys more time:"
    };
    Some(
        Finding::new(Cause::Interrupted, Certainty::Proven, headline, evidence, advice)
            .command(format!("fly deploy -a {}{}", case.facts.app.name, image(case)))
            .reference("launch/deploy/"),
    )
}

/// The image of the release, so that it is not built again.
pub(super) fn image(case: &Case<'_>) -> String {
    let image = case.release().and_then(|release| release.image.as_deref());
    image
        .filter(|image| crate::diagnosis::go_back::is_reference(image))
        .map(|image| format!(" --image {image}"))
        .unwrap_or_default()
}
