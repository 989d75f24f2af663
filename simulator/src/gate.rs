//! What stands before every REST route: the token, the limit, the count.

use std::sync::Arc;

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    engine::Engine,
    limits::{ACTION, GET_MACHINE, Rate},
    tokens::Door,
};

/// The route of Get Machine, which has a limit of its own.
pub(crate) const ONE_MACHINE: &str = "/v1/apps/{app}/machines/{machine}";

/// A door with somebody who looks at who comes in.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) engine: Arc<Engine>,
    pub(crate) door: Door,
    pub(crate) unauthorized: fn() -> Response,
}

/// Lets requests with a good token through, within the limits, and counts all of them.
pub(crate) async fn keep(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unknown route".to_owned());
    let operation = format!("{} {route}", request.method());
    let header = request.headers().get(header::AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let token = gate.engine.tokens.admit(header, gate.door);
    let name = token.map_or("none", |token| token.name);
    let answer = match token {
        None => (gate.unauthorized)(),
        Some(token) => {
            if let Some(too_many) = limit(&gate, &route, &operation, request.uri().path()) {
                too_many
            } else {
                request.extensions_mut().insert(token);
                request.extensions_mut().insert(gate.door);
                next.run(request).await
            }
        }
    };
    gate.engine.requests.count(gate.api(), &operation, name, answer.status().as_u16());
    answer
}

impl Gate {
    fn api(&self) -> &'static str {
        match self.door {
            Door::GraphQl => "graphql",
            Door::Rest => "rest",
            Door::Machines => "machines",
        }
    }
}

/// Only what belongs to an app, a machine or an organization is limited; the path is its target.
fn limit(gate: &Gate, route: &str, operation: &str, target: &str) -> Option<Response> {
    if gate.door != Door::Machines || !route.contains('{') {
        return None;
    }
    let rate: Rate = if route == ONE_MACHINE { GET_MACHINE } else { ACTION };
    let wait = gate.engine.pass(operation, target, rate).err()?;
    let body = Json(json!({"error": "rate limit exceeded", "status": "unknown"}));
    let mut answer = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
    let seconds = HeaderValue::from(wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX));
    answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    Some(answer)
}
