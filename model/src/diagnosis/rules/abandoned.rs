//! The deployment's client has gone: Fly still says "running", and nobody works on it.
//!
//! Likely: that nothing moved and nobody holds a lease is all there is to see.

use super::interrupted::image;
use crate::diagnosis::{Case, Cause, Certainty, Finding, Source, quote};
use crate::state::DeploymentState;
use crate::time::duration;

/// See the module.
pub(super) fn abandoned(case: &Case<'_>) -> Option<Finding> {
    let deployment = case.deployment?;
    if deployment.status != DeploymentState::Abandoned {
        return None;
    }
    let release = case.release()?;
    let text = format!("status = {}, last changed {}", release.status, release.updated_at.exact());
    let status = release.status.as_str();
    let evidence =
        quote::supports(Source::Release(release.version), Some(release.updated_at), &text, &[status]);
    Some(
        Finding::new(
            Cause::Abandoned,
            Certainty::Likely,
            format!(
                "Nobody has worked on this deployment for {}: {} of {} instances have {}.",
                duration(case.now.since(release.updated_at)),
                deployment.placed,
                deployment.desired,
                deployment.version
            ),
            vec![evidence],
            "Deploy again, and see how the job that deployed ended:",
        )
        .command(format!("fly deploy -a {}{}", case.facts.app.name, image(case)))
        .reference("launch/deploy/"),
    )
}
