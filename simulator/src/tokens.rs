//! The tokens the simulated Fly knows, what each may see, and how each must be sent.
//!
//! None of them is a secret: they open nothing but a simulator.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use crate::world::{App, Organization, World};

/// A personal token that sees every organization; sent as `Bearer`.
pub const DEMO: &str = "fo1_DEMO_not_a_real_token";
/// A read-only token of the organization `harbor-works`; sent as `FlyV1`.
pub const READ_ONLY: &str = "fm2_DEMO_read_only_not_a_real_token";
/// A token for the app `tidewater-api` alone, which cannot list apps; sent as `FlyV1`.
pub const APP_SCOPED: &str = "fm2_DEMO_app_scoped_not_a_real_token";
/// A token of the organization `north-pier`; sent as `FlyV1`.
pub const OTHER_ORG: &str = "fm2_DEMO_other_org_not_a_real_token";

/// What a token reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All there is.
    Everything,
    /// One organization, by slug.
    Organization(&'static str),
    /// One app, by name.
    App(&'static str),
}

/// What a token may do with what it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look.
    Read,
    /// Look and change.
    Write,
}

/// A token of the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// How it is spoken of; counts and the control port use this, never the token itself.
    pub name: &'static str,
    /// What it reaches.
    pub reach: Reach,
    /// What it may do there.
    pub access: Access,
    secret: &'static str,
}

/// Every token, in the order in which they are told.
pub const ALL: [Token; 4] = [
    Token { name: "demo", reach: Reach::Everything, access: Access::Write, secret: DEMO },
    Token {
        name: "read-only",
        reach: Reach::Organization("harbor-works"),
        access: Access::Read,
        secret: READ_ONLY,
    },
    Token {
        name: "app-scoped",
        reach: Reach::App("tidewater-api"),
        access: Access::Write,
        secret: APP_SCOPED,
    },
    Token {
        name: "other-org",
        reach: Reach::Organization("north-pier"),
        access: Access::Write,
        secret: OTHER_ORG,
    },
];

impl Token {
    /// Whether it is a macaroon; otherwise it is a user's own token.
    pub fn is_macaroon(&self) -> bool {
        is_macaroon(self.secret)
    }

    /// Who it stands for: the first person of the world for a personal token, otherwise an address
    /// of its own, as Fly gives to macaroons.
    pub fn owner(&self, world: &World) -> String {
        match world.users.first() {
            Some(user) if !self.is_macaroon() => user.email.clone(),
            _ => format!("{}@tokens.fly.example", self.name),
        }
    }

    /// Whether it reaches this app.
    pub fn reaches(&self, app: &App) -> bool {
        match self.reach {
            Reach::Everything => true,
            Reach::Organization(slug) => app.organization == slug,
            Reach::App(name) => app.name == name,
        }
    }

    /// Whether it reaches this organization as a whole, so that its apps can be listed.
    pub fn reaches_organization(&self, organization: &Organization) -> bool {
        match self.reach {
            Reach::Everything => true,
            Reach::Organization(slug) => organization.slug == slug,
            Reach::App(_) => false,
        }
    }
}

/// Which API is asked: they differ in the headers they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// GraphQL.
    GraphQl,
    /// `/api/v1` beside GraphQL; takes macaroons as `Bearer`, too.
    Rest,
    /// The Machines API.
    Machines,
}

/// The token that an `Authorization` header carries, whether it holds and was sent well or not.
pub(crate) fn sent(header: &str) -> Option<Token> {
    let (_, list) = header.trim().split_once(' ')?;
    let mut sent = list.split(',').map(str::trim);
    sent.find_map(|secret| ALL.into_iter().find(|token| token.secret == secret))
}

/// Which tokens still hold.
#[derive(Debug, Default)]
pub struct Tokens {
    revoked: Mutex<BTreeSet<&'static str>>,
}

impl Tokens {
    /// The token that an `Authorization` header carries, if it holds and was sent in a way that
    /// this API takes.
    pub fn admit(&self, header: Option<&str>, door: Door) -> Option<Token> {
        let (scheme, list) = header?.trim().split_once(' ')?;
        let flyv1 = scheme.eq_ignore_ascii_case("FlyV1");
        if !flyv1 && !scheme.eq_ignore_ascii_case("Bearer") {
            return None;
        }
        let sent: Vec<&str> = list.split(',').map(str::trim).collect();
        let beside_macaroon = sent.iter().any(|one| is_macaroon(one));
        let taken = |secret: &str| match (is_macaroon(secret), flyv1) {
            (true, true) | (false, false) => true,
            (true, false) => door == Door::Rest,
            (false, true) => beside_macaroon && door != Door::Machines,
        };
        let revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        ALL.into_iter().find(|token| {
            !revoked.contains(token.name) && sent.contains(&token.secret) && taken(token.secret)
        })
    }

    /// Lets a token hold no longer, or hold again. False where no token has this name.
    pub fn set_revoked(&self, name: &str, now: bool) -> bool {
        let Some(token) = ALL.iter().find(|token| token.name == name) else {
            return false;
        };
        let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        if now {
            revoked.insert(token.name);
        } else {
            revoked.remove(token.name);
        }
        true
    }
}

fn is_macaroon(secret: &str) -> bool {
    ["fm1r_", "fm1a_", "fm2_"].iter().any(|prefix| secret.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(header: &str, door: Door) -> Option<&'static str> {
        Tokens::default().admit(Some(header), door).map(|token| token.name)
    }

    #[test]
    fn a_personal_token_is_sent_as_bearer() {
        assert_eq!(name(&format!("Bearer {DEMO}"), Door::GraphQl), Some("demo"));
        assert_eq!(name(&format!("FlyV1 {DEMO}"), Door::GraphQl), None);
    }

    #[test]
    fn a_macaroon_is_sent_as_flyv1_and_as_bearer_only_to_the_rest_api() {
        assert_eq!(name(&format!("FlyV1 {READ_ONLY}"), Door::Machines), Some("read-only"));
        assert_eq!(name(&format!("Bearer {READ_ONLY}"), Door::Machines), None);
        assert_eq!(name(&format!("Bearer {READ_ONLY}"), Door::Rest), Some("read-only"));
    }

    #[test]
    fn discharges_beside_a_macaroon_do_no_harm() {
        let header = format!("FlyV1 {READ_ONLY},fm2_discharge");
        assert_eq!(name(&header, Door::GraphQl), Some("read-only"));
    }

    #[test]
    fn an_unknown_token_is_not_admitted() {
        assert_eq!(name("Bearer fo1_unknown", Door::GraphQl), None);
        assert_eq!(Tokens::default().admit(None, Door::GraphQl), None);
    }

    #[test]
    fn a_revoked_token_is_not_admitted_until_it_is_restored() {
        let tokens = Tokens::default();
        let header = format!("Bearer {DEMO}");
        assert!(tokens.set_revoked("demo", true));
        assert_eq!(tokens.admit(Some(&header), Door::GraphQl), None);
        assert!(tokens.set_revoked("demo", false));
        assert!(tokens.admit(Some(&header), Door::GraphQl).is_some());
        assert!(!tokens.set_revoked("nobody", true));
    }
}
