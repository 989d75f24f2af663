//! What the live stream and its long-polling twin have in common: what is asked for, who may have
//! it, and what is answered where there is nothing to follow.

use crate::layers::client_address::ClientAddress;
use crate::layers::session::MaybeSession;
use crate::limits::{StreamPlace, TooMany};
use crate::live::hub::ReadError;
use crate::live::stream::Stream;
use crate::state::AppState;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::live::{Cursor, InvalidTopic, Topic};
use serde::Deserialize;

/// How many topics one stream may follow.
const MOST_TOPICS: usize = 16;

/// What the page asks for.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    topics: String,
    since: Option<String>,
    hidden: Option<String>,
}

/// A stream, with the place it takes among those of its client.
pub(super) struct Following {
    pub(super) stream: Stream,
    pub(super) place: StreamPlace,
}

/// Begins to follow, or says why not.
pub(super) async fn follow(
    state: &AppState,
    MaybeSession(session): MaybeSession,
    ClientAddress(address): ClientAddress,
    wanted: &Wanted,
    headers: &HeaderMap,
) -> Result<Following, Response> {
    let Some(active) = session else {
        return Err((StatusCode::UNAUTHORIZED, "You are signed out.\n").into_response());
    };
    let wrong = |message: String| (StatusCode::BAD_REQUEST, message).into_response();
    let topics = topics(&wanted.topics).map_err(wrong)?;
    let since = since(headers, wanted.since.as_deref()).map_err(wrong)?;
    let hidden = hidden(wanted.hidden.as_deref()).map_err(wrong)?;
    let own_session = state.shared.as_ref().is_none_or(|shared| shared.key != active.key);
    let place = state.clients.open_stream(own_session.then_some(&active.key), address);
    let place = place.map_err(|error| too_many(&error))?;
    let viewer = active.as_viewer().hidden(hidden);
    let stream = Stream::begin(state.hub.clone(), viewer, topics, since, state.build.clone()).await;
    Ok(Following { stream: stream.map_err(|error| refuse(&error))?, place })
}

fn too_many(error: &TooMany) -> Response {
    let wait = [(RETRY_AFTER, HeaderValue::from_static("10"))];
    (StatusCode::TOO_MANY_REQUESTS, wait, format!("{error}\n")).into_response()
}

pub(super) fn refuse(error: &ReadError) -> Response {
    match error {
        ReadError::NotFound => {
            (StatusCode::NOT_FOUND, "There is no such app, or your token cannot see it.\n").into_response()
        }
        ReadError::Absent => (StatusCode::NOT_FOUND, "The app has nothing of that name.\n").into_response(),
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
        0 => Err(format!("topics: name at least one, with commas between them: {}\n", InvalidTopic::Kind)),
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

/// Whether nobody looks at the page now.
fn hidden(query: Option<&str>) -> Result<bool, String> {
    match query {
        None | Some("" | "false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err("hidden: allowed are \"true\" and \"false\"\n".to_owned()),
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
        assert!(topics("machine:x").unwrap_err().contains("app:NAME"));
        assert!(topics("app:../etc").unwrap_err().contains("lower-case letters"));
        assert!(topics("instance:web").unwrap_err().contains("hex digits"));
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

    #[test]
    fn a_page_says_whether_it_is_hidden_in_one_of_two_words() {
        assert_eq!(
            (hidden(None), hidden(Some("true")), hidden(Some("false"))),
            (Ok(false), Ok(true), Ok(false))
        );
        assert!(hidden(Some("yes")).unwrap_err().contains("\"true\""));
    }
}
