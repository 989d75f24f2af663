//! The status of the last deployment.
//!
//! Fly keeps one only for apps of the Nomad era, and forgets it after some hours. For every other
//! app it is computed here from the newest release and the instances that run it; `docs/diagnosis.md`
//! defines each number with its source.

mod change;
mod count;
mod life;
#[cfg(test)]
mod tests;
mod words;

pub use change::DeploymentChange;
pub use count::GroupCount;

use crate::facts::AppFacts;
use crate::health::DeploymentOutcome;
use crate::id::ReleaseVersion;
use crate::json::FromJson;
use crate::release::Release;
use crate::state::{DeploymentState, Strategy};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Deployment {
    /// The release it deploys.
    pub version: ReleaseVersion,
    /// Its status.
    pub status: DeploymentState,
    /// What Fly, or the computation, says of it.
    pub description: String,
    /// What the description means, where it is known to mislead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How instances are replaced.
    pub strategy: Option<Strategy>,
    /// Instances wanted.
    pub desired: u32,
    /// Instances that run this version.
    pub placed: u32,
    /// Of these, the healthy ones; those at rest count as healthy.
    pub healthy: u32,
    /// Of these, the unhealthy ones.
    pub unhealthy: u32,
    /// Instances of the old version that a blue-green deployment keeps beside the new ones: neither
    /// wanted nor missing.
    #[serde(default)]
    pub outgoing: u32,
    /// The same for each process group, by name. Empty where there is but one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupCount>,
    /// Who deployed it, if Fly tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
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
        let Some(release) = facts.releases.iter().max_by_key(|release| release.version) else {
            return forgotten(facts, now);
        };
        let computed = Self::computed(release, facts, now);
        match facts.deployment.as_ref().filter(|fly| fly.version == release.version) {
            Some(fly) => Some(computed.told_by(fly, release)),
            None => Some(computed),
        }
    }

    fn computed(release: &Release, facts: &AppFacts, now: Timestamp) -> Self {
        let status = life::status(release, facts, now);
        let counts = count::counts(release, facts, now);
        let total = counts.total();
        Self {
            version: release.version,
            description: words::describe(&status, release, facts, &total),
            note: None,
            strategy: release.strategy.clone(),
            desired: total.desired,
            placed: total.placed,
            healthy: total.healthy,
            unhealthy: total.unhealthy,
            outgoing: counts.outgoing,
            groups: if counts.groups.len() > 1 { counts.groups } else { Vec::new() },
            user: release.user.clone(),
            started_at: release.created_at,
            ended_at: (!status.in_progress()).then_some(release.updated_at),
            mixed_versions: count::is_mixed(facts),
            source: DeploymentSource::Computed,
            status,
        }
    }

    /// The same with what Fly itself says.
    fn told_by(self, fly: &FlyDeployment, release: &Release) -> Self {
        Self {
            status: fly.status.clone(),
            note: words::explain(&fly.description),
            description: fly.description.clone(),
            desired: fly.desired,
            placed: fly.placed,
            healthy: fly.healthy,
            unhealthy: fly.unhealthy,
            ended_at: (!fly.status.in_progress()).then_some(release.updated_at),
            source: DeploymentSource::Fly,
            ..self
        }
    }

    /// "3 desired, 2 placed, 1 healthy, 1 unhealthy".
    pub fn counts(&self) -> String {
        count::sentence([self.desired, self.placed, self.healthy, self.unhealthy])
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

/// What can be said where Fly tells of no release any more, but of instances that run one.
fn forgotten(facts: &AppFacts, now: Timestamp) -> Option<Deployment> {
    let newest = facts
        .instances
        .iter()
        .map(|one| &one.instance)
        .filter(|one| !one.state.is_gone() && one.version.is_some())
        .max_by_key(|one| (one.version, one.created_at))?;
    let release = Release {
        version: newest.version?,
        status: "unknown".into(),
        description: String::new(),
        reason: String::new(),
        stable: false,
        strategy: None,
        user: None,
        image: None,
        created_at: newest.created_at,
        updated_at: newest.updated_at,
        failure: None,
    };
    Some(Deployment::computed(&release, facts, now))
}
