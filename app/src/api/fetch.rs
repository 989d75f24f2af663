//! The browser's side of the server function.

use crate::context::context;
use crate::error::AppError;
use crate::session::TAG_HEADER;
use js_sys::{JSON, Object, Promise, Reflect};
use leptos::prelude::window;
use model::json::{FromJson, read};
use model::live::{Snapshot, TopicState};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response};

const JSON_TYPE: &str = "application/json";

/// Asks for a topic. The request is aborted when nobody waits for its answer any more.
pub(super) fn ask(
    path: &str,
    topic: &str,
) -> impl Future<Output = Result<Snapshot<TopicState>, AppError>> + Send + use<> {
    let begun = begin(path, topic);
    // Nothing of a page changes threads.
    SendWrapper::new(async move {
        let (sent, _abort) = begun.ok_or(AppError::Internal)?;
        let response: Response =
            sent.await.ok().and_then(|it| it.dyn_into().ok()).ok_or(AppError::Unreachable)?;
        let text = text_of(&response).await.ok_or_else(AppError::unreadable)?;
        if (400..=599).contains(&response.status()) {
            return Err(understood(&text).unwrap_or_else(|error| error));
        }
        understood(&text)
    })
}

fn understood<T: FromJson>(json: &str) -> Result<T, AppError> {
    read(json.as_bytes()).map_err(|_| AppError::unreadable())
}

async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// None where the browser has no memory for it.
fn begin(path: &str, topic: &str) -> Option<(JsFuture, Abort)> {
    let abort = Abort(AbortController::new().ok()?);
    let session = context().session.with_untracked(|session| session.tag.clone());
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_signal(Some(&abort.0.signal()));
    let headers = [("content-type", JSON_TYPE), ("accept", JSON_TYPE), (TAG_HEADER, session.as_str())];
    options.set_headers(&object(&headers)?);
    let body = JSON::stringify(&object(&[("topic", topic)])?).ok()?;
    options.set_body(&body.into());
    let sent: Promise = window().fetch_with_str_and_init(path, &options).unchecked_into();
    Some((sent.into(), abort))
}

/// Aborts a request when it is dropped, which one that has ended does not notice.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn object(fields: &[(&str, &str)]) -> Option<JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), &(*value).into()).ok()?;
    }
    Some(object.into())
}
