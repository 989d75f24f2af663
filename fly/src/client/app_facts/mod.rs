//! All that is known of one app, put together from both APIs.

mod past;
pub(crate) mod running;
pub(super) mod without_graphql;

use self::past::Past;
use self::running::{MachinesAnswer, Running};
use super::insist::{Parts, Told, insist};
use super::organizations::organization;
use super::{Fetched, FlyClient, missing, nomad};
use crate::decode::{config, issues, text};
use crate::error::FlyError;
use crate::graphql::answer::{Reply, Step};
use crate::graphql::app::{AppFactsNode, AppQuery, AppVariables};
use crate::graphql::scalar::Platform;
use crate::token::FlyToken;
use model::{App, AppFacts, AppName, Release};

/// What GraphQL fails in only for want of an app of the Nomad era.
const NOMAD_FIELDS: [&str; 7] =
    ["allocations", "checks", "config", "deploymentStatus", "events", "processGroups", "recentLogs"];
/// The names of parts that a watch knows by heart.
const INSTANCES: &str = "instances";
const DEPLOYMENT: &str = "deployment status";
const RELEASES: &str = "releases";
const CONFIGURATION: &str = "configuration";
const GROUPS: &str = "process groups";
const ISSUES: &str = "host issues";

impl Parts for AppVariables {
    /// Of an allocation that failed in its log, its events or its checks only these are left out.
    fn leave_out(&mut self, path: &[Step]) -> Option<&'static str> {
        let (app, field) = (path.first()?.field()?, path.get(1)?.field()?);
        let (asked, name) = match (app, field, path.get(3).and_then(Step::field)) {
            ("app", "allocations", Some("recentLogs")) => (&mut self.logs, "recentLogs"),
            ("app", "allocations", Some("events")) => (&mut self.events, "events"),
            ("app", "allocations", Some("checks")) => (&mut self.checks, "checks"),
            ("app", "allocations", _) => (&mut self.allocations, "allocations"),
            ("app", "config", _) => (&mut self.config, "config"),
            ("app", "processGroups", _) => (&mut self.groups, "processGroups"),
            ("app", "releasesUnprocessed", _) => (&mut self.releases, "releasesUnprocessed"),
            _ => return None,
        };
        std::mem::replace(asked, false).then_some(name)
    }

    /// Where one field of the Nomad era fails the others may as well.
    fn leave_out_more(&mut self) -> Vec<&'static str> {
        let whole = self.allocations && self.config && self.groups && self.logs && self.events && self.checks;
        let parts = [
            (&mut self.allocations, "allocations"),
            (&mut self.config, "config"),
            (&mut self.groups, "processGroups"),
        ];
        let asked = parts.into_iter().filter(|_| !whole);
        asked.filter_map(|(asked, name)| std::mem::replace(asked, false).then_some(name)).collect()
    }
}

pub(super) async fn app_facts(
    client: &FlyClient,
    token: &FlyToken,
    name: &AppName,
) -> Result<Fetched<AppFacts>, FlyError> {
    let wanted = AppVariables {
        name: name.as_str().to_owned(),
        allocations: true,
        checks: true,
        config: true,
        events: true,
        groups: true,
        logs: true,
        releases: true,
    };
    match insist(client, token, wanted, |query: AppQuery| query.app).await {
        Ok(told) => complete(client, token, name, told).await,
        Err(error) => without_graphql::app_facts(client, token, name, error).await,
    }
}

/// Asks for what GraphQL's answer leaves open, all at once, and puts everything together.
async fn complete(
    client: &FlyClient,
    token: &FlyToken,
    name: &AppName,
    told: Told<AppFactsNode>,
) -> Result<Fetched<AppFacts>, FlyError> {
    let Read { node, past, mut missing, why } = read(told);
    let machines =
        async { if machines_wanted(&node) { Some(client.machines_of_app(token, name).await) } else { None } };
    let reason = async {
        match past.reason_wanted {
            Some(version) => Some(client.release(token, name, version).await),
            None => None,
        }
    };
    let deployment = async {
        match &past.evaluation_wanted {
            Some(evaluation) => Some(nomad::deployment(client, token, name, &evaluation.into()).await),
            None => None,
        }
    };
    let (machines, reason, deployment) = futures::join!(machines, reason, deployment);
    let past = past.with(reason, deployment, &mut missing);
    let mut fetched = assemble(name, node, past, machines, missing)?;
    if !fetched.missing.is_empty() {
        fetched.why = fetched.why.or_else(|| why.map(|error| missing::why("GraphQL", &error)));
    }
    Ok(fetched)
}

/// GraphQL's answer, with what happened taken out of it.
struct Read {
    node: AppFactsNode,
    past: Past,
    missing: Vec<String>,
    /// The first error in the answer.
    why: Option<FlyError>,
}

