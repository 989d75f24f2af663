//! An app's releases, a page at a time, and one of them with the reason why it failed.

use super::{Fetched, FlyClient, missing};
use crate::decode::releases;
use crate::error::FlyError;
use crate::graphql::answer::Reply;
use crate::graphql::page::PageInfo;
use crate::graphql::releases::{ReleaseQuery, ReleaseVariables, ReleasesQuery, ReleasesVariables};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::{AppName, Release, ReleaseVersion};

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
    let Ok(number) = i32::try_from(version.0) else {
        return Err(FlyError::NotFound { request_id: None });
    };
    let operation = ReleaseQuery::build(ReleaseVariables { name: app.as_str().to_owned(), version: number });
    read_one(client.query(token, &operation).await?, token)
}

pub(crate) fn read_one(reply: Reply<ReleaseQuery>, token: &FlyToken) -> Result<Release, FlyError> {
    let node = reply.wanted(|data| data.app.and_then(|app| app.release), "the release", token)?;
    let unreadable = || FlyError::Malformed { what: "the release cannot be read".into(), request_id: None };
    releases::full(node).ok_or_else(unreadable)
}
