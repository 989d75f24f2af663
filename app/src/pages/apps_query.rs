//! What the address of the apps list asks for: search, filters and order. Pure, and the same on both
//! sides.

use crate::routes;
use leptos_router::params::ParamsMap;
use model::health::AppHealth;
use model::{AppName, AppSummary};
use std::cmp::Ordering;

/// As many rows as a page shows unless asked for all: more make a slow page that nobody reads.
pub(crate) const ROWS: usize = 200;

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Worst first, then by name.
    #[default]
    Health,
    /// By name.
    Name,
    /// By organization, then by name.
    Organization,
    /// Newest release first.
    Deployed,
}

impl Sort {
    /// Each order with its word in the address and on the page.
    pub(crate) const ALL: [(Sort, &'static str, &'static str); 4] = [
        (Self::Health, "health", "Worst first"),
        (Self::Name, "name", "Name"),
        (Self::Organization, "organization", "Organization"),
        (Self::Deployed, "deployed", "Last deployment"),
    ];

    /// Reads the word of the address; the usual order for any other.
    pub(crate) fn parse(text: &str) -> Self {
        Self::ALL.iter().find(|(_, key, _)| *key == text).map_or(Self::default(), |(sort, ..)| *sort)
    }

    fn compare(self, a: &AppSummary, b: &AppSummary) -> Ordering {
        let deployed = |app: &AppSummary| app.last_release.as_ref().map(|release| release.created_at);
        let first = match self {
            Self::Health => a.health().urgency().cmp(&b.health().urgency()),
            Self::Name => Ordering::Equal,
            Self::Organization => a.organization.name.cmp(&b.organization.name),
            Self::Deployed => deployed(b).cmp(&deployed(a)),
        };
        first.then_with(|| a.name.cmp(&b.name))
    }

    /// The word of the address.
    pub(crate) fn key(self) -> &'static str {
        Self::ALL.iter().find(|(sort, ..)| *sort == self).map_or("health", |(_, key, _)| *key)
    }
}

/// What the address asks for. What it does not know it leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppsQuery {
    /// A part of the name or of the organization.
    pub(crate) search: String,
    /// An organization's slug; empty for all.
    pub(crate) organization: String,
    /// A health, as [`health_key`] writes it; empty for all.
    pub(crate) health: String,
    /// The order.
    pub(crate) sort: Sort,
    /// Every row, however many.
    pub(crate) all: bool,
}

/// A health as the address writes it.
pub(crate) fn health_key(health: AppHealth) -> String {
    health.word().to_ascii_lowercase().replace(' ', "-")
}

impl AppsQuery {
    /// Reads the address.
    pub(crate) fn of(params: &ParamsMap) -> Self {
        let get = |key| params.get(key).unwrap_or_default();
        Self {
            search: get("q"),
            organization: get("organization"),
            health: get("health"),
            sort: Sort::parse(&get("sort")),
            all: get("rows") == "all",
        }
    }

