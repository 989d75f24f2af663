//! Volumes: disks of machines.

use crate::id::{AppName, InstanceId, RegionCode};
use crate::json::FromJson;
use crate::state::HostStatus;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One volume (GraphQL `Volume`; Machines API, `GET .../volumes`). Fly's OpenAPI document promises
/// none of its fields. GraphQL has no app, no bytes, no backups and no host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Volume {
    /// Its id (`vol_9vw681egy1jj5xm4`).
    pub id: String,
    /// Its name, which several volumes of an app may share.
    pub name: String,
    /// Fly's word for its state (`created`); empty if Fly did not tell.
    pub state: String,
    /// Where it is.
    pub region: RegionCode,
    /// The app it belongs to; none in the list of one app, where Fly does not repeat it.
    pub app: Option<AppName>,
    /// The instance it is attached to, a machine, or an allocation of the Nomad era (in GraphQL
    /// only); none while nobody uses it.
    pub attached_to: Option<InstanceId>,
    /// Its size in GB, as it was asked for.
    pub size_gb: Option<u32>,
    /// Bytes of its file system; none where Fly does not tell.
    pub bytes_total: Option<u64>,
    /// Bytes of those that are in use; none where Fly does not tell.
    pub bytes_used: Option<u64>,
    /// Whether it is encrypted, if Fly tells.
    pub encrypted: Option<bool>,
    /// Whether Fly makes snapshots of it by itself, if Fly tells.
    pub auto_backup: Option<bool>,
    /// For how many days a snapshot is kept, if Fly tells.
    pub snapshot_retention_days: Option<u32>,
    /// Whether its host answers.
    pub host: HostStatus,
    /// When it was made, if Fly tells.
    pub created_at: Option<Timestamp>,
}
