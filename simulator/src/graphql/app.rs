//! Apps.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};

use super::{
    Scene,
    address::{IpAddressConnection, IpAddressNode, IssueConnection, IssueNode},
    allocation::{AllocationNode, VmConnection},
    certificate::{AppCertificateConnection, AppCertificateNode},
    connection::{Ask, Page, connection},
    machine::{MachineConnection, MachineNode},
    organization::OrganizationNode,
    platform::{ProcessGroupNode, RegionNode, VmSizeNode},
    release::{
        DeploymentStatus, ReleaseConnection, ReleaseNode, ReleaseUnprocessedConnection,
        ReleaseUnprocessedNode,
    },
    scalars::{AppState, DateTime, Json, Named as _, PlatformVersion, RuntimeType},
    service,
    volume::{SecretNode, VolumeConnection, VolumeNode},
};
use crate::{
    catalog::{self, VM_SIZES},
    world::{App, Deployment, Release},
};

/// An app.
#[derive(Clone)]
pub(super) struct AppNode(pub(super) Arc<App>);

impl AppNode {
    fn processed(&self, release: &Release) -> ReleaseNode {
        ReleaseNode { app: Arc::clone(&self.0), release: release.clone() }
    }

    fn unprocessed(&self, release: &Release) -> ReleaseUnprocessedNode {
        ReleaseUnprocessedNode { app: Arc::clone(&self.0), release: release.clone() }
    }

    /// Nomad's deployment of this identifier or evaluation; empty ones mean any.
    fn deployment(&self, id: Option<&str>, evaluation: Option<&str>) -> Option<&Deployment> {
        let asked = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let deployment = self.0.deployment.as_ref()?;
        let fits = asked(id).is_none_or(|id| id == deployment.id)
            && (asked(id).is_some()
                || asked(evaluation).is_none_or(|one| Some(one) == deployment.evaluation));
        fits.then_some(deployment)
    }
}

