//! `/v1/orgs/{slug}/machines`: every machine of an organization, sorted by the last change.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::json as write;
use crate::{
    StoryTime,
    engine::Engine,
    refusal::{Refusal, refusal},
    tokens::Token,
    world::{App, Machine},
};

/// Most machines in one answer.
const MOST: usize = 1000;

#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    include_deleted: bool,
    region: Option<String>,
    state: Option<String>,
    updated_after: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn machines(
    State(engine): State<Arc<Engine>>,
    Extension(token): Extension<Token>,
    Path(slug): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    let view = engine.view();
    let organization = view.world.organization(&slug);
    let organization =
        organization.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "organization not found"))?;
    if !token.reaches_organization(organization) {
        return Err(refusal(StatusCode::FORBIDDEN, "not authorized to access this organization"));
    }
    let after = moment(ask.updated_after.as_deref())?;
    let skip = position(ask.cursor.as_deref())?;
    let apps = view.world.apps.iter().filter(|app| app.organization == slug);
    let all = apps.flat_map(|app| app.machines.iter().map(move |machine| (&**app, machine)));
    let mut wanted: Vec<(&App, &Machine)> = all.filter(|(_, one)| ask.wants(one, after)).collect();
    wanted.sort_by(|(_, one), (_, other)| (one.updated_at(), &one.id).cmp(&(other.updated_at(), &other.id)));
    let limit = ask.limit.unwrap_or(MOST).clamp(1, MOST);
    let rest = wanted.get(skip..).unwrap_or_default();
    let page = rest.get(..limit).unwrap_or(rest);
    Ok(Json(envelope(page, (rest.len() > limit).then_some(skip + limit))))
}

impl Ask {
    fn wants(&self, machine: &Machine, after: Option<StoryTime>) -> bool {
        (self.include_deleted || machine.state != "destroyed")
            && self.region.as_ref().is_none_or(|region| *region == machine.region)
            && self.state.as_ref().is_none_or(|state| *state == machine.state)
            && after.is_none_or(|after| machine.updated_at() > after)
    }
}

/// `error_regions` is never anything but empty until a story can tell of a region that fails.
fn envelope(page: &[(&App, &Machine)], next: Option<usize>) -> Value {
    let machines: Vec<Value> = page.iter().map(|(app, one)| write::overview(app, one)).collect();
    let last = page.last().map(|(_, one)| *one);
    json!({
        "machines": machines,
        "next_cursor": next.map_or_else(String::new, |next| next.to_string()),
        "last_machine_id": last.map_or("", |one| &one.id),
        "last_updated_at": last.map(|one| one.updated_at().to_string()).unwrap_or_default(),
        "error_regions": [],
    })
}

fn moment(text: Option<&str>) -> Result<Option<StoryTime>, Refusal> {
    let read = text.map(StoryTime::parse).transpose();
    read.map_err(|error| refusal(StatusCode::BAD_REQUEST, format!("updated_after: {error}")))
}

fn position(cursor: Option<&str>) -> Result<usize, Refusal> {
    let read = cursor.filter(|text| !text.is_empty()).map(str::parse).transpose();
    let read = read.map_err(|_| refusal(StatusCode::BAD_REQUEST, "cursor is none of ours"))?;
    Ok(read.unwrap_or(0))
}
