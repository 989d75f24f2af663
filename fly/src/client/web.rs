//! Questions to the web API beside GraphQL.

use super::ask::{unreadable, without};
use super::{Fetched, FlyClient};
use crate::error::FlyError;
use crate::rest::logs::{self, LogPage, LogQuery};
use crate::rest::releases;
use crate::token::FlyToken;
use model::{AppName, Release};
use serde_json::Value;

impl FlyClient {
    /// The newest releases of an app, newest first, at most `limit` of them, without GraphQL: for
    /// when that is down. They have no description, no reason and no instant of their last change.
    pub async fn releases_without_graphql(
        &self,
        token: &FlyToken,
        app: &AppName,
        limit: u16,
    ) -> Result<Fetched<Vec<Release>>, FlyError> {
        let limit = [("limit", limit.max(1).to_string())];
        let answer: Value = self.web_api(token, &format!("apps/{app}/releases"), &limit).await?;
        let (value, unread) = releases::releases(&answer).ok_or_else(|| without("releases"))?;
        Ok(Fetched::of(value, unreadable(unread, "release", "releases")))
    }

    /// Lines of an app's log: the newest, or those after an earlier answer.
    ///
    /// A token made for deploying an app is answered with 401 here although it is good elsewhere;
    /// so that is [`FlyError::Forbidden`], unless the token says itself that it has ended.
    pub async fn logs(&self, token: &FlyToken, app: &AppName, query: &LogQuery) -> Result<LogPage, FlyError> {
        let answer: Result<Value, FlyError> =
            self.logs_api(token, &format!("apps/{app}/logs"), &query.pairs()).await;
        match answer {
            Ok(answer) => logs::page(&answer, query).ok_or_else(|| without("lines")),
            Err(FlyError::Refused { detail, request_id }) => Err(FlyError::Forbidden { detail, request_id }),
            Err(error) => Err(error),
        }
    }
}
