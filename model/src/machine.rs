//! Machines beyond what every instance has.

use crate::facts::InstanceFacts;
use crate::id::{AppName, InstanceId, RegionCode, ReleaseVersion};
use crate::instance_view::Section;
use crate::json::FromJson;
use crate::state::InstanceState;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How much of a machine's configuration Fly gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub enum ConfigurationGiven {
    /// All of it.
    Whole,
    /// What is known while the host does not answer (`incomplete_config`).
    Incomplete,
    /// None of it.
    Nothing,
}

/// One machine (Machines API, `GET /v1/apps/{app}/machines/{id}`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineDetail {
    /// What every instance has, with its evidence.
    pub facts: InstanceFacts,
    /// Its name ("quirky-machine"); empty if Fly does not tell.
    pub name: String,
    /// Fly's id of its present version (`instance_id`), which changes with every update.
    pub instance_version: Option<String>,
    /// Its address in the private network of the organization, if Fly tells.
    pub private_ip: Option<String>,
    /// Whether Fly's proxy is told not to send requests to it; none where Fly does not tell.
    pub cordoned: Option<bool>,
    /// Fly's name of its size ("shared-cpu-1x"), if Fly tells.
    pub size: Option<String>,
    /// How much of its configuration is known.
    pub configuration: ConfigurationGiven,
    /// Its configuration as people read it, the secrets in it hidden.
    pub settings: Vec<Section>,
}

/// A version of a machine's configuration (`GET .../versions`), newest first in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct MachineVersion {
    /// Fly's id of the version.
    pub id: String,
    /// The image of that version, if Fly tells.
    pub image: Option<String>,
    /// The release that it came with, if flyctl wrote it down.
    pub release: Option<ReleaseVersion>,
}

/// A machine in the list of a whole organization, which has no checks and no events (Machines API,
/// `GET /v1/orgs/{slug}/machines`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct OrgMachine {
    /// The app it belongs to.
    pub app: AppName,
    /// Its id.
    pub id: InstanceId,
    /// Its name; empty if Fly does not tell.
    pub name: String,
    /// What it does.
    pub state: InstanceState,
    /// Where it runs.
    pub region: RegionCode,
    /// Its process group ("app").
    pub process_group: String,
    /// Whether it is no part of the app's service: it runs a release command, tests a deployment or
    /// holds a console.
    pub reserved: bool,
    /// The release it runs, if flyctl wrote it down.
    pub version: Option<ReleaseVersion>,
    /// The image it runs, if Fly tells.
    pub image: Option<String>,
    /// When it was made, if Fly tells.
    pub created_at: Option<Timestamp>,
    /// When Fly last changed it, if it tells.
    pub updated_at: Option<Timestamp>,
}
