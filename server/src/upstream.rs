//! What the watches ask of Fly, as a trait: the real client, or a fake in tests.

use async_trait::async_trait;
use fly::{Fetched, FlyClient, FlyError, FlyToken, LogPage, LogQuery, OrgQuery, Viewer};
use futures::{StreamExt, TryStreamExt, stream};
use model::machine::MachineDetail;
use model::releases::Place;
use model::{
    AppFacts, AppName, AppSummary, InstanceId, Lease, OrgSlug, Process, ReleaseFacts, ReleaseVersion,
    ReleasesView, Timestamp,
};

/// Organizations asked at a time.
const AT_A_TIME: usize = 4;

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
    /// A page of an app's releases, from a place on.
    async fn releases(
        &self,
        token: &FlyToken,
        app: &AppName,
        place: Option<&Place>,
    ) -> Result<Fetched<ReleasesView>, FlyError>;
    /// All that is known of one release.
    async fn release_facts(
        &self,
        token: &FlyToken,
        app: &AppName,
        version: ReleaseVersion,
    ) -> Result<Fetched<ReleaseFacts>, FlyError>;
    /// One machine.
    async fn machine(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<MachineDetail, FlyError>;
    /// Lines of an app's log.
    async fn logs(&self, token: &FlyToken, app: &AppName, query: &LogQuery) -> Result<LogPage, FlyError>;
    /// What runs in a machine.
    async fn processes(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<Vec<Process>, FlyError>;
    /// Who holds a lease on a machine, if anybody.
    async fn lease(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<Option<Lease>, FlyError>;
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

    async fn org_news(
        &self,
        token: &FlyToken,
        organizations: &[OrgSlug],
        after: Timestamp,
    ) -> Result<OrgNews, FlyError> {
        let query = OrgQuery { updated_after: Some(after), ..OrgQuery::default() };
        let query = &query;
        let mut answers = stream::iter(organizations.to_vec())
            .map(|organization| async move { self.organization_machines(token, &organization, query).await })
            .buffer_unordered(AT_A_TIME);
        let mut newest = None;
        while let Some(page) = answers.try_next().await? {
            if !page.silent_regions.is_empty() || page.unreadable > 0 {
                return Ok(OrgNews::Unknown);
            }
            let changed = page.items.iter().filter_map(|machine| machine.updated_at).max();
            newest = newest.max(changed).max(page.last_updated_at);
        }
        Ok(OrgNews::Newest(newest))
    }

    async fn app_facts(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError> {
        FlyClient::app_facts(self, token, app).await
    }

    async fn releases(
        &self,
        token: &FlyToken,
        app: &AppName,
        place: Option<&Place>,
    ) -> Result<Fetched<ReleasesView>, FlyError> {
        FlyClient::releases_view(self, token, app, place).await
    }

    async fn release_facts(
        &self,
        token: &FlyToken,
        app: &AppName,
        version: ReleaseVersion,
    ) -> Result<Fetched<ReleaseFacts>, FlyError> {
        FlyClient::release_facts(self, token, app, version).await
    }

    async fn machine(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<MachineDetail, FlyError> {
        FlyClient::machine(self, token, app, machine).await
    }

    async fn logs(&self, token: &FlyToken, app: &AppName, query: &LogQuery) -> Result<LogPage, FlyError> {
        FlyClient::logs(self, token, app, query).await
    }

    async fn processes(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<Vec<Process>, FlyError> {
        FlyClient::processes(self, token, app, machine).await.map(|fetched| fetched.value)
    }

    async fn lease(
        &self,
        token: &FlyToken,
        app: &AppName,
        machine: &InstanceId,
    ) -> Result<Option<Lease>, FlyError> {
        FlyClient::lease(self, token, app, machine).await
    }
}
