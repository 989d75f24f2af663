//! All that is known of one app at one instant, before anything is concluded from it.

use crate::app::{App, ProcessGroup};
use crate::config::AppConfig;
use crate::deployment::FlyDeployment;
use crate::instance::{CheckResult, Instance, InstanceEvent};
use crate::release::Release;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of an instance's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// Its level ("info", "error").
    pub level: String,
    /// The text, without control characters.
    pub message: String,
}

/// An instance with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceFacts {
    /// The row of the table.
    pub instance: Instance,
    /// The last result of each of its checks.
    pub checks: Vec<CheckResult>,
    /// What happened to it, oldest first.
    pub events: Vec<InstanceEvent>,
    /// Its last log lines, oldest first.
    pub logs: Vec<LogLine>,
}

/// Everything that was fetched of one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppFacts {
    /// The app.
    pub app: App,
    /// Its configuration.
    pub config: AppConfig,
    /// Its process groups.
    pub process_groups: Vec<ProcessGroup>,
    /// Its releases, newest first, as many as were asked for.
    pub releases: Vec<Release>,
    /// Its instances.
    pub instances: Vec<InstanceFacts>,
    /// Fly's own deployment status; none for every app on Machines.
    pub deployment: Option<FlyDeployment>,
}
