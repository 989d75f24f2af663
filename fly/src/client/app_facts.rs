//! All that is known of one app, put together from both APIs.

use super::{Fetched, FlyClient};
use crate::decode::{config, nomad, releases, text};
use crate::error::FlyError;
use crate::graphql::app::{AppFactsNode, AppQuery, AppVariables};
use crate::graphql::apps::OrganizationNode;
use crate::graphql::scalar::Platform;
use crate::machines::{groups, list};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::config::AppConfig;
use model::{App, AppFacts, AppName, InstanceFacts, OrgSlug, Organization, ProcessGroup, Release};
use tracing::warn;

/// What GraphQL fails in only for want of an app of the Nomad era.
const NOMAD_FIELDS: [&str; 4] = ["allocations", "config", "deploymentStatus", "processGroups"];
/// The name of a part that a watch knows by heart.
const INSTANCES: &str = "instances";

pub(super) async fn app_facts(
    client: &FlyClient,
    token: &FlyToken,
    name: &AppName,
) -> Result<Fetched<AppFacts>, FlyError> {
    let (node, failed) = graphql(client, token, name).await?;
    let machines =
        if machines_wanted(&node) { Some(client.machines_of_app(token, name).await) } else { None };
    assemble(name, node, &failed, machines)
}

/// Asks GraphQL; a second time without the fields of the Nomad era where one of them took the app
/// from the answer.
async fn graphql(
    client: &FlyClient,
    token: &FlyToken,
    name: &AppName,
) -> Result<(AppFactsNode, Vec<String>), FlyError> {
    let ask = |nomad| AppQuery::build(AppVariables { name: name.as_str().to_owned(), nomad });
    let reply = client.query(token, &ask(true)).await?;
    let failed = reply.errors.fields_below("app");
    if let Some(node) = reply.data.and_then(|data| data.app) {
        return Ok((node, failed));
    }
    if !failed.iter().any(|field| NOMAD_FIELDS.contains(&field.as_str())) {
        return Err(reply.errors.into_denial(token));
    }
    let again = client.query(token, &ask(false)).await?;
    match again.data.and_then(|data| data.app) {
        Some(node) => Ok((node, [failed, again.errors.fields_below("app")].concat())),
        None => Err(again.errors.into_denial(token)),
    }
}

fn machines_wanted(node: &AppFactsNode) -> bool {
    let has_allocations = node.allocations.as_ref().is_some_and(|list| !list.is_empty());
    match &node.platform_version {
        Some(Platform::Nomad) => false,
        Some(Platform::Machines | Platform::Detached | Platform::Other(_)) => true,
        None => !has_allocations,
    }
}

/// Whether GraphQL is where the app's instances are told of.
fn is_nomad(node: &AppFactsNode) -> bool {
    match &node.platform_version {
        Some(Platform::Nomad | Platform::Detached) => true,
        Some(Platform::Machines | Platform::Other(_)) => false,
        None => node.allocations.as_ref().is_some_and(|list| !list.is_empty()),
    }
}

type MachinesAnswer = Option<Result<Vec<crate::machines::wire::Raw>, FlyError>>;

fn assemble(
    name: &AppName,
    mut node: AppFactsNode,
    failed: &[String],
    machines: MachinesAnswer,
) -> Result<Fetched<AppFacts>, FlyError> {
    let mut missing = missing_fields(failed, is_nomad(&node));
    let retry_after = machines.as_ref().and_then(|answer| answer.as_ref().err()?.retry_after());
    let (releases, unreadable) = releases::releases(node.releases_unprocessed.take());
    tell_unreadable(&mut missing, unreadable, "release");
    let definition = node.config.take().and_then(|config| config.definition);
    let written = definition.map(|definition| config::config(&definition.0)).unwrap_or_default();
    let deployment = node.deployment_status.take().and_then(nomad::deployment);
    let Running { instances, release_commands, process_groups, config } =
        instances(&mut node, machines, written, &mut missing);
    let app = header(name, node, releases.first())?;
    let value = AppFacts {
        config,
        process_groups,
        releases,
        instances,
        release_commands,
        deployment,
        ..AppFacts::of(app)
    };
    Ok(Fetched { value, missing, retry_after })
}

/// What allocations and machines tell together.
struct Running {
    instances: Vec<InstanceFacts>,
    release_commands: Vec<InstanceFacts>,
    process_groups: Vec<ProcessGroup>,
    config: AppConfig,
}

