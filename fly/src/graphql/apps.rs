//! All apps a token can see, a page at a time.

use super::lenient;
use super::page::PageInfo;
use super::releases::LastReleaseNode;
use super::scalar::Platform;
use super::schema;

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct AppsVariables {
    pub(crate) after: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "AppsVariables")]
pub(crate) struct AppsQuery {
    #[arguments(after: $after, first: 200)]
    pub(crate) apps: lenient::Option<AppConnection>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct AppConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<AppNode>>>,
    pub(crate) page_info: lenient::Option<PageInfo>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App")]
pub(crate) struct AppNode {
    pub(crate) name: lenient::Option<String>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) platform_version: lenient::Option<Platform>,
    pub(crate) organization: lenient::Option<OrganizationNode>,
    pub(crate) current_release_unprocessed: lenient::Option<LastReleaseNode>,
    pub(crate) deployment_status: lenient::Option<DeploymentCounts>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Organization")]
pub(crate) struct OrganizationNode {
    pub(crate) slug: lenient::Option<String>,
    pub(crate) name: lenient::Option<String>,
}

/// As much of the deployment status as a row shows.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "DeploymentStatus")]
pub(crate) struct DeploymentCounts {
    pub(crate) status: lenient::Option<String>,
    pub(crate) placed_count: lenient::Option<i32>,
    pub(crate) unhealthy_count: lenient::Option<i32>,
}
