//! The list of apps: every page of it, then the machines of each organization in one request.

use super::organizations::organization;
use super::{Fetched, FlyClient, missing};
use crate::decode::{count, releases, text};
use crate::error::FlyError;
use crate::graphql::answer::{Errors, Reply, Step};
use crate::graphql::apps::{AppConnection, AppNode, AppsQuery, AppsVariables, DeploymentCounts};
use crate::graphql::lenient;
use crate::graphql::scalar::Platform;
use crate::machines::org::{OrgTally, Page};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use futures::{StreamExt, stream};
use model::app::InstanceCounts;
use model::{AppName, AppSummary, NotLoaded, OrgSlug};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use tracing::warn;

/// Pages of 200 apps that are read at most.
const MOST_PAGES: usize = 100;
/// Pages of 1000 machines of one organization that are read at most.
const MOST_MACHINE_PAGES: usize = 50;
/// Organizations asked at a time.
const AT_A_TIME: usize = 4;

pub(super) async fn apps(client: &FlyClient, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
    let mut missing = Vec::new();
    let mut rows = Vec::new();
    let mut unreadable = 0;
    for node in nodes(client, token, &mut missing).await? {
        match Row::of(node) {
            Some(row) => rows.push(row),
            None => unreadable += 1,
        }
    }
    missing::tell_unreadable(&mut missing, unreadable, "app");
    let (tallies, retry_after, why) = tallies(client, token, &rows, &mut missing).await;
    let mut apps: Vec<AppSummary> = rows.into_iter().map(|row| row.with_machines(&tallies)).collect();
    apps.sort_by(|a, b| a.name.cmp(&b.name));
    apps.dedup_by(|a, b| a.name == b.name);
    Ok(Fetched { value: apps, missing, retry_after, why })
}

/// All nodes of all pages. A page that fails fails the list: half of it would look like all of it.
async fn nodes(
    client: &FlyClient,
    token: &FlyToken,
    missing: &mut Vec<String>,
) -> Result<Vec<AppNode>, FlyError> {
    let mut nodes = Vec::new();
    let mut after = None;
    for _ in 0..MOST_PAGES {
        let operation = AppsQuery::build(AppsVariables { after: after.clone() });
        let reply = client.query(token, &operation).await.map_err(denied)?;
        let (page, next) = read(reply, token, missing)?;
        nodes.extend(page);
        if next.is_none() {
            return Ok(nodes);
        }
        if next == after {
            break;
        }
        after = next;
    }
    missing.push(format!("apps after the first {}", nodes.len()));
    Ok(nodes)
}

/// The nodes of a page, and where the next one begins.
fn read(
    reply: Reply<AppsQuery>,
    token: &FlyToken,
    missing: &mut Vec<String>,
) -> Result<(impl Iterator<Item = AppNode> + use<>, Option<String>), FlyError> {
    let Reply { data, errors } = reply;
    let (page, info) = match data.map_or(lenient::Option::None, |data| data.apps) {
        lenient::Option::Some(AppConnection { nodes: lenient::Option::Some(page), page_info }) => {
            (page, page_info)
        }
        lenient::Option::Some(AppConnection { nodes: lenient::Option::None, .. }) | lenient::Option::None => {
            return Err(denied(errors.into_denial(token)));
        }
        _ => return Err(errors.malformed("the list of apps")),
    };
    missing.extend(missing_fields(&page, &errors));
    missing::tell_unreadable(missing, page.unreadable, "app");
    Ok((page.readable.into_iter().flatten(), info.known().and_then(|info| info.next())))
}

/// The rows of one page without their machines, as the fuzzing asks for them.
pub(crate) fn of_one_page(
    reply: Reply<AppsQuery>,
    token: &FlyToken,
) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
    let mut missing = Vec::new();
    let (page, _) = read(reply, token, &mut missing)?;
    let value = page.filter_map(Row::of).map(|row| row.summary).collect();
    Ok(Fetched::of(value, missing))
}

/// Denials of the list, which is what a token made for one app gets, get the advice that helps.
/// Fly gives a denial no code; an error whose words are not about access is a failure.
fn denied(error: FlyError) -> FlyError {
    match error {
        FlyError::Forbidden { .. } | FlyError::NotFound { .. } => FlyError::ListDenied(Box::new(error)),
        FlyError::Rejected { ref message, .. } if is_about_access(message) => {
            FlyError::ListDenied(Box::new(error))
        }
        other => other,
    }
}

fn is_about_access(message: &str) -> bool {
    const WORDS: [&str; 6] = ["access", "allowed", "authoriz", "denied", "permi", "scope"];
    let message = message.to_ascii_lowercase();
    WORDS.iter().any(|word| message.contains(word))
}

/// The failed fields of a page, with the app's name. A deployment status is missed only by an app
/// of the Nomad era.
fn missing_fields(page: &lenient::Vec<Option<AppNode>>, errors: &Errors) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for path in errors.paths() {
        let [apps, nodes, Step::Element(at), rest @ ..] = path else { continue };
        if apps.field() != Some("apps") || nodes.field() != Some("nodes") {
            continue;
        }
        let Some(Some(node)) = page.at(*at) else {
            missing.insert("an app that Fly could not tell of".to_owned());
            continue;
        };
        let nomad = node.platform_version.as_known() == Some(&Platform::Nomad);
        let name = text::line(node.name.as_known().map_or("an app", String::as_str), 63);
        match rest.first().and_then(Step::field) {
            Some("deploymentStatus") if !nomad => {}
            Some("deploymentStatus") => drop(missing.insert(format!("deployment status of {name}"))),
            Some("currentReleaseUnprocessed") => drop(missing.insert(format!("last release of {name}"))),
            _ => drop(missing.insert(format!("parts of {name}"))),
        }
    }
    missing
}

