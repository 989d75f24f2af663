//! The server functions: thin, each asks the request's backend.

use crate::error::AppError;
use crate::json::JsonBody;
use leptos::prelude::*;
use model::live::Snapshot;
use model::{AppView, AppsView};

/// The apps of the viewer.
#[server(prefix = "/api", endpoint = "apps", input = JsonBody, output = JsonBody)]
pub async fn list_apps() -> Result<Snapshot<AppsView>, AppError> {
    let answer = answer();
    let apps = match crate::backend::use_backend() {
        Ok(backend) => backend.apps().await,
        Err(error) => Err(error),
    };
    answer.with(apps)
}

/// One app of the viewer.
#[server(prefix = "/api", endpoint = "app", input = JsonBody, output = JsonBody)]
pub async fn get_app(
    /// As it stands in the address: not validated yet.
    name: String,
) -> Result<Snapshot<AppView>, AppError> {
    let answer = answer();
    let valid = model::AppName::new(name).map_err(|error| AppError::Invalid { message: sentence(&error) });
    let app = match (crate::backend::use_backend(), valid) {
        (Ok(backend), Ok(name)) => backend.app(name).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    answer.with(app)
}

#[cfg(feature = "ssr")]
fn sentence(error: &model::id::InvalidId) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", chars.as_str())
}

/// The response under construction. Taken before the first await: the request's context may be gone
/// after it, when the client has left.
#[cfg(feature = "ssr")]
struct Answer(Option<leptos_axum::ResponseOptions>);

#[cfg(feature = "ssr")]
fn answer() -> Answer {
    Answer(use_context())
}

#[cfg(feature = "ssr")]
impl Answer {
    /// Gives the response the status that fits the result.
    fn with<T>(self, result: Result<T, AppError>) -> Result<T, AppError> {
        if let (Some(response), Err(error)) = (self.0, &result)
            && let Ok(status) = http::StatusCode::from_u16(error.status())
        {
            response.set_status(status);
        }
        result
    }
}
