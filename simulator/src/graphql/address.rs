//! Public addresses, and trouble with hosts.

use async_graphql::{ID, Object};

use super::{
    connection::connection,
    scalars::{DateTime, IpAddressType, Named as _},
};
use crate::world::{HostIssue, IpAddress};

/// A public address.
#[derive(Clone)]
pub(super) struct IpAddressNode(pub(super) IpAddress);

#[Object(name = "IPAddress")]
impl IpAddressNode {
    async fn address(&self) -> &str {
        &self.0.address
    }
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
    pub(super) async fn id(&self) -> ID {
        ID(format!("ip-{}", self.0.address))
    }
    async fn region(&self) -> Option<&str> {
        Some("global")
    }
    #[graphql(name = "type")]
    async fn kind(&self) -> IpAddressType {
        IpAddressType::read(&self.0.kind).unwrap_or(IpAddressType::V6)
    }
}

connection!(IpAddressConnection = "IPAddressConnection", IpAddressEdge = "IPAddressEdge", IpAddressNode);

/// Trouble with a host.
#[derive(Clone)]
pub(super) struct IssueNode(pub(super) HostIssue);

#[Object(name = "Issue")]
impl IssueNode {
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn internal_id(&self) -> &str {
        &self.0.id
    }
    async fn message(&self) -> Option<&str> {
        Some(&self.0.message)
    }
    async fn resolved_at(&self) -> Option<DateTime> {
        None
    }
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

connection!(IssueConnection = "IssueConnection", IssueEdge = "IssueEdge", IssueNode);
