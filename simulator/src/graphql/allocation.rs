//! Nomad's instances.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};

use super::{
    Scene,
    connection::{Ask, Page, PageInfo},
    scalars::{CheckType, DateTime},
};
use crate::world::{Allocation, AllocationEvent, App, Check, CheckStatus, LogLine};

/// Declares one of the two types of instances: `VM` is what lists of `vms` hold, and tells the same
/// as `Allocation`.
macro_rules! instance_node {
    ($(#[$doc:meta])* $node:ident = $name:literal { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(super) struct $node {
            app: Arc<App>,
            one: Allocation,
        }

        impl $node {
            pub(super) fn new(app: &Arc<App>, one: &Allocation) -> Self {
                Self { app: Arc::clone(app), one: one.clone() }
            }

            fn count(&self, status: CheckStatus) -> i32 {
                i32::try_from(self.one.count(status)).unwrap_or(i32::MAX)
            }
        }

        #[Object(name = $name)]
        impl $node {
    async fn canary(&self) -> bool {
        self.one.canary
    }
    async fn checks(&self, name: Option<String>) -> Vec<CheckState> {
        let wanted = self.one.checks.iter();
        let wanted = wanted.filter(|check| name.as_ref().is_none_or(|name| *name == check.name));
        let of_it = |check: &Check| CheckState { allocation: AllocationNode::new(&self.app, &self.one), check: check.clone() };
        wanted.map(of_it).collect()
    }
    async fn created_at(&self) -> DateTime {
        DateTime(self.one.created_at)
    }
    async fn critical_check_count(&self) -> i32 {
        self.count(CheckStatus::Critical)
    }
    async fn desired_status(&self) -> &str {
        &self.one.desired
    }
    async fn events(&self) -> Vec<EventNode> {
        self.one.events.iter().cloned().map(EventNode).collect()
    }
    async fn failed(&self) -> bool {
        self.one.status == "failed"
    }
    async fn healthy(&self) -> bool {
        self.one.healthy
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.one.id.clone())
    }
    async fn id_short(&self) -> ID {
        ID(self.one.short_id().to_owned())
    }
    async fn latest_version(&self) -> bool {
        let newest = self.app.current_release();
        newest.is_some_and(|release| release.version == self.one.version)
    }
    async fn passing_check_count(&self) -> i32 {
        self.count(CheckStatus::Passing)
    }
    #[graphql(name = "privateIP")]
    async fn private_ip(&self) -> Option<&String> {
        self.one.private_ip.as_ref()
    }
    /// The newest lines of the last `range` seconds, oldest first.
    async fn recent_logs(
        &self,
        context: &Context<'_>,
        #[graphql(default = 10)] limit: i32,
        #[graphql(default = 300)] range: i32,
    ) -> Result<Vec<LogEntry>, Error> {
        let since = Scene::of(context)?.view.now.as_ms() - i64::from(range) * 1000;
        let lines = self.app.logs.iter();
        let lines: Vec<&LogLine> =
            lines.filter(|line| line.instance == self.one.short_id() && line.at.as_ms() >= since).collect();
        let skip = lines.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        Ok(lines.into_iter().skip(skip).cloned().map(LogEntry).collect())
    }
    async fn region(&self) -> &str {
        &self.one.region
    }
    async fn restarts(&self) -> i32 {
        self.one.restarts
    }
    async fn status(&self) -> &str {
        &self.one.status
    }
    async fn task_name(&self) -> &str {
        &self.one.task
    }
    async fn total_check_count(&self) -> i32 {
        i32::try_from(self.one.checks.len()).unwrap_or(i32::MAX)
    }
    async fn transitioning(&self) -> bool {
        self.one.status == "pending"
    }
    async fn updated_at(&self) -> DateTime {
        DateTime(self.one.updated_at.unwrap_or(self.one.created_at))
    }
    async fn version(&self) -> i32 {
        self.one.version
    }
    async fn warning_check_count(&self) -> i32 {
        self.count(CheckStatus::Warning)
    }
            $($own)*
        }
    };
}

instance_node! {
    /// An instance.
    AllocationNode = "Allocation" {}
}
instance_node! {
    /// An instance in a list of `vms`.
    VmNode = "VM" {}
}

