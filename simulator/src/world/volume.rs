//! Volumes.

use serde::{Deserialize, Serialize};

use crate::StoryTime;

/// A volume: a disk in one region that one machine can mount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// `vol_` and 16 letters and digits.
    pub id: String,
    /// Its name; several volumes of an app may have the same.
    pub name: String,
    /// `created`, `attached`, `restoring`, `pending_destroy`, `destroyed`, ...; a free string.
    #[serde(default = "created")]
    pub state: String,
    /// Region code.
    pub region: String,
    /// Size in gigabytes.
    pub size_gb: i64,
    /// Bytes in use.
    #[serde(default)]
    pub bytes_used: i64,
    /// Identifier of the machine that mounts it.
    #[serde(default)]
    pub machine: Option<String>,
    /// Hardware zone.
    #[serde(default = "some_zone")]
    pub zone: String,
    /// Whether it is encrypted at rest.
    #[serde(default = "yes")]
    pub encrypted: bool,
    /// For how many days snapshots are kept.
    #[serde(default = "five_days")]
    pub snapshot_retention: i64,
    /// Whether a snapshot is taken each day.
    #[serde(default = "yes")]
    pub auto_backup: bool,
    /// `ok`, `unknown` or `unreachable`.
    #[serde(default = "ok")]
    pub host_status: String,
    /// When it was created.
    pub created_at: StoryTime,
    /// When it last changed; the time of creation where a story does not say.
    #[serde(default)]
    pub updated_at: Option<StoryTime>,
    /// Snapshots, oldest first.
    #[serde(default)]
    pub snapshots: Vec<Snapshot>,
}

/// A snapshot of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// `vs_` and letters and digits.
    pub id: String,
    /// Bytes.
    pub size: i64,
    /// When it was taken.
    pub created_at: StoryTime,
}

fn created() -> String {
    "created".to_owned()
}

fn some_zone() -> String {
    "09cd".to_owned()
}

fn yes() -> bool {
    true
}

fn five_days() -> i64 {
    5
}

fn ok() -> String {
    "ok".to_owned()
}

impl Volume {
    /// When it last changed.
    pub fn updated_at(&self) -> StoryTime {
        self.updated_at.unwrap_or(self.created_at)
    }

    /// Whether it is still there.
    pub fn exists(&self) -> bool {
        self.state != "destroyed"
    }
}
