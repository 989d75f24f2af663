//! Releases, raw and processed, and Nomad's deployment status.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use serde_json::Value;

use super::{
    Scene,
    allocation::AllocationNode,
    app::AppConfig,
    connection::connection,
    principal::UserNode,
    scalars::{DateTime, DeploymentStrategy, Json, Named as _},
};
use crate::world::{App, Deployment, Release};

fn user(context: &Context<'_>, release: &Release) -> Result<Option<UserNode>, Error> {
    let world = &Scene::of(context)?.view.world;
    let user = release.user.as_deref().and_then(|id| world.user(id));
    Ok(user.cloned().map(UserNode))
}

/// What a release was made with: the app's own configuration where the story gives it none.
fn config(app: &App, release: &Release) -> Option<Value> {
    [&release.config, &app.config].into_iter().find(|config| !config.is_null()).cloned()
}

fn strategy(release: &Release) -> DeploymentStrategy {
    DeploymentStrategy::read(&release.strategy).unwrap_or(DeploymentStrategy::Rolling)
}

/// Declares one of the two types of releases: they share all fields but one or two.
macro_rules! release_node {
    ($node:ident = $name:literal { $($own:tt)* }) => {
        #[derive(Clone)]
        pub(super) struct $node {
            pub(super) app: Arc<App>,
            pub(super) release: Release,
        }

        #[Object(name = $name)]
        impl $node {
            async fn created_at(&self) -> DateTime {
                DateTime(self.release.created_at)
            }
            async fn deployment_strategy(&self) -> DeploymentStrategy {
                strategy(&self.release)
            }
            async fn description(&self) -> &str {
                &self.release.description
            }
            async fn evaluation_id(&self) -> Option<&String> {
                self.release.evaluation.as_ref()
            }
            pub(super) async fn id(&self) -> ID {
                ID(self.release.id.clone())
            }
            async fn image_ref(&self) -> Option<&String> {
                self.release.image.as_ref()
            }
            async fn in_progress(&self) -> bool {
                self.release.in_progress()
            }
            async fn reason(&self) -> &str {
                &self.release.reason
            }
            async fn reverted_to(&self) -> Option<i32> {
                self.release.reverted_to
            }
            async fn stable(&self) -> bool {
                self.release.stable
            }
            async fn status(&self) -> &str {
                &self.release.status
            }
            async fn updated_at(&self) -> DateTime {
                DateTime(self.release.updated_at())
            }
            async fn user(&self, context: &Context<'_>) -> Result<Option<UserNode>, Error> {
                user(context, &self.release)
            }
            async fn version(&self) -> i32 {
                self.release.version
            }
            $($own)*
        }
    };
}

release_node!(ReleaseNode = "Release" {
    async fn config(&self) -> Option<AppConfig> {
        config(&self.app, &self.release).map(AppConfig)
    }
    async fn metadata(&self) -> Option<Json> {
        let metadata = &self.release.metadata;
        (!metadata.is_null()).then(|| Json(metadata.clone()))
    }
});

release_node!(ReleaseUnprocessedNode = "ReleaseUnprocessed" {
    async fn config_definition(&self) -> Option<Json> {
        config(&self.app, &self.release).map(Json)
    }
});

connection!(ReleaseConnection = "ReleaseConnection", ReleaseEdge = "ReleaseEdge", ReleaseNode);
connection!(
    ReleaseUnprocessedConnection = "ReleaseUnprocessedConnection",
    ReleaseUnprocessedEdge = "ReleaseUnprocessedEdge",
    ReleaseUnprocessedNode
);

/// Nomad's deployment status.
pub(super) struct DeploymentStatus {
    pub(super) app: Arc<App>,
    pub(super) deployment: Deployment,
}

#[Object(name = "DeploymentStatus")]
impl DeploymentStatus {
    async fn allocations(&self) -> Vec<AllocationNode> {
        let version = self.deployment.version;
        let of_it = self.app.allocations.iter().filter(|one| one.version == version);
        of_it.map(|one| AllocationNode::new(&self.app, one)).collect()
    }
    async fn description(&self) -> &str {
        &self.deployment.description
    }
    async fn desired_count(&self) -> i32 {
        self.deployment.desired
    }
    async fn healthy_count(&self) -> i32 {
        self.deployment.healthy
    }
    async fn id(&self) -> ID {
        ID(self.deployment.id.clone())
    }
    async fn in_progress(&self) -> bool {
        self.deployment.in_progress()
    }
    async fn placed_count(&self) -> i32 {
        self.deployment.placed
    }
    async fn promoted(&self) -> bool {
        self.deployment.promoted
    }
    async fn status(&self) -> &str {
        &self.deployment.status
    }
    async fn successful(&self) -> bool {
        self.deployment.successful()
    }
    async fn unhealthy_count(&self) -> i32 {
        self.deployment.unhealthy
    }
    async fn version(&self) -> i32 {
        self.deployment.version
    }
}
