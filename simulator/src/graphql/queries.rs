//! The root of reading.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};

use super::{
    Scene,
    app::{AppConnection, AppNode},
    connection::{Ask, Page},
    fault,
    machine::{MachineConnection, MachineNode},
    node::Node,
    not_found,
    organization::{OrganizationConnection, OrganizationNode},
    platform::{FlyPlatform, RegionNode},
    principal::Principal,
    scalars::{Named as _, OrganizationType, PlatformVersion},
};
use crate::{catalog, tokens::Reach, world::App};

/// The root of reading.
pub(super) struct Queries;

#[Object(name = "Queries")]
impl Queries {
    /// By its name, which is its `id` as well, or by the number behind it.
    async fn app(
        &self,
        context: &Context<'_>,
        id: Option<String>,
        internal_id: Option<String>,
        key: Option<String>,
        name: Option<String>,
    ) -> OrNull<AppNode> {
        let found = Scene::of(context).map(|scene| {
            let by_number = internal_id.as_ref().and_then(|number| scene.app_of_number(number));
            by_number.or_else(|| scene.app(&name.or(id).or(key).unwrap_or_default()))
        });
        Some(there(found, "App").map(AppNode))
    }

    /// Fails for a token of one app, as it really does.
    async fn apps(
        &self,
        context: &Context<'_>,
        active: Option<bool>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        ids: Option<Vec<String>>,
        last: Option<i32>,
        organization_id: Option<ID>,
        platform: Option<String>,
        role: Option<String>,
        #[graphql(name = "type")] kind: Option<String>,
    ) -> Result<AppConnection, Error> {
        // Every app of a story has the same role and type, so there is nothing to leave out.
        let _ = (role, kind);
        let scene = Scene::of(context)?;
        if matches!(scene.token.reach, Reach::App(_)) {
            return Err(fault("Not authorized to list apps", "UNAUTHORIZED"));
        }
        let wanted = |app: &App| {
            scene.token.reaches(app)
                && in_organization(scene, app, organization_id.as_ref())
                && ids.as_ref().is_none_or(|ids| ids.contains(&app.name))
                && (!active.unwrap_or(false) || app.deployed)
                && platform.as_ref().is_none_or(|one| PlatformVersion::read(one) == Some(app.platform.into()))
        };
        let apps = scene.view.world.apps.iter().filter(|app| wanted(app));
        let apps = apps.map(|app| AppNode(Arc::clone(app))).collect();
        Ok(AppConnection(Page::of(apps, &Ask::new(after, before, first, last))))
    }

    async fn app_name_available(&self, context: &Context<'_>, name: String) -> Result<bool, Error> {
        Ok(Scene::of(context)?.view.world.app(&name).is_none())
    }

    async fn machine(&self, context: &Context<'_>, machine_id: String) -> Result<MachineNode, Error> {
        let scene = Scene::of(context)?;
        let found = scene.view.world.machine(&machine_id);
        let found = found.filter(|(app, _)| scene.token.reaches(app));
        let (app, machine) = found.ok_or_else(|| not_found("Machine"))?;
        Ok(MachineNode::new(app, machine))
    }

    async fn machines(
        &self,
        context: &Context<'_>,
        after: Option<String>,
        app_id: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
        state: Option<String>,
        version: Option<i32>,
    ) -> Result<MachineConnection, Error> {
        let scene = Scene::of(context)?;
        let apps = scene
            .view
            .world
            .apps
            .iter()
            .filter(|app| scene.token.reaches(app) && app_id.as_ref().is_none_or(|id| *id == app.name));
        let all = apps.flat_map(|app| app.machines.iter().map(move |one| (app, one)));
        let wanted = all.filter(|(_, one)| {
            state.as_ref().is_none_or(|state| *state == one.state)
                && version.is_none_or(|version| version == one.release)
        });
        let nodes = wanted.map(|(app, one)| MachineNode::new(app, one)).collect();
        Ok(MachineConnection(Page::of(nodes, &Ask::new(after, before, first, last))))
    }

