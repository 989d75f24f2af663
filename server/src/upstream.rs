//! What the watches ask of Fly, as a trait: the real client, or a fake in tests.

use async_trait::async_trait;
use fly::{Fetched, FlyClient, FlyError, FlyToken, Viewer};
use model::{AppFacts, AppName, AppSummary, OrgSlug, Timestamp};

/// What changed among the machines of some organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgNews {
    /// It cannot be told; the whole list is to be read.
    Unknown,
    /// When the newest of the machines that changed was changed; none where none did.
    Newest(Option<Timestamp>),
}

/// The questions Windsock asks Fly, each with one viewer's token.
#[async_trait]
pub trait Upstream: Send + Sync + 'static {
    /// Whom the token belongs to.
    async fn viewer(&self, token: &FlyToken) -> Result<Viewer, FlyError>;
    /// Whether the token can see the app.
    async fn can_see(&self, token: &FlyToken, app: &AppName) -> Result<(), FlyError>;
    /// All apps the token can see.
    async fn apps(&self, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError>;
    /// Which machines of these organizations changed after a moment, as far as one cheap question
    /// to each tells. Where a region is silent that is [`OrgNews::Unknown`].
    async fn org_news(
        &self,
        token: &FlyToken,
        organizations: &[OrgSlug],
        after: Timestamp,
    ) -> Result<OrgNews, FlyError> {
        let _ = (token, organizations, after);
        Ok(OrgNews::Unknown)
    }
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
