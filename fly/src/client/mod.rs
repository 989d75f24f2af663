//! The questions Windsock asks.

pub(crate) mod app_facts;
pub(crate) mod apps;
mod ask;
pub(crate) mod belongings;
mod holdings;
mod insist;
mod machines;
mod missing;
pub(crate) mod nomad;
mod organization;
pub(crate) mod organizations;
pub(crate) mod regions;
pub(crate) mod release_facts;
pub(crate) mod releases;
mod web;

use crate::decode::text;
use crate::endpoints::{Bases, ConfigError, Endpoints};
use crate::error::FlyError;
use crate::graphql::access::{AccessQuery, AccessVariables};
use crate::graphql::answer::{self, Reply};
use crate::graphql::lenient;
use crate::graphql::viewer::{Principal, ViewerQuery};
use crate::http::{Clock, Limits, Random, RetryPolicy, Transport};
use crate::token::FlyToken;
use belongings::Belongings;
use cynic::{Operation, QueryBuilder};
use model::region::Regions;
use model::releases::Place;
use model::{
    AppFacts, AppName, AppSummary, InstanceFacts, Organization, Release, ReleaseFacts, ReleaseVersion,
    ReleasesView,
};
use nomad::{DeploymentKey, NomadDeployment};
use releases::{ReleasesPage, Where};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// Something that was fetched, perhaps in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched<T> {
    /// What there is.
    pub value: T,
    /// The parts that failed, as a person calls them: `machines of harbor-works`. Empty when
    /// everything is there.
    pub missing: Vec<String>,
    /// How long to wait before asking again, where a part is missing for having been asked too
    /// often (429 with `Retry-After`, 503 with it, or a limit of our own): the longest of them.
    pub retry_after: Option<Duration>,
    /// Why parts failed, as a sentence for a person, where one failure took them.
    pub why: Option<String>,
}

impl<T> Fetched<T> {
    /// Something that was fetched, and the parts of it that failed for no want of waiting.
    pub fn of(value: T, missing: Vec<String>) -> Self {
        Self { value, missing, retry_after: None, why: None }
    }
}

/// Whom a token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// A name to show: a person's, or Fly's for the token.
    pub label: String,
    /// What kind of token it is.
    pub kind: ViewerKind,
}

/// What Fly takes the bearer of a token for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewerKind {
    /// A person, by a personal token.
    User,
    /// A macaroon, which stands for what it was made for and for nobody.
    Macaroon,
    /// Something this version does not know.
    Other,
}

/// A client of Fly's APIs. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct FlyClient {
    bases: Arc<Bases>,
    transport: Transport,
}

impl FlyClient {
    /// A client for these addresses. Refuses addresses that no token may be sent to.
    pub fn new(endpoints: Endpoints) -> Result<Self, ConfigError> {
        Self::with_limits(endpoints, Limits::default(), RetryPolicy::default())
    }

