//! What runs: Nomad's allocations, and machines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{MachineVersion, Process};
use crate::StoryTime;

/// Result of a health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// The last run succeeded.
    Passing,
    /// Not known yet, or just failing.
    Warning,
    /// Failing.
    Critical,
}

impl CheckStatus {
    /// As the APIs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passing => "passing",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// How a check asks (`CheckType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CheckKind {
    /// An HTTP request.
    Http,
    /// A script in the instance.
    Script,
    /// A connection.
    #[default]
    Tcp,
}

/// A health check of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Name, unique within the instance.
    pub name: String,
    /// Service it belongs to; Nomad only.
    #[serde(default)]
    pub service: String,
    /// How it asks; Nomad only.
    #[serde(default)]
    pub kind: CheckKind,
    /// Its last result.
    pub status: CheckStatus,
    /// What it said.
    #[serde(default)]
    pub output: String,
    /// When its status last changed.
    pub updated_at: StoryTime,
}

/// An instance of Nomad's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// UUID; people see its first eight characters.
    pub id: String,
    /// Task (process group).
    #[serde(default)]
    pub task: String,
    /// Version of the release it runs.
    pub version: i32,
    /// Region code.
    pub region: String,
    /// `run`, `stop` or `evict`.
    pub desired: String,
    /// `pending`, `running`, `complete`, `failed`, `lost` or `unknown`.
    pub status: String,
    /// Whether Nomad holds it for healthy.
    #[serde(default)]
    pub healthy: bool,
    /// Whether it is a canary.
    #[serde(default)]
    pub canary: bool,
    /// How often its task was started again.
    #[serde(default)]
    pub restarts: i32,
    /// Address in the private network.
    #[serde(default)]
    pub private_ip: Option<String>,
    /// When it was created.
    pub created_at: StoryTime,
    /// When it last changed; the time of creation where a story does not say.
    #[serde(default)]
    pub updated_at: Option<StoryTime>,
    /// Health checks.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Events, oldest first.
    #[serde(default)]
    pub events: Vec<AllocationEvent>,
}

/// Something that happened to an allocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationEvent {
    /// When.
    pub at: StoryTime,
    /// `Received`, `Started`, `Restart Signaled`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// What Nomad says.
    pub message: String,
}

impl Allocation {
    /// The eight characters people see.
    pub fn short_id(&self) -> &str {
        self.id.get(..8).unwrap_or(&self.id)
    }

    /// Whether this is its identifier, whole or short.
    pub fn goes_by(&self, id: &str) -> bool {
        self.id == id || self.short_id() == id
    }

    /// Whether it will not run again.
    pub fn completed(&self) -> bool {
        matches!(self.status.as_str(), "complete" | "failed" | "lost")
    }

    /// How many checks have this status.
    pub fn count(&self, status: CheckStatus) -> usize {
        self.checks.iter().filter(|one| one.status == status).count()
    }
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// 14 hexadecimal characters.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Process group.
    pub group: String,
    /// `started`, `stopped`, ...; a free string.
    pub state: String,
    /// Region code.
    pub region: String,
    /// Version of the machine, a ULID: another one for each configuration.
    pub instance_id: String,
    /// Address in the private network.
    pub private_ip: String,
    /// Version of the release it runs.
    pub release: i32,
    /// The image; the release's where a story does not say.
    #[serde(default)]
    pub image: Option<String>,
    /// `ok`, `unknown` or `unreachable`; with anything but `ok` the configuration is missing.
    #[serde(default = "ok")]
    pub host_status: String,
    /// Whether the proxy sends it no requests.
    #[serde(default)]
    pub cordoned: bool,
    /// The whole configuration, image and metadata included, where a client gave it; otherwise it
    /// is put together from the process group, the release and what stands here.
    #[serde(default)]
    pub config: Option<Value>,
    /// The versions it had before, oldest first.
    #[serde(default)]
    pub versions: Vec<MachineVersion>,
    /// Further metadata.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// What runs in it (`/ps`). Where a story says neither this nor `listens`, one process of a
    /// started machine listens on `0.0.0.0` at the `internal_port` of each service.
    #[serde(default)]
    pub processes: Option<Vec<Process>>,
    /// What its processes listen on, for stories that need no more of `/ps` than that.
    #[serde(default)]
    pub listens: Vec<ListenSocket>,
    /// Who holds it at the moment.
    #[serde(default)]
    pub lease: Option<Lease>,
    /// When it was created.
    pub created_at: StoryTime,
    /// When it last changed; the time of creation where a story does not say.
    #[serde(default)]
    pub updated_at: Option<StoryTime>,
    /// Health checks.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Events, oldest first.
    #[serde(default)]
    pub events: Vec<MachineEvent>,
}

fn ok() -> String {
    "ok".to_owned()
}

impl Machine {
    /// When it last changed.
    pub fn updated_at(&self) -> StoryTime {
        self.updated_at.unwrap_or(self.created_at)
    }
}

/// Something that happened to a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineEvent {
    /// When.
    pub at: StoryTime,
    /// `launch`, `start`, `exit`, `update`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// The state it led to.
    pub status: String,
    /// `user`, `flyd` or `proxy`.
    pub source: String,
    /// What came with it, such as `exit_event`.
    #[serde(default)]
    pub request: Value,
}

/// A socket a process of a machine listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenSocket {
    /// `tcp` or `tcp6`.
    pub proto: String,
    /// Address and port.
    pub address: String,
    /// The process that listens.
    pub command: String,
}

/// A lease on a machine: somebody is changing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// Who.
    pub owner: String,
    /// What for.
    #[serde(default)]
    pub description: String,
    /// When it ends by itself.
    pub expires_at: StoryTime,
    /// What its holder sends with each change; nobody has it where a story does not say.
    #[serde(default)]
    pub nonce: Option<String>,
}
