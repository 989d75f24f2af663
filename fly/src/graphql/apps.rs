//! All apps a token can see, a page at a time.

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
    pub(crate) apps: Option<AppConnection>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct AppConnection {
    pub(crate) nodes: Option<Vec<Option<AppNode>>>,
    pub(crate) page_info: Option<PageInfo>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: Option<bool>,
    pub(crate) end_cursor: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App")]
pub(crate) struct AppNode {
    pub(crate) name: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) platform_version: Option<Platform>,
    pub(crate) organization: Option<OrganizationNode>,
    pub(crate) current_release_unprocessed: Option<LastReleaseNode>,
    pub(crate) deployment_status: Option<DeploymentCounts>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Organization")]
pub(crate) struct OrganizationNode {
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
}

/// As much of the deployment status as a row shows.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "DeploymentStatus")]
pub(crate) struct DeploymentCounts {
    pub(crate) status: Option<String>,
    pub(crate) placed_count: Option<i32>,
    pub(crate) unhealthy_count: Option<i32>,
}