#[Object(name = "App")]
impl AppNode {
    async fn allocation(&self, id: String) -> Option<AllocationNode> {
        self.0.allocation(&id).map(|one| AllocationNode::new(&self.0, one))
    }
    async fn allocations(&self, show_completed: Option<bool>) -> Vec<AllocationNode> {
        let completed = show_completed.unwrap_or(false);
        let shown = self.0.allocations.iter().filter(|one| completed || !one.completed());
        shown.map(|one| AllocationNode::new(&self.0, one)).collect()
    }
    async fn app_url(&self) -> Option<String> {
        self.0.deployed.then(|| format!("https://{}", self.0.hostname()))
    }
    async fn backup_regions(&self) -> Vec<RegionNode> {
        Vec::new()
    }
    async fn certificate(&self, hostname: String) -> Option<AppCertificateNode> {
        let found = self.0.certificates.iter().find(|one| one.hostname == hostname);
        found.map(|one| AppCertificateNode::new(&self.0, one))
    }
    async fn certificates(
        &self,
        after: Option<String>,
        before: Option<String>,
        filter: Option<String>,
        first: Option<i32>,
        id: Option<String>,
        last: Option<i32>,
    ) -> AppCertificateConnection {
        let wanted = self.0.certificates.iter().filter(|one| {
            filter.as_ref().is_none_or(|part| one.hostname.contains(part.as_str()))
                && id.as_ref().is_none_or(|id| *id == format!("cert-{}", one.hostname))
        });
        let nodes = wanted.map(|one| AppCertificateNode::new(&self.0, one)).collect();
        AppCertificateConnection(Page::of(nodes, &Ask::new(after, before, first, last)))
    }
    async fn config(&self) -> AppConfig {
        AppConfig(self.0.config.clone())
    }
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
    async fn current_release(&self) -> Option<ReleaseNode> {
        self.0.current_release().map(|release| self.processed(release))
    }
    async fn current_release_unprocessed(&self) -> Option<ReleaseUnprocessedNode> {
        self.0.current_release().map(|release| self.unprocessed(release))
    }
    async fn deployed(&self) -> bool {
        self.0.deployed
    }
    /// Null for apps on Machines, as it really is.
    async fn deployment_status(
        &self,
        evaluation_id: Option<String>,
        id: Option<ID>,
    ) -> Option<DeploymentStatus> {
        let deployment = self.deployment(id.as_deref().map(String::as_str), evaluation_id.as_deref())?;
        Some(DeploymentStatus { app: Arc::clone(&self.0), deployment: deployment.clone() })
    }
    async fn host_issues(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Option<IssueConnection> {
        let issues = self.0.host_issues.iter().cloned().map(IssueNode).collect();
        Some(IssueConnection(Page::of(issues, &Ask::new(after, before, first, last))))
    }
    async fn hostname(&self) -> Option<String> {
        Some(self.0.hostname())
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.0.name.clone())
    }
    async fn image_details(&self) -> Option<ImageVersion> {
        ImageVersion::of(self.0.current_release()?.image.as_deref()?)
    }
    async fn internal_id(&self) -> String {
        self.0.number.to_string()
    }
    async fn internal_numeric_id(&self) -> i64 {
        self.0.number
    }
    async fn ip_addresses(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> IpAddressConnection {
        let ips = self.0.ips.iter().filter(|ip| ip.kind != "shared_v4");
        let ips = ips.cloned().map(IpAddressNode).collect();
        IpAddressConnection(Page::of(ips, &Ask::new(after, before, first, last)))
    }
    async fn machine(&self, id: String) -> Option<MachineNode> {
        self.0.machine(&id).map(|one| MachineNode::new(&self.0, one))
    }
    async fn machines(
        &self,
        active: Option<bool>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
        version: Option<i32>,
    ) -> MachineConnection {
        let active = active.unwrap_or(false);
        let wanted = self.0.machines.iter().filter(|one| {
            (!active || !matches!(one.state.as_str(), "destroyed" | "destroying"))
                && version.is_none_or(|version| version == one.release)
        });
        let nodes = wanted.map(|one| MachineNode::new(&self.0, one)).collect();
        MachineConnection(Page::of(nodes, &Ask::new(after, before, first, last)))
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn organization(&self, context: &Context<'_>) -> Result<OrganizationNode, Error> {
        let world = &Scene::of(context)?.view.world;
        let organization = world.organization(&self.0.organization);
        let organization = organization.ok_or_else(|| super::not_found("Organization"))?;
        Ok(OrganizationNode(organization.clone()))
    }
    async fn platform_version(&self) -> Option<PlatformVersion> {
        Some(self.0.platform.into())
    }
    async fn process_groups(&self) -> Vec<ProcessGroupNode> {
        let groups = self.0.groups.iter();
        let known = groups.filter_map(|group| {
            let size = *catalog::vm_size(&group.size)?;
            let (name, regions) = (group.name.clone(), group.regions.clone());
            Some(ProcessGroupNode { name, regions, size })
        });
        known.collect()
    }
    async fn regions(&self) -> Vec<RegionNode> {
        self.0.regions().into_iter().filter_map(RegionNode::of).collect()
    }
    async fn release(&self, id: Option<ID>, version: Option<i32>) -> Option<ReleaseNode> {
        let wanted = self.0.releases.iter().find(|release| {
            id.as_ref().map_or(version == Some(release.version), |id| id.as_str() == release.id)
        });
        wanted.map(|release| self.processed(release))
    }
    /// Newest first: `first: 5` gives the newest five and `last: 5` the oldest.
    async fn releases(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> ReleaseConnection {
        let newest = self.0.releases.iter().rev().map(|release| self.processed(release));
        ReleaseConnection(Page::of(newest.collect(), &Ask::new(after, before, first, last)))
    }
    /// Newest first, as `releases`.
    async fn releases_unprocessed(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
        status: Option<String>,
    ) -> ReleaseUnprocessedConnection {
        let newest = self.0.releases.iter().rev();
        let wanted = newest.filter(|one| status.as_ref().is_none_or(|status| *status == one.status));
        let nodes = wanted.map(|release| self.unprocessed(release)).collect();
        ReleaseUnprocessedConnection(Page::of(nodes, &Ask::new(after, before, first, last)))
    }
    async fn runtime(&self) -> RuntimeType {
        RuntimeType::Firecracker
    }
    async fn secrets(&self) -> Vec<SecretNode> {
        self.0.secrets.iter().cloned().map(SecretNode).collect()
    }
    async fn services(&self) -> Vec<service::Service> {
        service::of(&self.0.config)
    }
    async fn shared_ip_address(&self) -> Option<&String> {
        self.0.ips.iter().find(|ip| ip.kind == "shared_v4").map(|ip| &ip.address)
    }
    async fn state(&self) -> AppState {
        AppState::read(&self.0.state).unwrap_or(AppState::Pending)
    }
    async fn status(&self) -> &str {
        &self.0.status
    }
    async fn version(&self) -> i32 {
        self.0.current_release().map_or(0, |release| release.version)
    }
    async fn vm_size(&self) -> VmSizeNode {
        let group = self.0.groups.first();
        let size = group.and_then(|group| catalog::vm_size(&group.size));
        VmSizeNode(*size.unwrap_or(&VM_SIZES[0]))
    }
    async fn vms(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
        show_completed: Option<bool>,
    ) -> VmConnection {
        let ask = Ask::new(after, before, first, last);
        VmConnection::of(&self.0, show_completed.unwrap_or(false), &ask)
    }
    async fn volume(&self, internal_id: String) -> Option<VolumeNode> {
        let id = format!("vol_{}", internal_id.trim_start_matches("vol_"));
        self.0.volume(&id).map(|one| VolumeNode::new(&self.0, one))
    }
    async fn volumes(
        &self,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> VolumeConnection {
        VolumeConnection(Page::of(VolumeNode::all(&self.0), &Ask::new(after, before, first, last)))
    }
}

connection!(AppConnection = "AppConnection", AppEdge = "AppEdge", AppNode);

/// The configuration of an app.
pub(super) struct AppConfig(pub(super) serde_json::Value);

#[Object(name = "AppConfig")]
impl AppConfig {
    async fn definition(&self) -> Json {
        Json(self.0.clone())
    }
    async fn errors(&self) -> Vec<String> {
        Vec::new()
    }
    async fn services(&self) -> Vec<service::Service> {
        service::of(&self.0)
    }
    async fn valid(&self) -> bool {
        true
    }
}

/// An image by its parts.
pub(super) struct ImageVersion {
    registry: String,
    repository: String,
    tag: String,
    digest: String,
}

impl ImageVersion {
    fn of(image: &str) -> Option<Self> {
        let (registry, rest) = image.split_once('/')?;
        let (repository, tag) = rest.split_once(':').unwrap_or((rest, "latest"));
        let digest = crate::machines::json::digest(image);
        let [registry, repository, tag] = [registry, repository, tag].map(str::to_owned);
        Some(Self { registry, repository, tag, digest })
    }
}

#[Object(name = "ImageVersion")]
impl ImageVersion {
    async fn digest(&self) -> &str {
        &self.digest
    }
    async fn registry(&self) -> &str {
        &self.registry
    }
    async fn repository(&self) -> &str {
        &self.repository
    }
    async fn tag(&self) -> &str {
        &self.tag
    }
    async fn version(&self) -> Option<String> {
        None
    }
}
