//! What the server hands to the browser with a page: read before the page is rendered, so that rendering
//! waits for nothing and the browser draws the same at once.

use crate::error::AppError;
use crate::json::Json;
use crate::prelude::*;
use crate::session::Session;
use model::json::FromJson;
use model::live::{Snapshot, TopicState};
use serde::Serialize;

/// What is known of a topic.
pub(crate) type Answer = Result<Snapshot<TopicState>, AppError>;

/// The state of the topic that a page is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(not(feature = "ssr"), expect(unreachable_pub, reason = "the server provides it"))]
pub struct First {
    /// The topic, with names as they stand in the address: not validated.
    pub(crate) topic: String,
    pub(crate) answer: Answer,
}

#[derive(Clone, Default, Serialize, FromJson)]
pub(crate) struct Handed {
    pub(crate) session: Session,
    pub(crate) first: Option<First>,
}

/// What was handed over with this page: from the request's contexts on the server, from the HTML in the
/// browser. Call it once, at the top of the app.
pub(crate) fn handed() -> Handed {
    SharedValue::<_, Json>::new_with_encoding(of_the_request).into_inner()
}

#[cfg(not(feature = "ssr"))]
fn of_the_request() -> Handed {
    Handed::default()
}

/// The page has the status of its data.
#[cfg(feature = "ssr")]
fn of_the_request() -> Handed {
    let first = use_context::<First>();
    let failure = first.as_ref().and_then(|first| first.answer.as_ref().err());
    if let (Some(error), Some(response)) = (failure, use_context::<leptos_axum::ResponseOptions>())
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    Handed { session: use_context().unwrap_or_default(), first }
}

/// Reads what the page at an address is about; none where it is about nothing. Provide it as a context
/// to [`crate::App`].
#[cfg(feature = "ssr")]
pub async fn first_of(
    uri: &http::Uri,
    backend: Option<std::sync::Arc<dyn crate::backend::Backend>>,
) -> Option<First> {
    let address = crate::location::Address::of(uri);
    let topic = crate::pages::topic_at(&address.path, &crate::location::Query::parse(&address.query))?;
    let answer = crate::api::answer_of(backend.ok_or(AppError::SignedOut), &topic).await;
    Some(First { topic, answer })
}
