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
use futures::channel::mpsc::{self, UnboundedSender};
use futures::{Stream, StreamExt, future};
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
    // The machines of an organization are asked for as soon as a page names it, while the next pages come.
    let (found, organizations) = mpsc::unbounded();
    let machines = async { Ok(tallies(client, token, organizations).await) };
    let (listed, told) = future::try_join(rows(client, token, found), machines).await?;
    let (rows, mut missing) = listed;
    let Told { tallies, missing: gaps, retry_after, why } = told;
    missing.extend(gaps);
    let mut apps: Vec<AppSummary> = rows.into_iter().map(|row| row.with_machines(&tallies)).collect();
    apps.sort_by(|a, b| a.name.cmp(&b.name));
    apps.dedup_by(|a, b| a.name == b.name);
    Ok(Fetched { value: apps, missing, retry_after, why })
}

/// The rows of all pages, and what is missing of them; tells each organization that has apps on Machines
/// once. A page that fails fails the list: half of it would look like all of it.
async fn rows(
    client: &FlyClient,
    token: &FlyToken,
    found: UnboundedSender<OrgSlug>,
) -> Result<(Vec<Row>, Vec<String>), FlyError> {
    let (mut rows, mut missing, mut unreadable) = (Vec::new(), Vec::new(), 0);
    let (mut told, mut after, mut read_whole) = (BTreeSet::new(), None, false);
    for _ in 0..MOST_PAGES {
        let operation = AppsQuery::build(AppsVariables { after: after.clone() });
        let reply = client.query(token, &operation).await.map_err(denied)?;
        let (page, next) = read(reply, token, &mut missing)?;
        for row in page.map(Row::of) {
            let Some(row) = row else {
                unreadable += 1;
                continue;
            };
            let slug = &row.summary.organization.slug;
            if row.on_machines && told.insert(slug.clone()) {
                // Nobody listens any more only where the whole is given up.
                found.unbounded_send(slug.clone()).ok();
            }
            rows.push(row);
        }
        read_whole = next.is_none();
        if read_whole || next == after {
            break;
        }
        after = next;
    }
    if !read_whole {
        missing.push(format!("apps after the first {}", rows.len() + unreadable));
    }
    missing::tell_unreadable(&mut missing, unreadable, "app");
    Ok((rows, missing))
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

/// What the organizations have, as far as they told.
#[derive(Default)]
struct Told {
    tallies: HashMap<OrgSlug, OrgTally>,
    missing: Vec<String>,
    /// How long to wait before asking again, where Fly told.
    retry_after: Option<Duration>,
    why: Option<String>,
}

/// The machines of each organization, a few at a time.
async fn tallies(client: &FlyClient, token: &FlyToken, organizations: impl Stream<Item = OrgSlug>) -> Told {
    let asked = organizations.map(|slug| async move {
        let tally = machines_of(client, token, &slug).await;
        (slug, tally)
    });
    let mut asked: Vec<(OrgSlug, Result<OrgTally, FlyError>)> =
        asked.buffer_unordered(AT_A_TIME).collect().await;
    asked.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut told = Told::default();
    for (slug, tally) in asked {
        match tally {
            Ok(tally) => {
                told.missing.extend(gaps(&slug, &tally));
                told.tallies.insert(slug, tally);
            }
            Err(error) => {
                warn!(%error, request_id = error.request_id(), %slug, "the machines of an organization could not be loaded");
                told.missing.push(format!("machines of {slug}"));
                told.retry_after = told.retry_after.max(error.retry_after());
                told.why = told.why.or_else(|| Some(missing::why("The Machines API", &error)));
            }
        }
    }
    told
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
