//! Whether a deployment is under way, over, or left behind.

use super::count::active;
use crate::facts::{AppFacts, InstanceFacts};
use crate::health::last_changed;
use crate::not_loaded::NotLoaded;
use crate::release::Release;
use crate::state::{DeploymentState, ReleaseStatus};
use crate::time::Timestamp;

/// A release that still says "running" after this long without any sign of work was left behind by
/// the client that deployed it: flyctl itself waits at most 5 minutes for a machine.
pub(super) const ABANDONED_AFTER_MS: i64 = 30 * 60 * 1_000;
/// A transition that takes longer than this is no sign of work: it is stuck.
const STUCK_FOR_GOOD_MS: i64 = 60 * 60 * 1_000;

/// The status of the deployment of `release` at `now`.
pub(super) fn status(release: &Release, facts: &AppFacts, now: Timestamp) -> DeploymentState {
    match &release.status {
        ReleaseStatus::Complete | ReleaseStatus::Succeeded => DeploymentState::Successful,
        ReleaseStatus::Failed | ReleaseStatus::Dead => DeploymentState::Failed,
        ReleaseStatus::Interrupted => DeploymentState::Interrupted,
        ReleaseStatus::Cancelled => DeploymentState::Cancelled,
        ReleaseStatus::Pending | ReleaseStatus::Running if is_left_behind(release, facts, now) => {
            DeploymentState::Abandoned
        }
        ReleaseStatus::Pending => DeploymentState::Pending,
        ReleaseStatus::Running => DeploymentState::Running,
        ReleaseStatus::Other(text) => DeploymentState::Other(text.clone()),
    }
}

fn is_left_behind(release: &Release, facts: &AppFacts, now: Timestamp) -> bool {
    let machines = || active(facts).chain(&facts.release_commands);
    let worked_on = machines().any(|one| is_worked_on(one, now));
    let last_sign =
        machines().filter_map(|one| last_work(one, release)).fold(release.updated_at, std::cmp::Ord::max);
    // Of instances that were never loaded nobody knows whether something moves.
    let loaded = !facts.app.not_loaded.has(NotLoaded::INSTANCES);
    loaded && !worked_on && now.since(last_sign) > ABANDONED_AFTER_MS
}

/// In transition, or leased: flyctl holds a lease on every machine it is about to change and renews
/// it every few seconds.
fn is_worked_on(one: &InstanceFacts, now: Timestamp) -> bool {
    let moving = one.instance.state.is_transient() && now.since(last_changed(one)) <= STUCK_FOR_GOOD_MS;
    let leased = one.lease.as_ref().is_some_and(|lease| lease.expires_at.is_none_or(|ends| ends > now));
    moving || leased
}

/// When the deployment last touched an instance: made it, or changed its configuration.
fn last_work(one: &InstanceFacts, release: &Release) -> Option<Timestamp> {
    let updated = one
        .events
        .iter()
        .filter(|event| matches!(event.kind.as_str(), "launch" | "update" | "Received"))
        .map(|event| event.at);
    let made = (one.instance.version == Some(release.version)).then_some(one.instance.created_at);
    updated.chain(made).max()
}
