//! The VMs of an app of the Nomad era: its allocations under their newer name, finished ones too.

use super::lenient;
use super::nomad::{AllocationNode, CheckNode, EventNode};
use super::page::PageInfo;
use super::scalar::DateTime;
use super::schema;

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct VmsVariables {
    pub(crate) name: String,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "VmsVariables")]
pub(crate) struct VmsQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<VmsOfApp>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App")]
pub(crate) struct VmsOfApp {
    #[arguments(first: 100, showCompleted: true)]
    pub(crate) vms: lenient::Option<VmConnection>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "VMConnection")]
pub(crate) struct VmConnection {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<VmNode>>>,
    pub(crate) page_info: lenient::Option<PageInfo>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "VM")]
pub(crate) struct VmNode {
    pub(crate) id_short: lenient::Option<cynic::Id>,
    pub(crate) version: lenient::Option<i32>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) desired_status: lenient::Option<String>,
    pub(crate) region: lenient::Option<String>,
    pub(crate) task_name: lenient::Option<String>,
    pub(crate) restarts: lenient::Option<i32>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) updated_at: lenient::Option<DateTime>,
    pub(crate) checks: lenient::Option<lenient::Vec<CheckNode>>,
    pub(crate) events: lenient::Option<lenient::Vec<EventNode>>,
}

impl From<VmNode> for AllocationNode {
    fn from(vm: VmNode) -> Self {
        Self {
            id_short: vm.id_short,
            version: vm.version,
            status: vm.status,
            desired_status: vm.desired_status,
            region: vm.region,
            task_name: vm.task_name,
            restarts: vm.restarts,
            created_at: vm.created_at,
            updated_at: vm.updated_at,
            checks: vm.checks,
            events: vm.events,
            recent_logs: lenient::Option::None,
        }
    }
}
