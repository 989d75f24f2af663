//! Organizations.

use async_graphql::{Context, Error, ID, Object};

use super::{
    Scene,
    app::{AppConnection, AppNode},
    connection::{Ask, Page, connection},
    scalars::{BigInt, BillingStatus, OrganizationTrust, OrganizationType},
};
use crate::world::Organization;

/// An organization.
#[derive(Clone)]
pub(super) struct OrganizationNode(pub(super) Organization);

#[Object(name = "Organization")]
impl OrganizationNode {
    async fn apps(
        &self,
        context: &Context<'_>,
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Result<AppConnection, Error> {
        let scene = Scene::of(context)?;
        let apps = scene.view.world.apps.iter();
        let apps = apps.filter(|app| app.organization == self.0.slug && scene.token.reaches(app));
        let apps = apps.cloned().map(AppNode).collect();
        Ok(AppConnection(Page::of(apps, &Ask::new(after, before, first, last))))
    }
    async fn billable(&self) -> bool {
        true
    }
    async fn billing_status(&self) -> BillingStatus {
        BillingStatus::Current
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    async fn internal_numeric_id(&self) -> BigInt {
        BigInt(self.0.number)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn paid_plan(&self) -> bool {
        true
    }
    async fn raw_slug(&self) -> &str {
        &self.0.slug
    }
    async fn slug(&self) -> &str {
        &self.0.slug
    }
    async fn trust(&self) -> OrganizationTrust {
        OrganizationTrust::High
    }
    #[graphql(name = "type")]
    async fn kind(&self) -> OrganizationType {
        if self.0.personal { OrganizationType::Personal } else { OrganizationType::Shared }
    }
    async fn viewer_role(&self) -> &str {
        "admin"
    }
}

connection!(
    OrganizationConnection = "OrganizationConnection",
    OrganizationEdge = "OrganizationEdge",
    OrganizationNode
);
