//! The control of a story, on a loopback port of its own.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    StoryTime,
    clock::Pace,
    engine::Engine,
    faults::{FaultId, FaultRule, Preset, StandingFault},
    outage::{self, Affected, Outage},
    refusal::refusal,
    story::{Fact, Origin, Story},
    tokens,
    world::{Change, World},
};

#[derive(Clone)]
struct Control {
    engine: Arc<Engine>,
    /// The speed to play at when none is named.
    speed: f64,
}

pub(crate) fn router(engine: &Arc<Engine>, speed: f64) -> Router {
    Router::new()
        .route("/_story/list", get(list))
        .route("/_story/play", post(play))
        .route("/_story/pause", post(pause))
        .route("/_story/step", post(step))
        .route("/_story/jump", post(jump))
        .route("/_story/tell", post(tell))
        .route("/_story/history", get(history))
        .route("/_story/requests", get(requests))
        .route("/_story/requests/reset", post(reset_requests))
        .route("/_story/outage", post(set_outage))
        .route("/_story/faults", get(list_faults).post(add_faults).delete(clear_faults))
        .route("/_story/faults/{id}", delete(remove_fault))
        .route("/_story/revoke", post(revoke))
        .route("/_story/restore", post(restore))
        .with_state(Control { engine: Arc::clone(engine), speed })
}

/// Where the story is.
fn position(engine: &Engine) -> Value {
    let now = engine.clock.now();
    let timeline = engine.timeline();
    let (playing, speed) = match engine.clock.pace() {
        Pace::Paused => (false, None),
        Pace::Playing(speed) => (true, Some(speed)),
    };
    json!({
        "now": now,
        "playing": playing,
        "speed": speed,
        "step": timeline.steps_until(now),
        "steps": timeline.len(),
        "next": timeline.next_after(now),
    })
}

async fn list(State(control): State<Control>) -> Json<Value> {
    let engine = &control.engine;
    let story = &engine.story;
    let count = |origin| story.facts.iter().filter(|fact| fact.origin == origin).count();
    Json(json!({
        "stories": Story::names(),
        "current": {
            "name": story.name,
            "title": story.title,
            "about": story.about,
            "start": story.start,
            "captured": count(Origin::Captured),
            "invented": count(Origin::Invented),
        },
        "position": position(engine),
        "tokens": tokens::ALL.map(|token| token.name),
        "facts": story.facts,
    }))
}

#[derive(Deserialize)]
struct Play {
    speed: Option<f64>,
}

async fn play(State(control): State<Control>, Query(ask): Query<Play>) -> Response {
    let speed = ask.speed.unwrap_or(control.speed);
    if speed.is_nan() || speed <= 0.0 {
        return refused(&format!("speed is {speed}; it must be more than 0"));
    }
    control.engine.clock.set_pace(Pace::Playing(speed));
    Json(position(&control.engine)).into_response()
}

async fn pause(State(control): State<Control>) -> Json<Value> {
    control.engine.clock.set_pace(Pace::Paused);
    Json(position(&control.engine))
}

async fn step(State(control): State<Control>) -> Json<Value> {
    let applied = control.engine.step();
    Json(json!({"applied": applied, "position": position(&control.engine)}))
}

#[derive(Deserialize)]
struct Jump {
    to: String,
}

async fn jump(State(control): State<Control>, Query(ask): Query<Jump>) -> Response {
    let engine = &control.engine;
    if let Ok(index) = ask.to.parse::<usize>() {
        if let Err(error) = engine.jump_to_step(index) {
            return refused(&error.to_string());
        }
    } else {
        match StoryTime::parse(&ask.to) {
            Ok(moment) => engine.jump(moment),
            Err(error) => return refused(&format!("to: {error}, or the number of a step")),
        }
    }
    Json(position(engine)).into_response()
}

