//! A machine does not get from one state to the next.
//!
//! Fly's documentation ("Machine states") says when a state has lasted too long; that is proven by the
//! state and the time.

use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Source, quote};
use crate::health::last_changed;
use crate::instance::Instance;
use crate::state::{HostStatus, InstanceState};
use crate::time::duration;

const MINUTE_MS: i64 = 60 * 1_000;

/// See the module.
pub(super) fn stuck_state(case: &Case<'_>) -> Option<Finding> {
    // A machine that is being destroyed is hidden from the other rules.
    let (one, long) = case.facts.instances.iter().find_map(|one| {
        let instance = &one.instance;
        let limit = limit(instance).filter(|_| instance.host != HostStatus::Unreachable)?;
        let long = case.now.since(last_changed(one));
        (long > limit).then_some((one, long))
    })?;
    let instance = &one.instance;
    let id = &instance.id;
    let since = last_changed(one);
    let text = format!("state = {} since {}", instance.state, since.exact());
    let source = Source::Machine(id.clone());
    let mut evidence = vec![quote::supports(source.clone(), Some(since), &text, &[instance.state.as_str()])];
    evidence.extend(one.lease.as_ref().map(|lease| -> Evidence {
        quote::supports(
            source,
            lease.expires_at,
            &format!("leased by {} {}", lease.owner, lease.description),
            &[],
        )
    }));
    Some(
        Finding::new(
            Cause::StuckState,
            Certainty::Proven,
            format!(
                "The machine {id} has been {} for {}, which is too long.",
                instance.state,
                duration(long)
            ),
            evidence,
            "See what Fly tells of it; if it does not move, destroy it and deploy again:",
        )
        .command(format!("fly machine status {id} -a {}", case.facts.app.name))
        .reference("machines/machine-states/"),
    )
}

/// How long a state may last, where it may not last forever.
fn limit(instance: &Instance) -> Option<i64> {
    use InstanceState as S;
    match instance.state {
        S::Starting | S::Stopping | S::Restarting | S::Destroying | S::Suspending => Some(5 * MINUTE_MS),
        S::Updating | S::Replacing | S::Creating | S::Pending => Some(10 * MINUTE_MS),
        _ => None,
    }
}
