//! What is nobody's: the regions, and what a token is for.

use super::fields::{Fields, each};
use crate::decode::listed::Envelope;
use model::region::{Region, Regions};
use model::scope::{AppScope, Grant, TokenScope};

/// The regions by code, and how many could not be read; none where the answer has no list.
pub(crate) fn regions(answer: &Envelope) -> Option<(Regions, usize)> {
    let (mut list, unreadable) = each(&answer.list("regions")?, region);
    list.sort_by(|a, b| a.code.cmp(&b.code));
    Some((Regions { nearest: Fields(&answer.beside("regions")).parsed("nearest"), list }, unreadable))
}

fn region(one: Fields<'_>) -> Option<Region> {
    Some(Region {
        name: one.name("name").or_else(|| one.name("code"))?,
        code: one.parsed("code")?,
        area: one.name("geo_region"),
        latitude: one.fraction("latitude"),
        longitude: one.fraction("longitude"),
        deprecated: one.flag("deprecated").unwrap_or(false),
        gateway: one.flag("gateway_available"),
        requires_paid_plan: one.flag("requires_paid_plan"),
    })
}

/// What a token is for; none where the answer has no list.
pub(crate) fn scope(answer: &Envelope) -> Option<TokenScope> {
    Some(TokenScope { grants: each(&answer.list("tokens")?, grant).0 })
}

fn grant(one: Fields<'_>) -> Option<Grant> {
    one.0.is_object().then(|| Grant {
        token_id: one.name("token_id"),
        organization: one.parsed("org_slug").or_else(|| one.parsed("organization")),
        apps: apps(one),
        restricted_to_machine: one.parsed("restricted_to_machine"),
        user: one.name("user"),
    })
}

fn apps(one: Fields<'_>) -> AppScope {
    let names: Vec<&str> = one.list("apps").filter_map(|name| name.0.as_str()).collect();
    if names.is_empty() || names.contains(&"*") {
        return AppScope::All;
    }
    AppScope::Only(names.into_iter().filter_map(|name| name.parse().ok()).collect())
}
