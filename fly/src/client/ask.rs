//! How a question to one of the REST APIs is put.

use super::FlyClient;
use crate::decode::listed::{Envelope, Listed};
use crate::error::FlyError;
use crate::graphql::answer;
use crate::http::{Action, Answer, Get};
use crate::token::FlyToken;
use model::{AppName, InstanceId, Timestamp};
use reqwest::Url;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use std::time::UNIX_EPOCH;

/// A question to the Machines API. Its path is made of validated identifiers only.
pub(super) struct Ask {
    path: String,
    query: Vec<(&'static str, String)>,
    counts_as: Option<(Action, String)>,
}

impl Ask {
    /// About something for which Fly publishes no limit.
    pub(super) fn about(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: Vec::new(), counts_as: None }
    }

    /// About an app: `apps/{app}/{what}`.
    pub(super) fn app(action: Action, app: &AppName, what: &str) -> Self {
        let counts_as = Some((action, app.to_string()));
        Self { path: format!("apps/{app}/{what}"), query: Vec::new(), counts_as }
    }

    /// About a machine: `apps/{app}/machines/{id}{what}`.
    pub(super) fn machine(action: Action, app: &AppName, id: &InstanceId, what: &str) -> Self {
        let counts_as = Some((action, id.to_string()));
        Self { path: format!("apps/{app}/machines/{id}{what}"), query: Vec::new(), counts_as }
    }

    pub(super) fn with(self, query: Vec<(&'static str, String)>) -> Self {
        Self { query, ..self }
    }
}

impl FlyClient {
    /// Asks the Machines API, without a limit of our own.
    pub(super) async fn machines_api<T: DeserializeOwned>(
        &self,
        token: &FlyToken,
        path: &str,
        query: &[(&'static str, &str)],
    ) -> Result<T, FlyError> {
        let query = query.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        self.ask(token, Ask::about(path).with(query)).await
    }

    pub(super) async fn machines_of_app(&self, token: &FlyToken, app: &AppName) -> Result<Listed, FlyError> {
        self.ask(token, Ask::app(Action::ListMachines, app, "machines")).await
    }

    /// Asks the Machines API.
    pub(super) async fn ask<T: DeserializeOwned>(&self, token: &FlyToken, ask: Ask) -> Result<T, FlyError> {
        self.ask_and_read(token, ask, "anything", Some).await
    }

    /// Asks the Machines API and reads the answer.
    pub(super) async fn ask_and_read<A: DeserializeOwned, T>(
        &self,
        token: &FlyToken,
        ask: Ask,
        what: &'static str,
        read: impl FnOnce(A) -> Option<T>,
    ) -> Result<T, FlyError> {
        let get = Get {
            url: url(&self.bases.machines, &ask.path, &ask.query)?,
            authorization: token.machines_header(),
            counts_as: ask.counts_as,
        };
        self.get(get, token).await?.read(what, read)
    }

    /// Asks the web API beside GraphQL.
    pub(super) async fn web_api(
        &self,
        token: &FlyToken,
        authorization: HeaderValue,
        path: &str,
        query: &[(&'static str, String)],
    ) -> Result<Told<Envelope>, FlyError> {
        let url = url(&self.bases.web, path, query)?;
        self.get(Get { url, authorization, counts_as: None }, token).await
    }

    async fn get<T: DeserializeOwned>(&self, get: Get, token: &FlyToken) -> Result<Told<T>, FlyError> {
        let Answer { body, request_id } =
            self.transport.get(get, token).await.map_err(|error| self.judged(token, error))?;
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Told { value, request_id }),
            Err(error) => Err(FlyError::Malformed { what: answer::place(&error), request_id }),
        }
    }

    /// A refusal of a token that has ended is for that, be it that the token says so or Fly.
    pub(super) fn judged(&self, token: &FlyToken, error: FlyError) -> FlyError {
        match error {
            FlyError::Refused { detail, request_id } => match token.ended(self.now()) {
                Some(at) => FlyError::Expired { at: Some(at), detail, request_id },
                None => FlyError::refused(detail, request_id),
            },
            FlyError::Expired { at: None, detail, request_id } => {
                FlyError::Expired { at: token.ended(self.now()), detail, request_id }
            }
            other => other,
        }
    }

    fn now(&self) -> Timestamp {
        let since = self.transport.utc().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

fn url(base: &str, path: &str, query: &[(&'static str, String)]) -> Result<Url, FlyError> {
    let mut url = Url::parse(&format!("{base}/{path}"))
        .map_err(|error| FlyError::Malformed { what: error.to_string(), request_id: None })?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// JSON, and Fly's id of the answer it came in.
pub(super) struct Told<T> {
    value: T,
    request_id: Option<String>,
}

impl<T> Told<T> {
    /// Reads it; where that is not possible the error names what it is without.
    pub(super) fn read<R>(
        self,
        what: &'static str,
        read: impl FnOnce(T) -> Option<R>,
    ) -> Result<R, FlyError> {
        let Self { value, request_id } = self;
        read(value)
            .ok_or_else(|| FlyError::Malformed { what: format!("an answer without {what}"), request_id })
    }
}

/// The parts that are missing where some objects could not be read, as a person calls them.
pub(super) fn unreadable(count: usize, one: &str, many: &str) -> Vec<String> {
    match count {
        0 => Vec::new(),
        1 => vec![format!("1 {one} that could not be read")],
        _ => vec![format!("{count} {many} that could not be read")],
    }
}
