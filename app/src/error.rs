//! What may go wrong between a page and its data, as a person is told.

use crate::json::Json;
use leptos::prelude::*;
use model::Timestamp;
use model::json::FromJson;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a page has no data. Carries only what a person may see: the log has the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// There is no session, or it ended.
    SignedOut,
    /// No such app, or this access cannot see it: Fly makes no difference, and neither do we.
    NotFound {
        /// The name that was asked for, as typed.
        name: String,
    },
    /// The app is there, but has nothing of the name that was asked for.
    Absent {
        /// What the app does not have, as a sentence.
        message: String,
    },
    /// The token is good, but not for this ("an app-scoped token cannot list apps").
    WrongScope {
        /// What to do instead.
        message: String,
    },
    /// The request itself made no sense.
    Invalid {
        /// What was wrong and what is allowed.
        message: String,
    },
    /// Fly did not answer, or not with anything useful.
    Upstream {
        /// What happened, as a sentence.
        message: String,
        /// Fly's name for the request.
        request_id: Option<String>,
        /// When Windsock tries again by itself.
        retry_at: Option<Timestamp>,
    },
    /// Windsock itself could not be reached from the browser.
    Unreachable,
    /// A fault of Windsock.
    Internal,
}

impl AppError {
    /// A question or an answer that is not what it should be.
    pub(crate) fn unreadable() -> Self {
        Self::Invalid { message: "The request could not be read.".to_owned() }
    }

    /// The HTTP status of a page that shows this error.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::NotFound { .. } | Self::Absent { .. } => 404,
            Self::WrongScope { .. } => 403,
            Self::Invalid { .. } => 400,
            Self::Upstream { .. } => 502,
            Self::Unreachable | Self::Internal => 500,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("You are signed out."),
            Self::NotFound { name } => {
                write!(f, "There is no app named \"{name}\", or your token cannot see it.")
            }
            Self::Absent { message }
            | Self::WrongScope { message }
            | Self::Invalid { message }
            | Self::Upstream { message, .. } => f.write_str(message),
            Self::Unreachable => f.write_str("Windsock could not be reached."),
            Self::Internal => f.write_str("Windsock made a mistake. Its log tells more."),
        }
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::unreadable(),
            _ => Self::Internal,
        }
    }
}
