//! Releases, and Nomad's deployment status.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::StoryTime;

/// One release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Opaque identifier.
    pub id: String,
    /// 1, 2, 3, ...
    pub version: i32,
    /// `pending`, `running`, `complete`, `failed`, `interrupted`, ...; a free string.
    pub status: String,
    /// Whether a rollback may go back to it.
    #[serde(default)]
    pub stable: bool,
    /// Why it was made.
    pub reason: String,
    /// What it did.
    pub description: String,
    /// `BLUEGREEN`, `CANARY`, `IMMEDIATE`, `ROLLING`, `ROLLING_ONE` or `SIMPLE`.
    #[serde(default = "rolling")]
    pub strategy: String,
    /// Identifier of the person who made it.
    #[serde(default)]
    pub user: Option<String>,
    /// The image.
    #[serde(default)]
    pub image: Option<String>,
    /// Nomad's evaluation, by which a deployment status can be asked for.
    #[serde(default)]
    pub evaluation: Option<String>,
    /// The version it went back to.
    #[serde(default)]
    pub reverted_to: Option<i32>,
    /// What the client left behind, such as `post_deployment_info.error`.
    #[serde(default)]
    pub metadata: Value,
    /// The configuration it was made with; the app's own where a story does not say.
    #[serde(default)]
    pub config: Value,
    /// When it was created.
    pub created_at: StoryTime,
    /// When it last changed; the time of creation where a story does not say.
    #[serde(default)]
    pub updated_at: Option<StoryTime>,
}

fn rolling() -> String {
    "ROLLING".to_owned()
}

impl Release {
    /// Whether it is still going on.
    pub fn in_progress(&self) -> bool {
        matches!(self.status.as_str(), "pending" | "running")
    }

    /// When it last changed.
    pub fn updated_at(&self) -> StoryTime {
        self.updated_at.unwrap_or(self.created_at)
    }
}

/// Nomad's deployment status (`DeploymentStatus`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Nomad's UUID.
    pub id: String,
    /// The evaluation that started it.
    #[serde(default)]
    pub evaluation: Option<String>,
    /// Version of the release it deploys.
    pub version: i32,
    /// `running`, `failed`, `successful`, ...; a free string.
    pub status: String,
    /// What Nomad says about it.
    pub description: String,
    /// How many instances are wanted.
    pub desired: i32,
    /// How many have a place.
    #[serde(default)]
    pub placed: i32,
    /// How many of them are healthy.
    #[serde(default)]
    pub healthy: i32,
    /// How many of them are known to be unhealthy.
    #[serde(default)]
    pub unhealthy: i32,
    /// Whether canaries were promoted.
    #[serde(default)]
    pub promoted: bool,
}

impl Deployment {
    /// Whether it is still going on.
    pub fn in_progress(&self) -> bool {
        matches!(
            self.status.as_str(),
            "running" | "paused" | "pending" | "initializing" | "blocked" | "unblocking"
        )
    }

    /// Whether it ended well.
    pub fn successful(&self) -> bool {
        self.status == "successful"
    }
}
