//! Fly's regions and their names.

use super::{Fetched, FlyClient, missing};
use crate::decode::text;
use crate::error::FlyError;
use crate::graphql::answer::Reply;
use crate::graphql::regions::{RegionNode, RegionsQuery};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::RegionCode;

/// A region (GraphQL `Region`). Fly adds regions and gives codes up; no list of them is built in.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its code: that of the nearest airport (IATA).
    pub code: RegionCode,
    /// Its name ("Amsterdam, Netherlands"); the code where Fly gives none.
    pub name: String,
    /// Degrees north, if Fly tells.
    pub latitude: Option<f64>,
    /// Degrees east, if Fly tells.
    pub longitude: Option<f64>,
    /// Whether a `WireGuard` gateway is there.
    pub gateway: bool,
    /// Whether nothing new may be placed there.
    pub deprecated: bool,
}

pub(super) async fn regions(client: &FlyClient, token: &FlyToken) -> Result<Fetched<Vec<Region>>, FlyError> {
    read(client.query(token, &RegionsQuery::build(())).await?, token)
}

pub(crate) fn read(reply: Reply<RegionsQuery>, token: &FlyToken) -> Result<Fetched<Vec<Region>>, FlyError> {
    let list = |data: RegionsQuery| data.platform.and_then(|platform| platform.regions);
    let nodes = reply.wanted(list, "the list of regions", token)?;
    let mut unreadable = nodes.unreadable;
    let mut regions = Vec::with_capacity(nodes.readable.len());
    for node in nodes.readable {
        match region(node) {
            Some(region) => regions.push(region),
            None => unreadable += 1,
        }
    }
    regions.sort_by(|a, b| a.code.cmp(&b.code));
    let mut missing = Vec::new();
    missing::tell_unreadable(&mut missing, unreadable, "region");
    Ok(Fetched::of(regions, missing))
}

fn region(node: RegionNode) -> Option<Region> {
    let code = RegionCode::new(node.code.known()?).ok()?;
    let name = node.name.known().map(|name| text::line(&name, 200)).filter(|name| !name.is_empty());
    Some(Region {
        name: name.unwrap_or_else(|| code.to_string()),
        code,
        latitude: node.latitude.known(),
        longitude: node.longitude.known(),
        gateway: node.gateway_available.known() == Some(true),
        deprecated: node.deprecated.known() == Some(true),
    })
}
