//! The part of the list that is shown for a query, and the counts beside it.

use super::query::{AppsQuery, ROWS, Sort};
use crate::app::{AppSummary, Organization};
use crate::health::AppHealth;
use crate::json::FromJson;
use crate::view::AppsView;
use serde::{Deserialize, Serialize};

/// What a page of the list shows: its rows in order, and the counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct AppsWindow {
    /// The rows, in the order that was asked for: at most [`ROWS`].
    pub apps: Vec<AppSummary>,
    /// The counts.
    pub totals: AppsTotals,
}

/// How many apps there are, by what one can ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct AppsTotals {
    /// How many apps fit the search and both filters.
    pub fitting: u32,
    /// How many of those that fit come before the first row. Where a page was asked for that is not
    /// there, these are the rows of the last one.
    pub first: u32,
    /// All apps by health, in the order of [`AppHealth::ALL`].
    pub all: Vec<u32>,
    /// The apps that fit the search and the organization, by health, in the same order.
    pub by_health: Vec<u32>,
    /// Every organization, by name.
    pub organizations: Vec<Organization>,
    /// The apps that fit the search and the health, by organization, in their order.
    pub by_organization: Vec<u32>,
}

impl AppsTotals {
    /// How many apps there are.
    pub fn count(&self) -> u32 {
        self.all.iter().sum()
    }

    /// How many of all apps have this health.
    pub fn of_health(&self, health: AppHealth) -> u32 {
        at(&self.all, health)
    }

    /// How many apps would fit with this health in place of the one that was asked for.
    pub fn with_health(&self, health: AppHealth) -> u32 {
        at(&self.by_health, health)
    }

    /// How many apps would fit with this organization in place of the one that was asked for.
    pub fn with_organization(&self, slug: &str) -> u32 {
        let place = self.organizations.iter().position(|one| one.slug.as_str() == slug);
        place.and_then(|place| self.by_organization.get(place)).copied().unwrap_or_default()
    }

    /// How many pages those that fit take: at least one.
    pub fn pages(&self) -> u32 {
        self.fitting.div_ceil(ROWS).max(1)
    }

    /// The page that is shown, from 0.
    pub fn page(&self) -> u32 {
        self.first / ROWS
    }
}

fn at(counts: &[u32], health: AppHealth) -> u32 {
    counts.get(usize::from(health.urgency())).copied().unwrap_or_default()
}

impl AppsView {
    /// What a page shows for a query.
    pub fn window(&self, query: &AppsQuery) -> AppsWindow {
        let mut tally = Tally::new(query);
        let mut fitting: Vec<&AppSummary> =
            self.apps.iter().map(|app| &**app).filter(|app| tally.takes(app)).collect();
        let count = u32::try_from(fitting.len()).unwrap_or(u32::MAX);
        let last_page = count.saturating_sub(1) / ROWS;
        let first = query.page.min(last_page) * ROWS;
        let apps = rows(&mut fitting, first as usize, query.sort).iter().copied().cloned().collect();
        AppsWindow { apps, totals: tally.totals(count, first) }
    }
}

/// The rows from `first` on, in order. Only they are put in order, which is less than all.
fn rows<'a, 'b>(fitting: &'b mut [&'a AppSummary], first: usize, sort: Sort) -> &'b [&'a AppSummary] {
    let compare = |a: &&AppSummary, b: &&AppSummary| sort.compare(a, b);
    if first > 0 && first < fitting.len() {
        fitting.select_nth_unstable_by(first, compare);
    }
    let rest = fitting.get_mut(first..).unwrap_or_default();
    let count = rest.len().min(ROWS as usize);
    if count < rest.len() {
        rest.select_nth_unstable_by(count, compare);
    }
    let rows = &mut rest[..count];
    rows.sort_unstable_by(compare);
    rows
}

/// Counts while the apps pass by.
struct Tally<'a> {
    query: &'a AppsQuery,
    search: String,
    all: [u32; AppHealth::ALL.len()],
    by_health: [u32; AppHealth::ALL.len()],
    /// By slug.
    organizations: Vec<Counted>,
}

struct Counted {
    organization: Organization,
    apps: u32,
    /// Whether the search finds it.
    found: bool,
}

impl<'a> Tally<'a> {
    fn new(query: &'a AppsQuery) -> Self {
        Self {
            query,
            search: query.search.trim().to_lowercase(),
            all: Default::default(),
            by_health: Default::default(),
            organizations: Vec::new(),
        }
    }

    /// Counts an app; says whether it fits all that is asked for.
    fn takes(&mut self, app: &AppSummary) -> bool {
        let health = app.health();
        let place = usize::from(health.urgency());
        let by_health = self.query.health.is_none_or(|asked| asked == health);
        let by_organization =
            self.query.organization.as_ref().is_none_or(|asked| *asked == app.organization.slug);
        let at = self.organization(&app.organization);
        let organization = &mut self.organizations[at];
        let by_search = organization.found || app.name.as_str().contains(&self.search);
        self.all[place] += 1;
        self.by_health[place] += u32::from(by_search && by_organization);
        organization.apps += u32::from(by_search && by_health);
        by_search && by_organization && by_health
    }

    fn organization(&mut self, organization: &Organization) -> usize {
        let known = |one: &Counted| one.organization.slug.cmp(&organization.slug);
        self.organizations.binary_search_by(known).unwrap_or_else(|at| {
            let Organization { slug, name } = organization;
            let found = slug.as_str().contains(&self.search) || name.to_lowercase().contains(&self.search);
            let counted = Counted { organization: organization.clone(), apps: 0, found };
            self.organizations.insert(at, counted);
            at
        })
    }

    fn totals(self, fitting: u32, first: u32) -> AppsTotals {
        let mut organizations = self.organizations;
        // Two may have one name.
        organizations.sort_by(|a, b| a.organization.name.cmp(&b.organization.name));
        AppsTotals {
            fitting,
            first,
            all: self.all.into(),
            by_health: self.by_health.into(),
            by_organization: organizations.iter().map(|one| one.apps).collect(),
            organizations: organizations.into_iter().map(|one| one.organization).collect(),
        }
    }
}
