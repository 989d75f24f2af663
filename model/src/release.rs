//! Releases: what was deployed, by whom, and how it ended.

use crate::id::ReleaseVersion;
use crate::json::FromJson;
use crate::state::{ReleaseStatus, Strategy};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Release {
    /// Its number.
    pub version: ReleaseVersion,
    /// Its status.
    pub status: ReleaseStatus,
    /// Fly's description of what it changed.
    pub description: String,
    /// Fly's word for why it was made ("deploy", "secrets").
    pub reason: String,
    /// Whether Fly thinks one may go back to it.
    pub stable: bool,
    /// How it was deployed.
    pub strategy: Option<Strategy>,
    /// Who made it.
    pub user: Option<String>,
    /// The image it runs.
    pub image: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When Fly last changed it.
    pub updated_at: Timestamp,
    /// Why it failed, in the words of the client that deployed it; none where it did not, or where
    /// that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<ReleaseFailure>,
}

/// Why a release failed, as the client that deployed it wrote it down (GraphQL `Release.metadata`,
/// `post_deployment_info`). flyctl never prints it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ReleaseFailure {
    /// The error.
    pub error: String,
    /// The version of flyctl that deployed it.
    pub flyctl_version: Option<String>,
}

impl Release {
    /// How long its deployment took, in milliseconds; none while it goes on, or where Fly does not
    /// tell when it ended.
    pub fn took(&self) -> Option<i64> {
        (self.status.is_final() && self.updated_at > self.created_at)
            .then(|| self.updated_at.since(self.created_at))
    }

    /// Puts a release that is new or changed into a list that is ordered newest first.
    pub fn put_into(self, newest_first: &mut Vec<Release>) {
        newest_first.retain(|one| one.version != self.version);
        let at = newest_first.partition_point(|one| one.version > self.version);
        newest_first.insert(at, self);
    }
}
