//! `GET /events?topics=…&since=…`: the live stream.

use crate::layers::session::MaybeSession;
use crate::live::Viewer;
use crate::live::hub::ReadError;
use crate::live::stream::Stream;
use crate::state::AppState;
use axum::extract::{Extension, Query, State};
use axum::http::header::{CACHE_CONTROL, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::sse::Sse;
use axum::response::{IntoResponse, Response};
use model::live::{Cursor, Topic};
use serde::Deserialize;
use std::convert::Infallible;

/// How many topics one stream may follow.
const MOST_TOPICS: usize = 16;

/// What the page asks for.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    topics: String,
    since: Option<String>,
}

/// Begins a stream.
pub async fn events(
    State(state): State<AppState>,
    Extension(MaybeSession(session)): Extension<MaybeSession>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let Some(active) = session else {
        return (StatusCode::UNAUTHORIZED, "You are signed out.\n").into_response();
    };
    let topics = match topics(&wanted.topics) {
        Ok(topics) => topics,
        Err(message) => return (StatusCode::BAD_REQUEST, message).into_response(),
    };
    let since = match since(&headers, wanted.since.as_deref()) {
        Ok(since) => since,
        Err(message) => return (StatusCode::BAD_REQUEST, message).into_response(),
    };
    let viewer = Viewer { token: active.token, ended: active.ended };
    match Stream::begin(state.hub.clone(), viewer, topics, since, state.build.clone()).await {
        Ok(stream) => respond(stream),
        Err(error) => refuse(&error),
    }
}

fn respond(stream: Stream) -> Response {
    let events = futures::stream::unfold(stream, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    let mut response = Sse::new(events).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    // nginx buffers a response unless it is told not to.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn refuse(error: &ReadError) -> Response {
    match error {
        ReadError::NotFound => {
            (StatusCode::NOT_FOUND, "There is no such app, or your token cannot see it.\n").into_response()
        }
        ReadError::Refused => {
            (StatusCode::UNAUTHORIZED, "Fly refuses the token of this session.\n").into_response()
        }
        ReadError::Slow | ReadError::Upstream(_) => {
            let wait = [(RETRY_AFTER, HeaderValue::from_static("5"))];
            (StatusCode::SERVICE_UNAVAILABLE, wait, "Fly is not answering.\n").into_response()
        }
    }
}

fn topics(text: &str) -> Result<Vec<Topic>, String> {
    let mut topics: Vec<Topic> = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let topic = part.parse().map_err(|error| format!("topics: {error}\n"))?;
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    match topics.len() {
        0 => {
            Err("topics: name at least one, \"apps\" or \"app:NAME\", with commas between them\n".to_owned())
        }
        count if count > MOST_TOPICS => Err(format!("topics: at most {MOST_TOPICS} on one stream\n")),
        _ => Ok(topics),
    }
}

/// Where the page left off: `Last-Event-ID` is newer than what the address was made with.
fn since(headers: &HeaderMap, query: Option<&str>) -> Result<Option<Cursor>, String> {
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    match header.or(query).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|error| format!("since: {error}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_named_twice_is_followed_once() {
        assert_eq!(topics("apps,app:a,apps").unwrap().len(), 2);
    }

    #[test]
    fn no_topic_too_many_and_nonsense_are_refused_with_what_is_allowed() {
        assert!(topics("").unwrap_err().contains("app:NAME"));
        assert!(topics("app:../etc").unwrap_err().contains("app:NAME"));
        let many: Vec<String> = (0..=MOST_TOPICS).map(|i| format!("app:a{i}")).collect();
        assert!(topics(&many.join(",")).unwrap_err().contains("at most 16"));
    }

    #[test]
    fn the_header_of_a_reconnect_outranks_the_address() {
        let mut headers = HeaderMap::new();
        assert_eq!(since(&headers, Some("e-1")).unwrap().unwrap().seq, 1);
        headers.insert("last-event-id", HeaderValue::from_static("e-2"));
        assert_eq!(since(&headers, Some("e-1")).unwrap().unwrap().seq, 2);
        assert_eq!(since(&HeaderMap::new(), None), Ok(None));
        assert!(since(&HeaderMap::new(), Some("x")).is_err());
    }
}
