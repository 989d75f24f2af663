//! Apps, as the list and the header of the app page show them.

use crate::health::{AppHealth, DeploymentOutcome};
use crate::id::{AppName, OrgSlug, RegionCode, ReleaseVersion};
use crate::json::{FromJson, is_zero};
use crate::not_loaded::NotLoaded;
use crate::state::{AppStatus, DeploymentState, ReleaseStatus};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An organization: the owner of apps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
pub struct Organization {
    /// Its slug, as commands take it.
    pub slug: OrgSlug,
    /// Its name, as people read it.
    pub name: String,
}

/// What the header of the app page tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
/// Fly's organization-wide list does not carry. The rest is at rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct InstanceCounts {
    /// Instances that are not gone.
    pub total: u32,
    /// Of these, those that run and are not known to be unhealthy.
    pub up: u32,
    /// Of these, those known to be unhealthy (Nomad era: from Fly's deployment status; machines: by
    /// their state).
    pub unhealthy: u32,
    /// Of these, those on their way to some other state.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pending: u32,
}

/// One row of the apps list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
        let deployment = self.last_release.as_ref().map(|release| match release.status {
            ReleaseStatus::Failed => DeploymentOutcome::Failed,
            ReleaseStatus::Running | ReleaseStatus::Pending => DeploymentOutcome::InProgress,
            _ => DeploymentOutcome::Done,
        });
        let InstanceCounts { total, up, unhealthy, pending } = self.instances.unwrap_or_default();
        let resting = total.saturating_sub(up).saturating_sub(unhealthy).saturating_sub(pending);
        match AppHealth::of_counts([up, resting, pending, unhealthy], deployment) {
            AppHealth::NoInstances if self.instances.is_none() => AppHealth::Unknown,
            known => known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(status: &str, counts: Option<(u32, u32, u32)>, release: Option<&str>) -> AppSummary {
        AppSummary {
            status: status.into(),
            last_release: release.map(|status| LastRelease {
                version: ReleaseVersion(1),
                status: status.into(),
                created_at: Timestamp(0),
                user: None,
            }),
            instances: counts.map(|(total, up, unhealthy)| InstanceCounts {
                total,
                up,
                unhealthy,
                pending: 0,
            }),
            ..crate::samples::summary("a")
        }
    }

    #[test]
    fn instances_that_were_not_loaded_are_unknown_and_not_none_and_do_not_hide_a_failure() {
        assert_eq!(summary("deployed", None, Some("complete")).health(), AppHealth::Unknown);
        assert_eq!(summary("deployed", None, Some("failed")).health(), AppHealth::DeployFailed);
        assert_eq!(summary("pending", Some((0, 0, 0)), None).health(), AppHealth::NoInstances);
    }

    #[test]
    fn unhealthy_instances_outrank_a_failed_release_which_outranks_those_that_run() {
        assert_eq!(summary("deployed", Some((3, 3, 0)), Some("failed")).health(), AppHealth::DeployFailed);
        assert_eq!(summary("running", Some((1, 0, 1)), Some("failed")).health(), AppHealth::Unhealthy);
        assert_eq!(summary("running", Some((2, 1, 1)), Some("failed")).health(), AppHealth::Degraded);
    }

    #[test]
    fn an_app_is_at_rest_only_where_no_instance_is_on_its_way() {
        let mut app = summary("deployed", Some((2, 0, 0)), Some("complete"));
        assert_eq!(app.health(), AppHealth::Resting);
        app.instances = Some(InstanceCounts { total: 2, up: 0, unhealthy: 0, pending: 1 });
        assert_eq!(app.health(), AppHealth::Pending);
    }

    #[test]
    fn a_suspended_app_is_suspended_whatever_it_holds() {
        assert_eq!(summary("suspended", None, Some("failed")).health(), AppHealth::Suspended);
    }
}
