//! What is nobody's: the regions, and what a token is for.

use super::fields::{Fields, each};
use model::region::{Region, Regions};
use model::scope::{AppScope, Grant, TokenScope};
use serde_json::Value;

/// The regions by code, and how many could not be read; none where the answer has no list.
pub(crate) fn regions(answer: &Value) -> Option<(Regions, usize)> {
    let (mut list, unreadable) = each(answer.get("regions")?.as_array()?, region);
    list.sort_by(|a, b| a.code.cmp(&b.code));
    Some((Regions { nearest: Fields(answer).parsed("nearest"), list }, unreadable))
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
pub(crate) fn scope(answer: &Value) -> Option<TokenScope> {
    let listed = answer.get("tokens")?.as_array()?.iter().filter(|one| one.is_object());
    Some(TokenScope { grants: listed.map(|one| grant(Fields(one))).collect() })
}

fn grant(one: Fields<'_>) -> Grant {
    Grant {
        token_id: one.name("token_id"),
        organization: one.parsed("org_slug").or_else(|| one.parsed("organization")),
        apps: apps(one),
        restricted_to_machine: one.parsed("restricted_to_machine"),
        user: one.name("user"),
    }
}

fn apps(one: Fields<'_>) -> AppScope {
    let names: Vec<&str> = one.list("apps").filter_map(|name| name.0.as_str()).collect();
    if names.is_empty() || names.contains(&"*") {
        return AppScope::All;
    }
    AppScope::Only(names.into_iter().filter_map(|name| name.parse().ok()).collect())
}
