//! Questions about a whole organization, and about Fly as a whole.

use super::ask::{Ask, unreadable};
use super::{Fetched, FlyClient};
use crate::decode::listed::Envelope;
use crate::error::FlyError;
use crate::machines::organization::{self, OrgPage, OrgQuery};
use crate::machines::{holdings, platform};
use crate::token::FlyToken;
use model::OrgSlug;
use model::machine::OrgMachine;
use model::region::Regions;
use model::scope::TokenScope;
use model::volume::Volume;

impl FlyClient {
    /// One page of the machines of an organization: the cheap way to see what has changed.
    pub async fn organization_machines(
        &self,
        token: &FlyToken,
        slug: &OrgSlug,
        query: &OrgQuery,
    ) -> Result<OrgPage<OrgMachine>, FlyError> {
        let ask = Ask::about(format!("orgs/{slug}/machines")).with(query.pairs());
        let read = |answer: Envelope| organization::page(&answer, "machines", organization::machine);
        self.ask_and_read(token, ask, "machines", read).await
    }

    /// One page of the volumes of an organization.
    pub async fn organization_volumes(
        &self,
        token: &FlyToken,
        slug: &OrgSlug,
        query: &OrgQuery,
    ) -> Result<OrgPage<Volume>, FlyError> {
        let ask = Ask::about(format!("orgs/{slug}/volumes")).with(query.pairs());
        let read = |answer: Envelope| organization::page(&answer, "volumes", holdings::volume);
        self.ask_and_read(token, ask, "volumes", read).await
    }

    /// Fly's regions with their names, by code.
    pub async fn platform_regions(&self, token: &FlyToken) -> Result<Fetched<Regions>, FlyError> {
        let read = |answer: Envelope| platform::regions(&answer);
        let (value, unread) =
            self.ask_and_read(token, Ask::about("platform/regions"), "regions", read).await?;
        Ok(Fetched::of(value, unreadable(unread, "region", "regions")))
    }

    /// What the token is for. Works with every token that is valid at all.
    pub async fn token_scope(&self, token: &FlyToken) -> Result<TokenScope, FlyError> {
        let read = |answer: Envelope| platform::scope(&answer);
        self.ask_and_read(token, Ask::about("tokens/current"), "tokens", read).await
    }
}