/// Changes that happen now, beside those of the story: the body is an array of them, as stories write
/// them. All of them, or none.
async fn tell(State(control): State<Control>, body: Bytes) -> Response {
    let changes: Vec<Change> = match serde_json::from_slice(&body) {
        Ok(changes) => changes,
        Err(error) => return refused(&format!("the body is no array of changes: {error}")),
    };
    let count = changes.len();
    let told = control.engine.act(|view| {
        let mut world = World::clone(&view.world);
        for (place, change) in changes.iter().enumerate() {
            let told = world.apply(view.now, change);
            told.map_err(|wrong| refusal(StatusCode::BAD_REQUEST, format!("change {place}: {wrong}")))?;
        }
        let fact = |change| Fact { at: view.now, origin: Origin::Asked, change };
        Ok((changes.into_iter().map(fact).collect(), ()))
    });
    match told {
        Ok(_) => Json(json!({"told": count, "position": position(&control.engine)})).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

#[derive(Deserialize)]
struct History {
    object: Option<String>,
}

async fn history(State(control): State<Control>, Query(ask): Query<History>) -> Json<Value> {
    let now = control.engine.clock.now();
    let history = control.engine.timeline().history(ask.object.as_deref(), now);
    Json(json!({"now": now, "history": history}))
}

async fn requests(State(control): State<Control>) -> Response {
    Json(control.engine.requests.counts()).into_response()
}

async fn reset_requests(State(control): State<Control>) -> Response {
    control.engine.requests.reset();
    Json(control.engine.requests.counts()).into_response()
}

#[derive(Deserialize)]
struct OutageAsk {
    api: Affected,
    mode: Outage,
}

async fn set_outage(State(control): State<Control>, Query(ask): Query<OutageAsk>) -> Json<Value> {
    outage::set(&control.engine.faults, ask.api, ask.mode);
    Json(json!({"api": ask.api, "mode": ask.mode}))
}

/// The faults that stand, and what could be added by name.
async fn list_faults(State(control): State<Control>) -> Json<Value> {
    Json(faults_told(&control.engine))
}

fn faults_told(engine: &Engine) -> Value {
    let presets = Preset::ALL.iter();
    let presets: Vec<Value> =
        presets.map(|one| json!({"name": one.name, "about": one.about, "rules": one.rules(0)})).collect();
    let faults: Vec<StandingFault> = engine.faults.list();
    json!({"faults": faults, "presets": presets})
}

/// What is to be added: one rule, several, or a preset by its name.
async fn add_faults(State(control): State<Control>, body: Bytes) -> Response {
    let rules = match faults_asked(&body) {
        Ok(rules) => rules,
        Err(reason) => return refused(&reason),
    };
    if let Some(wrong) = rules.iter().find_map(|rule| rule.check().err()) {
        return refused(&wrong.to_string());
    }
    let ids: Vec<FaultId> = rules.into_iter().map(|rule| control.engine.faults.add(rule)).collect();
    Json(json!({"added": ids})).into_response()
}

fn faults_asked(body: &[u8]) -> Result<Vec<FaultRule>, String> {
    let asked: Value =
        serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
    let rule = |value: Value| serde_json::from_value::<FaultRule>(value).map_err(|error| error.to_string());
    match asked {
        Value::Array(rules) => rules.into_iter().map(rule).collect(),
        Value::Object(fields) if fields.contains_key("preset") => {
            let name = fields.get("preset").and_then(Value::as_str).unwrap_or_default();
            let known = Preset::ALL.iter().map(|preset| preset.name).collect::<Vec<_>>().join(", ");
            let preset = Preset::named(name);
            let preset =
                preset.ok_or_else(|| format!("there is no preset named `{name}`; there are: {known}"))?;
            Ok(preset.rules(0))
        }
        one => rule(one).map(|rule| vec![rule]),
    }
}

async fn clear_faults(State(control): State<Control>) -> Json<Value> {
    control.engine.faults.clear();
    Json(faults_told(&control.engine))
}

async fn remove_fault(State(control): State<Control>, Path(id): Path<u64>) -> Response {
    if control.engine.faults.remove(FaultId(id)) {
        return Json(json!({"removed": id})).into_response();
    }
    let reason = json!({"error": format!("there is no fault {id}")});
    (StatusCode::NOT_FOUND, Json(reason)).into_response()
}

#[derive(Deserialize)]
struct TokenAsk {
    token_name: String,
}

async fn revoke(State(control): State<Control>, Query(ask): Query<TokenAsk>) -> Response {
    set_revoked(&control.engine, &ask.token_name, true)
}

async fn restore(State(control): State<Control>, Query(ask): Query<TokenAsk>) -> Response {
    set_revoked(&control.engine, &ask.token_name, false)
}

fn set_revoked(engine: &Engine, name: &str, revoked: bool) -> Response {
    if engine.tokens.set_revoked(name, revoked) {
        return Json(json!({"token_name": name, "revoked": revoked})).into_response();
    }
    let known = tokens::ALL.map(|token| token.name).join(", ");
    refused(&format!("there is no token named `{name}`; there are: {known}"))
}

fn refused(reason: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": reason}))).into_response()
}
