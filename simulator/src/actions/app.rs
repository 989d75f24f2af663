//! Creating and deleting apps.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::{Plan, ids};
use crate::{
    StoryTime,
    refusal::{Refusal, refusal},
    tokens::Token,
    world::{App, Change, Platform, World},
};

/// What a client sends to create an app; the documentation and the API's document differ in how
/// they name the name.
#[derive(Default, Deserialize)]
pub(crate) struct Wish {
    #[serde(alias = "app_name")]
    name: Option<String>,
    org_slug: Option<String>,
}

/// Creates an app without anything in it. Gives back its name.
pub(crate) fn create(
    now: StoryTime,
    world: &World,
    token: Token,
    wish: Wish,
) -> Result<(Plan, String), Refusal> {
    let bad = |reason: &'static str| refusal(StatusCode::BAD_REQUEST, reason);
    let slug = wish.org_slug.ok_or_else(|| bad("org_slug is required"))?;
    let organization = world.organization(&slug);
    let organization =
        organization.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "organization not found"))?;
    if !token.reaches_organization(organization) {
        return Err(refusal(StatusCode::FORBIDDEN, "not authorized to access this organization"));
    }
    let name = wish.name.filter(|name| !name.is_empty()).ok_or_else(|| bad("name is required"))?;
    if world.app(&name).is_some() {
        let reason = "Validation failed: Name has already been taken".into();
        return Err(Refusal::Coded(StatusCode::UNPROCESSABLE_ENTITY, reason, "name_taken"));
    }
    let mut plan = Plan::new(now, &name, "");
    let created = Box::new(new(now, world, &name, slug));
    plan.tell(0, Change::AppCreated { app: name.clone(), created });
    Ok((plan, name))
}

/// Deletes an app with everything in it.
pub(crate) fn delete(now: StoryTime, app: &App) -> Plan {
    let mut plan = Plan::new(now, &app.name, "");
    plan.tell(0, Change::AppDeleted { app: app.name.clone() });
    plan
}

fn new(now: StoryTime, world: &World, name: &str, organization: String) -> App {
    let highest = world.apps.iter().map(|app| app.number).max().unwrap_or_default();
    let seed = i64::from_str_radix(&ids::hex(name, 3), 16).unwrap_or_default();
    App {
        name: name.to_owned(),
        number: highest + 1 + seed,
        organization,
        platform: Platform::Machines,
        status: "pending".to_owned(),
        state: "PENDING".to_owned(),
        deployed: false,
        created_at: now,
        groups: Vec::new(),
        ips: Vec::new(),
        config: Value::Null,
        releases: Vec::new(),
        deployment: None,
        allocations: Vec::new(),
        machines: Vec::new(),
        logs: Vec::new(),
        host_issues: Vec::new(),
        volumes: Vec::new(),
        certificates: Vec::new(),
        secrets: Vec::new(),
    }
}
