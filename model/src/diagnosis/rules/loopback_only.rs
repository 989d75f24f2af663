//! The app listens on the right port, but for the machine itself only.
//!
//! Proven by a socket, or a line that names a loopback address; likely where a line says `localhost` or `[::1]`,
//! which many servers print wherever they listen, and Fly is refused.

use super::refused;
use crate::diagnosis::listening::Reach;
use crate::diagnosis::ports::heard;
use crate::diagnosis::{Case, Cause, Certainty, Finding, Patient, quote};

/// See the module.
pub(super) fn loopback_only(case: &Case<'_>) -> Option<Finding> {
    case.patients().iter().filter(|one| refused::is_refused(case, one)).find_map(|one| found(case, one))
}

/// Whether a line names the machine itself in one of the ways that servers also use for every
/// interface.
fn names_itself(line: &str) -> bool {
    line.contains("localhost") || line.contains("[::1]")
}

fn found(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let (port, _) = one.expected_ports().into_iter().next()?;
    let heard: Vec<_> = heard(one).into_iter().filter(|found| found.port == port).collect();
    let reaches = |reach: Reach| heard.iter().any(|found| found.reach == reach);
    if reaches(Reach::Outside) {
        return None;
    }
    let certainty = if reaches(Reach::Loopback) {
        Certainty::Proven
    } else if heard.iter().any(|found| names_itself(&found.evidence.plain())) {
        Certainty::Likely
    } else {
        return None;
    };
    let mut evidence: Vec<_> = heard.into_iter().map(|found| found.evidence).rev().take(2).collect();
    evidence.extend(refused::evidence(case, one));
    evidence.extend(quote::passing_while_shutting_down(one));
    Some(
        Finding::new(
            Cause::LoopbackOnly,
            certainty,
            format!("The app listens on port {port} for its own machine only, so Fly cannot reach it."),
            evidence,
            format!(
                "Let the app listen on 0.0.0.0:{port} (or [::]:{port}) and not on localhost, then deploy:"
            ),
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("getting-started/troubleshooting/"),
    )
}
