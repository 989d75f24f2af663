//! What `node(id:)` can find. `DeploymentStatus` is not among it, in Fly's schema neither.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Interface};

use super::{
    Scene,
    address::{IpAddressNode, IssueNode},
    allocation::{AllocationNode, VmNode},
    app::AppNode,
    certificate::{AppCertificateNode, CertificateNode},
    machine::{Host, MachineIp, MachineNode},
    organization::OrganizationNode,
    principal::UserNode,
    queries::ReleaseCommand,
    release::{ReleaseNode, ReleaseUnprocessedNode},
    volume::{SecretNode, VolumeNode, VolumeSnapshotNode},
};
use crate::world::App;

/// An object with an identifier.
#[derive(Interface)]
#[graphql(name = "Node", field(name = "id", ty = "ID"))]
pub(super) enum Node {
    App(AppNode),
    Allocation(AllocationNode),
    AppCertificate(AppCertificateNode),
    Certificate(CertificateNode),
    Host(Host),
    IpAddress(IpAddressNode),
    Issue(IssueNode),
    Machine(MachineNode),
    MachineIp(MachineIp),
    Organization(OrganizationNode),
    Release(ReleaseNode),
    ReleaseCommand(ReleaseCommand),
    ReleaseUnprocessed(ReleaseUnprocessedNode),
    Secret(SecretNode),
    User(UserNode),
    Vm(VmNode),
    Volume(VolumeNode),
    VolumeSnapshot(VolumeSnapshotNode),
}

impl Node {
    pub(super) fn find(context: &Context<'_>, id: &str) -> Result<Option<Self>, Error> {
        let scene = Scene::of(context)?;
        let world = &scene.view.world;
        let reached = world.apps.iter().filter(|app| scene.token.reaches(app));
        let found = reached.into_iter().find_map(|app| within(app, id));
        let organization = world.organizations.iter().find(|org| org.id == id);
        let organization = organization.filter(|org| scene.token.reaches_organization(org));
        let organization = organization.map(|org| Self::from(OrganizationNode(org.clone())));
        Ok(found.or(organization))
    }
}

/// The app itself, or something of it.
fn within(app: &Arc<App>, id: &str) -> Option<Node> {
    if app.name == id {
        return Some(AppNode(Arc::clone(app)).into());
    }
    if let Some(one) = app.allocations.iter().find(|one| one.id == id) {
        return Some(AllocationNode::new(app, one).into());
    }
    if let Some(one) = app.machine(id) {
        return Some(MachineNode::new(app, one).into());
    }
    if let Some(one) = app.volume(id) {
        return Some(VolumeNode::new(app, one).into());
    }
    let release = app.releases.iter().find(|release| release.id == id)?.clone();
    Some(ReleaseNode { app: Arc::clone(app), release }.into())
}
