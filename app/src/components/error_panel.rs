//! Why a page has no data, and what to do next.

use crate::erase::Erase;
use crate::error::AppError;
use crate::prelude::*;
use crate::routes;
use model::{AppName, Timestamp};

/// The panel in place of a page's data. `here` is the path of the page.
pub(crate) fn error_panel(error: &AppError, here: &str) -> AnyView {
    let what = error.to_string();
    let next = next(error, here);
    let request = match error {
        AppError::Upstream { request_id: Some(id), .. } => Some(request_id(id.clone())),
        _ => None,
    };
    view! {
        <section class="panel failure" role="alert">
            <p class="what">{what}</p>
            {next}
            {request}
        </section>
    }
    .erase()
}

/// Fly's name for a request, which its support asks for.
pub(crate) fn request_id(id: String) -> AnyView {
    view! { <p class="dim">"Fly's request id: "<code>{id}</code></p> }.erase()
}

fn next(error: &AppError, here: &str) -> AnyView {
    match error {
        AppError::SignedOut => {
            let to = routes::sign_in(Some(here));
            view! { <p><a class="button" href=to rel="external">"Sign in"</a></p> }.erase()
        }
        AppError::NotFound { .. } => view! {
            <p>"Check the name, and that your token belongs to the organization that owns the app."</p>
            <p><a href=routes::APPS>"All apps your token can see"</a></p>
        }
        .erase(),
        AppError::Absent { .. } | AppError::Invalid { .. } => match AppName::new(routes::app_in(here)) {
            Ok(name) => view! { <p><a href=routes::app(&name)>"Open "{name.to_string()}</a></p> }.erase(),
            Err(_) => view! { <p><a href=routes::APPS>"All apps your token can see"</a></p> }.erase(),
        },
        // The message says it, and the form to do it stands below.
        AppError::WrongScope { .. } => ().erase(),
        AppError::Upstream { retry_at, .. } => view! { <p>{retry(*retry_at)}</p> }.erase(),
        AppError::Unreachable | AppError::Internal => {
            let here = here.to_owned();
            view! { <p><a class="button" href=here rel="external">"Load this page again"</a></p> }.erase()
        }
    }
}

fn retry(at: Option<Timestamp>) -> String {
    let when = at.map(|at| format!(", next at {} UTC", at.clock())).unwrap_or_default();
    format!("Windsock tries again by itself{when}. This page fills itself when Fly answers.")
}
