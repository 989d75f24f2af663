//! No rule knows why the deployment failed, but the client that deployed it wrote an error down, which
//! nothing else shows again.
//!
//! That it was written is certain; that it is the cause is possible.

use crate::diagnosis::{Case, Cause, Certainty, Finding, Source, quote};

/// See the module.
pub(super) fn reported(case: &Case<'_>) -> Option<Finding> {
    let error = case.failure().filter(|_| case.failed())?;
    let release = case.release()?;
    let client = release.failure.as_ref().and_then(|failure| failure.flyctl_version.as_deref());
    let mut evidence =
        quote::supports(Source::Release(release.version), Some(release.updated_at), error, &[]);
    evidence.note = client.map(|version| format!("written by flyctl {version}"));
    let waited = error.contains("health check");
    let headline = if waited {
        "The instances did not become healthy in time, and nothing that is known says why."
    } else {
        "The deployment ended with an error that no rule here explains."
    };
    Some(
        Finding::new(
            Cause::Reported,
            Certainty::Possible,
            headline,
            vec![evidence],
            "Read the error and the log of the instances:",
        )
        .command(format!("fly logs -a {}", case.facts.app.name))
        .reference("getting-started/troubleshooting/"),
    )
}
