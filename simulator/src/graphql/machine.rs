//! Machines as GraphQL knows them: no checks, no image, no host status.

use std::sync::Arc;

use async_graphql::{ID, Interface, Object};

use super::{
    app::AppNode,
    connection::{Ask, Page, connection},
    scalars::{DateTime, Json},
};
use crate::{
    machines::json as write,
    world::{App, Machine, MachineEvent},
};

/// A machine.
#[derive(Clone)]
pub(super) struct MachineNode {
    app: Arc<App>,
    one: Box<Machine>,
}

impl MachineNode {
    pub(super) fn new(app: &Arc<App>, one: &Machine) -> Self {
        Self { app: Arc::clone(app), one: Box::new(one.clone()) }
    }
}

#[Object(name = "Machine")]
impl MachineNode {
    async fn app(&self) -> AppNode {
        AppNode(Arc::clone(&self.app))
    }
    async fn config(&self) -> Json {
        Json(write::config(&self.app, &self.one))
    }
    async fn created_at(&self) -> DateTime {
        DateTime(self.one.created_at)
    }
    async fn events(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        kind: Option<String>,
        last: Option<i32>,
    ) -> MachineEventConnection {
        let newest = self.one.events.iter().enumerate().rev();
        let wanted = newest.filter(|(_, event)| kind.as_ref().is_none_or(|kind| *kind == event.kind));
        let nodes = wanted.map(|(index, event)| EventNode {
            id: write::event_id(&self.one, index, event),
            event: event.clone(),
        });
        let ask = Ask::new(after, before, first, last);
        MachineEventConnection(Page::of(nodes.collect(), &ask))
    }
    async fn host(&self) -> Host {
        Host::of(&self.one.region)
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.one.id.clone())
    }
    async fn instance_id(&self) -> &str {
        &self.one.instance_id
    }
    async fn ips(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> MachineIpConnection {
        let private = MachineIp { machine: self.one.id.clone(), ip: self.one.private_ip.clone() };
        MachineIpConnection(Page::of(vec![private], &Ask::new(after, before, first, last)))
    }
    async fn name(&self) -> &str {
        &self.one.name
    }
    async fn region(&self) -> &str {
        &self.one.region
    }
    async fn state(&self) -> &str {
        &self.one.state
    }
    async fn updated_at(&self) -> DateTime {
        DateTime(self.one.updated_at())
    }
}

connection!(MachineConnection = "MachineConnection", MachineEdge = "MachineEdge", MachineNode);

/// What a machine runs on.
pub(super) struct Host(String);

impl Host {
    /// A story has one host in each region.
    pub(super) fn of(region: &str) -> Self {
        Self(format!("host-{region}"))
    }
}

#[Object(name = "Host")]
impl Host {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.clone())
    }
}

/// An address of a machine.
#[derive(Clone)]
pub(super) struct MachineIp {
    machine: String,
    ip: String,
}

#[Object(name = "MachineIP")]
impl MachineIp {
    async fn family(&self) -> &str {
        "v6"
    }
    pub(super) async fn id(&self) -> ID {
        ID(format!("ip-{}", self.machine))
    }
    async fn ip(&self) -> &str {
        &self.ip
    }
    async fn kind(&self) -> &str {
        "privatenet"
    }
    async fn mask_size(&self) -> i32 {
        112
    }
}

connection!(MachineIpConnection = "MachineIPConnection", MachineIpEdge = "MachineIPEdge", MachineIp);

/// An event before it becomes one of the types of the interface.
#[derive(Clone)]
pub(super) struct EventNode {
    id: String,
    event: MachineEvent,
}

/// Something that happened to a machine.
#[derive(Interface)]
#[graphql(
    name = "MachineEvent",
    field(name = "id", ty = "ID"),
    field(name = "kind", ty = "String"),
    field(name = "timestamp", ty = "DateTime")
)]
pub(super) enum MachineEventNode {
    Start(StartEvent),
    Exit(ExitEvent),
    Destroy(DestroyEvent),
    Generic(GenericEvent),
}

impl From<EventNode> for MachineEventNode {
    fn from(node: EventNode) -> Self {
        match node.event.kind.as_str() {
            "start" => Self::Start(StartEvent(node)),
            "exit" => Self::Exit(ExitEvent(node)),
            "destroy" => Self::Destroy(DestroyEvent(node)),
            _ => Self::Generic(GenericEvent(node)),
        }
    }
}

/// Declares a type of event with what all of them have.
macro_rules! event_type {
    ($node:ident = $name:literal { $($own:tt)* }) => {
        pub(super) struct $node(EventNode);

        #[Object(name = $name)]
        impl $node {
            pub(super) async fn id(&self) -> ID {
                ID(self.0.id.clone())
            }
            pub(super) async fn kind(&self) -> String {
                self.0.event.kind.clone()
            }
            pub(super) async fn timestamp(&self) -> DateTime {
                DateTime(self.0.event.at)
            }
            $($own)*
        }
    };
}

event_type!(StartEvent = "MachineEventStart" {});
event_type!(DestroyEvent = "MachineEventDestroy" {});
event_type!(GenericEvent = "MachineEventGeneric" {});
event_type!(ExitEvent = "MachineEventExit" {
    async fn exit_code(&self) -> i32 {
        self.exit()["exit_code"].as_i64().and_then(|code| i32::try_from(code).ok()).unwrap_or(0)
    }
    async fn metadata(&self) -> Json {
        Json(self.0.event.request.clone())
    }
    async fn oom_killed(&self) -> bool {
        self.exit()["oom_killed"].as_bool().unwrap_or(false)
    }
    async fn requested_stop(&self) -> bool {
        self.exit()["requested_stop"].as_bool().unwrap_or(false)
    }
});

impl ExitEvent {
    fn exit(&self) -> &serde_json::Value {
        &self.0.event.request["exit_event"]
    }
}

/// Unlike other connections it has no total.
pub(super) struct MachineEventConnection(Page<EventNode>);

#[Object(name = "MachineEventConnection")]
impl MachineEventConnection {
    async fn edges(&self) -> Option<Vec<Option<MachineEventEdge>>> {
        let edges = self.0.items.iter().cloned();
        Some(edges.map(|(cursor, node)| Some(MachineEventEdge { cursor, node })).collect())
    }
    async fn nodes(&self) -> Option<Vec<Option<MachineEventNode>>> {
        let nodes = self.0.items.iter().cloned();
        Some(nodes.map(|(_, node)| Some(node.into())).collect())
    }
    async fn page_info(&self) -> super::connection::PageInfo {
        self.0.info.clone()
    }
}

/// An event with its place.
pub(super) struct MachineEventEdge {
    cursor: String,
    node: EventNode,
}

#[Object(name = "MachineEventEdge")]
impl MachineEventEdge {
    async fn cursor(&self) -> &str {
        &self.cursor
    }
    async fn node(&self) -> Option<MachineEventNode> {
        Some(self.node.clone().into())
    }
}
