//! An app's releases, a page at a time, and one of them with the reason why it failed.

use super::app_facts::without_graphql::DESCRIPTIONS;
use super::{Fetched, FlyClient, missing};
use crate::decode::releases;
use crate::error::FlyError;
use crate::graphql::answer::Reply;
use crate::graphql::page::PageInfo;
use crate::graphql::releases::{ReleaseQuery, ReleaseVariables, ReleasesQuery, ReleasesVariables};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::releases::Place;
use model::{AppName, Release, ReleaseVersion, ReleasesView};

/// More are not asked for at once.
const LARGEST_PAGE: u32 = 100;

/// A place in a list, as Fly gave it: opaque, and only good for the list it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub(crate) String);

/// Which releases are wanted. Fly lists the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Where {
    /// The newest.
    #[default]
    Newest,
    /// Those older than this place.
    OlderThan(Cursor),
    /// Those newer than this place: the nearest to it, as a page before it would hold them.
    NewerThan(Cursor),
}

/// Some releases, and how to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasesPage {
    /// Newest first.
    pub releases: Vec<Release>,
    /// Where older ones begin; none where there are none.
    pub older: Option<Cursor>,
    /// Where newer ones begin; none where there are none.
    pub newer: Option<Cursor>,
}

pub(super) async fn page(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    at: Where,
    count: u32,
) -> Result<Fetched<ReleasesPage>, FlyError> {
    read(client.query(token, &ReleasesQuery::build(variables(app, at, count))).await?, token)
}

pub(crate) fn read(reply: Reply<ReleasesQuery>, token: &FlyToken) -> Result<Fetched<ReleasesPage>, FlyError> {
    let page = reply.wanted(|data| data.app.and_then(|app| app.releases_unprocessed), "the list", token)?;
    let (nodes, odd) = page.nodes.into_elements();
    let (releases, unreadable) = releases::releases(nodes);
    let info = page.page_info.known();
    let newer = info.as_ref().and_then(PageInfo::previous).map(Cursor);
    let older = info.as_ref().and_then(PageInfo::next).map(Cursor);
    let mut missing = Vec::new();
    missing::tell_unreadable(&mut missing, odd + unreadable, "release");
    Ok(Fetched::of(ReleasesPage { releases, older, newer }, missing))
}

/// As many releases as a page of the list shows.
const PAGE: u16 = 25;

pub(super) async fn view(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    from: Option<&Place>,
) -> Result<Fetched<ReleasesView>, FlyError> {
    let at = from.map_or(Where::Newest, |place| Where::OlderThan(Cursor(place.to_string())));
    match page(client, token, app, at, PAGE.into()).await {
        Ok(Fetched { value, missing, retry_after, why }) => {
            let view = as_view(app, value.releases, value.older);
            Ok(Fetched { value: view, missing, retry_after, why })
        }
        Err(down) if down.is_outage() && from.is_none() => without_graphql(client, token, app, down).await,
        Err(error) => Err(error),
    }
}

async fn without_graphql(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    down: FlyError,
) -> Result<Fetched<ReleasesView>, FlyError> {
    let Ok(known) = client.releases_without_graphql(token, app, PAGE).await else { return Err(down) };
    let mut missing = vec![DESCRIPTIONS.to_owned()];
    missing.extend(known.missing);
    let value = as_view(app, known.value, None);
    Ok(Fetched { value, missing, retry_after: down.retry_after(), why: Some(missing::why("GraphQL", &down)) })
}

/// A place that could not stand in an address is none: there is no link to it then.
fn as_view(app: &AppName, releases: Vec<Release>, older: Option<Cursor>) -> ReleasesView {
    let older = older.and_then(|Cursor(place)| place.parse().ok());
    ReleasesView { app: app.clone(), releases, older }
}

fn variables(app: &AppName, at: Where, count: u32) -> ReleasesVariables {
    let count = i32::try_from(count.clamp(1, LARGEST_PAGE)).ok();
    let (after, before) = match at {
        Where::Newest => (None, None),
        Where::OlderThan(Cursor(cursor)) => (Some(cursor), None),
        Where::NewerThan(Cursor(cursor)) => (None, Some(cursor)),
    };
    let backward = before.is_some();
    ReleasesVariables {
        name: app.as_str().to_owned(),
        after,
        before,
        first: count.filter(|_| !backward),
        last: count.filter(|_| backward),
    }
}

pub(super) async fn one(
    client: &FlyClient,
    token: &FlyToken,
    app: &AppName,
    version: ReleaseVersion,
) -> Result<Release, FlyError> {
    let wanted = wanted(app, version).ok_or(FlyError::NotFound { request_id: None })?;
    read_one(client.query(token, &ReleaseQuery::build(wanted)).await?, token)
}

/// The release alone; none for a number that GraphQL cannot be asked for.
pub(super) fn wanted(app: &AppName, version: ReleaseVersion) -> Option<ReleaseVariables> {
    let version = i32::try_from(version.0).ok()?;
    let name = app.as_str().to_owned();
    let before = version.saturating_sub(1);
    Some(ReleaseVariables { name, version, before, compare: false, config: false, newest: false })
}

pub(crate) fn read_one(reply: Reply<ReleaseQuery>, token: &FlyToken) -> Result<Release, FlyError> {
    let node = reply.wanted(|data| data.app.and_then(|app| app.release), "the release", token)?;
    let unreadable = || FlyError::Malformed { what: "the release cannot be read".into(), request_id: None };
    releases::full(node).map(|(release, _)| release).ok_or_else(unreadable)
}
