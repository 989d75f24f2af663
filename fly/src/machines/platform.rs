//! What is nobody's: the regions, and what a token is for.

use super::fields::{Fields, each};
use model::region::{Region, Regions};
use model::scope::{AppScope, Grant, TokenScope};
use serde_json::Value;

/// The regions by code, and how many could not be read.
pub(crate) fn regions(answer: &Value) -> (Regions, usize) {
    let listed = answer.get("regions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (mut list, unreadable) = each(listed, region);
    list.sort_by(|a, b| a.code.cmp(&b.code));
    (Regions { nearest: Fields(answer).parsed("nearest"), list }, unreadable)
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

/// What a token is for.
pub(crate) fn scope(answer: &Value) -> TokenScope {
    TokenScope { grants: Fields(answer).list("tokens").filter(|one| one.0.is_object()).map(grant).collect() }
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
