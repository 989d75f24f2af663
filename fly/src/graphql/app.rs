//! Everything GraphQL knows of one app.

use super::apps::OrganizationNode;
use super::lenient;
use super::nomad::{AllocationNode, DeploymentNode, GroupNode};
use super::releases::{FailureNode, Releases};
use super::scalar::{DateTime, Json, Platform};
use super::schema;

/// What is asked for. Each flag stands for a field that takes the whole app from the answer when it
/// fails, because the schema says that it never is null: it can be left out of a second question.
#[derive(cynic::QueryVariables, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "GraphQL's `@include` takes Booleans")]
pub(crate) struct AppVariables {
    pub(crate) name: String,
    pub(crate) allocations: bool,
    pub(crate) checks: bool,
    pub(crate) config: bool,
    pub(crate) events: bool,
    pub(crate) groups: bool,
    pub(crate) logs: bool,
    pub(crate) releases: bool,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "AppVariables")]
pub(crate) struct AppQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<AppFactsNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App", variables = "AppVariables")]
pub(crate) struct AppFactsNode {
    pub(crate) name: lenient::Option<String>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) hostname: lenient::Option<String>,
    pub(crate) platform_version: lenient::Option<Platform>,
    pub(crate) organization: lenient::Option<OrganizationNode>,
    #[arguments(first: 10)]
    pub(crate) host_issues: lenient::Option<IssueConnection>,
    /// Why the newest release failed, which no other form of a release tells.
    pub(crate) current_release: lenient::Option<FailureNode>,
    #[arguments(first: 25)]
    #[directives(include(if: $releases))]
    pub(crate) releases_unprocessed: lenient::Option<Releases>,
    #[directives(include(if: $config))]
    pub(crate) config: lenient::Option<Config>,
    pub(crate) deployment_status: lenient::Option<DeploymentNode>,
    #[directives(include(if: $groups))]
    pub(crate) process_groups: lenient::Option<lenient::Vec<GroupNode>>,
    #[arguments(showCompleted: false)]
    #[directives(include(if: $allocations))]
    pub(crate) allocations: lenient::Option<lenient::Vec<AllocationNode>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AppConfig")]
pub(crate) struct Config {
    pub(crate) definition: lenient::Option<Json>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct IssueConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<IssueNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Issue")]
pub(crate) struct IssueNode {
    pub(crate) message: lenient::Option<String>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) updated_at: lenient::Option<DateTime>,
    pub(crate) resolved_at: lenient::Option<DateTime>,
}