    /// The address that asks for this; what is as usual is left out.
    pub(crate) fn url(&self) -> String {
        let sort = if self.sort == Sort::default() { "" } else { self.sort.key() };
        let rows = if self.all { "all" } else { "" };
        let pairs = [
            ("q", self.search.as_str()),
            ("organization", &self.organization),
            ("health", &self.health),
            ("sort", sort),
            ("rows", rows),
        ];
        let query: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| format!("{key}={}", routes::encode(value)))
            .collect();
        if query.is_empty() { routes::apps() } else { format!("{}?{}", routes::APPS, query.join("&")) }
    }

    /// Whether anything is left out on purpose.
    pub(crate) fn narrows(&self) -> bool {
        !(self.search.trim().is_empty() && self.organization.is_empty() && self.health.is_empty())
    }

    /// What was asked for, for the text that says that nothing fits.
    pub(crate) fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if !self.search.trim().is_empty() {
            parts.push(format!("\"{}\"", self.search.trim()));
        }
        if !self.organization.is_empty() {
            parts.push(format!("organization {}", self.organization));
        }
        if !self.health.is_empty() {
            parts.push(format!("health {}", self.health.replace('-', " ")));
        }
        parts.join(", ")
    }

    /// The names of the apps that fit, in order.
    pub(crate) fn select(&self, apps: &[AppSummary]) -> Vec<AppName> {
        let search = lowercase(self.search.trim());
        let mut fitting: Vec<&AppSummary> = apps.iter().filter(|app| self.fits(app, &search)).collect();
        fitting.sort_by(|a, b| self.sort.compare(a, b));
        fitting.into_iter().map(|app| app.name.clone()).collect()
    }

    fn fits(&self, app: &AppSummary, search: &str) -> bool {
        let organization = &app.organization;
        (search.is_empty()
            || app.name.as_str().contains(search)
            || organization.slug.as_str().contains(search)
            || lowercase(&organization.name).contains(search))
            && (self.organization.is_empty() || self.organization == organization.slug.as_str())
            && (self.health.is_empty() || self.health == health_key(app.health()))
    }
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn lowercase(text: &str) -> String {
    text.to_lowercase()
}

/// The browser has the tables of all letters already.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn lowercase(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::app::{InstanceCounts, LastRelease};
    use model::{OrgSlug, Organization, ReleaseVersion, Timestamp};

    fn app(name: &str, organization: &str, unhealthy: u32, deployed: i64) -> AppSummary {
        AppSummary {
            name: AppName::new(name).unwrap(),
            organization: Organization {
                slug: OrgSlug::new(organization).unwrap(),
                name: organization.to_uppercase(),
            },
            status: "deployed".into(),
            last_release: Some(LastRelease {
                version: ReleaseVersion(1),
                status: "complete".into(),
                created_at: Timestamp(deployed),
                user: None,
            }),
            deployment: None,
            instances: Some(InstanceCounts { total: 2, up: 2, unhealthy }),
            regions: vec![],
            not_loaded: model::NotLoaded::default(),
        }
    }

    fn apps() -> Vec<AppSummary> {
        vec![app("alpha", "two", 0, 3), app("beta", "one", 2, 1), app("gamma", "one", 1, 2)]
    }

    fn names(query: &AppsQuery) -> Vec<String> {
        query.select(&apps()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_worst_comes_first_unless_another_order_is_asked_for() {
        assert_eq!(names(&AppsQuery::default()), ["beta", "gamma", "alpha"]);
        let by = |sort| names(&AppsQuery { sort, ..AppsQuery::default() });
        assert_eq!(by(Sort::Name), ["alpha", "beta", "gamma"]);
        assert_eq!(by(Sort::Organization), ["beta", "gamma", "alpha"]);
        assert_eq!(by(Sort::Deployed), ["alpha", "gamma", "beta"]);
    }

    #[test]
    fn a_search_finds_names_and_organizations_in_any_case() {
        let search = |text: &str| names(&AppsQuery { search: text.into(), ..AppsQuery::default() });
        assert_eq!(search(" ALP "), ["alpha"]);
        assert_eq!(search("one"), ["beta", "gamma"]);
        assert!(search("nowhere").is_empty());
    }

    #[test]
    fn filters_narrow_together() {
        let query = AppsQuery {
            organization: "one".into(),
            health: health_key(AppHealth::Unhealthy),
            ..AppsQuery::default()
        };
        assert_eq!(names(&query), ["beta"]);
        assert_eq!(query.sentence(), "organization one, health unhealthy");
    }

    #[test]
    fn the_address_says_only_what_is_not_as_usual() {
        assert_eq!(AppsQuery::default().url(), "/apps");
        let query = AppsQuery { search: "a b&c".into(), sort: Sort::Name, ..AppsQuery::default() };
        assert_eq!(query.url(), "/apps?q=a%20b%26c&sort=name");
    }
}
