//! The window against the plain way: filter all, sort all, take a slice.

use super::*;
use crate::app::{AppSummary, InstanceCounts, LastRelease, Organization};
use crate::health::AppHealth;
use crate::id::{OrgSlug, ReleaseVersion};
use crate::samples::summary;
use crate::time::Timestamp;
use crate::view::AppsView;
use proptest::prelude::*;
use std::sync::Arc;

pub(crate) fn app(name: &str, organization: &str, unhealthy: u32, deployed: i64) -> AppSummary {
    AppSummary {
        organization: Organization {
            slug: OrgSlug::new(organization).unwrap(),
            name: organization.to_uppercase(),
        },
        last_release: Some(LastRelease {
            version: ReleaseVersion(1),
            status: "complete".into(),
            created_at: Timestamp(deployed),
            user: None,
        }),
        instances: Some(InstanceCounts { total: 2, up: 2 - unhealthy, unhealthy, pending: 0 }),
        ..summary(name)
    }
}

fn view(mut apps: Vec<AppSummary>) -> AppsView {
    apps.sort_by(|a, b| a.name.cmp(&b.name));
    AppsView { apps: apps.into_iter().map(Arc::new).collect() }
}

fn few() -> AppsView {
    view(vec![app("alpha", "two", 0, 3), app("beta", "one", 2, 1), app("gamma", "one", 1, 2)])
}

fn names(query: &AppsQuery) -> Vec<String> {
    few().window(query).apps.iter().map(|app| app.name.to_string()).collect()
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
    assert_eq!(search("oNe"), ["beta", "gamma"]);
    assert!(search("nowhere").is_empty());
}

#[test]
fn filters_narrow_together_and_each_is_counted_as_if_it_were_not_set() {
    let query = AppsQuery {
        organization: OrgSlug::new("one").ok(),
        health: Some(AppHealth::Unhealthy),
        ..AppsQuery::default()
    };
    let AppsWindow { apps, totals } = few().window(&query);
    assert_eq!(apps.len(), 1);
    assert_eq!((totals.with_health(AppHealth::Unhealthy), totals.with_health(AppHealth::Degraded)), (1, 1));
    assert_eq!((totals.with_organization("one"), totals.with_organization("two")), (1, 0));
    let organizations: Vec<_> = totals.organizations.iter().map(|one| one.slug.as_str()).collect();
    assert_eq!((organizations, totals.of_health(AppHealth::Healthy)), (vec!["one", "two"], 1));
    assert_eq!((totals.count(), totals.fitting), (3, 1));
}

#[test]
fn a_page_that_is_not_there_shows_the_last_one() {
    let apps = (0..250).map(|number| app(&format!("app-{number:03}"), "one", 0, 0)).collect();
    let shown = |page| {
        let query = AppsQuery { page, sort: Sort::Name, ..AppsQuery::default() };
        let AppsWindow { apps, totals } = view(Vec::clone(&apps)).window(&query);
        (apps[0].name.to_string(), apps.len(), totals.page(), totals.pages())
    };
    assert_eq!(shown(0), ("app-000".into(), 100, 0, 3));
    assert_eq!(shown(1), ("app-100".into(), 100, 1, 3));
    assert_eq!(shown(2), ("app-200".into(), 50, 2, 3));
    assert_eq!(shown(u32::MAX), ("app-200".into(), 50, 2, 3));
    assert_eq!(AppsView::default().window(&AppsQuery::default()).totals.pages(), 1);
}

fn fits(query: &AppsQuery, app: &AppSummary) -> bool {
    let search = query.search.trim().to_lowercase();
    let texts = [app.name.as_str(), app.organization.slug.as_str(), &app.organization.name.to_lowercase()];
    texts.iter().any(|text| text.contains(&search))
        && query.organization.as_ref().is_none_or(|slug| *slug == app.organization.slug)
        && query.health.is_none_or(|health| health == app.health())
}

pub(super) fn views() -> impl Strategy<Value = AppsView> {
    let one = ("[a-c]", 0..3_u32, 0..4_i64);
    prop::collection::btree_map("[a-d]{1,4}", one, 0..260).prop_map(|rows| {
        view(rows.iter().map(|(name, (org, unhealthy, at))| app(name, org, *unhealthy, *at)).collect())
    })
}

fn queries() -> impl Strategy<Value = AppsQuery> {
    let health = prop::option::of(prop::sample::select(AppHealth::ALL[..3].to_vec()));
    let sort = prop::sample::select(Sort::ALL.map(|(sort, ..)| sort).to_vec());
    (" ?[a-dA-D]{0,2} ?", prop::option::of("[a-c]"), health, sort, 0..4_u32).prop_map(crate::samples::query)
}

proptest! {
    #[test]
    fn a_window_is_what_filtering_sorting_and_slicing_all_give(view in views(), query in queries()) {
        let window = view.window(&query);
        let all: Vec<&AppSummary> = view.apps.iter().map(|app| &**app).collect();
        let mut fitting: Vec<&AppSummary> = all.iter().copied().filter(|app| fits(&query, app)).collect();
        fitting.sort_by(|a, b| query.sort.compare(a, b));
        let pages: Vec<&[&AppSummary]> = fitting.chunks(ROWS as usize).collect();
        let page = pages.get(query.page as usize).or(pages.last()).copied().unwrap_or_default();
        prop_assert_eq!(window.apps.iter().collect::<Vec<_>>(), page);

        let totals = &window.totals;
        prop_assert_eq!(totals.fitting as usize, fitting.len());
        prop_assert_eq!(totals.count() as usize, all.len());
        prop_assert_eq!(fitting.get(totals.first as usize).copied(), window.apps.first());
        for health in AppHealth::ALL {
            let asked = AppsQuery { health: Some(health), ..query.clone() };
            prop_assert_eq!(totals.with_health(health) as usize, all.iter().filter(|app| fits(&asked, app)).count());
        }
        for Organization { slug, .. } in &totals.organizations {
            let asked = AppsQuery { organization: Some(slug.clone()), ..query.clone() };
            let count = totals.with_organization(slug.as_str()) as usize;
            prop_assert_eq!(count, all.iter().filter(|app| fits(&asked, app)).count());
        }
    }
}
