//! Instances of one process group run different releases, and nobody is deploying.
//!
//! Proven where the deployment did not finish; likely a mistake where it did, since flyctl can deploy
//! some regions or machines only.

use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Patient, Source, quote};
use crate::id::ReleaseVersion;
use crate::state::DeploymentState;
use std::collections::BTreeMap;

/// See the module.
pub(super) fn mixed_versions(case: &Case<'_>) -> Option<Finding> {
    let deployment = case.deployment?;
    if case.in_progress() || !deployment.mixed_versions {
        return None;
    }
    let mut groups: BTreeMap<&str, BTreeMap<ReleaseVersion, Vec<&Patient<'_>>>> = BTreeMap::new();
    for one in case.patients() {
        let instance = &one.facts.instance;
        let Some(version) = instance.version else { continue };
        groups.entry(&instance.process_group).or_default().entry(version).or_default().push(one);
    }
    let (_, versions) = groups.into_iter().find(|(_, versions)| versions.len() > 1)?;
    let said: Vec<String> =
        versions.iter().rev().map(|(version, all)| format!("{} with {version}", all.len())).collect();
    let evidence: Vec<Evidence> =
        versions.iter().rev().filter_map(|(version, all)| Some(runs(*version, all.first()?))).collect();
    let done = deployment.status == DeploymentState::Successful;
    Some(
        Finding::new(
            Cause::MixedVersions,
            if done { Certainty::Likely } else { Certainty::Proven },
            format!("Different releases serve side by side: {}.", said.join(", ")),
            evidence,
            "Deploy again, so that all instances run the same release:",
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("launch/deploy/"),
    )
}

fn runs(version: ReleaseVersion, one: &Patient<'_>) -> Evidence {
    let instance = &one.facts.instance;
    let text = format!("runs {version} in {}", instance.region);
    quote::supports(
        Source::Machine(instance.id.clone()),
        Some(instance.updated_at),
        &text,
        &[&version.to_string()],
    )
}
