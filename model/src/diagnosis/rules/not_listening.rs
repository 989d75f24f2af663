//! Nothing answers where Fly connects, and nothing tells that the app listens anywhere else.
//!
//! Proven where the machine's sockets are known; possible where only the refusal is.

use super::refused;
use crate::diagnosis::ports::heard;
use crate::diagnosis::{Case, Cause, Certainty, Finding, Patient, Source, quote};

/// An app may take this long to start before its silence means anything.
const SILENT_AFTER_MS: i64 = 60 * 1_000;

/// See the module.
pub(super) fn not_listening(case: &Case<'_>) -> Option<Finding> {
    case.patients().iter().filter(|one| refused::is_refused(case, one)).find_map(|one| found(case, one))
}

fn found(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let patient = case.now.since(one.started_at()) >= SILENT_AFTER_MS || case.failed();
    let refusal = one.critical().any(|check| check.output.contains("refused"))
        || one.check_restarts().next().is_some()
        || refused::evidence(case, one).iter().any(|one| one.source == Source::Proxy);
    if !patient || !refusal || heard(one).iter().any(|found| !found.aside) {
        return None;
    }
    let (port, key) = one.expected_ports().into_iter().next()?;
    let id = &one.facts.instance.id;
    let mut evidence = refused::evidence(case, one);
    let certainty = if one.facts.processes.is_some() {
        evidence.insert(
            0,
            quote::supports(Source::Sockets(id.clone()), None, "no process of the app listens", &[]),
        );
        Certainty::Proven
    } else {
        Certainty::Possible
    };
    evidence.push(quote::supports(Source::Configuration, None, &format!("{key} = {port}"), &[]));
    evidence.extend(quote::passing_while_shutting_down(one));
    Some(
        Finding::new(
            Cause::NotListening,
            certainty,
            format!("Nothing answers on port {port}, where Fly connects to the app."),
            evidence,
            format!(
                "Look in the log for what keeps the app from starting, and let it listen on 0.0.0.0:{port}:"
            ),
        )
        .command(format!("fly logs -a {} -i {id}", case.facts.app.name))
        .reference("getting-started/troubleshooting/"),
    )
}
