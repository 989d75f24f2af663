//! What an answer that is no success, or no answer at all, means.

use super::retry_after::retry_after;
use crate::decode::text;
use crate::error::FlyError;
use crate::graphql::lenient;
use crate::token::FlyToken;
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use std::error::Error;
use std::time::{Duration, SystemTime};

/// No more of Fly's words is kept, in characters.
const LONGEST_DETAIL: usize = 200;
/// Fly's ids are some 30 characters long.
const LONGEST_REQUEST_ID: usize = 100;

/// The parts of an answer's head that matter.
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) request_id: Option<String>,
    retry_after: Option<Duration>,
}

impl Head {
    pub(super) fn of(response: &Response, now: SystemTime) -> Self {
        let request_id = response.headers().get("fly-request-id").and_then(|value| value.to_str().ok());
        Self {
            status: response.status(),
            request_id: request_id.map(|id| text::line(id, LONGEST_REQUEST_ID)).filter(|id| !id.is_empty()),
            retry_after: retry_after(response.headers(), now),
        }
    }

    /// The error that an unsuccessful answer stands for.
    pub(super) fn failure(self, body: &[u8], token: &FlyToken) -> FlyError {
        let Self { status, request_id, retry_after } = self;
        let message = message(body).or_else(|| plain_text(body)).map(|message| short(&message, token));
        let detail = message.clone().unwrap_or_else(|| short(&String::from_utf8_lossy(body), token));
        match status.as_u16() {
            401 => FlyError::refused(detail, request_id),
            403 => FlyError::Forbidden { detail, request_id },
            404 => FlyError::NotFound { request_id },
            429 => FlyError::RateLimited { retry_after, request_id },
            408 => FlyError::Unavailable { status: 408, retry_after, detail, request_id },
            409 | 412 => FlyError::Conflict {
                message: message.unwrap_or_else(|| "the object is held or was changed".into()),
                request_id,
            },
            300..=399 => FlyError::Redirected { status: status.as_u16(), request_id },
            400..=499 => match message {
                Some(message) => FlyError::Rejected { message, request_id },
                None => FlyError::Malformed { what: format!("HTTP {status}: {detail}"), request_id },
            },
            status => FlyError::Unavailable { status, retry_after, detail, request_id },
        }
    }
}

/// The message of an error body: `{"error": "…"}` of the REST APIs, `{"errors": [{"message": "…"}]}`
/// of GraphQL.
fn message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Body {
        error: Option<String>,
        message: Option<String>,
        #[serde(default)]
        errors: lenient::Option<lenient::Vec<Item>>,
    }
    #[derive(Deserialize)]
    struct Item {
        message: Option<String>,
    }
    let body: Body = serde_json::from_slice(body).ok()?;
    let first = body.errors.into_elements().0.into_iter().find_map(|item| item.message);
    body.error.or(body.message).or(first).filter(|message| !message.trim().is_empty())
}

/// A body that is no JSON and no page, as Fly sends it now and then (`not found`).
fn plain_text(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let is_words = !text.is_empty() && !text.starts_with(['<', '{', '[']);
    is_words.then(|| text.to_owned())
}

/// Fly's words as they may be kept: one short line without control characters, tokens and other secrets. Cut
/// after the search for tokens, so that no half of one is left.
pub(crate) fn short(words: &str, token: &FlyToken) -> String {
    let plain = text::line(words, super::body::LONGEST_ERROR);
    text::said(&token.redact(&plain), LONGEST_DETAIL)
}

/// The error for a request that got no answer.
pub(super) fn no_answer(error: reqwest::Error) -> FlyError {
    if error.is_timeout() && !error.is_connect() {
        FlyError::Timeout
    } else {
        FlyError::Connect { detail: network_detail(error) }
    }
}

/// The chain of causes, without the URL.
pub(super) fn network_detail(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut detail = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        detail = format!("{detail}: {error}");
        cause = error.source();
    }
    text::line(&detail, LONGEST_DETAIL)
}
