//! What a token is for (Machines API, `GET /v1/tokens/current`).

use crate::id::{AppName, InstanceId, OrgSlug};
use crate::json::FromJson;
use serde::{Deserialize, Serialize};

/// The apps of one organization that a token is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub enum AppScope {
    /// All of them. Fly writes `*`, or names none.
    All,
    /// These only. Names that could not be read are left out, so that it may be empty.
    Only(Vec<AppName>),
}

/// What one macaroon, or a personal token, grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Grant {
    /// Fly's id of the token, as `fly tokens list` shows it.
    pub token_id: Option<String>,
    /// The organization it is for.
    pub organization: Option<OrgSlug>,
    /// The apps of the organization it is for.
    pub apps: AppScope,
    /// The only machine that may use the token; none where any may.
    pub restricted_to_machine: Option<InstanceId>,
    /// The person it belongs to; none where it belongs to nobody.
    pub user: Option<String>,
}

/// What all parts of a token grant together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct TokenScope {
    /// One for each part that Fly took, in Fly's order.
    pub grants: Vec<Grant>,
}

impl TokenScope {
    /// The apps a token is for that is for certain apps only; none where it is for all apps of an
    /// organization.
    pub fn only_apps(&self) -> Option<Vec<AppName>> {
        let mut all = Vec::new();
        for grant in &self.grants {
            match &grant.apps {
                AppScope::All => return None,
                AppScope::Only(apps) => all.extend(apps.iter().cloned()),
            }
        }
        all.sort();
        all.dedup();
        (!all.is_empty()).then_some(all)
    }

    /// The organizations it is for, each once.
    pub fn organizations(&self) -> Vec<OrgSlug> {
        let mut slugs: Vec<OrgSlug> =
            self.grants.iter().filter_map(|grant| grant.organization.clone()).collect();
        slugs.sort();
        slugs.dedup();
        slugs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(apps: AppScope) -> Grant {
        Grant { token_id: None, organization: None, apps, restricted_to_machine: None, user: None }
    }

    fn only(names: &[&str]) -> AppScope {
        AppScope::Only(names.iter().map(|name| AppName::new(*name).unwrap()).collect())
    }

    #[test]
    fn a_token_of_two_apps_is_for_both_and_for_nothing_else() {
        let scope = TokenScope { grants: vec![grant(only(&["web", "api"])), grant(only(&["web"]))] };
        let names: Vec<String> = scope.only_apps().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["api", "web"]);
    }

    #[test]
    fn one_part_that_is_for_all_apps_makes_the_token_so() {
        let scope = TokenScope { grants: vec![grant(only(&["web"])), grant(AppScope::All)] };
        assert_eq!(scope.only_apps(), None);
        assert_eq!(TokenScope::default().only_apps(), None);
    }
}
