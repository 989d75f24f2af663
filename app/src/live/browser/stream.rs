//! One request for the stream: `fetch`, then reading its body to the end.

use super::{Inner, timers::window};
use crate::live::connection::{Answer, Input, StreamId, StreamInput};
use crate::live::event_stream::EventStream;
use crate::routes;
use js_sys::{Object, Uint8Array};
use model::live::{Cursor, Topic};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response, ResponseType,
};

/// Begins a request. What it brings is told to `inner` under the name `stream`.
pub(super) fn open(
    inner: &Rc<Inner>,
    stream: StreamId,
    topics: &[Topic],
    since: Option<&Cursor>,
) -> Option<AbortController> {
    let abort = AbortController::new().ok()?;
    let options = RequestInit::new();
    options.set_signal(Some(&abort.signal()));
    options.set_credentials(RequestCredentials::SameOrigin);
    options.set_cache(RequestCache::NoStore);
    options.set_redirect(RequestRedirect::Manual);
    let url = routes::events(topics, since);
    let inner = Rc::downgrade(inner);
    spawn_local(async move {
        run(&inner, stream, &url, &options).await;
        tell(&inner, stream, StreamInput::Ended);
    });
    Some(abort)
}

async fn run(inner: &Weak<Inner>, stream: StreamId, url: &str, options: &RequestInit) -> Option<()> {
    let response = JsFuture::from(window().fetch_with_str_and_init(url, options)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let answer = answer(&response);
    tell(inner, stream, StreamInput::Answered(answer));
    if answer != Answer::Stream {
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

fn tell(inner: &Weak<Inner>, stream: StreamId, input: StreamInput) {
    if let Some(inner) = inner.upgrade() {
        inner.handle(Input::Stream(stream, input));
    }
}

fn answer(response: &Response) -> Answer {
    if response.type_() == ResponseType::Opaqueredirect {
        return Answer::Redirect;
    }
    let header = |name| response.headers().get(name).ok().flatten();
    let is_stream = header("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
    match response.status() {
        200 if is_stream => Answer::Stream,
        200..=299 => Answer::NotAStream,
        code => {
            let seconds = header("retry-after").and_then(|value| value.trim().parse::<u64>().ok());
            Answer::Status { code, retry_after: seconds.map(|seconds| seconds.saturating_mul(1_000)) }
        }
    }
}
