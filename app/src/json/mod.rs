//! JSON between the server and the browser, read in one way wherever it comes from: the page's HTML,
//! an answer or the stream.
//!
//! Each way of reading brings code for each type into the browser's module, so there is one only, and
//! it has no more than the types of the protocol need.

#[cfg(test)]
mod tests;
mod tree;

use leptos::server::codee::{Decoder, Encoder};
use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
pub use tree::Unreadable;

/// JSON for resources and server functions, in place of those of Leptos.
pub struct Json;

/// JSON in the body of a `POST` and in its answer.
pub type JsonBody = Post<Json>;

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unreadable> {
    T::deserialize(tree::Tree(&parse(json)?))
}

fn parse(json: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(json).map_err(Unreadable::new)
}

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> serde_json::Result<String> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
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

impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = Unreadable;

    fn decode(json: Bytes) -> Result<T, Unreadable> {
        read(&json)
    }
}
