//! The header of the app page.

use super::page_heading::page_heading;
use super::regions::cities;
use super::status_word::live_status_word;
use super::tabs::app_tabs;
use crate::erase::{Erase, dynamic, memo};
use crate::live::AppStore;
use crate::prelude::*;
use crate::routes;
use model::{ProcessGroup, RegionCode, ReleaseVersion, Timestamp};

/// The header. `checked_at` is for those without script, who see no link state.
pub(crate) fn app_header(store: &AppStore, checked_at: Timestamp) -> AnyView {
    let AppStore { app, health, process_groups, .. } = *store;
    let app_name = app.with_untracked(|app| app.name.clone());
    let (name, path) = (app_name.to_string(), routes::app(&app_name));
    let tabs = app_tabs(&app_name, &path);
    let status = memo(move || (health.get().tone(), health.get().word().to_owned()));
    let organization = dynamic(move || app.with(|app| app.organization.name.clone()));
    let image = dynamic(move || app.with(|app| app.image.clone()).map(image));
    let version = dynamic(move || app.with(|app| app.version).map(version));
    let regions = dynamic(move || process_groups.with(|groups| regions(groups)));
    let hostname = dynamic(move || app.with(|app| app.hostname.clone()).map(host_link));
    view! {
        <header class="app-header">
            <div class="app-title">
                {page_heading(name, path)}
                <span data-part="health">{live_status_word(status)}</span>
                {tabs}
            </div>
            <div class="facts">
                <span>{organization}</span>
                {hostname}
                {image}
                {version}
                {regions}
                <span class="needs-no-script">{format!("As of {} UTC", checked_at.clock())}</span>
            </div>
        </header>
    }
    .erase()
}

fn image(image: String) -> AnyView {
    view! { <code title="Image">{image}</code> }.erase()
}

fn version(version: ReleaseVersion) -> AnyView {
    view! { <span>{version.to_string()}</span> }.erase()
}

fn host_link(host: String) -> AnyView {
    let href = format!("https://{host}");
    view! { <a href=href rel="external noopener" target="_blank">"View "{host}<span aria-hidden="true">" ↗"</span></a> }
        .erase()
}

fn regions(groups: &[ProcessGroup]) -> AnyView {
    let mut codes: Vec<RegionCode> = Vec::new();
    for code in groups.iter().flat_map(|group| &group.regions) {
        if let Err(place) = codes.binary_search(code) {
            codes.insert(place, code.clone());
        }
    }
    view! { <span title="Regions">{cities(&codes)}</span> }.erase()
}
