//! The status of the last deployment.
//!
//! Fly keeps one only for apps of the Nomad era, and forgets it after some hours. For every other
//! app it is computed here from the newest release and the instances that run it.

use crate::facts::AppFacts;
use crate::health::{DeploymentOutcome, InstanceHealth};
use crate::id::ReleaseVersion;
use crate::instance::Instance;
use crate::release::Release;
use crate::state::{DeploymentState, ReleaseStatus, Strategy};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A release that still says "running" after this long, with nothing in transition, was left
/// behind by the client that deployed it: flyctl itself waits at most 5 minutes for a machine.
const ABANDONED_AFTER_MS: i64 = 30 * 60 * 1_000;

/// Fly's own deployment status (GraphQL `DeploymentStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlyDeployment {
    /// The release it deploys.
    pub version: ReleaseVersion,
    /// Its status.
    pub status: DeploymentState,
    /// Fly's description.
    pub description: String,
    /// Instances wanted.
    pub desired: u32,
    /// Instances that run this version.
    pub placed: u32,
    /// Of these, the healthy ones.
    pub healthy: u32,
    /// Of these, the unhealthy ones.
    pub unhealthy: u32,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentSource {
    /// Fly keeps a status for this deployment.
    Fly,
    /// Computed from the release and the instances.
    Computed,
}

/// One cell of the deployment's bar: one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Runs this version and is healthy.
    Healthy,
    /// Runs this version and is unhealthy.
    Unhealthy,
    /// Runs this version; neither healthy nor unhealthy yet.
    Pending,
    /// Does not run this version yet.
    NotPlaced,
}

/// The last deployment, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The release it deploys.
    pub version: ReleaseVersion,
    /// Its status.
    pub status: DeploymentState,
    /// What Fly, or the computation, says of it.
    pub description: String,
    /// How instances are replaced.
    pub strategy: Option<Strategy>,
    /// Instances wanted.
    pub desired: u32,
    /// Instances that run this version.
    pub placed: u32,
    /// Of these, the healthy ones.
    pub healthy: u32,
    /// Of these, the unhealthy ones.
    pub unhealthy: u32,
    /// When its release was made.
    pub started_at: Timestamp,
    /// When it ended; none while it is under way.
    pub ended_at: Option<Timestamp>,
    /// Whether instances of other versions run beside it.
    pub mixed_versions: bool,
    /// Who says so.
    pub source: DeploymentSource,
}

impl Deployment {
    /// The last deployment at `now`; none where nothing was ever released.
    pub fn of(facts: &AppFacts, now: Timestamp) -> Option<Self> {
        let release = facts.releases.iter().max_by_key(|release| release.version)?;
        let active: Vec<&Instance> =
            facts.instances.iter().map(|one| &one.instance).filter(|one| !one.state.is_gone()).collect();
        match facts.deployment.as_ref().filter(|fly| fly.version == release.version) {
            Some(fly) => Some(Self::from_fly(fly, release, &active)),
            None => Some(Self::computed(release, &active, now)),
        }
    }

    fn from_fly(fly: &FlyDeployment, release: &Release, active: &[&Instance]) -> Self {
        Self {
            version: fly.version,
            status: fly.status.clone(),
            description: fly.description.clone(),
            strategy: release.strategy.clone(),
            desired: fly.desired,
            placed: fly.placed,
            healthy: fly.healthy,
            unhealthy: fly.unhealthy,
            started_at: release.created_at,
            ended_at: (!fly.status.in_progress()).then_some(release.updated_at),
            mixed_versions: mixed(active),
            source: DeploymentSource::Fly,
        }
    }

    fn computed(release: &Release, active: &[&Instance], now: Timestamp) -> Self {
        let placed: Vec<InstanceHealth> = active
            .iter()
            .filter(|one| one.version == Some(release.version))
            .map(|one| one.health())
            .collect();
        let count = |wanted: &[InstanceHealth]| {
            counted(placed.iter().filter(|health| wanted.contains(health)).count())
        };
        let unhealthy = count(&[InstanceHealth::Unhealthy]);
        let status = computed_status(release, active, now);
        Self {
            version: release.version,
            description: describe(&status, unhealthy),
            strategy: release.strategy.clone(),
            desired: counted(active.len()),
            placed: counted(placed.len()),
            healthy: count(&[InstanceHealth::Healthy, InstanceHealth::Resting]),
            unhealthy,
            started_at: release.created_at,
            ended_at: (!status.in_progress()).then_some(release.updated_at),
            mixed_versions: mixed(active),
            source: DeploymentSource::Computed,
            status,
        }
    }

    /// "3 desired, 2 placed, 1 healthy, 1 unhealthy".
    pub fn counts(&self) -> String {
        format!(
            "{} desired, {} placed, {} healthy, {} unhealthy",
            self.desired, self.placed, self.healthy, self.unhealthy
        )
    }

    /// One cell an instance: unhealthy first, then pending, healthy, and those not placed.
    pub fn cells(&self) -> Vec<Cell> {
        let pending = self.placed.saturating_sub(self.healthy).saturating_sub(self.unhealthy);
        let missing = self.desired.saturating_sub(self.placed);
        [
            (self.unhealthy, Cell::Unhealthy),
            (pending, Cell::Pending),
            (self.healthy, Cell::Healthy),
            (missing, Cell::NotPlaced),
        ]
        .into_iter()
        .flat_map(|(count, cell)| std::iter::repeat_n(cell, count as usize))
        .collect()
    }

