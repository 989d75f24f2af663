//! Who asks: a user, or a macaroon.

use async_graphql::{Context, Error, ID, Interface, Object};

use super::{
    Scene,
    scalars::{DateTime, OrganizationTrust},
};
use crate::{
    StoryTime,
    tokens::Token,
    world::{User, World},
};

/// Who asks.
#[expect(clippy::duplicated_attributes, reason = "each belongs to a field of its own")]
#[derive(Interface)]
#[graphql(
    name = "Principal",
    field(name = "avatar_url", ty = "String"),
    field(name = "email", ty = "String"),
    field(name = "name", ty = "Option<String>"),
    field(name = "trust", ty = "OrganizationTrust"),
    field(name = "username", ty = "Option<String>")
)]
pub(super) enum Principal {
    User(UserNode),
    Macaroon(Macaroon),
}

impl Principal {
    /// Who a token stands for.
    pub(super) fn of(context: &Context<'_>) -> Result<Self, Error> {
        let scene = Scene::of(context)?;
        if scene.token.is_macaroon() {
            return Ok(Self::Macaroon(Macaroon(scene.token)));
        }
        let user = scene.view.world.users.first();
        let user = user.ok_or_else(|| super::not_found("User"))?;
        Ok(Self::User(UserNode(user.clone())))
    }
}

/// A person.
#[derive(Clone)]
pub(super) struct UserNode(pub(super) User);

#[Object(name = "User")]
impl UserNode {
    pub(super) async fn avatar_url(&self) -> String {
        avatar(&self.0.email)
    }
    async fn created_at(&self) -> DateTime {
        DateTime(StoryTime::from_ms(1_577_836_800_000))
    }
    pub(super) async fn email(&self) -> String {
        self.0.email.clone()
    }
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    pub(super) async fn name(&self) -> Option<String> {
        Some(self.0.name.clone())
    }
    pub(super) async fn trust(&self) -> OrganizationTrust {
        OrganizationTrust::High
    }
    pub(super) async fn username(&self) -> Option<String> {
        Some(self.0.id.clone())
    }
}

/// A token that stands for nobody in particular.
pub(super) struct Macaroon(Token);

#[Object(name = "Macaroon")]
impl Macaroon {
    pub(super) async fn avatar_url(&self) -> String {
        avatar(self.0.name)
    }
    pub(super) async fn email(&self) -> String {
        self.0.owner(&World::default())
    }
    pub(super) async fn name(&self) -> Option<String> {
        Some(self.0.name.to_owned())
    }
    pub(super) async fn trust(&self) -> OrganizationTrust {
        OrganizationTrust::Unknown
    }
    pub(super) async fn username(&self) -> Option<String> {
        None
    }
}

/// Leads nowhere: nothing in a story is to be fetched from the network.
fn avatar(of: &str) -> String {
    format!("https://avatars.example/{}.png", of.split('@').next().unwrap_or(of))
}
