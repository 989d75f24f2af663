//! All that is known of one release, for its page.

use super::app_facts::running::of_machines;
use super::app_facts::without_graphql::DESCRIPTIONS;
use super::releases::wanted;
use super::{Fetched, FlyClient, missing};
use crate::decode::releases;
use crate::error::FlyError;
use crate::graphql::answer::{Errors, Reply};
use crate::graphql::releases::{ReleaseOfApp, ReleaseQuery, ReleaseVariables};
use crate::graphql::scalar::Platform;
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::releases::Running;
use model::{AppName, InstanceFacts, Release, ReleaseFacts, ReleaseVersion};
use std::time::Duration;
use tracing::warn;

/// As many releases are asked for without GraphQL, to find one of them.
const LISTED: u16 = 100;

pub(super) async fn release_facts(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    version: ReleaseVersion,
) -> Result<Fetched<ReleaseFacts>, FlyError> {
    let told = match ask(client, token, app, version).await {
        Ok(told) => told,
        Err(down) if down.is_outage() => without_graphql(client, token, app, version, down).await?,
        Err(error) => return Err(error),
    };
    let Told { facts, nomad, mut parts, why, retry_after } = told;
    if facts.release.is_none() {
        return Ok(parts.fetched(facts, why, retry_after));
    }
    let (running, secrets) = futures::join!(running(client, token, app, nomad), secrets(client, token, app));
    let running = parts.take(ReleaseFacts::INSTANCES, running);
    let secrets = parts.take(ReleaseFacts::SECRETS, secrets);
    Ok(parts.fetched(ReleaseFacts { running, secrets, ..facts }, why, retry_after))
}

/// What the releases tell.
struct Told {
    facts: ReleaseFacts,
    /// Whether the app is of the Nomad era.
    nomad: bool,
    parts: Parts,
    why: Option<String>,
    retry_after: Option<Duration>,
}

/// What did not come.
#[derive(Default)]
struct Parts {
    missing: Vec<String>,
    retry_after: Option<Duration>,
}

impl Parts {
    /// A part, or its name among those that did not come.
    fn take<T>(&mut self, part: &str, answer: Result<Option<Fetched<T>>, FlyError>) -> Option<T> {
        match answer {
            Ok(None) => None,
            Ok(Some(fetched)) => {
                self.missing.extend(fetched.missing);
                Some(fetched.value)
            }
            Err(error) => {
                warn!(%error, part, request_id = error.request_id(), "a part of a release could not be loaded");
                self.retry_after = self.retry_after.max(error.retry_after());
                missing::tell(&mut self.missing, part);
                None
            }
        }
    }

    fn fetched(
        self,
        facts: ReleaseFacts,
        why: Option<String>,
        retry_after: Option<Duration>,
    ) -> Fetched<ReleaseFacts> {
        let Self { missing, retry_after: of_parts } = self;
        let value = ReleaseFacts { missing: missing.clone(), ..facts };
        Fetched { value, missing, retry_after: retry_after.max(of_parts), why }
    }
}

async fn ask(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    version: ReleaseVersion,
) -> Result<Told, FlyError> {
    let beyond = || FlyError::Rejected { message: "releases have smaller numbers".into(), request_id: None };
    let asked = wanted(app, version).ok_or_else(beyond)?;
    let mut asked = ReleaseVariables { compare: asked.before > 0, config: true, newest: true, ..asked };
    loop {
        let reply = client.query(token, &ReleaseQuery::build(asked.clone())).await?;
        if asked.newest && reply.has_lost_the_app() && reply.errors.hit("releasesUnprocessed") {
            asked.newest = false;
            continue;
        }
        let mut told = read(reply, app, version, token)?;
        if !asked.newest {
            missing::tell(&mut told.parts.missing, ReleaseFacts::NEWEST);
        }
        return Ok(told);
    }
}

impl Reply<ReleaseQuery> {
    fn has_lost_the_app(&self) -> bool {
        self.data.as_ref().is_none_or(|data| data.app.is_none())
    }
}

fn read(
    reply: Reply<ReleaseQuery>,
    app: &AppName,
    version: ReleaseVersion,
    token: &FlyToken,
) -> Result<Told, FlyError> {
    if reply.has_lost_the_app() {
        return Err(reply.errors.into_denial(token));
    }
    let Reply { data, errors } = reply;
    let Some(node) = data.and_then(|data| data.app.known()) else { return Err(errors.malformed("the app")) };
    let nomad = matches!(node.platform_version.as_known(), Some(Platform::Nomad | Platform::Detached));
    let mut parts = Parts::default();
    let facts = facts(node, ReleaseFacts::of(app.clone(), version), errors, &mut parts.missing, token)?;
    Ok(Told { facts, nomad, parts, why: None, retry_after: None })
}