/// Something that happened to an instance.
struct EventNode(AllocationEvent);

#[Object(name = "AllocationEvent")]
impl EventNode {
    async fn message(&self) -> &str {
        &self.0.message
    }
    async fn timestamp(&self) -> DateTime {
        DateTime(self.0.at)
    }
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        &self.0.kind
    }
}

/// A health check of an instance.
struct CheckState {
    allocation: AllocationNode,
    check: Check,
}

#[Object(name = "CheckState")]
impl CheckState {
    async fn allocation(&self) -> AllocationNode {
        self.allocation.clone()
    }
    async fn allocation_id(&self) -> &str {
        &self.allocation.one.id
    }
    async fn name(&self) -> &str {
        &self.check.name
    }
    async fn output(&self, compact: Option<bool>, limit: Option<i32>) -> String {
        let output = &self.check.output;
        let whole = if compact.unwrap_or(false) {
            output.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            output.clone()
        };
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        whole.chars().take(limit).collect()
    }
    async fn service_name(&self) -> &str {
        &self.check.service
    }
    async fn status(&self) -> &str {
        self.check.status.as_str()
    }
    #[graphql(name = "type")]
    async fn kind(&self) -> CheckType {
        self.check.kind.into()
    }
    async fn updated_at(&self) -> DateTime {
        DateTime(self.check.updated_at)
    }
}

/// A log line.
struct LogEntry(LogLine);

#[Object(name = "LogEntry")]
impl LogEntry {
    async fn id(&self) -> String {
        self.0.id.to_string()
    }
    async fn instance_id(&self) -> &str {
        &self.0.instance
    }
    async fn level(&self) -> &str {
        &self.0.level
    }
    async fn message(&self) -> &str {
        &self.0.message
    }
    async fn region(&self) -> &str {
        &self.0.region
    }
    async fn timestamp(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// Instances with their counts by status, as no other connection has them.
pub(super) struct VmConnection {
    page: Page<VmNode>,
    all: Vec<String>,
}

impl VmConnection {
    pub(super) fn of(app: &Arc<App>, show_completed: bool, ask: &Ask) -> Self {
        let shown = app.allocations.iter().filter(|one| show_completed || !one.completed());
        let nodes: Vec<VmNode> = shown.map(|one| VmNode::new(app, one)).collect();
        let all = nodes.iter().map(|node| node.one.status.clone()).collect();
        Self { page: Page::of(nodes, ask), all }
    }

    fn with(&self, statuses: &[&str]) -> i32 {
        let count = self.all.iter().filter(|status| statuses.contains(&status.as_str())).count();
        i32::try_from(count).unwrap_or(i32::MAX)
    }
}

#[Object(name = "VMConnection")]
impl VmConnection {
    async fn active_count(&self) -> i32 {
        self.with(&["pending", "running"])
    }
    async fn complete_count(&self) -> i32 {
        self.with(&["complete"])
    }
    async fn edges(&self) -> Option<Vec<Option<VmEdge>>> {
        let edges = self.page.items.iter().cloned();
        Some(edges.map(|(cursor, node)| Some(VmEdge { cursor, node })).collect())
    }
    async fn failed_count(&self) -> i32 {
        self.with(&["failed"])
    }
    async fn inactive_count(&self) -> i32 {
        self.with(&["complete", "failed", "lost"])
    }
    async fn lost_count(&self) -> i32 {
        self.with(&["lost"])
    }
    async fn nodes(&self) -> Option<Vec<Option<VmNode>>> {
        Some(self.page.nodes())
    }
    async fn page_info(&self) -> PageInfo {
        self.page.info.clone()
    }
    async fn pending_count(&self) -> i32 {
        self.with(&["pending"])
    }
    async fn running_count(&self) -> i32 {
        self.with(&["running"])
    }
    async fn total_count(&self) -> i32 {
        self.page.total
    }
}

/// An instance with its place.
pub(super) struct VmEdge {
    cursor: String,
    node: VmNode,
}

#[Object(name = "VMEdge")]
impl VmEdge {
    async fn cursor(&self) -> &str {
        &self.cursor
    }
    async fn node(&self) -> Option<VmNode> {
        Some(self.node.clone())
    }
}