    async fn nearest_region(&self, wireguard_gateway: Option<bool>) -> Result<RegionNode, Error> {
        // Every region of the catalog has a gateway.
        let _ = wireguard_gateway;
        RegionNode::of(catalog::NEAREST).ok_or_else(|| not_found("Region"))
    }

    async fn node(&self, context: &Context<'_>, id: ID) -> OrNull<Node> {
        Some(there(Node::find(context, &id), &format!("node with id '{}'", id.as_str())))
    }

    async fn organization(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        name: Option<String>,
        slug: Option<String>,
    ) -> OrNull<OrganizationNode> {
        let found = Scene::of(context).map(|scene| {
            let reached = scene.view.world.organizations.iter();
            let mut reached = reached.filter(|org| scene.token.reaches_organization(org));
            let found = reached.find(|org| {
                id.as_ref().is_some_and(|id| id.as_str() == org.id)
                    || name.as_ref().is_some_and(|name| *name == org.name)
                    || slug.as_ref().is_some_and(|slug| *slug == org.slug)
            });
            found.cloned()
        });
        Some(there(found, "Organization").map(OrganizationNode))
    }

    async fn organizations(
        &self,
        context: &Context<'_>,
        admin: Option<bool>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
        #[graphql(name = "type")] kind: Option<OrganizationType>,
        with_billing_issues_only: Option<bool>,
    ) -> Result<OrganizationConnection, Error> {
        // Whoever sees an organization of a story is its administrator.
        let _ = admin;
        let scene = Scene::of(context)?;
        let reached = scene.view.world.organizations.iter().filter(|org| {
            let of_kind = kind.is_none_or(|kind| (kind == OrganizationType::Personal) == org.personal);
            // No organization of a story has trouble with its bills.
            !with_billing_issues_only.unwrap_or(false) && of_kind && scene.token.reaches_organization(org)
        });
        let nodes = reached.cloned().map(OrganizationNode).collect();
        Ok(OrganizationConnection(Page::of(nodes, &Ask::new(after, before, first, last))))
    }

    async fn platform(&self) -> FlyPlatform {
        FlyPlatform
    }

    async fn viewer(&self, context: &Context<'_>) -> Result<Principal, Error> {
        Principal::of(context)
    }
}

/// A field that is null beside its error when what it asks for is not there. As a plain `Result`
/// the error would make the whole of `data` null.
type OrNull<T> = Option<Result<T, Error>>;

fn there<T>(found: Result<Option<T>, Error>, what: &str) -> Result<T, Error> {
    found?.ok_or_else(|| not_found(what))
}

fn in_organization(scene: &Scene, app: &App, id: Option<&ID>) -> bool {
    let Some(id) = id else {
        return true;
    };
    let organization = scene.view.world.organization(&app.organization);
    organization.is_some_and(|org| org.id == id.as_str() || org.slug == id.as_str())
}

/// A command that runs before a release; no story tells of one yet, so that none is ever found.
pub(super) struct ReleaseCommand {
    app: AppNode,
    release: crate::world::Release,
}

#[Object(name = "ReleaseCommand")]
impl ReleaseCommand {
    async fn app(&self) -> AppNode {
        self.app.clone()
    }
    async fn command(&self) -> &str {
        ""
    }
    async fn evaluation_id(&self) -> Option<&String> {
        self.release.evaluation.as_ref()
    }
    async fn exit_code(&self) -> Option<i32> {
        None
    }
    async fn failed(&self) -> bool {
        self.release.status == "failed"
    }
    pub(super) async fn id(&self) -> ID {
        ID(format!("command-{}", self.release.id))
    }
    async fn in_progress(&self) -> bool {
        self.release.in_progress()
    }
    async fn instance_id(&self) -> Option<String> {
        None
    }
    async fn status(&self) -> &str {
        &self.release.status
    }
    async fn succeeded(&self) -> bool {
        self.release.status == "complete"
    }
}
