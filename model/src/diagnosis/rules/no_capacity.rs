//! Fly has no room for the machines where they are to run.
//!
//! Proven by Fly's own answer (`insufficient_capacity`, and what it says in words).

use super::reports::report;
use crate::diagnosis::{Case, Cause, Certainty, Finding};

const WORDS: &[&str] = &[
    "insufficient_capacity",
    "insufficient capacity",
    "insufficient resources",
    "insufficient memory available",
    "insufficient cpus available",
    "no capacity",
    "could not reserve resource",
    "could not find capacity",
    "not enough capacity",
    "out of capacity",
    "no available hosts",
    "could not find a host",
    "resources exhausted",
];

/// See the module.
pub(super) fn no_capacity(case: &Case<'_>) -> Option<Finding> {
    let evidence = report(case, WORDS)?;
    Some(
        Finding::new(
            Cause::NoCapacity,
            Certainty::Proven,
            "Fly has no room for a machine of this size in this region right now.",
            vec![evidence],
            "Try again later, in another region, or with a smaller size (a volume ties its machine to a host):",
        )
        .command(format!("fly platform regions && fly deploy -a {}", case.facts.app.name))
        .reference("reference/regions/"),
    )
}