/// A row, and whether its instances are machines.
struct Row {
    summary: AppSummary,
    on_machines: bool,
}

impl Row {
    fn of(node: AppNode) -> Option<Self> {
        let nomad = node.platform_version.as_known() == Some(&Platform::Nomad);
        let status = node.deployment_status.known();
        let release = node.current_release_unprocessed;
        let was_told = !release.is_none();
        let last_release = release.known().and_then(releases::last_release);
        let mut not_loaded = NotLoaded::default();
        if was_told && last_release.is_none() {
            not_loaded.add(NotLoaded::LAST_RELEASE);
        }
        Some(Self {
            on_machines: !nomad,
            summary: AppSummary {
                name: AppName::new(node.name.known()?).ok()?,
                organization: node.organization.known().and_then(organization)?,
                status: text::word(&node.status.known().unwrap_or_default()).into(),
                last_release,
                instances: status.as_ref().filter(|_| nomad).and_then(counted),
                deployment: status
                    .and_then(|status| status.status.known())
                    .map(|word| text::word(&word).into()),
                regions: Vec::new(),
                not_loaded,
            },
        })
    }

    fn with_machines(self, tallies: &HashMap<OrgSlug, OrgTally>) -> AppSummary {
        let Self { mut summary, on_machines } = self;
        let tally = tallies.get(&summary.organization.slug).filter(|_| on_machines);
        if let Some(org) = tally {
            match org.apps.get(summary.name.as_str()) {
                Some(tally) => {
                    summary.instances = Some(tally.counts);
                    summary.regions = tally.regions.iter().cloned().collect();
                }
                // None were seen; that none are there is only certain when every region answered and
                // all that came could be read.
                None if org.silent_regions.is_empty() && org.unreadable == 0 => {
                    summary.instances = Some(InstanceCounts::default());
                }
                None => {}
            }
        }
        summary
    }
}

/// The instances of an app of the Nomad era.
fn counted(status: &DeploymentCounts) -> Option<InstanceCounts> {
    let placed = count(*status.placed_count.as_known()?);
    let unhealthy = count(*status.unhealthy_count.as_known()?);
    Some(InstanceCounts { total: placed, up: placed.saturating_sub(unhealthy), unhealthy, pending: 0 })
}

/// The machines of each organization that has apps on Machines, and how long to wait before asking
/// again where Fly told.
async fn tallies(
    client: &FlyClient,
    token: &FlyToken,
    rows: &[Row],
    missing: &mut Vec<String>,
) -> (HashMap<OrgSlug, OrgTally>, Option<Duration>, Option<String>) {
    let slugs: BTreeSet<OrgSlug> =
        rows.iter().filter(|row| row.on_machines).map(|row| row.summary.organization.slug.clone()).collect();
    let asked: Vec<(OrgSlug, Result<OrgTally, FlyError>)> = stream::iter(slugs)
        .map(|slug| async move {
            let tally = machines_of(client, token, &slug).await;
            (slug, tally)
        })
        .buffered(AT_A_TIME)
        .collect()
        .await;
    let mut tallies = HashMap::new();
    let (mut retry_after, mut why) = (None, None);
    for (slug, tally) in asked {
        match tally {
            Ok(tally) => {
                missing.extend(gaps(&slug, &tally));
                tallies.insert(slug, tally);
            }
            Err(error) => {
                warn!(%error, request_id = error.request_id(), %slug, "the machines of an organization could not be loaded");
                missing.push(format!("machines of {slug}"));
                retry_after = retry_after.max(error.retry_after());
                why = why.or_else(|| Some(missing::why("The Machines API", &error)));
            }
        }
    }
    (tallies, retry_after, why)
}

/// What an answer that came leaves open.
fn gaps(slug: &OrgSlug, tally: &OrgTally) -> Option<String> {
    if !tally.silent_regions.is_empty() {
        let regions: Vec<&str> = tally.silent_regions.iter().map(String::as_str).collect();
        return Some(text::line(&format!("machines of {slug} in {}", regions.join(", ")), 300));
    }
    let noun = if tally.unreadable == 1 { "machine" } else { "machines" };
    (tally.unreadable > 0).then(|| format!("{} {noun} of {slug} that could not be read", tally.unreadable))
}

async fn machines_of(client: &FlyClient, token: &FlyToken, slug: &OrgSlug) -> Result<OrgTally, FlyError> {
    let path = format!("orgs/{slug}/machines");
    let mut tally = OrgTally::default();
    let mut cursor = String::new();
    for _ in 0..MOST_MACHINE_PAGES {
        let query = [("limit", "1000"), ("cursor", cursor.as_str())];
        let query = if cursor.is_empty() { &query[..1] } else { &query[..] };
        let mut page: Page = client.machines_api(token, &path, query).await?;
        let next = page.next_cursor.take().unwrap_or_default();
        tally.add(page);
        if next.is_empty() {
            return Ok(tally);
        }
        if next == cursor {
            break;
        }
        cursor = next;
    }
    // A count that may go on is worse than none.
    Err(FlyError::Malformed { what: "the list of machines does not end".into(), request_id: None })
}