/// Allocations and machines; both while an app moves from the one to the other. With one of the
/// two sources missing none are told, lest the others look like all there is.
fn instances(
    node: &mut AppFactsNode,
    machines: MachinesAnswer,
    written: AppConfig,
    missing: &mut Vec<String>,
) -> Running {
    let (mut instances, unreadable) = nomad::instances(node.allocations.take().unwrap_or_default());
    tell_unreadable(missing, unreadable, "instance");
    let mut process_groups = nomad::groups(node.process_groups.take().unwrap_or_default(), &instances);
    let mut config = written;
    let mut release_commands = Vec::new();
    match machines {
        None => {}
        Some(Err(FlyError::NotFound { .. })) if node.platform_version.is_none() => {}
        Some(Err(error)) => {
            warn!(%error, request_id = error.request_id(), "the machines could not be loaded");
            tell(missing, INSTANCES);
        }
        Some(Ok(raw)) => {
            release_commands = list::release_commands(&raw);
            let (known, unreadable) = list::machines(raw);
            tell_unreadable(missing, unreadable, "instance");
            let on_machines = groups::groups(&known);
            process_groups
                .retain(|old| old.instances > 0 && !on_machines.iter().any(|new| new.name == old.name));
            process_groups.extend(on_machines);
            process_groups.sort_by(|a, b| a.name.cmp(&b.name));
            config = with_machines(config, known.iter().map(|one| &one.config));
            instances.extend(known.into_iter().map(|one| one.facts));
        }
    }
    if missing.iter().any(|part| part == INSTANCES) {
        return Running { instances: Vec::new(), release_commands, process_groups: Vec::new(), config };
    }
    Running { instances, release_commands, process_groups, config }
}

/// What the machines were configured with, where the app's own configuration does not tell.
fn with_machines<'a>(
    mut written: AppConfig,
    mut machines: impl Iterator<Item = &'a AppConfig> + Clone,
) -> AppConfig {
    if written.services.is_empty() {
        let configured = machines.clone().find(|config| !config.services.is_empty());
        written.services = configured.map(|config| config.services.clone()).unwrap_or_default();
    }
    if written.env_port.is_none() {
        written.env_port = machines.find_map(|config| config.env_port.clone());
    }
    written
}

/// The failed fields by the names people know. An app on Machines has nothing in the fields of the
/// Nomad era, so that it misses nothing when they fail.
fn missing_fields(failed: &[String], nomad: bool) -> Vec<String> {
    let mut missing = Vec::new();
    for field in failed.iter().filter(|field| nomad || !NOMAD_FIELDS.contains(&field.as_str())) {
        tell(
            &mut missing,
            match field.as_str() {
                "allocations" => INSTANCES,
                "config" => "configuration",
                "deploymentStatus" => "deployment status",
                "processGroups" => "process groups",
                "releasesUnprocessed" => "releases",
                other => other,
            },
        );
    }
    missing
}

fn tell(missing: &mut Vec<String>, part: &str) {
    if !missing.iter().any(|known| known == part) {
        missing.push(part.to_owned());
    }
}

fn tell_unreadable(missing: &mut Vec<String>, count: usize, what: &str) {
    match count {
        0 => {}
        1 => tell(missing, &format!("1 {what} that could not be read")),
        many => tell(missing, &format!("{many} {what}s that could not be read")),
    }
}

fn header(name: &AppName, node: AppFactsNode, newest: Option<&Release>) -> Result<App, FlyError> {
    let organization = node.organization.and_then(organization).ok_or_else(|| FlyError::Malformed {
        what: "the app has no organization".into(),
        request_id: None,
    })?;
    Ok(App {
        name: node.name.and_then(|name| AppName::new(name).ok()).unwrap_or_else(|| name.clone()),
        organization,
        status: node.status.unwrap_or_default().into(),
        hostname: node.hostname.map(|host| text::line(&host, 300)).filter(|host| !host.is_empty()),
        image: newest.and_then(|release| release.image.clone()),
        version: newest.map(|release| release.version),
    })
}

/// An organization, if its slug is one.
pub(super) fn organization(node: OrganizationNode) -> Option<Organization> {
    let slug = OrgSlug::new(node.slug?).ok()?;
    let name = node.name.map(|name| text::line(&name, 200)).filter(|name| !name.is_empty());
    Some(Organization { name: name.unwrap_or_else(|| slug.to_string()), slug })
}
