//! Everything GraphQL knows of one app.

use super::apps::OrganizationNode;
use super::nomad::{AllocationNode, DeploymentNode, GroupNode};
use super::releases::Releases;
use super::scalar::{Json, Platform};
use super::schema;

/// The fields that only apps of the Nomad era fill are asked for while it is not known that they
/// make Fly fail: an error in one of them takes the whole app from the answer.
#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct AppVariables {
    pub(crate) name: String,
    pub(crate) nomad: bool,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "AppVariables")]
pub(crate) struct AppQuery {
    #[arguments(name: $name)]
    pub(crate) app: Option<AppFactsNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App", variables = "AppVariables")]
pub(crate) struct AppFactsNode {
    pub(crate) name: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) platform_version: Option<Platform>,
    pub(crate) organization: Option<OrganizationNode>,
    #[arguments(first: 25)]
    pub(crate) releases_unprocessed: Option<Releases>,
    #[directives(include(if: $nomad))]
    pub(crate) config: Option<Config>,
    #[directives(include(if: $nomad))]
    pub(crate) deployment_status: Option<DeploymentNode>,
    #[directives(include(if: $nomad))]
    pub(crate) process_groups: Option<Vec<GroupNode>>,
    #[arguments(showCompleted: false)]
    #[directives(include(if: $nomad))]
    pub(crate) allocations: Option<Vec<AllocationNode>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AppConfig")]
pub(crate) struct Config {
    pub(crate) definition: Option<Json>,
}
