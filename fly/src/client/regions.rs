//! Fly's regions and their names.

use super::{Fetched, FlyClient, missing};
use crate::decode::text;
use crate::error::FlyError;
use crate::graphql::answer::Reply;
use crate::graphql::regions::{RegionNode, RegionsQuery};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::RegionCode;
use model::region::{Region, Regions};

pub(super) async fn regions(client: &FlyClient, token: &FlyToken) -> Result<Fetched<Regions>, FlyError> {
    read(client.query(token, &RegionsQuery::build(())).await?, token)
}

pub(crate) fn read(reply: Reply<RegionsQuery>, token: &FlyToken) -> Result<Fetched<Regions>, FlyError> {
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
    Ok(Fetched::of(Regions { nearest: None, list: regions }, missing))
}

fn region(node: RegionNode) -> Option<Region> {
    let code = RegionCode::new(node.code.known()?).ok()?;
    let name = node.name.known().map(|name| text::line(&name, 200)).filter(|name| !name.is_empty());
    Some(Region {
        name: name.unwrap_or_else(|| code.to_string()),
        code,
        latitude: node.latitude.known(),
        longitude: node.longitude.known(),
        area: None,
        gateway: node.gateway_available.known(),
        requires_paid_plan: None,
        deprecated: node.deprecated.known() == Some(true),
    })
}
