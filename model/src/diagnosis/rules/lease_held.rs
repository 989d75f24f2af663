//! Somebody else holds a lease on a machine, so this deployment may not change it.
//!
//! Proven by the refusal that was written down. A lease alone is no trouble: every deployment holds some.

use super::reports::report;
use crate::diagnosis::{Case, Cause, Certainty, Finding, Source, quote};

const WORDS: &[&str] = &[
    "lease currently held",
    "lease is currently held",
    "lease held by",
    "failed to acquire lease",
    "failed to obtain lease",
    "failed to get lease",
    "could not acquire lease",
    "machine is leased",
    "lease conflict",
    "already has a lease",
    "unable to acquire lease",
];

/// See the module.
pub(super) fn lease_held(case: &Case<'_>) -> Option<Finding> {
    let mut evidence = vec![report(case, WORDS)?];
    let held =
        case.patients().iter().find_map(|one| Some((&one.facts.instance.id, one.facts.lease.as_ref()?)));
    evidence.extend(held.map(|(id, lease)| {
        let text = format!("lease held by {} {}", lease.owner, lease.description);
        let mut evidence = quote::supports(Source::Machine(id.clone()), None, &text, &[&lease.owner]);
        evidence.note = lease.expires_at.map(|at| format!("until {} unless it is renewed", at.exact()));
        evidence
    }));
    let machine = held.map_or_else(|| "MACHINE".to_owned(), |(id, _)| id.to_string());
    Some(
        Finding::new(
            Cause::LeaseHeld,
            Certainty::Proven,
            "Another deployment or command holds a lease on a machine, so this one could not change it.",
            evidence,
            "Wait until it is done. If nobody is deploying, clear the lease and deploy again:",
        )
        .command(format!("fly machine leases clear {machine} -a {}", case.facts.app.name))
        .reference("machines/api/machines-resource/"),
    )
}
