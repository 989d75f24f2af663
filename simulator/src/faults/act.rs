//! What verdicts do to a request and its answer.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{
    asked::Asked,
    body,
    book::{FaultId, Verdict},
    edit,
    fault::{ErrorBody, Fault, Garble, RetryAfter},
    gzip,
    route::Api,
};

/// What answers in place of the API.
pub(crate) enum Instead {
    /// An answer.
    Answer(Response),
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset,
    /// The connection is closed when this fault is over.
    Hang(FaultId),
}

/// How long the request waits at first.
pub(crate) fn wait(verdicts: &[Verdict]) -> Duration {
    verdicts.iter().map(|verdict| verdict.wait).sum()
}

/// What answers in place of the API, and whether that is an outage; none where the API answers.
pub(crate) fn instead(verdicts: &[Verdict], asked: &Asked) -> Option<(Instead, bool)> {
    verdicts.iter().find_map(|verdict| Some((one_instead(verdict, asked)?, verdict.outage)))
}

fn one_instead(verdict: &Verdict, asked: &Asked) -> Option<Instead> {
    let answer = match &verdict.fault {
        Fault::Close => return Some(Instead::Close),
        Fault::Reset => return Some(Instead::Reset),
        Fault::Hang => return Some(Instead::Hang(verdict.id)),
        Fault::Status { status, retry_after, body } => status_answer(*status, *retry_after, *body, asked.api),
        Fault::GraphqlError { message, code } if asked.api == Api::GraphQl => {
            axum::Json(graphql_error(message, code, true)).into_response()
        }
        Fault::Redirect { to, status } => {
            let mut answer = known_status(*status).into_response();
            if let Ok(to) = HeaderValue::from_str(to) {
                answer.headers_mut().insert(header::LOCATION, to);
            }
            answer
        }
        Fault::Oversized { bytes } => as_json(Response::new(body::oversized(*bytes))),
        Fault::GzipBomb { bytes } => {
            let mut answer = as_json(Response::new(gzip::bomb(*bytes)?));
            answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            answer
        }
        _ => return None,
    };
    let mut answer = answer;
    crate::answer::mark(&mut answer);
    Some(Instead::Answer(answer))
}

/// An answer with what the verdicts make of it.
pub(crate) async fn spoil(verdicts: &[Verdict], asked: &Asked, answer: Response) -> Response {
    let mut answer = answer;
    for verdict in verdicts {
        answer = match &verdict.fault {
            Fault::Partial { .. }
            | Fault::NullField { .. }
            | Fault::WrongType { .. }
            | Fault::ErrorRegions { .. } => edited(&verdict.fault, asked, answer).await,
            Fault::Garbled { shape } => with_body(answer, |whole| garbled(*shape, &whole)).await,
            Fault::Cut { after_bytes } => shaped(answer, |whole| body::cut(&whole, *after_bytes)).await,
            Fault::Drip { bytes, every_ms } => {
                let pause = Duration::from_millis(*every_ms);
                shaped(answer, |whole| body::drip(&whole, *bytes, pause)).await
            }
            _ => answer,
        };
    }
    answer
}

async fn edited(fault: &Fault, asked: &Asked, answer: Response) -> Response {
    let org_list = asked.action.is_some_and(|action| action.name == "org-machines");
    with_body(answer, |whole| match serde_json::from_slice::<Value>(&whole) {
        Ok(mut value) => {
            edit::edit(fault, &mut value, org_list);
            Bytes::from(value.to_string())
        }
        Err(_) => whole,
    })
    .await
}

fn garbled(shape: Garble, whole: &Bytes) -> Bytes {
    match shape {
        Garble::Half => whole.slice(..whole.len() / 2),
        Garble::Html => {
            Bytes::from_static(b"<!doctype html><title>Sign in to this network</title><p>Welcome")
        }
        Garble::Empty => Bytes::new(),
        Garble::Binary => Bytes::from_static(b"{\"data\":\"\xff\xfe\x00\xc3\x28\"}"),
        Garble::Deep => Bytes::from("[".repeat(10_000) + &"]".repeat(10_000)),
        Garble::Number => Bytes::from_static(b"42"),
    }
}

/// The answer with another body of its own length.
async fn with_body(answer: Response, change: impl FnOnce(Bytes) -> Bytes) -> Response {
    let (mut parts, whole) = read(answer).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(change(whole)))
}

/// The answer with its body as it is, in another way; the head promises the whole of it.
async fn shaped(answer: Response, shape: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, whole) = read(answer).await;
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    Response::from_parts(parts, shape(whole))
}

async fn read(answer: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = answer.into_parts();
    // The simulator's own bodies do not fail; one that is broken by a fault already stays short.
    (parts, to_bytes(body, usize::MAX).await.unwrap_or_default())
}

fn status_answer(status: u16, retry_after: Option<RetryAfter>, body: ErrorBody, api: Api) -> Response {
    let status = known_status(status);
    let reason = status.canonical_reason().unwrap_or("error").to_lowercase();
    let mut answer = match body {
        ErrorBody::Empty => status.into_response(),
        ErrorBody::Text => (status, reason).into_response(),
        ErrorBody::Html => {
            let page = format!(
                "<!doctype html><html><head><title>{0}</title></head><body><h1>{0} {reason}</h1></body></html>",
                status.as_u16()
            );
            (status, axum::response::Html(page)).into_response()
        }
        ErrorBody::Json => {
            let value = match api {
                Api::GraphQl => graphql_error(&reason, &reason.replace(' ', "_").to_uppercase(), false),
                Api::Rest | Api::Machines => json!({"error": reason}),
            };
            (status, axum::Json(value)).into_response()
        }
    };
    if let Some(value) = retry_after.and_then(retry_after_header) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

fn retry_after_header(wait: RetryAfter) -> Option<HeaderValue> {
    match wait {
        RetryAfter::Seconds(seconds) => Some(HeaderValue::from(seconds)),
        RetryAfter::DateIn(seconds) => {
            let date = OffsetDateTime::now_utc() + time::Duration::seconds(seconds.into());
            // RFC 2822 writes the zone as +0000 where HTTP wants GMT (RFC 9110, section 5.6.7).
            let text = date.format(&Rfc2822).ok()?.replace("+0000", "GMT");
            HeaderValue::from_str(&text).ok()
        }
    }
}

fn graphql_error(message: &str, code: &str, with_data: bool) -> Value {
    let errors = json!([{"message": message, "extensions": {"code": code}}]);
    if with_data { json!({"data": null, "errors": errors}) } else { json!({"errors": errors}) }
}

fn known_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn as_json(answer: Response) -> Response {
    let mut answer = answer;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
