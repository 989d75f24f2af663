//! `/v1/orgs/{slug}/machines` and `…/volumes`: all of an organization, sorted by the last change.

use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{json as write, position, volumes};
use crate::{
    StoryTime,
    refusal::{Refusal, refusal},
    scene::Scene,
    world::{App, Machine, Organization, Volume},
};

/// Most rows in one answer.
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

/// What both lists need to know of what they list.
trait Listed {
    fn id(&self) -> &str;
    fn state(&self) -> &str;
    fn region(&self) -> &str;
    fn updated_at(&self) -> StoryTime;
}

impl Listed for Machine {
    fn id(&self) -> &str {
        &self.id
    }
    fn state(&self) -> &str {
        &self.state
    }
    fn region(&self) -> &str {
        &self.region
    }
    fn updated_at(&self) -> StoryTime {
        self.updated_at()
    }
}

impl Listed for Volume {
    fn id(&self) -> &str {
        &self.id
    }
    fn state(&self) -> &str {
        &self.state
    }
    fn region(&self) -> &str {
        &self.region
    }
    fn updated_at(&self) -> StoryTime {
        self.updated_at()
    }
}

/// The organization of this slug, if the token reaches it.
pub(super) fn find_organization<'a>(scene: &'a Scene, slug: &str) -> Result<&'a Organization, Refusal> {
    let organization = scene.view.world.organization(slug);
    let organization =
        organization.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "organization not found"))?;
    if !scene.token.reaches_organization(organization) {
        return Err(refusal(StatusCode::FORBIDDEN, "not authorized to access this organization"));
    }
    Ok(organization)
}

/// `error_regions` is never anything but empty here: a fault has to be asked for.
pub(super) async fn machines(
    scene: Scene,
    Path(slug): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    find_organization(&scene, &slug)?;
    let apps = scene.view.world.apps.iter().filter(|app| app.organization == slug);
    let all = apps.flat_map(|app| app.machines.iter().map(move |machine| (&**app, machine)));
    let page = Page::of(all, &ask)?;
    let machines: Vec<Value> = page.rows.iter().map(|(app, one)| write::overview(app, one)).collect();
    Ok(Json(json!({
        "machines": machines,
        "next_cursor": page.next,
        "last_machine_id": page.last_id,
        "last_updated_at": page.last_updated_at,
        "error_regions": [],
    })))
}

pub(super) async fn volumes(
    scene: Scene,
    Path(slug): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    find_organization(&scene, &slug)?;
    let apps = scene.view.world.apps.iter().filter(|app| app.organization == slug);
    let all = apps.flat_map(|app| app.volumes.iter().map(move |volume| (&**app, volume)));
    let page = Page::of(all, &ask)?;
    let volumes = page.rows.iter().map(|(app, one)| {
        let mut volume = volumes::write(app, one);
        volume["app_name"] = json!(app.name);
        volume["updated_at"] = json!(one.updated_at());
        volume
    });
    Ok(Json(json!({
        "volumes": volumes.collect::<Vec<_>>(),
        "next_cursor": page.next,
        "last_volume_id": page.last_id,
        "last_updated_at": page.last_updated_at,
    })))
}

/// A part of a list, and where it ends.
struct Page<'a, T> {
    rows: Vec<(&'a App, &'a T)>,
    next: String,
    last_id: String,
    last_updated_at: String,
}

impl<'a, T: Listed> Page<'a, T> {
    fn of(all: impl Iterator<Item = (&'a App, &'a T)>, ask: &Ask) -> Result<Self, Refusal> {
        let after = moment(ask.updated_after.as_deref())?;
        let skip = position(ask.cursor.as_deref())?;
        let limit = ask.limit.unwrap_or(MOST).clamp(1, MOST);
        let mut wanted: Vec<(&App, &T)> = all.filter(|(_, one)| ask.wants(*one, after)).collect();
        wanted.sort_by(|(_, one), (_, other)| {
            (one.updated_at(), one.id()).cmp(&(other.updated_at(), other.id()))
        });
        let more = wanted.len() > skip.saturating_add(limit);
        let rows: Vec<(&App, &T)> = wanted.into_iter().skip(skip).take(limit).collect();
        let last = rows.last().map(|(_, one)| *one);
        Ok(Self {
            next: if more { (skip + limit).to_string() } else { String::new() },
            last_id: last.map(|one| one.id().to_owned()).unwrap_or_default(),
            last_updated_at: last.map(|one| one.updated_at().to_string()).unwrap_or_default(),
            rows,
        })
    }
}

impl Ask {
    fn wants(&self, one: &impl Listed, after: Option<StoryTime>) -> bool {
        (self.include_deleted || one.state() != "destroyed")
            && self.region.as_ref().is_none_or(|region| region == one.region())
            && self.state.as_ref().is_none_or(|state| state == one.state())
            && after.is_none_or(|after| one.updated_at() > after)
    }
}

fn moment(text: Option<&str>) -> Result<Option<StoryTime>, Refusal> {
    let read = text.map(StoryTime::parse).transpose();
    read.map_err(|error| refusal(StatusCode::BAD_REQUEST, format!("updated_after: {error}")))
}
