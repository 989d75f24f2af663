//! What changes of a deployment while it goes on: how far it got, and how many instances it has.

use super::{Deployment, GroupCount};
use crate::json::{FromJson, is_zero};
use crate::live::{Apply, ChangeKey};
use crate::state::DeploymentState;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A change of a deployment that stays the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentChange {
    /// How far it got.
    Progress {
        /// See [`Deployment::status`].
        status: DeploymentState,
        /// See [`Deployment::description`].
        description: String,
        /// See [`Deployment::note`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// See [`Deployment::ended_at`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended_at: Option<Timestamp>,
    },
    /// How many instances it has.
    Counts {
        /// See [`Deployment::desired`].
        #[serde(default, skip_serializing_if = "is_zero")]
        desired: u32,
        /// See [`Deployment::placed`].
        #[serde(default, skip_serializing_if = "is_zero")]
        placed: u32,
        /// See [`Deployment::healthy`].
        #[serde(default, skip_serializing_if = "is_zero")]
        healthy: u32,
        /// See [`Deployment::unhealthy`].
        #[serde(default, skip_serializing_if = "is_zero")]
        unhealthy: u32,
        /// See [`Deployment::outgoing`].
        #[serde(default, skip_serializing_if = "is_zero")]
        outgoing: u32,
        /// See [`Deployment::groups`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<GroupCount>,
        /// See [`Deployment::mixed_versions`].
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mixed_versions: bool,
    },
}

impl DeploymentChange {
    /// What the change is about.
    pub(crate) fn key(&self) -> ChangeKey {
        ChangeKey::Part(match self {
            Self::Progress { .. } => "deployment_progress",
            Self::Counts { .. } => "deployment_counts",
        })
    }
}

impl Apply<DeploymentChange> for Deployment {
    fn apply(&mut self, change: DeploymentChange) {
        match change {
            DeploymentChange::Progress { status, description, note, ended_at } => {
                self.status = status;
                self.description = description;
                self.note = note;
                self.ended_at = ended_at;
            }
            DeploymentChange::Counts {
                desired,
                placed,
                healthy,
                unhealthy,
                outgoing,
                groups,
                mixed_versions,
            } => {
                self.desired = desired;
                self.placed = placed;
                self.healthy = healthy;
                self.unhealthy = unhealthy;
                self.outgoing = outgoing;
                self.groups = groups;
                self.mixed_versions = mixed_versions;
            }
        }
    }
}

impl Deployment {
    /// The changes that make `new` of this deployment; none where only the whole of it does.
    pub(crate) fn changes_to(&self, new: &Self) -> Option<Vec<DeploymentChange>> {
        let mut made = self.clone();
        let mut changes = Vec::new();
        for change in [new.progress(), new.counts_of_instances()] {
            let before = made.clone();
            made.apply(change.clone());
            changes.extend((made != before).then_some(change));
        }
        (made == *new).then_some(changes)
    }

    fn progress(&self) -> DeploymentChange {
        let Self { status, description, note, ended_at, .. } = self.clone();
        DeploymentChange::Progress { status, description, note, ended_at }
    }

    fn counts_of_instances(&self) -> DeploymentChange {
        let Self { desired, placed, healthy, unhealthy, outgoing, mixed_versions, .. } = *self;
        let groups = self.groups.clone();
        DeploymentChange::Counts { desired, placed, healthy, unhealthy, outgoing, groups, mixed_versions }
    }
}
