//! Questions about a whole organization, and about Fly as a whole.

use super::ask::{Ask, unreadable, without};
use super::{Fetched, FlyClient};
use crate::error::FlyError;
use crate::machines::organization::{self, OrgPage, OrgQuery};
use crate::machines::{belongings, platform};
use crate::token::FlyToken;
use model::OrgSlug;
use model::machine::OrgMachine;
use model::region::Regions;
use model::scope::TokenScope;
use model::volume::Volume;
use serde_json::Value;

impl FlyClient {
    /// One page of the machines of an organization: the cheap way to see what has changed.
    pub async fn organization_machines(
        &self,
        token: &FlyToken,
        slug: &OrgSlug,
        query: &OrgQuery,
    ) -> Result<OrgPage<OrgMachine>, FlyError> {
        let ask = Ask::about(format!("orgs/{slug}/machines")).with(query.pairs());
        let answer: Value = self.ask(token, ask).await?;
        organization::page(&answer, "machines", organization::machine).ok_or_else(|| without("machines"))
    }

    /// One page of the volumes of an organization.
    pub async fn organization_volumes(
        &self,
        token: &FlyToken,
        slug: &OrgSlug,
        query: &OrgQuery,
    ) -> Result<OrgPage<Volume>, FlyError> {
        let ask = Ask::about(format!("orgs/{slug}/volumes")).with(query.pairs());
        let answer: Value = self.ask(token, ask).await?;
        organization::page(&answer, "volumes", belongings::volume).ok_or_else(|| without("volumes"))
    }

    /// Fly's regions with their names, by code.
    pub async fn regions(&self, token: &FlyToken) -> Result<Fetched<Regions>, FlyError> {
        let answer: Value = self.ask(token, Ask::about("platform/regions")).await?;
        if !answer.get("regions").is_some_and(Value::is_array) {
            return Err(without("regions"));
        }
        let (value, unread) = platform::regions(&answer);
        Ok(Fetched::of(value, unreadable(unread, "region", "regions")))
    }

    /// What the token is for. Works with every token that is valid at all.
    pub async fn token_scope(&self, token: &FlyToken) -> Result<TokenScope, FlyError> {
        let answer: Value = self.ask(token, Ask::about("tokens/current")).await?;
        if !answer.get("tokens").is_some_and(Value::is_array) {
            return Err(without("tokens"));
        }
        Ok(platform::scope(&answer))
    }
}
