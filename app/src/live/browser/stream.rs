//! One request for the stream, or for news in its place: `fetch`, then reading its body to the end.

use super::{Inner, timers::window};
use crate::live::connection::{Answer, Input, StreamId, StreamInput};
use crate::live::event_stream::{EventStream, Frame};
use crate::live::sharing::Request;
use crate::routes;
use crate::session::TAG_HEADER;
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response, ResponseType,
};

/// Begins a request. What it brings is told to `inner` under the name `stream`.
pub(super) fn open(inner: &Rc<Inner>, stream: StreamId, request: &Request) -> Option<AbortController> {
    let abort = AbortController::new().ok()?;
    let options = RequestInit::new();
    options.set_signal(Some(&abort.signal()));
    options.set_credentials(RequestCredentials::SameOrigin);
    options.set_cache(RequestCache::NoStore);
    options.set_redirect(RequestRedirect::Manual);
    let headers = Object::new();
    Reflect::set(&headers, &TAG_HEADER.into(), &inner.session.as_str().into()).ok()?;
    options.set_headers(&headers);
    let Request { topics, since, poll } = request;
    let url =
        if *poll { routes::poll(topics, since.as_ref()) } else { routes::events(topics, since.as_ref()) };
    let poll = *poll;
    let inner = Rc::downgrade(inner);
    spawn_local(async move {
        run(&inner, stream, &url, &options, poll).await;
        tell(&inner, stream, StreamInput::Ended);
    });
    Some(abort)
}

async fn run(
    inner: &Weak<Inner>,
    stream: StreamId,
    url: &str,
    options: &RequestInit,
    poll: bool,
) -> Option<()> {
    let response = JsFuture::from(window().fetch_with_str_and_init(url, options)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let answer = answer(&response, if poll { "application/json" } else { "text/event-stream" });
    tell(inner, stream, StreamInput::Answered(answer));
    if answer != Answer::Stream {
        return None;
    }
    if poll {
        let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        let frames = polled(&text)?;
        inner.upgrade()?.received(stream, frames);
        tell(inner, stream, StreamInput::Polled);
        return None;
    }
    let reader: ReadableStreamDefaultReader = response.body()?.get_reader().dyn_into().ok()?;
    let mut parser = EventStream::new();
    loop {
        let bytes = next(&reader).await?;
        let frames = match parser.feed(&bytes) {
            Ok(frames) => frames,
            Err(error) => {
                leptos::logging::warn!("{error}");
                tell(inner, stream, StreamInput::TooLong);
                return None;
            }
        };
        let inner = inner.upgrade()?;
        inner.received(stream, frames);
    }
}

async fn next(reader: &ReadableStreamDefaultReader) -> Option<Vec<u8>> {
    let result: Object = JsFuture::from(reader.read()).await.ok()?.dyn_into().ok()?;
    let result: ReadableStreamReadResult = result.unchecked_into();
    if result.get_done().unwrap_or(true) {
        return None;
    }
    let value: JsValue = result.get_value();
    Some(value.dyn_into::<Uint8Array>().ok()?.to_vec())
}

/// The events of an answer to a poll: an array of `{event, id, retry, data}`, the last three where
/// the event has them.
fn polled(text: &str) -> Option<Vec<Frame>> {
    let mut frames = Vec::new();
    for event in Array::from(&JSON::parse(text).ok()?) {
        let field = |name: &str| Reflect::get(&event, &name.into()).ok();
        if let Some(millis) = field("retry")?.as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole milliseconds"
            )]
            frames.push(Frame::Retry(millis as u64));
        }
        frames.push(Frame::Event {
            name: field("event")?.as_string()?,
            data: JSON::stringify(&field("data")?).ok()?.into(),
            id: field("id")?.as_string().unwrap_or_default(),
        });
    }
    Some(frames)
}

fn tell(inner: &Weak<Inner>, stream: StreamId, input: StreamInput) {
    if let Some(inner) = inner.upgrade() {
        inner.handle(Input::Stream(stream, input));
    }
}

fn answer(response: &Response, wanted: &str) -> Answer {
    if response.type_() == ResponseType::Opaqueredirect {
        return Answer::Redirect;
    }
    let header = |name| response.headers().get(name).ok().flatten();
    let is_wanted = header("content-type").is_some_and(|kind| kind.starts_with(wanted));
    match response.status() {
        200 if is_wanted => Answer::Stream,
        200..=299 => Answer::NotAStream,
        code => {
            let seconds = header("retry-after").and_then(|value| value.trim().parse::<u64>().ok());
            Answer::Status { code, retry_after: seconds.map(|seconds| seconds.saturating_mul(1_000)) }
        }
    }
}
