//! All that is known of one app at one instant, before anything is concluded from it.

use crate::app::{App, ProcessGroup};
use crate::config::{AppConfig, Check};
use crate::deployment::FlyDeployment;
use crate::id::{InstanceId, RegionCode};
use crate::instance::{CheckResult, Instance, InstanceEvent};
use crate::json::{FromJson, Json};
use crate::process::Process;
use crate::release::Release;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of an instance's log. It is written as a list of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Timestamp, String, String)", into = "(Timestamp, String, String)")]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// Its level ("info", "error").
    pub level: String,
    /// The text, with its colours as [`crate::logs::ansi::written`] writes them, and without any
    /// other control character. Whoever reads it, and does not show it, takes [`Self::plain`].
    pub message: String,
}

impl From<LogLine> for (Timestamp, String, String) {
    fn from(LogLine { at, level, message }: LogLine) -> Self {
        (at, level, message)
    }
}

impl From<(Timestamp, String, String)> for LogLine {
    fn from((at, level, message): (Timestamp, String, String)) -> Self {
        Self { at, level, message }
    }
}

impl FromJson for LogLine {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { at: json.item(0)?, level: json.item(1)?, message: json.item(2)? })
    }
}

impl LogLine {
    /// The text without its colours.
    pub fn plain(&self) -> String {
        crate::logs::ansi::plain(&self.message)
    }
}

/// A line of an app's log, with where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct AppLogLine {
    /// The line.
    pub line: LogLine,
    /// Whose line it is; none for Fly's proxy.
    pub instance: Option<InstanceId>,
    /// Where it was written, if Fly told.
    pub region: Option<RegionCode>,
    /// Who wrote it: `app`, `proxy`, `runner`; empty if Fly did not tell.
    pub provider: String,
    /// The proxy's error code ("PC01"; Fly's documentation, "Error codes"), where there is one.
    pub code: Option<String>,
}

/// Somebody's lease on a machine: nobody else may change it meanwhile. flyctl takes one while it
/// deploys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Lease {
    /// Who holds it, as Fly names the bearer of the token.
    pub owner: String,
    /// What for, as the holder wrote it; often empty.
    pub description: String,
    /// When it ends unless it is renewed, if Fly told.
    pub expires_at: Option<Timestamp>,
}

/// Trouble with a host of the app that Fly tells of (GraphQL `App.hostIssues`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct HostIssue {
    /// What Fly says.
    pub message: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When Fly last changed what it says.
    pub updated_at: Timestamp,
    /// When it was over; none while it lasts.
    pub resolved_at: Option<Timestamp>,
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
    /// The image it runs, if Fly tells.
    pub image: Option<String>,
    /// Its memory in MiB, if Fly tells.
    pub memory_mb: Option<u32>,
    /// The checks it is configured with.
    pub configured_checks: Vec<Check>,
    /// What runs in it; none where that was not asked or could not be told.
    pub processes: Option<Vec<Process>>,
    /// Who holds a lease on it; none where nobody does or that was not asked.
    pub lease: Option<Lease>,
}

impl InstanceFacts {
    /// An instance of which nothing but its row is known.
    pub fn of(instance: Instance) -> Self {
        Self {
            instance,
            checks: Vec::new(),
            events: Vec::new(),
            logs: Vec::new(),
            image: None,
            memory_mb: None,
            configured_checks: Vec::new(),
            processes: None,
            lease: None,
        }
    }
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
    /// The machines that ran its release commands (process group `fly_app_release_command`), which
    /// are no instances of it. Fly destroys them soon after.
    pub release_commands: Vec<InstanceFacts>,
    /// Fly's own deployment status; none for every app on Machines.
    pub deployment: Option<FlyDeployment>,
    /// Trouble with its hosts that Fly tells of, newest first.
    pub host_issues: Vec<HostIssue>,
    /// The last lines of its log that were asked for, oldest first: those of all instances and of
    /// Fly's proxy.
    pub logs: Vec<AppLogLine>,
    /// What was asked for beside all this, to explain what is wrong, and could not be had: each as a
    /// sentence for a person.
    pub evidence_not_loaded: Vec<String>,
}

impl AppFacts {
    /// An app of which nothing but its header is known.
    pub fn of(app: App) -> Self {
        Self {
            app,
            config: AppConfig::default(),
            process_groups: Vec::new(),
            releases: Vec::new(),
            instances: Vec::new(),
            release_commands: Vec::new(),
            deployment: None,
            host_issues: Vec::new(),
            logs: Vec::new(),
            evidence_not_loaded: Vec::new(),
        }
    }
}
