//! What only apps of the Nomad era have: deployments that Fly keeps a status of, and VMs.

use super::{Fetched, FlyClient, missing};
use crate::decode::{nomad, text};
use crate::error::FlyError;
use crate::graphql::answer::Reply;
use crate::graphql::nomad::{AllocationNode, DeploymentQuery, DeploymentVariables};
use crate::graphql::vms::VmsQuery;
use crate::graphql::{lenient, vms};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::deployment::FlyDeployment;
use model::{AppName, InstanceFacts};

/// Longest id that is sent back to Fly; Nomad's are UUIDs.
const LONGEST_ID: usize = 100;

/// Which deployment is meant (GraphQL `App.deploymentStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeploymentKey {
    /// The latest.
    Latest,
    /// The one with this id ([`NomadDeployment::id`]).
    Id(String),
    /// The one that this evaluation led to: a release or a change of secrets names it
    /// (`evaluationId`).
    Evaluation(String),
    /// Both, as flyctl asks once it knows the id.
    Both {
        /// The deployment's id.
        id: String,
        /// The evaluation it came from.
        evaluation: String,
    },
}

impl From<&String> for DeploymentKey {
    /// Of an evaluation's id.
    fn from(evaluation: &String) -> Self {
        Self::Evaluation(evaluation.clone())
    }
}

/// A deployment that Fly keeps a status of (GraphQL `DeploymentStatus`): apps of the Nomad era, for
/// some hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NomadDeployment {
    /// Its id, a UUID, if Fly told.
    pub id: Option<String>,
    /// What it is about and how it stands.
    pub status: FlyDeployment,
    /// Whether it goes on; none if Fly did not tell.
    pub in_progress: Option<bool>,
    /// Whether it ended well; none if Fly did not tell.
    pub successful: Option<bool>,
    /// Whether its canaries were promoted; none if Fly did not tell.
    pub promoted: Option<bool>,
}

pub(super) async fn deployment(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    key: &DeploymentKey,
) -> Result<Option<NomadDeployment>, FlyError> {
    let (id, evaluation) = match key {
        DeploymentKey::Latest => (None, None),
        DeploymentKey::Id(id) => (Some(id), None),
        DeploymentKey::Evaluation(evaluation) => (None, Some(evaluation)),
        DeploymentKey::Both { id, evaluation } => (Some(id), Some(evaluation)),
    };
    let operation = DeploymentQuery::build(DeploymentVariables {
        name: app.as_str().to_owned(),
        id: id.map(|id| cynic::Id::new(text::line(id, LONGEST_ID))),
        evaluation_id: evaluation.map(|id| text::line(id, LONGEST_ID)),
    });
    read(client.query(token, &operation).await?, token)
}

pub(crate) fn read(
    reply: Reply<DeploymentQuery>,
    token: &FlyToken,
) -> Result<Option<NomadDeployment>, FlyError> {
    let failed = !reply.errors.fields_below("app").is_empty();
    match reply.data.as_ref().map(|data| &data.app) {
        // The app is there and has no such deployment: an answer, unless an error says otherwise.
        Some(lenient::Option::Some(app))
            if matches!(app.deployment_status, lenient::Option::None) && !failed =>
        {
            return Ok(None);
        }
        _ => {}
    }
    let node =
        reply.wanted(|data| data.app.and_then(|app| app.deployment_status), "the deployment", token)?;
    let unreadable =
        || FlyError::Malformed { what: "the deployment cannot be read".into(), request_id: None };
    let status = nomad::deployment(&node).ok_or_else(unreadable)?;
    Ok(Some(NomadDeployment {
        id: node.id.known().map(|id| text::line(id.inner(), LONGEST_ID)),
        status,
        in_progress: node.in_progress.known(),
        successful: node.successful.known(),
        promoted: node.promoted.known(),
    }))
}

pub(super) async fn vms(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
) -> Result<Fetched<Vec<InstanceFacts>>, FlyError> {
    let operation = VmsQuery::build(vms::VmsVariables { name: app.as_str().to_owned() });
    read_vms(client.query(token, &operation).await?, token)
}

pub(crate) fn read_vms(
    reply: Reply<VmsQuery>,
    token: &FlyToken,
) -> Result<Fetched<Vec<InstanceFacts>>, FlyError> {
    let page = reply.wanted(|data| data.app.and_then(|app| app.vms), "the list of VMs", token)?;
    let (nodes, unreadable) = page.nodes.into_elements();
    let (instances, more) = nomad::instances(nodes.into_iter().flatten().map(AllocationNode::from).collect());
    let mut missing = Vec::new();
    missing::tell_unreadable(&mut missing, unreadable + more, "VM");
    if page.page_info.known().and_then(|info| info.next()).is_some() {
        missing::tell(&mut missing, &format!("VMs after the first {}", instances.len()));
    }
    Ok(Fetched::of(instances, missing))
}
