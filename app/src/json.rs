//! JSON between the server and the browser, read in one way wherever it comes from: the page's HTML,
//! an answer or the stream. See [`model::json`].

#[cfg(test)]
mod tests;

use leptos::server::codee::{Decoder, Encoder};
use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use model::json::{FromJson, Unreadable, read};
use serde::Serialize;

/// JSON for what is handed over and for server functions, in place of that of Leptos.
pub struct Json;

/// JSON in the body of a `POST` and in its answer.
pub type JsonBody = Post<Json>;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> serde_json::Result<String> {
        serde_json::to_string(value)
    }
}

impl<T: FromJson> Decoder<T> for Json {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(json: &str) -> Result<T, Unreadable> {
        read(json.as_bytes())
    }
}

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = serde_json::Error;

    fn encode(value: &T) -> serde_json::Result<Bytes> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: FromJson> Decodes<T> for Json {
    type Error = Unreadable;

    fn decode(json: Bytes) -> Result<T, Unreadable> {
        read(&json)
    }
}
