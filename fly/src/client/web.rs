//! Questions to the web API beside GraphQL.

use super::ask::unreadable;
use super::{Fetched, FlyClient};
use crate::error::FlyError;
use crate::rest::logs::{self, LogPage, LogQuery};
use crate::rest::releases;
use crate::token::FlyToken;
use model::{AppName, Release};

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
        let path = format!("apps/{app}/releases");
        let told = self.web_api(token, token.web_header(), &path, &limit).await?;
        let (value, unread) = told.read("releases", |answer| releases::releases(&answer))?;
        Ok(Fetched::of(value, unreadable(unread, "release", "releases")))
    }

    /// Lines of an app's log: the newest, or those after an earlier answer.
    ///
    /// A token made for deploying an app is answered with 401 here although it is good elsewhere;
    /// so that is [`FlyError::Forbidden`], unless the token says itself that it has ended.
    pub async fn logs(&self, token: &FlyToken, app: &AppName, query: &LogQuery) -> Result<LogPage, FlyError> {
        let path = format!("apps/{app}/logs");
        match self.web_api(token, token.machines_header(), &path, &query.pairs()).await {
            Ok(told) => told.read("lines", |answer| logs::page(&answer, query)),
            Err(FlyError::Refused { detail, request_id }) => Err(FlyError::Forbidden { detail, request_id }),
            Err(error) => Err(error),
        }
    }
}
