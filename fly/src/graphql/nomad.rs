//! What GraphQL alone tells of apps of the Nomad era.

use super::scalar::DateTime;
use super::schema;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "DeploymentStatus")]
pub(crate) struct DeploymentNode {
    pub(crate) version: Option<i32>,
    pub(crate) status: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) desired_count: Option<i32>,
    pub(crate) placed_count: Option<i32>,
    pub(crate) healthy_count: Option<i32>,
    pub(crate) unhealthy_count: Option<i32>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ProcessGroup")]
pub(crate) struct GroupNode {
    pub(crate) name: Option<String>,
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) vm_size: Option<SizeNode>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "VMSize")]
pub(crate) struct SizeNode {
    pub(crate) name: Option<String>,
    pub(crate) memory_mb: Option<i32>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Allocation")]
pub(crate) struct AllocationNode {
    pub(crate) id_short: Option<cynic::Id>,
    pub(crate) version: Option<i32>,
    pub(crate) status: Option<String>,
    pub(crate) desired_status: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) task_name: Option<String>,
    pub(crate) restarts: Option<i32>,
    pub(crate) created_at: Option<DateTime>,
    pub(crate) updated_at: Option<DateTime>,
    pub(crate) checks: Option<Vec<CheckNode>>,
    pub(crate) events: Option<Vec<EventNode>>,
    #[arguments(limit: 60, range: 3600)]
    pub(crate) recent_logs: Option<Vec<LogNode>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "CheckState")]
pub(crate) struct CheckNode {
    pub(crate) name: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) updated_at: Option<DateTime>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "AllocationEvent")]
pub(crate) struct EventNode {
    pub(crate) timestamp: Option<DateTime>,
    #[cynic(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) message: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "LogEntry")]
pub(crate) struct LogNode {
    pub(crate) timestamp: Option<DateTime>,
    pub(crate) level: Option<String>,
    pub(crate) message: Option<String>,
}
