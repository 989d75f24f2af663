//! What was released, and what Fly keeps of the last deployment.

use super::super::missing;
use super::super::nomad::NomadDeployment;
use super::{DEPLOYMENT, RELEASES, is_nomad};
use crate::decode::{nomad as decode_nomad, releases};
use crate::error::FlyError;
use crate::graphql::app::AppFactsNode;
use model::deployment::FlyDeployment;
use model::{Release, ReleaseVersion};
use tracing::warn;

/// The releases and Fly's own deployment status, and what of them must be asked for on its own.
pub(super) struct Past {
    pub(super) releases: Vec<Release>,
    pub(super) deployment: Option<FlyDeployment>,
    /// The newest release failed, and GraphQL's `currentRelease` was another.
    pub(super) reason_wanted: Option<ReleaseVersion>,
    /// There is no deployment status, but the newest release names what it came from.
    pub(super) evaluation_wanted: Option<String>,
}

impl Past {
    pub(super) fn read(node: &mut AppFactsNode, failed: &[String], missing: &mut Vec<String>) -> Self {
        let has_failed = |field: &str| failed.iter().any(|one| one == field);
        let nodes = node.releases_unprocessed.take().and_then(|releases| releases.nodes);
        let nodes = missing::elements(nodes, RELEASES, "release", missing);
        let evaluation = releases::newest_evaluation(&nodes);
        let (mut releases, unreadable) = releases::releases(nodes);
        missing::tell_unreadable(missing, unreadable, "release");
        let newest = node.current_release.take().known().and_then(releases::newest_failure);
        let reason_wanted = releases.first_mut().and_then(|release| match newest {
            _ if !releases::wants_a_reason(release) => None,
            Some((version, failure)) if version == release.version => {
                release.failure = failure;
                None
            }
            _ if has_failed("currentRelease") => {
                missing::tell_reason(missing, release);
                None
            }
            _ => Some(release.version),
        });
        let found = node.deployment_status.take();
        let asks = is_nomad(node) && found.is_none() && !has_failed("deploymentStatus");
        let deployment = found.as_known().and_then(decode_nomad::deployment);
        if !found.is_none() && deployment.is_none() && is_nomad(node) {
            missing::tell(missing, DEPLOYMENT);
        }
        Self { releases, deployment, reason_wanted, evaluation_wanted: evaluation.filter(|_| asks) }
    }

    pub(super) fn with(
        mut self,
        reason: Option<Result<Release, FlyError>>,
        deployment: Option<Result<Option<NomadDeployment>, FlyError>>,
        missing: &mut Vec<String>,
    ) -> Self {
        match (reason, self.releases.first_mut()) {
            (Some(Ok(full)), Some(newest)) => newest.failure = full.failure,
            (Some(Err(error)), Some(newest)) => {
                warn!(%error, request_id = error.request_id(), "the reason of a failed release could not be loaded");
                missing::tell_reason(missing, newest);
            }
            _ => {}
        }
        match deployment {
            Some(Ok(found)) => self.deployment = found.map(|found| found.status),
            Some(Err(error)) => {
                warn!(%error, request_id = error.request_id(), "the deployment of a release could not be loaded");
                missing::tell(missing, DEPLOYMENT);
            }
            None => {}
        }
        self
    }
}
