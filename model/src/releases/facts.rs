//! All that is known of one release, before anything is concluded from it.

use crate::id::{AppName, ReleaseVersion};
use crate::release::Release;
use crate::secret::SecretName;
use serde_json::Value;

/// Everything that was fetched for the page of one release.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleaseFacts {
    /// Whose release.
    pub app: AppName,
    /// Which one was asked for.
    pub version: ReleaseVersion,
    /// The release with the reason of its failure; none where Fly knows of none of that number.
    pub release: Option<Release>,
    /// Its configuration in the shape of `fly.toml`; none where Fly does not tell.
    pub config: Option<Value>,
    /// The release before it; none where Fly knows of none.
    pub before: Option<Release>,
    /// The configuration of the release before it.
    pub config_before: Option<Value>,
    /// The newest release of the app; none where it has none, or where that did not come.
    pub newest: Option<Release>,
    /// What the instances of the app run; none where that did not come, or where Fly does not tell
    /// (an app of the Nomad era).
    pub running: Option<Vec<Running>>,
    /// The secrets of the app; none where they did not come.
    pub secrets: Option<Vec<SecretName>>,
    /// The parts that were asked for and did not come: `configuration`, `instances`, `secrets`,
    /// `reason of failure`, `release before`, `newest release`.
    pub missing: Vec<String>,
}

/// An instance that is not gone, as far as a release is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its process group.
    pub process_group: String,
    /// The release it runs, if that is known.
    pub version: Option<ReleaseVersion>,
}

impl ReleaseFacts {
    /// The release's configuration, with that of the one before.
    pub const CONFIGURATION: &'static str = "configuration";
    /// What the instances run.
    pub const INSTANCES: &'static str = "instances";
    /// The names of the secrets.
    pub const SECRETS: &'static str = "secrets";
    /// Why the release failed.
    pub const REASON: &'static str = "reason of failure";
    /// The release before it.
    pub const BEFORE: &'static str = "release before";
    /// The newest release.
    pub const NEWEST: &'static str = "newest release";

    /// A release of which nothing is known.
    pub fn of(app: AppName, version: ReleaseVersion) -> Self {
        Self {
            app,
            version,
            release: None,
            config: None,
            before: None,
            config_before: None,
            newest: None,
            running: None,
            secrets: None,
            missing: Vec::new(),
        }
    }

    /// Whether a part was asked for and did not come.
    pub fn lacks(&self, part: &str) -> bool {
        self.missing.iter().any(|one| one == part)
    }
}