    /// The same with other limits than the usual ones.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the same shape as `new`, which every caller has a value for"
    )]
    pub fn with_limits(
        endpoints: Endpoints,
        limits: Limits,
        retries: RetryPolicy,
    ) -> Result<Self, ConfigError> {
        let bases = endpoints.check()?;
        let transport = Transport::new(&bases, limits, retries)?;
        Ok(Self { bases: Arc::new(bases), transport })
    }

    /// The same client with another clock: for its pauses, its limits and what it takes for now.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { transport: self.transport.with_clock(clock), ..self }
    }

    /// The same client with other numbers in 0..1 in place of the machine's own randomness: they spread its
    /// retries.
    #[must_use]
    pub fn with_random(self, numbers: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self { transport: self.transport.with_random(Random::of(numbers)), ..self }
    }

    /// Whom the token belongs to; the proof that it is valid.
    pub async fn viewer(&self, token: &FlyToken) -> Result<Viewer, FlyError> {
        let reply = self.query(token, &ViewerQuery::build(())).await?;
        let viewed = reply.wanted(|data| data.viewer, "the viewer", token).map(viewer);
        viewed.map_err(|error| self.judged(token, error))
    }

    /// Whether the token can see the app. That it may not and that there is none are the same
    /// answer, [`FlyError::NotFound`]: nobody learns here which names exist.
    pub async fn can_see(&self, token: &FlyToken, app: &AppName) -> Result<(), FlyError> {
        let operation = AccessQuery::build(AccessVariables { name: app.as_str().to_owned() });
        let denied = match self.query(token, &operation).await {
            Ok(reply) => match reply.wanted(|data| data.app.and_then(|app| app.id), "the app", token) {
                Ok(_) => return Ok(()),
                Err(error) => error,
            },
            Err(error) => error,
        };
        match denied {
            FlyError::Forbidden { request_id, .. } => Err(FlyError::NotFound { request_id }),
            error => Err(self.judged(token, error)),
        }
    }

    /// All apps the token can see, by name, with the counts of their instances. Where those of an
    /// organization could not be loaded its apps have none, and `missing` names it.
    /// [`FlyError::WrongScope`] where the token is for certain apps only and Fly tells which;
    /// [`FlyError::ListDenied`] where it is denied and Fly does not tell why.
    pub async fn apps(&self, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
        match apps::apps(self, token).await {
            Err(FlyError::ListDenied(cause)) => Err(self.why_list_denied(token, cause).await),
            answer => answer.map_err(|error| self.judged(token, error)),
        }
    }

    async fn why_list_denied(&self, token: &FlyToken, cause: Box<FlyError>) -> FlyError {
        match self.token_scope(token).await.ok().and_then(|scope| scope.only_apps()) {
            Some(apps) => FlyError::WrongScope { apps, request_id: cause.request_id().map(str::to_owned) },
            None => FlyError::ListDenied(cause),
        }
    }

    /// All that is known of one app: one GraphQL query, and one request to the Machines API for an
    /// app that runs there.
    ///
    /// A part that failed is empty in the facts, which means nothing then: keep what was known of
    /// it before. `missing` names such a part exactly as `instances` (with them the process
    /// groups), `releases`, `deployment status`, `process groups`, `configuration` or `host
    /// issues`; for the Nomad era also `logs`, `events` or `checks of instances`. Single objects
    /// that could not be read are left out and counted in a sentence of `missing`.
    ///
    /// More requests, only where they are needed: up to two more queries without what failed, where
    /// an error took the whole app from GraphQL's answer; one for the reason of the newest release,
    /// where it failed and is not the one that GraphQL calls current; one for the deployment status
    /// of an app of the Nomad era, where the plain one is null and the newest release names its
    /// evaluation.
    ///
    /// While GraphQL is down (no connection, no answer in time, 5xx, 429, an answer that cannot be
    /// read) the app's header, machines and their configuration come from the Machines API, without
    /// a host name, its releases from the web API beside GraphQL, and `missing` names the rest:
    /// where releases came that way `descriptions of releases`. Where that fails too the error is GraphQL's.
    pub async fn app_facts(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError> {
        let answer = app_facts::app_facts(self, token, app).await;
        answer.map_err(|error| self.judged(token, error))
    }

    /// Every organization the token can see, by slug (GraphQL `organizations`): one query for each
    /// 100.
    pub async fn organizations(&self, token: &FlyToken) -> Result<Fetched<Vec<Organization>>, FlyError> {
        organizations::organizations(self, token).await.map_err(|error| self.judged(token, error))
    }

    /// Releases of an app, newest first (GraphQL `releasesUnprocessed`): one query. `count` is cut
    /// to 1 to 100. None of them has its failure: ask [`Self::release`] for that.
    pub async fn releases(
        &self,
        token: &FlyToken,
        app: &AppName,
        at: Where,
        count: u32,
    ) -> Result<Fetched<ReleasesPage>, FlyError> {
        releases::page(self, token, app, at, count).await.map_err(|error| self.judged(token, error))
    }

    /// One release, with the reason why it failed where its deployer wrote one down (GraphQL
    /// `App.release`): one query. [`FlyError::NotFound`] where there is no such release.
    pub async fn release(
        &self,
        token: &FlyToken,
        app: &AppName,
        version: ReleaseVersion,
    ) -> Result<Release, FlyError> {
        releases::one(self, token, app, version).await.map_err(|error| self.judged(token, error))
    }

    /// A page of an app's releases: the newest 25, or those from a place on. One query.
    ///
    /// While GraphQL is down the newest come from the web API, without a place where older ones
    /// begin; `missing` names `descriptions of releases` then. Where that fails too, and for another
    /// page than the first, the error is GraphQL's.
    pub async fn releases_view(
        &self,
        token: &FlyToken,
        app: &AppName,
        from: Option<&Place>,
    ) -> Result<Fetched<ReleasesView>, FlyError> {
        releases::view(self, token, app, from).await.map_err(|error| self.judged(token, error))
    }

    /// All that is known of one release, for its page: it and the one before it with their
    /// configurations, the newest, what the instances run and the names of the secrets.
    ///
    /// Three requests: one query, which tells two configurations; the machines of the app (GraphQL
    /// `vms` for an app of the Nomad era); its secrets. One more query where the newest release
    /// failed to come and took the app from the answer. Where there is no such release nothing but
    /// the first query is asked, and `release` is none.
    ///
    /// `missing` names what failed as `configuration`, `instances`, `secrets`, `release before`,
    /// `newest release` or `reason of failure`. A token that may not see machines or secrets misses nothing: Fly does
    /// not tell them. While GraphQL is down the releases come from the web API, the newest 100 of
    /// them; for an older one the error is GraphQL's.
    pub async fn release_facts(
        &self,
        token: &FlyToken,
        app: &AppName,
        version: ReleaseVersion,
    ) -> Result<Fetched<ReleaseFacts>, FlyError> {
        let answer = release_facts::release_facts(self, token, app, version).await;
        answer.map_err(|error| self.judged(token, error))
    }

    /// The status that Fly keeps of a deployment (GraphQL `App.deploymentStatus`): one query. None
    /// where it keeps none, which is so for every app on Machines, and for an app of the Nomad era
    /// some hours after its deployment.
    pub async fn deployment(
        &self,
        token: &FlyToken,
        app: &AppName,
        key: &DeploymentKey,
    ) -> Result<Option<NomadDeployment>, FlyError> {
        nomad::deployment(self, token, app, key).await.map_err(|error| self.judged(token, error))
    }

    /// The VMs of an app of the Nomad era, also those that have ended, at most 100, without their
    /// logs (GraphQL `App.vms`): one query.
    pub async fn vms(
        &self,
        token: &FlyToken,
        app: &AppName,
    ) -> Result<Fetched<Vec<InstanceFacts>>, FlyError> {
        nomad::vms(self, token, app).await.map_err(|error| self.judged(token, error))
    }

    /// The addresses, certificates, secrets (names and digests) and volumes of an app: one query,
    /// and up to two more without what failed. `missing` names such a part as `IP addresses`,
    /// `certificates`, `secrets` or `volumes`.
    pub async fn belongings(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<Belongings>, FlyError> {
        belongings::belongings(self, token, app).await.map_err(|error| self.judged(token, error))
    }

    /// Fly's regions with their names, by code (GraphQL `platform.regions`): one query. Which one is
    /// nearest [`Self::platform_regions`] tells.
    pub async fn regions(&self, token: &FlyToken) -> Result<Fetched<Regions>, FlyError> {
        regions::regions(self, token).await.map_err(|error| self.judged(token, error))
    }

    async fn query<T, V>(&self, token: &FlyToken, operation: &Operation<T, V>) -> Result<Reply<T>, FlyError>
    where
        T: DeserializeOwned,
        V: serde::Serialize,
    {
        let body = serde_json::to_vec(operation)
            .map_err(|error| FlyError::Malformed { what: answer::place(&error), request_id: None })?;
        let answer = self.transport.post_query(&self.bases.graphql, token, body).await;
        answer::read(answer.map_err(|error| self.judged(token, error))?)
    }
}

pub(crate) fn viewer(principal: Principal) -> Viewer {
    let kind = match principal.typename.as_str() {
        "User" => ViewerKind::User,
        "Macaroon" => ViewerKind::Macaroon,
        _ => ViewerKind::Other,
    };
    let names = [principal.name, principal.email].into_iter().filter_map(lenient::Option::known);
    let label = names.map(|name| text::line(&name, 200)).find(|name| !name.is_empty());
    Viewer { label: label.unwrap_or_else(|| "a token without a name".into()), kind }
}
