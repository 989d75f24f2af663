//! Why a REST API does not answer what it was asked.

use std::borrow::Cow;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A refusal with its status and what it says.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// As JSON: `{"error": "…"}`.
    Told(StatusCode, Cow<'static, str>),
    /// As JSON with a status word for programs: `{"error": "…", "status": "name_taken"}`.
    Coded(StatusCode, Cow<'static, str>, &'static str),
    /// As plain text, which the Machines API uses for what is not there.
    NotFound,
}

/// A refusal in JSON.
pub(crate) fn refusal(status: StatusCode, error: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::Told(status, error.into())
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Told(status, error) => (status, Json(json!({"error": error}))).into_response(),
            Self::Coded(status, error, word) => {
                (status, Json(json!({"error": error, "status": word}))).into_response()
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "not found").into_response(),
        }
    }
}