fn read(told: Told<AppFactsNode>) -> Read {
    let Told { mut node, left_out, failed, why } = told;
    let failed: Vec<String> = left_out.into_iter().map(str::to_owned).chain(failed).collect();
    let mut missing = missing_fields(&failed, is_nomad(&node));
    let past = Past::read(&mut node, &failed, &mut missing);
    Read { node, past, missing, why }
}

/// The facts that GraphQL's answer alone gives, as the fuzzing asks for them.
pub(crate) fn of_graphql_alone(
    reply: Reply<AppQuery>,
    name: &AppName,
    token: &FlyToken,
) -> Result<Fetched<AppFacts>, FlyError> {
    let failed = reply.errors.fields_below("app");
    let node = reply.wanted(|data| data.app, "the app", token)?;
    let told = Told { node, left_out: Vec::new(), failed, why: None };
    let Read { node, past, missing, .. } = read(told);
    assemble(name, node, past, None, missing)
}

fn machines_wanted(node: &AppFactsNode) -> bool {
    match node.platform_version.as_known() {
        Some(Platform::Nomad) => false,
        Some(Platform::Machines | Platform::Detached | Platform::Other(_)) => true,
        None => !has_allocations(node),
    }
}

/// Whether GraphQL is where the app's instances are told of.
fn is_nomad(node: &AppFactsNode) -> bool {
    match node.platform_version.as_known() {
        Some(Platform::Nomad | Platform::Detached) => true,
        Some(Platform::Machines | Platform::Other(_)) => false,
        None => has_allocations(node),
    }
}

fn has_allocations(node: &AppFactsNode) -> bool {
    node.allocations.as_known().is_some_and(|list| !list.readable.is_empty())
}

fn assemble(
    name: &AppName,
    mut node: AppFactsNode,
    past: Past,
    machines: MachinesAnswer,
    mut missing: Vec<String>,
) -> Result<Fetched<AppFacts>, FlyError> {
    let written = node.config.take().and_then(|config| config.definition);
    if written.is_unreadable() {
        missing::tell(&mut missing, CONFIGURATION);
    }
    let written = written.known().map(|definition| config::config(&definition.0)).unwrap_or_default();
    let issues = node.host_issues.take().and_then(|issues| issues.nodes);
    let issues = missing::elements(issues, ISSUES, "host issue", &mut missing);
    let (host_issues, unreadable) = issues::issues(issues.into_iter().flatten().collect());
    missing::tell_unreadable(&mut missing, unreadable, "host issue");
    let retry_after = machines.as_ref().and_then(|answer| answer.as_ref().err()?.retry_after());
    let down = machines.as_ref().and_then(|answer| answer.as_ref().err());
    let why = down.map(|error| missing::why("The Machines API", error));
    let Running { instances, release_commands, process_groups, config } =
        running::of_both(&mut node, machines, written, &mut missing);
    let Past { releases, deployment, .. } = past;
    let app = header(name, node, releases.first())?;
    let known = AppFacts { config, process_groups, releases, instances, deployment, ..AppFacts::of(app) };
    let value = AppFacts { host_issues, release_commands, ..known };
    Ok(Fetched { value, missing, retry_after, why })
}

/// The failed fields by the names people know. An app on Machines has nothing in the fields of the
/// Nomad era, so that it misses nothing when they fail.
fn missing_fields(failed: &[String], nomad: bool) -> Vec<String> {
    let mut missing = Vec::new();
    for field in failed.iter().filter(|field| nomad || !NOMAD_FIELDS.contains(&field.as_str())) {
        missing::tell(
            &mut missing,
            match field.as_str() {
                "allocations" => INSTANCES,
                "recentLogs" => "logs of instances",
                "events" => "events of instances",
                "checks" => "checks of instances",
                "config" => CONFIGURATION,
                // Told as the reason of a release, where there is one to tell.
                "currentRelease" => continue,
                "deploymentStatus" => DEPLOYMENT,
                "hostIssues" => ISSUES,
                "processGroups" => GROUPS,
                "releasesUnprocessed" => RELEASES,
                other => other,
            },
        );
    }
    missing
}

fn header(name: &AppName, node: AppFactsNode, newest: Option<&Release>) -> Result<App, FlyError> {
    let organization = node.organization.known().and_then(organization).ok_or_else(|| {
        FlyError::Malformed { what: "the app has no organization".into(), request_id: None }
    })?;
    let hostname = node.hostname.known().map(|host| text::line(&host, 300));
    Ok(App {
        name: node.name.known().and_then(|name| AppName::new(name).ok()).unwrap_or_else(|| name.clone()),
        organization,
        status: text::word(&node.status.known().unwrap_or_default()).into(),
        hostname: hostname.filter(|host| !host.is_empty()),
        image: newest.and_then(|release| release.image.clone()),
        version: newest.map(|release| release.version),
        not_loaded: model::NotLoaded::default(),
    })
}
