//! GraphQL's way of answering: data, errors, or both, usually with HTTP 200.

use crate::decode::text;
use crate::error::FlyError;
use crate::http::{Answer, short};
use crate::token::FlyToken;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Data, and the errors that came with it.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) data: Option<T>,
    pub(crate) errors: Errors,
}

/// The errors of one answer.
#[derive(Debug)]
pub(crate) struct Errors {
    list: Vec<GraphError>,
    request_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Envelope<T> {
    data: Option<T>,
    errors: Option<Vec<GraphError>>,
}

#[derive(Debug, Deserialize)]
struct GraphError {
    message: Option<String>,
    path: Option<Vec<Value>>,
    extensions: Option<Value>,
}

/// Reads an answer. No error is worded from the answer's own text.
pub(crate) fn read<T: DeserializeOwned>(answer: Answer) -> Result<Reply<T>, FlyError> {
    let Answer { body, request_id } = answer;
    match serde_json::from_slice::<Envelope<T>>(&body) {
        Ok(Envelope { data: None, errors: None }) => {
            Err(FlyError::Malformed { what: "neither data nor errors".into(), request_id })
        }
        Ok(Envelope { data, errors }) => {
            let list = errors.unwrap_or_default();
            Ok(Reply { data, errors: Errors { list, request_id } })
        }
        Err(error) => Err(FlyError::Malformed { what: place(&error), request_id }),
    }
}

/// Where and how reading JSON failed, without a word of the JSON.
pub(crate) fn place(error: &serde_json::Error) -> String {
    format!("JSON {:?} error at line {} column {}", error.classify(), error.line(), error.column())
}

impl Errors {
    /// What the errors mean where they left nothing to show. Without any error a null means that
    /// there is no such thing, or not for this token.
    pub(crate) fn into_denial(self, token: &FlyToken) -> FlyError {
        let Some(first) = self.list.into_iter().next() else {
            return FlyError::NotFound { request_id: self.request_id };
        };
        first.into_error(self.request_id, token)
    }

    /// The fields below `parent` (`app` for `app.releasesUnprocessed`) that failed, once each.
    pub(crate) fn fields_below(&self, parent: &str) -> Vec<String> {
        let mut fields: Vec<String> = Vec::new();
        for error in &self.list {
            let path = error.path.as_deref().unwrap_or_default();
            if let [root, field, ..] = path
                && root == parent
                && let Some(field) = field.as_str()
                && !fields.iter().any(|known| known == field)
            {
                fields.push(text::line(field, 60));
            }
        }
        fields
    }

    /// The paths of the errors, for those that need more than a field's name.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &[Value]> {
        self.list.iter().filter_map(|error| error.path.as_deref())
    }
}

impl GraphError {
    /// By its code first, and by its words only where there is no code. A denial inside the answer
    /// is about that field; a denial of the whole question is about the token.
    fn into_error(self, request_id: Option<String>, token: &FlyToken) -> FlyError {
        let message = short(self.message.as_deref().unwrap_or_default(), token);
        let code = self.extensions.as_ref().and_then(|e| e.get("code")).and_then(Value::as_str);
        let of_a_field = self.path.as_ref().is_some_and(|path| !path.is_empty());
        match code.unwrap_or_default() {
            "UNAUTHENTICATED" => FlyError::Refused { detail: message, request_id },
            "UNAUTHORIZED" if !of_a_field => FlyError::Refused { detail: message, request_id },
            "UNAUTHORIZED" | "FORBIDDEN" => FlyError::Forbidden { detail: message, request_id },
            "NOT_FOUND" => FlyError::NotFound { request_id },
            "" if message.to_ascii_lowercase().starts_with("could not find ") => {
                FlyError::NotFound { request_id }
            }
            _ if message.is_empty() => {
                FlyError::Rejected { message: "an error without a message".into(), request_id }
            }
            _ => FlyError::Rejected { message, request_id },
        }
    }
}
