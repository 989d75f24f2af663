//! Every organization a token can see.

use super::{Fetched, FlyClient, missing};
use crate::decode::text;
use crate::error::FlyError;
use crate::graphql::answer::Reply;
use crate::graphql::apps::OrganizationNode;
use crate::graphql::organizations::{OrganizationsQuery, OrganizationsVariables};
use crate::token::FlyToken;
use cynic::QueryBuilder;
use model::{OrgSlug, Organization};

/// Pages of 100 organizations that are read at most.
const MOST_PAGES: usize = 50;

pub(super) async fn organizations(
    client: &FlyClient,
    token: &FlyToken,
) -> Result<Fetched<Vec<Organization>>, FlyError> {
    let mut known = Vec::new();
    let (mut unreadable, mut after, mut cut) = (0, None, true);
    for _ in 0..MOST_PAGES {
        let operation = OrganizationsQuery::build(OrganizationsVariables { after: after.clone() });
        let reply = client.query(token, &operation).await?;
        let (page, odd, next) = read(reply, token)?;
        known.extend(page);
        unreadable += odd;
        cut = next.is_some();
        if !cut || next == after {
            break;
        }
        after = next;
    }
    let mut missing = Vec::new();
    missing::tell_unreadable(&mut missing, unreadable, "organization");
    if cut {
        missing::tell(&mut missing, &format!("organizations after the first {}", known.len()));
    }
    known.sort_by(|a, b| a.slug.cmp(&b.slug));
    known.dedup_by(|a, b| a.slug == b.slug);
    Ok(Fetched::of(known, missing))
}

/// The organizations of a page, how many could not be read, and where the next page begins.
type Page = (Vec<Organization>, usize, Option<String>);

pub(crate) fn read(reply: Reply<OrganizationsQuery>, token: &FlyToken) -> Result<Page, FlyError> {
    let page = reply.wanted(|data| data.organizations, "the list of organizations", token)?;
    let (nodes, unreadable) = page.nodes.into_elements();
    let nodes: Vec<OrganizationNode> = nodes.into_iter().flatten().collect();
    let all = nodes.len();
    let known: Vec<Organization> = nodes.into_iter().filter_map(organization).collect();
    let odd = unreadable + all - known.len();
    Ok((known, odd, page.page_info.known().and_then(|info| info.next())))
}

/// An organization, if its slug is one.
pub(super) fn organization(node: OrganizationNode) -> Option<Organization> {
    let slug = OrgSlug::new(node.slug.known()?).ok()?;
    let name = node.name.known().map(|name| text::line(&name, 200)).filter(|name| !name.is_empty());
    Some(Organization { name: name.unwrap_or_else(|| slug.to_string()), slug })
}
