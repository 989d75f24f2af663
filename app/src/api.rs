//! The server function: thin, it asks the request's backend.

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod fetch;

use crate::error::AppError;
use crate::json::JsonBody;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::server::Server;
use leptos::server_fn::{Http, Protocol};
use model::json::FromJson;
use model::live::{Snapshot, TopicState};

/// The present state of a topic for the viewer. Names in it are as they stand in the address, not
/// validated yet.
#[server(prefix = "/api", endpoint = "topic", protocol = OfItsSession)]
pub async fn read_topic(
    /// The topic, as [`model::live::Topic`] writes it.
    topic: String,
) -> Result<Snapshot<TopicState>, AppError> {
    let answer = answer();
    answer.with(answer_of(crate::backend::use_backend(), &topic).await)
}

/// What the backend says of a topic, whose names are not validated yet.
#[cfg(feature = "ssr")]
pub(crate) async fn answer_of(
    backend: Result<std::sync::Arc<dyn crate::backend::Backend>, AppError>,
    topic: &str,
) -> Result<Snapshot<TopicState>, AppError> {
    match (backend, valid(topic)) {
        (Ok(backend), Ok(topic)) => backend.read(topic).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Reads a topic and says what came, unless the current reactive owner is gone by then.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) fn read_then(topic: String, then: Box<dyn FnOnce(String, crate::handed::Answer)>) {
    leptos::task::spawn_local_scoped_with_cancellation(async move {
        let answer = read_topic(topic.clone()).await;
        then(topic, answer);
    });
}

impl FromJson for ReadTopic {
    fn from_json(json: &model::json::Json) -> Option<Self> {
        Some(Self { topic: json.field("topic")? })
    }
}

/// JSON in the body of a `POST` and in its answer, with the name of the session that the page was made
/// for: of another one, which may have begun since in another tab, it is to see nothing. The browser
/// asks with its own `fetch`, since the client that comes with server functions carries what all their
/// encodings need.
pub struct OfItsSession;

type Posted = Http<JsonBody, JsonBody>;
type Found = Snapshot<TopicState>;

impl<C, S> Protocol<ReadTopic, Found, C, S, AppError> for OfItsSession
where
    C: Client<AppError>,
    S: Server<AppError>,
    Posted: Protocol<ReadTopic, Found, C, S, AppError>,
{
    const METHOD: http::Method = http::Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, AppError>> + Send
    where
        F: Fn(ReadTopic) -> Fut + Send,
        Fut: Future<Output = Result<Found, AppError>> + Send,
    {
        Posted::run_server(request, server_fn)
    }

    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    fn run_client(path: &str, input: ReadTopic) -> impl Future<Output = Result<Found, AppError>> + Send {
        fetch::ask(path, &input.topic)
    }

    #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
    fn run_client(path: &str, input: ReadTopic) -> impl Future<Output = Result<Found, AppError>> + Send {
        Posted::run_client(path, input)
    }
}

/// A name that is none is told as such: a person may have typed it.
#[cfg(feature = "ssr")]
fn valid(topic: &str) -> Result<model::live::Topic, AppError> {
    use model::live::InvalidTopic;
    topic.parse().map_err(|error| AppError::Invalid {
        message: match error {
            InvalidTopic::Name(error) => sentence(&error),
            InvalidTopic::Kind => "There is no such topic.".to_owned(),
        },
    })
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
