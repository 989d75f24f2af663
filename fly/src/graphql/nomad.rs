//! What GraphQL alone tells of apps of the Nomad era.

use super::lenient;
use super::scalar::DateTime;
use super::schema;

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct DeploymentVariables {
    pub(crate) name: String,
    pub(crate) id: Option<cynic::Id>,
    pub(crate) evaluation_id: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "DeploymentVariables")]
pub(crate) struct DeploymentQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<DeploymentOfApp>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App", variables = "DeploymentVariables")]
pub(crate) struct DeploymentOfApp {
    #[arguments(evaluationId: $evaluation_id, id: $id)]
    pub(crate) deployment_status: lenient::Option<DeploymentNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "DeploymentStatus")]
pub(crate) struct DeploymentNode {
    pub(crate) id: lenient::Option<cynic::Id>,
    pub(crate) version: lenient::Option<i32>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) description: lenient::Option<String>,
    pub(crate) in_progress: lenient::Option<bool>,
    pub(crate) successful: lenient::Option<bool>,
    pub(crate) promoted: lenient::Option<bool>,
    pub(crate) desired_count: lenient::Option<i32>,
    pub(crate) placed_count: lenient::Option<i32>,
    pub(crate) healthy_count: lenient::Option<i32>,
    pub(crate) unhealthy_count: lenient::Option<i32>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ProcessGroup")]
pub(crate) struct GroupNode {
    pub(crate) name: lenient::Option<String>,
    pub(crate) regions: lenient::Option<lenient::Vec<String>>,
    pub(crate) vm_size: lenient::Option<SizeNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "VMSize")]
pub(crate) struct SizeNode {
    pub(crate) name: lenient::Option<String>,
    pub(crate) memory_mb: lenient::Option<i32>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Allocation", variables = "super::app::AppVariables")]
pub(crate) struct AllocationNode {
    pub(crate) id_short: lenient::Option<cynic::Id>,
    pub(crate) version: lenient::Option<i32>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) desired_status: lenient::Option<String>,
    pub(crate) region: lenient::Option<String>,
    pub(crate) task_name: lenient::Option<String>,
    pub(crate) restarts: lenient::Option<i32>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) updated_at: lenient::Option<DateTime>,
    #[directives(include(if: $checks))]
    pub(crate) checks: lenient::Option<lenient::Vec<CheckNode>>,
    #[directives(include(if: $events))]
    pub(crate) events: lenient::Option<lenient::Vec<EventNode>>,
    #[arguments(limit: 60, range: 3600)]
    #[directives(include(if: $logs))]
    pub(crate) recent_logs: lenient::Option<lenient::Vec<LogNode>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "CheckState")]
pub(crate) struct CheckNode {
    pub(crate) name: lenient::Option<String>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) output: lenient::Option<String>,
    pub(crate) updated_at: lenient::Option<DateTime>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AllocationEvent")]
pub(crate) struct EventNode {
    pub(crate) timestamp: lenient::Option<DateTime>,
    #[cynic(rename = "type")]
    pub(crate) kind: lenient::Option<String>,
    pub(crate) message: lenient::Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "LogEntry")]
pub(crate) struct LogNode {
    pub(crate) timestamp: lenient::Option<DateTime>,
    pub(crate) level: lenient::Option<String>,
    pub(crate) message: lenient::Option<String>,
}