    /// What it contributes to the app's health.
    pub fn outcome(&self) -> DeploymentOutcome {
        match &self.status {
            status if status.in_progress() => DeploymentOutcome::InProgress,
            DeploymentState::Failed => DeploymentOutcome::Failed,
            _ => DeploymentOutcome::Done,
        }
    }
}

fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn mixed(active: &[&Instance]) -> bool {
    active.windows(2).any(|pair| pair[0].version != pair[1].version)
}

fn computed_status(release: &Release, active: &[&Instance], now: Timestamp) -> DeploymentState {
    match &release.status {
        ReleaseStatus::Complete | ReleaseStatus::Succeeded => DeploymentState::Successful,
        ReleaseStatus::Failed | ReleaseStatus::Dead => DeploymentState::Failed,
        ReleaseStatus::Interrupted => DeploymentState::Interrupted,
        ReleaseStatus::Cancelled => DeploymentState::Cancelled,
        ReleaseStatus::Pending | ReleaseStatus::Running => {
            let moving = active.iter().any(|one| one.state.is_transient());
            if now.since(release.updated_at) > ABANDONED_AFTER_MS && !moving {
                DeploymentState::Abandoned
            } else if release.status == ReleaseStatus::Pending {
                DeploymentState::Pending
            } else {
                DeploymentState::Running
            }
        }
        ReleaseStatus::Other(text) => DeploymentState::Other(text.clone()),
    }
}

fn describe(status: &DeploymentState, unhealthy: u32) -> String {
    let text = match status {
        DeploymentState::Successful if unhealthy > 0 => "Deployed; since then instances became unhealthy",
        DeploymentState::Successful => "Deployment completed successfully",
        DeploymentState::Failed => "The deployment failed",
        DeploymentState::Interrupted => "The deployment was stopped by its client before it was done",
        DeploymentState::Abandoned => "Nothing has moved for half an hour: its client has probably gone",
        DeploymentState::Cancelled => "The deployment was cancelled",
        DeploymentState::Pending => "The deployment has not begun",
        DeploymentState::Running => "The deployment is under way",
        _ => "",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::tests::instance;
    use crate::state::InstanceState;
    use crate::view::tests::{facts, release};

    fn machines(versions: &[u32]) -> Vec<Instance> {
        versions
            .iter()
            .enumerate()
            .map(|(i, v)| Instance {
                version: Some(ReleaseVersion(*v)),
                ..instance(&format!("73d8d46dbee58{i}"))
            })
            .collect()
    }

    #[test]
    fn an_app_that_was_never_released_has_no_deployment() {
        assert_eq!(Deployment::of(&facts(vec![], vec![]), Timestamp(0)), None);
    }

    #[test]
    fn the_status_of_fly_is_taken_where_there_is_one_for_the_newest_release() {
        let mut known = facts(vec![release(14, "running")], machines(&[14]));
        known.deployment = Some(FlyDeployment {
            version: ReleaseVersion(14),
            status: DeploymentState::Failed,
            description: "Failed due to unhealthy allocations".into(),
            desired: 3,
            placed: 2,
            healthy: 1,
            unhealthy: 1,
        });
        let deployment = Deployment::of(&known, Timestamp(0)).unwrap();
        assert_eq!(deployment.source, DeploymentSource::Fly);
        assert_eq!(deployment.counts(), "3 desired, 2 placed, 1 healthy, 1 unhealthy");
        assert_eq!(deployment.cells(), [Cell::Unhealthy, Cell::Healthy, Cell::NotPlaced]);

        known.releases.insert(0, release(15, "complete"));
        assert_eq!(Deployment::of(&known, Timestamp(0)).unwrap().source, DeploymentSource::Computed);
    }

    #[test]
    fn placed_means_runs_this_version() {
        let deployment =
            Deployment::of(&facts(vec![release(14, "running")], machines(&[14, 13, 13])), Timestamp(0))
                .unwrap();
        assert_eq!(deployment.counts(), "3 desired, 1 placed, 1 healthy, 0 unhealthy");
        assert!(deployment.mixed_versions);
        assert_eq!(deployment.status, DeploymentState::Running);
        assert_eq!(deployment.ended_at, None);
    }

    #[test]
    fn a_destroyed_machine_is_not_desired() {
        let mut all = machines(&[14, 14]);
        all[0].state = InstanceState::Destroyed;
        let deployment = Deployment::of(&facts(vec![release(14, "complete")], all), Timestamp(0)).unwrap();
        assert_eq!(deployment.desired, 1);
    }

    #[test]
    fn a_running_release_that_nobody_works_on_is_abandoned() {
        let known = facts(vec![release(14, "running")], machines(&[14, 13]));
        let at = |now| Deployment::of(&known, Timestamp(now)).unwrap().status;
        assert_eq!(at(ABANDONED_AFTER_MS), DeploymentState::Running);
        assert_eq!(at(ABANDONED_AFTER_MS + 1), DeploymentState::Abandoned);

        let mut moving = machines(&[14, 13]);
        moving[1].state = InstanceState::Replacing;
        let known = facts(vec![release(14, "running")], moving);
        assert_eq!(
            Deployment::of(&known, Timestamp(ABANDONED_AFTER_MS + 1)).unwrap().status,
            DeploymentState::Running
        );
    }
}
