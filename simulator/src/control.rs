//! The control of a story, on a loopback port of its own.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    StoryTime,
    clock::Pace,
    engine::Engine,
    outage::{Affected, Outage},
    story::{Origin, Story},
    tokens,
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
        .route("/_story/history", get(history))
        .route("/_story/requests", get(requests))
        .route("/_story/requests/reset", post(reset_requests))
        .route("/_story/outage", post(outage))
        .route("/_story/revoke", post(revoke))
        .route("/_story/restore", post(restore))
        .with_state(Control { engine: Arc::clone(engine), speed })
}

/// Where the story is.
fn position(engine: &Engine) -> Value {
    let now = engine.clock.now();
    let (playing, speed) = match engine.clock.pace() {
        Pace::Paused => (false, None),
        Pace::Playing(speed) => (true, Some(speed)),
    };
    json!({
        "now": now,
        "playing": playing,
        "speed": speed,
        "step": engine.timeline.steps_until(now),
        "steps": engine.timeline.len(),
        "next": engine.timeline.next_after(now),
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
            Ok(moment) => engine.clock.jump(moment),
            Err(error) => return refused(&format!("to: {error}, or the number of a step")),
        }
    }
    Json(position(engine)).into_response()
}

#[derive(Deserialize)]
struct History {
    object: Option<String>,
}

async fn history(State(control): State<Control>, Query(ask): Query<History>) -> Json<Value> {
    let now = control.engine.clock.now();
    let history = control.engine.timeline.history(ask.object.as_deref(), now);
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

async fn outage(State(control): State<Control>, Query(ask): Query<OutageAsk>) -> Json<Value> {
    control.engine.outages.set(ask.api, ask.mode);
    Json(json!({"api": ask.api, "mode": ask.mode}))
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
