//! Volumes, and what else belongs to an app: secrets.

use std::sync::Arc;

use async_graphql::{ID, Object};

use super::{
    allocation::AllocationNode,
    app::AppNode,
    connection::{Ask, Page, connection},
    machine::{Host, MachineNode},
    principal::UserNode,
    scalars::{BigInt, DateTime},
};
use crate::{
    actions::volume::mounted_by,
    machines::json::digest,
    world::{App, Secret, Snapshot, Volume},
};

/// A volume.
#[derive(Clone)]
pub(super) struct VolumeNode {
    app: Arc<App>,
    one: Box<Volume>,
}

impl VolumeNode {
    pub(super) fn new(app: &Arc<App>, one: &Volume) -> Self {
        Self { app: Arc::clone(app), one: Box::new(one.clone()) }
    }

    /// The volumes that are still there.
    pub(super) fn all(app: &Arc<App>) -> Vec<Self> {
        app.volumes.iter().filter(|one| one.exists()).map(|one| Self::new(app, one)).collect()
    }
}

#[Object(name = "Volume")]
impl VolumeNode {
    async fn app(&self) -> AppNode {
        AppNode(Arc::clone(&self.app))
    }
    /// Of Nomad's time; no story has a volume on an allocation.
    async fn attached_allocation(&self) -> Option<AllocationNode> {
        None
    }
    async fn attached_allocation_id(&self) -> Option<String> {
        None
    }
    async fn attached_machine(&self) -> Option<MachineNode> {
        let machine = self.app.machine(mounted_by(&self.app, &self.one)?)?;
        Some(MachineNode::new(&self.app, machine))
    }
    async fn created_at(&self) -> DateTime {
        DateTime(self.one.created_at)
    }
    async fn encrypted(&self) -> bool {
        self.one.encrypted
    }
    async fn host(&self) -> Host {
        Host::of(&self.one.region)
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.one.id.clone())
    }
    async fn internal_id(&self) -> String {
        self.one.id.trim_start_matches("vol_").to_owned()
    }
    async fn name(&self) -> &str {
        &self.one.name
    }
    async fn region(&self) -> &str {
        &self.one.region
    }
    async fn size_gb(&self) -> i32 {
        i32::try_from(self.one.size_gb).unwrap_or(i32::MAX)
    }
    async fn snapshot_retention_days(&self) -> Option<i32> {
        i32::try_from(self.one.snapshot_retention).ok()
    }
    async fn snapshots(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> VolumeSnapshotConnection {
        let of_it = |one: &Snapshot| VolumeSnapshotNode { volume: self.clone(), one: one.clone() };
        let nodes = self.one.snapshots.iter().map(of_it).collect();
        VolumeSnapshotConnection(Page::of(nodes, &Ask::new(after, before, first, last)))
    }
    async fn state(&self) -> &str {
        &self.one.state
    }
    async fn status(&self) -> &str {
        &self.one.state
    }
    async fn used_bytes(&self) -> BigInt {
        BigInt(self.one.bytes_used)
    }
}

connection!(VolumeConnection = "VolumeConnection", VolumeEdge = "VolumeEdge", VolumeNode);

/// A snapshot of a volume.
#[derive(Clone)]
pub(super) struct VolumeSnapshotNode {
    volume: VolumeNode,
    one: Snapshot,
}

#[Object(name = "VolumeSnapshot")]
impl VolumeSnapshotNode {
    async fn created_at(&self) -> DateTime {
        DateTime(self.one.created_at)
    }
    async fn digest(&self) -> String {
        digest(&self.one.id)
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.one.id.clone())
    }
    async fn retention_days(&self) -> Option<i32> {
        i32::try_from(self.volume.one.snapshot_retention).ok()
    }
    async fn size(&self) -> BigInt {
        BigInt(self.one.size)
    }
    async fn volume(&self) -> VolumeNode {
        self.volume.clone()
    }
}

connection!(
    VolumeSnapshotConnection = "VolumeSnapshotConnection",
    VolumeSnapshotEdge = "VolumeSnapshotEdge",
    VolumeSnapshotNode
);

/// A secret: its name and its digest.
#[derive(Clone)]
pub(super) struct SecretNode(pub(super) Secret);

#[Object(name = "Secret")]
impl SecretNode {
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.updated_at())
    }
    async fn digest(&self) -> &str {
        &self.0.digest
    }
    pub(super) async fn id(&self) -> ID {
        ID(format!("secret-{}", self.0.name))
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// No story says who set it.
    async fn user(&self) -> Option<UserNode> {
        None
    }
}
