//! The table of the apps list.

use super::regions::region_list;
use super::relative_time::age_of;
use super::status_word::{live_status_word, status_word};
use super::table::table_of;
use crate::erase::{Erase, dynamic, memo};
use crate::live::AppsStore;
use crate::pages::apps_query::grouped;
use crate::prelude::*;
use crate::routes;
use model::app::InstanceCounts;
use model::state::word;
use model::{AppName, AppSummary, NotLoaded, RegionCode, Timestamp};
use std::sync::Arc;

const COLUMNS: [&str; 6] = ["Name", "Organization", "Health", "Status", "Last deployment", "Regions"];

/// The table of what the store shows. Where that is a part of the list, those who hear it are told
/// which.
pub(crate) fn apps_table(store: AppsStore, now: Signal<Timestamp>) -> AnyView {
    let order = store.apps.order();
    let names = move || order.with(|names| names.iter().map(ToString::to_string).collect());
    let row = move |name: String| {
        let name = AppName::new(name).ok()?;
        let row = store.apps.cell(&name)?;
        Some(app_row(&name, &row, store, now))
    };
    // The header is a row, too.
    let count = memo(move || store.totals.with(|totals| totals.fitting + 1).to_string());
    table_of("apps-table linked", "Apps", &COLUMNS, Box::new(names), Arc::new(row), Some(count))
}

fn app_row(
    name: &AppName,
    row: &ArcRwSignal<AppSummary>,
    store: AppsStore,
    now: Signal<Timestamp>,
) -> AnyView {
    let place = {
        let (order, name) = (store.apps.order(), name.clone());
        let place = move |names: &Vec<AppName>| names.iter().position(|one| *one == name).unwrap_or_default();
        memo(move || (store.totals.with(|totals| totals.first as usize) + order.with(&place) + 2).to_string())
    };
    let class = {
        let name = name.clone();
        let here = memo(move || store.latest.with(|names| names.contains(&name)));
        dynamic(move || (!here.get()).then_some("gone"))
    };
    let organization = column(row, |app| app.organization.name.clone());
    let health = column(row, |app| (app.health().tone(), app.health().word().to_owned()));
    let counts = column(row, |app| counts(app.instances));
    let status = column(row, |app| word(app.status.as_str()));
    let of_row = row.clone();
    let deployment = dynamic(move || of_row.with(|app| deployment(app, now)));
    let of_row = row.clone();
    let regions =
        dynamic(move || of_row.with(|app| regions_or(&app.regions, without_regions(app.instances))));
    view! {
        <tr data-app=name.to_string() aria-rowindex=place class=class>
            <td data-cell="name" data-label="Name" class="whole"><a class="name" href=routes::app(name)>{name.to_string()}</a></td>
            <td data-cell="organization" data-label="Organization">{organization}</td>
            <td data-cell="health" data-label="Health">{live_status_word(health)}<span class="detail">{counts}</span></td>
            <td data-cell="status" data-label="Status">{status}</td>
            <td data-cell="deployment" data-label="Last deployment">{deployment}</td>
            <td data-cell="regions" data-label="Regions">{regions}</td>
        </tr>
    }
    .erase()
}

fn column<T: PartialEq + Send + Sync + 'static>(
    row: &ArcRwSignal<AppSummary>,
    pick: fn(&AppSummary) -> T,
) -> Memo<T> {
    let row = row.clone();
    memo(move || row.with(pick))
}

/// Not loaded, none and some are three different texts.
fn counts(counts: Option<InstanceCounts>) -> String {
    match counts {
        None => "instances not loaded".to_owned(),
        Some(InstanceCounts { total: 0, .. }) => String::new(),
        Some(InstanceCounts { total, up, unhealthy, pending }) => {
            let mut text = grouped(up);
            text.push_str(" / ");
            text.push_str(&grouped(total));
            text.push_str(if unhealthy == 0 { " started" } else { " up" });
            for (count, what) in [(unhealthy, " unhealthy"), (pending, " on the way")] {
                if count > 0 {
                    text.push_str(", ");
                    text.push_str(&grouped(count));
                    text.push_str(what);
                }
            }
            text
        }
    }
}

/// What stands where no region is known.
fn without_regions(counts: Option<InstanceCounts>) -> &'static str {
    match counts {
        None => "not loaded",
        Some(InstanceCounts { total: 0, .. }) => "none",
        Some(_) => "unknown",
    }
}

fn regions_or(codes: &[RegionCode], otherwise: &'static str) -> AnyView {
    if codes.is_empty() { view! { <span class="dim">{otherwise}</span> }.erase() } else { region_list(codes) }
}

fn deployment(app: &AppSummary, now: Signal<Timestamp>) -> AnyView {
    let Some(release) = &app.last_release else {
        let lacks = app.not_loaded.has(NotLoaded::LAST_RELEASE);
        let text = if lacks { "not loaded" } else { "Never deployed" };
        return view! { <span class="dim">{text}</span> }.erase();
    };
    let status = status_word(release.status.tone(), word(release.status.as_str()));
    let user = release.user.as_ref().map(|user| format!("{user} · "));
    view! {
        {status}" "{release.version.to_string()}
        <span class="detail">{user}{age_of(release.created_at, now)}</span>
    }
    .erase()
}
