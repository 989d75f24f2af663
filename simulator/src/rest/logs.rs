//! `/api/v1/apps/{app}/logs`: what flyctl polls.

use axum::{Json, extract::Query, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    StoryTime,
    refusal::{Refusal, refusal},
    scene::AppScene,
    world::LogLine,
};

/// Most lines of one answer.
const PAGE: usize = 100;
/// How far back an answer without a token reaches: 24 hours, in nanoseconds.
const DAY_NS: i64 = 24 * 60 * 60 * 1_000_000_000;

#[derive(Deserialize)]
pub(super) struct Ask {
    next_token: Option<String>,
    instance: Option<String>,
    region: Option<String>,
}

pub(super) async fn read(
    AppScene { scene, app }: AppScene,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    let after = position(ask.next_token.as_deref())?;
    let wanted = app.logs.iter().filter(|line| {
        ask.instance.as_ref().is_none_or(|instance| *instance == line.instance)
            && ask.region.as_ref().is_none_or(|region| *region == line.region)
    });
    let (page, end) = match after {
        Some(after) => (from(wanted, after), after),
        None => newest(wanted, scene.view.now),
    };
    let next = page.last().map_or(end, |line| line.id);
    let data: Vec<Value> = page.iter().map(|line| write(line)).collect();
    Ok(Json(json!({"data": data, "meta": {"next_token": next.to_string()}})))
}

/// The oldest lines after a position, so that nothing is left out between two reads.
fn from<'a>(lines: impl Iterator<Item = &'a LogLine>, after: i64) -> Vec<&'a LogLine> {
    lines.filter(|line| line.id > after).take(PAGE).collect()
}

/// The newest lines of the last day, and the position after everything that was told.
fn newest<'a>(lines: impl Iterator<Item = &'a LogLine>, now: StoryTime) -> (Vec<&'a LogLine>, i64) {
    let now = now.as_ms() * 1_000_000 + 999_999;
    let day: Vec<&LogLine> = lines.filter(|line| line.id > now - DAY_NS).collect();
    (day[day.len().saturating_sub(PAGE)..].to_vec(), now)
}

fn position(text: Option<&str>) -> Result<Option<i64>, Refusal> {
    let read = text.filter(|text| !text.is_empty()).map(str::parse).transpose();
    read.map_err(|_| refusal(StatusCode::BAD_REQUEST, "next_token is a number of nanoseconds"))
}

fn write(line: &LogLine) -> Value {
    let mut meta = json!({
        "instance": line.instance,
        "region": line.region,
        "event": {"provider": line.provider},
    });
    if let Some(code) = &line.code {
        meta["error"] = json!({"code": code, "message": line.message});
    }
    json!({
        "id": line.id.to_string(),
        "attributes": {
            "timestamp": line.at,
            "message": line.message,
            "level": line.level,
            "instance": line.instance,
            "region": line.region,
            "meta": meta,
        },
    })
}
