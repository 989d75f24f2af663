//! What the watches ask of Fly, as a trait: the real client, or a fake in tests.

use async_trait::async_trait;
use fly::{Fetched, FlyClient, FlyError, FlyToken, Viewer};
use model::{AppFacts, AppName, AppSummary};

/// The questions Windsock asks Fly, each with one viewer's token.
#[async_trait]
pub trait Upstream: Send + Sync + 'static {
    /// Whom the token belongs to.
    async fn viewer(&self, token: &FlyToken) -> Result<Viewer, FlyError>;
    /// Whether the token can see the app.
    async fn can_see(&self, token: &FlyToken, app: &AppName) -> Result<(), FlyError>;
    /// All apps the token can see.
    async fn apps(&self, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError>;
    /// All that is known of one app.
    async fn app_facts(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError>;
}

#[async_trait]
impl Upstream for FlyClient {
    async fn viewer(&self, token: &FlyToken) -> Result<Viewer, FlyError> {
        FlyClient::viewer(self, token).await
    }

    async fn can_see(&self, token: &FlyToken, app: &AppName) -> Result<(), FlyError> {
        FlyClient::can_see(self, token, app).await
    }

    async fn apps(&self, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
        FlyClient::apps(self, token).await
    }

    async fn app_facts(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError> {
        FlyClient::app_facts(self, token, app).await
    }
}
