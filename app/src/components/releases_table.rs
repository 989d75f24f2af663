//! The table of releases. What of a release may still change follows its own value.

use super::relative_time::age_of;
use super::release_report::{took, what};
use super::status_word::live_status_word;
use super::table::table;
use crate::erase::{Erase, memo};
use crate::prelude::*;
use crate::routes;
use model::state::word;
use model::{AppName, Release, ReleaseVersion, ReleasesView, Timestamp, Tone};
use std::sync::Arc;

const COLUMNS: [&str; 8] = ["Version", "Result", "What", "By", "Made", "Took", "Strategy", "Image"];

/// The table.
pub(crate) fn releases_table(app: AppName, view: RwSignal<ReleasesView>, now: Signal<Timestamp>) -> AnyView {
    let keys = move || view.with(|view| view.releases.iter().map(|one| one.version.to_string()).collect());
    let row = move |key: String| {
        let version = key.parse().ok()?;
        let release = view.with_untracked(|view| found(view, version).cloned())?;
        Some(row(&app, &release, view, now))
    };
    table("releases-table linked", "Releases", &COLUMNS, Box::new(keys), Arc::new(row))
}

fn found(view: &ReleasesView, version: ReleaseVersion) -> Option<&Release> {
    view.releases.iter().find(|one| one.version == version)
}

fn row(app: &AppName, release: &Release, view: RwSignal<ReleasesView>, now: Signal<Timestamp>) -> AnyView {
    let version = release.version;
    let status: Memo<(Tone, String)> = memo(move || {
        let status = view.with(|view| found(view, version).map(|one| one.status.clone()));
        status.map_or_else(|| (Tone::Idle, String::new()), |status| (status.tone(), word(status.as_str())))
    });
    let stable = memo(move || {
        let stable = view.with(|view| found(view, version).is_some_and(|one| one.stable));
        (if stable { "stable" } else { "" }).to_owned()
    });
    let took = memo(move || view.with(|view| found(view, version).map(took)).unwrap_or_default());
    let or = |text: Option<String>| text.unwrap_or_else(|| "not told".to_owned()).erase();
    let href = routes::release(app, version);
    let status = view! { {live_status_word(status)}<span class="detail">{stable}</span> }.erase();
    view! {
        <tr data-release=version.0.to_string()>
            <td data-cell="version" data-label="Version"><a class="name" href=href>{version.to_string()}</a></td>
            {cell("result", "Result", status)}
            {cell("what", "What", what(release).erase())}
            {cell("by", "By", or(release.user.clone()))}
            {cell("made", "Made", age_of(release.created_at, now))}
            {cell("took", "Took", took.erase())}
            {cell("strategy", "Strategy", or(release.strategy.as_ref().map(ToString::to_string)))}
            {cell("image", "Image", image(release.image.as_deref()))}
        </tr>
    }
    .erase()
}

fn cell(name: &'static str, label: &'static str, content: AnyView) -> AnyView {
    view! { <td data-cell=name data-label=label>{content}</td> }.erase()
}

/// What tells images of one app apart; the whole on hover, and on the release's own page.
fn image(whole: Option<&str>) -> AnyView {
    let Some(whole) = whole else { return "not told".erase() };
    let name = whole.rsplit('/').next().unwrap_or(whole);
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    let short = name.split_once(':').map_or(name, |(_, tag)| tag).to_owned();
    view! { <code title=whole.to_owned()>{short}</code> }.erase()
}
