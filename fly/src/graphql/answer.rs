//! GraphQL's way of answering: data, errors, or both, usually with HTTP 200.

use super::lenient;
use crate::decode::text;
use crate::error::FlyError;
use crate::http::{Answer, short};
use crate::token::FlyToken;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Steps of a path that are looked at; the deepest that means something has five.
const LONGEST_PATH: usize = 8;

/// Data, and the errors that came with it.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) data: Option<T>,
    pub(crate) errors: Errors,
}

impl<T> Reply<T> {
    /// What the question was about: the thing itself, or why there is none.
    pub(crate) fn wanted<N>(
        self,
        part: impl FnOnce(T) -> lenient::Option<N>,
        what: &str,
        token: &FlyToken,
    ) -> Result<N, FlyError> {
        match self.data.map_or(lenient::Option::None, part) {
            lenient::Option::Some(value) => Ok(value),
            lenient::Option::None => Err(self.errors.into_denial(token)),
            lenient::Option::Unreadable => Err(self.errors.malformed(what)),
        }
    }
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
    errors: lenient::Option<lenient::Vec<GraphError>>,
}

#[derive(Debug, Deserialize)]
struct GraphError {
    message: lenient::Option<String>,
    path: lenient::Option<Path>,
    extensions: lenient::Option<Extensions>,
}

#[derive(Debug, Deserialize)]
struct Extensions {
    code: lenient::Option<String>,
}

/// One step of the path to what failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A field.
    Field(String),
    /// An element of a list, counted from 0.
    Element(usize),
    /// Neither.
    Odd,
}

impl Step {
    /// The field's name, if it is one.
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::Field(name) => Some(name),
            Self::Element(_) | Self::Odd => None,
        }
    }
}

impl Step {
    fn of(text: &str) -> Self {
        let field = serde_json::from_str(text).map(Self::Field);
        field.or_else(|_| serde_json::from_str(text).map(Self::Element)).unwrap_or(Self::Odd)
    }
}

/// The beginning of a path.
#[derive(Debug, Default)]
struct Path(Vec<Step>);

/// Reads an answer. No error is worded from the answer's own text.
pub(crate) fn read<T: DeserializeOwned>(answer: Answer) -> Result<Reply<T>, FlyError> {
    let Answer { body, request_id } = answer;
    match serde_json::from_slice::<Envelope<T>>(&body) {
        Ok(Envelope { data: None, errors: lenient::Option::None }) => {
            Err(FlyError::Malformed { what: "neither data nor errors".into(), request_id })
        }
        Ok(Envelope { data, errors }) => {
            let (mut list, unreadable) = errors.into_elements();
            // That something failed is known, whatever else is not.
            list.extend((unreadable > 0).then(GraphError::unknown));
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
    /// The first of them, if there are any.
    pub(crate) fn into_first(self, token: &FlyToken) -> Option<FlyError> {
        let Self { list, request_id } = self;
        list.into_iter().next().map(|first| first.into_error(request_id, token))
    }

    /// What the errors mean where they left nothing to show. Without any error a null means that
    /// there is no such thing, or not for this token.
    pub(crate) fn into_denial(self, token: &FlyToken) -> FlyError {
        let Some(first) = self.list.into_iter().next() else {
            return FlyError::NotFound { request_id: self.request_id };
        };
        first.into_error(self.request_id, token)
    }

    /// What the errors below `app.field` mean where they left nothing of it to show: without any,
    /// there is no such thing.
    pub(crate) fn into_denial_of(mut self, field: &str, token: &FlyToken) -> FlyError {
        self.list.retain(|error| error.path.as_known().is_some_and(|path| is_below(&path.0, field)));
        self.into_denial(token)
    }

    /// Whether `app.field` or something below it failed.
    pub(crate) fn hit(&self, field: &str) -> bool {
        self.paths().any(|path| is_below(path, field))
    }

    /// Whether `app.field.part` or something below it failed.
    pub(crate) fn hit_part(&self, field: &str, part: &str) -> bool {
        self.paths().any(|path| is_below(path, field) && path.get(2).and_then(Step::field) == Some(part))
    }

    /// The error for an answer whose `what` is not what the API promises.
    pub(crate) fn malformed(self, what: &str) -> FlyError {
        FlyError::Malformed {
            what: format!("{what} is not what the schema promises"),
            request_id: self.request_id,
        }
    }

    /// The fields below `parent` (`app` for `app.releasesUnprocessed`) that failed, once each.
    pub(crate) fn fields_below(&self, parent: &str) -> Vec<String> {
        let mut fields: Vec<String> = Vec::new();
        for path in self.paths() {
            if let [root, field, ..] = path
                && root.field() == Some(parent)
                && let Some(field) = field.field()
                && !fields.iter().any(|known| known == field)
            {
                fields.push(text::line(field, 60));
            }
        }
        fields
    }

    /// The paths of the errors, for those that need more than a field's name.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &[Step]> {
        self.list.iter().filter_map(|error| error.path.as_known()).map(|path| path.0.as_slice())
    }
}

fn is_below(path: &[Step], field: &str) -> bool {
    path.first().and_then(Step::field) == Some("app") && path.get(1).and_then(Step::field) == Some(field)
}

impl GraphError {
    fn unknown() -> Self {
        Self {
            message: lenient::Option::None,
            path: lenient::Option::None,
            extensions: lenient::Option::None,
        }
    }

    /// By its code first, and by its words only where there is no code. A denial inside the answer
    /// is about that field; a denial of the whole question is about the token.
    fn into_error(self, request_id: Option<String>, token: &FlyToken) -> FlyError {
        let message = short(self.message.as_known().map_or("", String::as_str), token);
        let code = self.extensions.known().and_then(|extensions| extensions.code.known());
        let of_a_field = self.path.as_known().is_some_and(|path| !path.0.is_empty());
        match code.as_deref().unwrap_or_default() {
            "UNAUTHENTICATED" => FlyError::Refused { detail: message, request_id },
            "UNAUTHORIZED" if !of_a_field => FlyError::Refused { detail: message, request_id },
            "UNAUTHORIZED" | "FORBIDDEN" => FlyError::Forbidden { detail: message, request_id },
            "NOT_FOUND" => FlyError::NotFound { request_id },
            "RATE_LIMITED" | "TOO_MANY_REQUESTS" => FlyError::RateLimited { retry_after: None, request_id },
            "SERVER_ERROR" | "INTERNAL_SERVER_ERROR" => {
                FlyError::Unavailable { status: 500, retry_after: None, detail: message, request_id }
            }
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

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Steps)
    }
}

struct Steps;

impl<'de> Visitor<'de> for Steps {
    type Value = Path;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut steps: A) -> Result<Path, A::Error> {
        let mut path = Path::default();
        while path.0.len() < LONGEST_PATH {
            match steps.next_element::<&'de RawValue>()? {
                Some(step) => path.0.push(Step::of(step.get())),
                None => return Ok(path),
            }
        }
        while steps.next_element::<IgnoredAny>()?.is_some() {}
        Ok(path)
    }
}