fn facts(
    node: ReleaseOfApp,
    asked: ReleaseFacts,
    errors: Errors,
    missing: &mut Vec<String>,
    token: &FlyToken,
) -> Result<ReleaseFacts, FlyError> {
    let nodes = missing::elements(
        node.releases_unprocessed.and_then(|page| page.nodes),
        ReleaseFacts::NEWEST,
        "release",
        missing,
    );
    let newest = releases::releases(nodes).0.into_iter().next();
    if node.release.is_unreadable() {
        return Err(errors.malformed("the release"));
    }
    let Some(release) = node.release.known() else {
        // A number that Fly has no release of is an answer and no failure.
        return match errors.into_denial_of("release", token) {
            FlyError::NotFound { .. } => Ok(ReleaseFacts { newest, ..asked }),
            error => Err(error),
        };
    };
    if errors.hit_part("release", "config") || errors.hit_part("before", "config") {
        missing::tell(missing, ReleaseFacts::CONFIGURATION);
    }
    if errors.hit_part("release", "metadata") {
        missing::tell(missing, ReleaseFacts::REASON);
    }
    let Some((release, config)) = releases::full(release) else {
        return Err(errors.malformed("the release"));
    };
    let (before, config_before) = node.before.known().and_then(releases::full).unzip();
    let lost = before.is_none() && errors.hit("before");
    if lost && !matches!(errors.into_denial_of("before", token), FlyError::NotFound { .. }) {
        missing::tell(missing, ReleaseFacts::BEFORE);
    }
    Ok(ReleaseFacts {
        release: Some(release),
        config,
        before,
        config_before: config_before.flatten(),
        newest,
        ..asked
    })
}

/// What the web API tells, in spite of `down`; `down` itself where that does not tell either.
async fn without_graphql(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    version: ReleaseVersion,
    down: FlyError,
) -> Result<Told, FlyError> {
    let Ok(listed) = client.releases_without_graphql(token, app, LISTED).await else { return Err(down) };
    let mut parts = Parts { missing: listed.missing, retry_after: None };
    let releases = listed.value;
    let find = |version| releases.iter().find(|one: &&Release| one.version == version).cloned();
    let (release, newest) = (find(version), releases.first().cloned());
    let is_to_come = newest.as_ref().is_some_and(|newest| version > newest.version);
    match &release {
        None if !is_to_come => return Err(down),
        None => {}
        Some(release) => {
            missing::tell(&mut parts.missing, DESCRIPTIONS);
            missing::tell(&mut parts.missing, ReleaseFacts::CONFIGURATION);
            if releases::wants_a_reason(release) {
                missing::tell(&mut parts.missing, ReleaseFacts::REASON);
            }
        }
    }
    let before = find(ReleaseVersion(version.0.saturating_sub(1)));
    if before.is_none() && version.0 > 1 && releases.len() >= usize::from(LISTED) {
        missing::tell(&mut parts.missing, ReleaseFacts::BEFORE);
    }
    let facts = ReleaseFacts { release, before, newest, ..ReleaseFacts::of(app.clone(), version) };
    let why = Some(missing::why("GraphQL", &down));
    Ok(Told { facts, nomad: false, parts, why, retry_after: down.retry_after() })
}

/// What the instances run; none where this token is not told.
async fn running(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    nomad: bool,
) -> Result<Option<Fetched<Vec<Running>>>, FlyError> {
    let answer = if nomad {
        client.vms(token, app).await
    } else {
        let mut missing = Vec::new();
        let machines = client.machines_of_app(token, app).await;
        of_machines(machines, &mut missing).map(|running| Fetched::of(running.instances, missing))
    };
    told(answer.map(|fetched| Fetched::of(counted(fetched.value), fetched.missing)))
}

fn counted(instances: Vec<InstanceFacts>) -> Vec<Running> {
    let there = instances.into_iter().map(|one| one.instance).filter(|one| !one.state.is_gone());
    there.map(|one| Running { process_group: one.process_group, version: one.version }).collect()
}

/// The names of the secrets; none where this token is not told.
async fn secrets(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
) -> Result<Option<Fetched<Vec<model::secret::SecretName>>>, FlyError> {
    told(client.secret_names(token, app).await)
}

/// A denial is an answer: the token is good, as the releases show, but not for this.
fn told<T>(answer: Result<Fetched<T>, FlyError>) -> Result<Option<Fetched<T>>, FlyError> {
    match answer {
        Err(error) if error.is_access_denied() => Ok(None),
        answer => answer.map(Some),
    }
}

/// The facts that GraphQL's answer alone gives, as the fuzzing asks for them.
pub(crate) fn of_graphql_alone(
    reply: Reply<ReleaseQuery>,
    app: &AppName,
    token: &FlyToken,
) -> Result<ReleaseFacts, FlyError> {
    read(reply, app, ReleaseVersion(14), token).map(|told| told.facts)
}
