//! Apps, as the list and the header of the app page show them.

use crate::health::AppHealth;
use crate::id::{AppName, OrgSlug, RegionCode, ReleaseVersion};
use crate::not_loaded::NotLoaded;
use crate::state::{AppStatus, DeploymentState, ReleaseStatus};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An organization: the owner of apps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Organization {
    /// Its slug, as commands take it.
    pub slug: OrgSlug,
    /// Its name, as people read it.
    pub name: String,
}

/// What the header of the app page tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The name, unique on Fly.
    pub name: AppName,
    /// The owner.
    pub organization: Organization,
    /// Fly's own status of the app.
    pub status: AppStatus,
    /// The host name people reach it by (`NAME.fly.dev`), if it has one.
    pub hostname: Option<String>,
    /// The image of the newest release.
    pub image: Option<String>,
    /// The newest release.
    pub version: Option<ReleaseVersion>,
    /// The parts of the page that were never loaded.
    #[serde(default, skip_serializing_if = "NotLoaded::is_empty")]
    pub not_loaded: NotLoaded,
}

/// A process group: instances that run the same command on the same size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessGroup {
    /// Its name ("app").
    pub name: String,
    /// The size of its instances ("shared-cpu-1x"), if known.
    pub size: Option<String>,
    /// Memory of one instance in MiB, if known.
    pub memory_mb: Option<u32>,
    /// Where its instances are, sorted.
    pub regions: Vec<RegionCode>,
    /// How many instances it has that are not gone.
    pub instances: u32,
}

/// The newest release of an app, as far as the apps list loads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRelease {
    /// Its number.
    pub version: ReleaseVersion,
    /// Its status.
    pub status: ReleaseStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub user: Option<String>,
}

/// How many instances an app has, as far as the apps list loads it: without health checks, which
/// Fly's organization-wide list does not carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceCounts {
    /// Instances that are not gone.
    pub total: u32,
    /// Of these, those that run.
    pub up: u32,
    /// Of these, those known to be unhealthy (Nomad era: from Fly's deployment status).
    pub unhealthy: u32,
}

/// One row of the apps list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSummary {
    /// The name, unique on Fly.
    pub name: AppName,
    /// The owner.
    pub organization: Organization,
    /// Fly's own status of the app.
    pub status: AppStatus,
    /// The newest release; none where nothing was released yet, or where `not_loaded` has it.
    pub last_release: Option<LastRelease>,
    /// Fly's deployment status, where Fly keeps one (Nomad era).
    pub deployment: Option<DeploymentState>,
    /// The instances; none where they could not be loaded.
    pub instances: Option<InstanceCounts>,
    /// Where the instances are, sorted.
    pub regions: Vec<RegionCode>,
    /// What of this row was never loaded, beside the instances.
    #[serde(default, skip_serializing_if = "NotLoaded::is_empty")]
    pub not_loaded: NotLoaded,
}

impl AppSummary {
    /// The app's health as far as the list can tell.
    pub fn health(&self) -> AppHealth {
        if self.status == AppStatus::Suspended {
            return AppHealth::Suspended;
        }
        let status = self.last_release.as_ref().map(|release| &release.status);
        let Some(counts) = self.instances else { return AppHealth::Unknown };
        match status {
            _ if counts.unhealthy > 0 && counts.unhealthy >= counts.up => AppHealth::Unhealthy,
            _ if counts.unhealthy > 0 => AppHealth::Degraded,
            Some(ReleaseStatus::Failed) => AppHealth::DeployFailed,
            Some(ReleaseStatus::Running | ReleaseStatus::Pending) => AppHealth::Deploying,
            _ if counts.total == 0 => AppHealth::NoInstances,
            _ if counts.up == 0 => AppHealth::Resting,
            _ => AppHealth::Healthy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(status: &str, counts: Option<(u32, u32, u32)>, release: Option<&str>) -> AppSummary {
        AppSummary {
            name: AppName::new("a").unwrap(),
            organization: Organization { slug: OrgSlug::new("o").unwrap(), name: "O".into() },
            status: status.into(),
            last_release: release.map(|status| LastRelease {
                version: ReleaseVersion(1),
                status: status.into(),
                created_at: Timestamp(0),
                user: None,
            }),
            deployment: None,
            instances: counts.map(|(total, up, unhealthy)| InstanceCounts { total, up, unhealthy }),
            regions: vec![],
            not_loaded: NotLoaded::default(),
        }
    }

    #[test]
    fn instances_that_were_not_loaded_are_unknown_and_not_none() {
        assert_eq!(summary("deployed", None, Some("complete")).health(), AppHealth::Unknown);
        assert_eq!(summary("pending", Some((0, 0, 0)), None).health(), AppHealth::NoInstances);
    }

    #[test]
    fn a_failed_release_outranks_running_instances() {
        assert_eq!(summary("deployed", Some((3, 3, 0)), Some("failed")).health(), AppHealth::DeployFailed);
        assert_eq!(summary("running", Some((1, 1, 1)), Some("failed")).health(), AppHealth::Unhealthy);
    }

    #[test]
    fn a_suspended_app_is_suspended_whatever_it_holds() {
        assert_eq!(summary("suspended", None, Some("failed")).health(), AppHealth::Suspended);
    }
}
