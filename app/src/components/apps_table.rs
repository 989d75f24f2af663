//! The table of the apps list.

use super::regions::region_list;
use super::relative_time::age_of;
use super::status_word::{live_status_word, status_word};
use super::table::{Keys, table};
use crate::erase::{Erase, dynamic, memo};
use crate::live::Rows;
use crate::prelude::*;
use crate::routes;
use model::app::InstanceCounts;
use model::state::word;
use model::{AppName, AppSummary, NotLoaded, RegionCode, Timestamp};
use std::sync::Arc;

const COLUMNS: [&str; 6] = ["Name", "Organization", "Health", "Status", "Last deployment", "Regions"];

/// The table of the apps of these names, in this order.
pub(crate) fn apps_table(names: Keys, apps: Rows<AppName, AppSummary>, now: Signal<Timestamp>) -> AnyView {
    let row = move |name: String| {
        let row = AppName::new(name).ok().and_then(|name| apps.cell(&name))?;
        Some(app_row(&row, now))
    };
    table("apps-table", "Apps", &COLUMNS, names, Arc::new(row))
}

fn app_row(row: &ArcRwSignal<AppSummary>, now: Signal<Timestamp>) -> AnyView {
    let name = row.with_untracked(|app| app.name.clone());
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
        <tr data-app=name.to_string()>
            <td data-cell="name" data-label="Name" class="whole"><a class="name" href=routes::app(&name)>{name.to_string()}</a></td>
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
        Some(InstanceCounts { total, up, unhealthy: 0 }) => format!("{up} / {total} started"),
        Some(InstanceCounts { total, up, unhealthy }) => {
            format!("{up} / {total} started, {unhealthy} unhealthy")
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
