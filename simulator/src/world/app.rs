//! An app and what belongs to it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Allocation, Certificate, Deployment, Machine, Release, Secret, Volume};
use crate::StoryTime;

/// The generation of Fly's platform that runs an app (`PlatformVersionEnum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Allocations and a deployment status, as until 2023.
    Nomad,
    /// Machines, no deployment status.
    Machines,
    /// Nothing was ever deployed.
    Detached,
}

/// One app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Name, which is also its GraphQL `id`.
    pub name: String,
    /// The number behind it (`internalNumericId`).
    pub number: i64,
    /// Slug of its organization.
    pub organization: String,
    /// Platform generation.
    pub platform: Platform,
    /// `App.status`: a free string (`running`, `deployed`, `suspended`, `pending`, `dead`).
    pub status: String,
    /// `App.state`: `DEPLOYED`, `PENDING` or `SUSPENDED`.
    pub state: String,
    /// `App.deployed`.
    pub deployed: bool,
    /// When it was created.
    pub created_at: StoryTime,
    /// Process groups.
    #[serde(default)]
    pub groups: Vec<ProcessGroup>,
    /// Public addresses.
    #[serde(default)]
    pub ips: Vec<IpAddress>,
    /// The configuration as Fly stores it (`AppConfig.definition`).
    #[serde(default)]
    pub config: Value,
    /// Releases, oldest first.
    #[serde(default)]
    pub releases: Vec<Release>,
    /// Nomad's deployment status.
    #[serde(default)]
    pub deployment: Option<Deployment>,
    /// Nomad's instances.
    #[serde(default)]
    pub allocations: Vec<Allocation>,
    /// Machines.
    #[serde(default)]
    pub machines: Vec<Machine>,
    /// Log lines, oldest first.
    #[serde(default)]
    pub logs: Vec<LogLine>,
    /// Trouble with hosts of this app.
    #[serde(default)]
    pub host_issues: Vec<HostIssue>,
    /// Volumes, in the order in which they were made.
    #[serde(default)]
    pub volumes: Vec<Volume>,
    /// Certificates, by host name.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// Secrets: names and digests.
    #[serde(default)]
    pub secrets: Vec<Secret>,
}

/// A process group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessGroup {
    /// Its name.
    pub name: String,
    /// Name of the virtual machine size, one of [`crate::catalog::VM_SIZES`].
    pub size: String,
    /// Regions it runs in.
    #[serde(default)]
    pub regions: Vec<String>,
    /// What each machine of the group has in its `config` beside guest, image and metadata.
    #[serde(default)]
    pub config: Value,
}

/// A public address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IpAddress {
    /// The address.
    pub address: String,
    /// `v4`, `v6`, `shared_v4` or `private_v6`.
    pub kind: String,
    /// When it was given.
    pub created_at: StoryTime,
}

/// A log line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// Its identifier and the position of the next read: nanoseconds since 1970, unique and
    /// growing within an app.
    pub id: i64,
    /// When it was written.
    pub at: StoryTime,
    /// `info`, `error`, ...
    pub level: String,
    /// The text.
    pub message: String,
    /// Short allocation or machine identifier, empty for the proxy.
    pub instance: String,
    /// Region code.
    pub region: String,
    /// Who wrote it: `app`, `proxy`, `runner`, `health`, ...
    pub provider: String,
    /// Fly's code of an error, such as `PC01`.
    #[serde(default)]
    pub code: Option<String>,
}

/// Trouble with the host of some instance (`App.hostIssues`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostIssue {
    /// Identifier.
    pub id: String,
    /// What Fly says.
    pub message: String,
    /// When it was said first.
    pub created_at: StoryTime,
}

impl App {
    /// The newest release.
    pub fn current_release(&self) -> Option<&Release> {
        self.releases.last()
    }

    /// The release of this version.
    pub fn release(&self, version: i32) -> Option<&Release> {
        self.releases.iter().find(|one| one.version == version)
    }

    /// The allocation of this identifier: the whole of it or its first eight characters.
    pub fn allocation(&self, id: &str) -> Option<&Allocation> {
        self.allocations.iter().find(|one| one.goes_by(id))
    }

    /// The machine of this identifier.
    pub fn machine(&self, id: &str) -> Option<&Machine> {
        self.machines.iter().find(|one| one.id == id)
    }

    /// The volume of this identifier.
    pub fn volume(&self, id: &str) -> Option<&Volume> {
        self.volumes.iter().find(|one| one.id == id)
    }

    /// The process group of this name.
    pub fn group(&self, name: &str) -> Option<&ProcessGroup> {
        self.groups.iter().find(|one| one.name == name)
    }

    /// The regions it runs in, in the order of its instances, each once.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = Vec::new();
        let instances = self.allocations.iter().map(|one| one.region.as_str());
        let machines = self.machines.iter().map(|one| one.region.as_str());
        for region in instances.chain(machines) {
            if !regions.contains(&region) {
                regions.push(region);
            }
        }
        regions
    }

    /// The public host name.
    pub fn hostname(&self) -> String {
        format!("{}.fly.dev", self.name)
    }
}
