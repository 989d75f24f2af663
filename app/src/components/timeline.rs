//! The region "Timeline": releases, newest first.

use super::not_loaded::{lacks, not_loaded};
use super::relative_time::age_of;
use super::status_word::status_word;
use crate::erase::{Erase, dynamic};
use crate::prelude::*;
use crate::routes;
use model::state::word;
use model::{App, AppName, NotLoaded, Release, Timestamp};

/// How many releases the app page shows.
const MOST: usize = 10;

/// The region.
pub(crate) fn timeline(
    releases: Signal<Vec<Release>>,
    app: RwSignal<App>,
    now: Signal<Timestamp>,
) -> AnyView {
    let lacks = lacks(app, NotLoaded::RELEASES);
    let name = app.with_untracked(|app| app.name.clone());
    let all = view! { <p class="all"><a href=routes::releases(&name, None)>"All releases"</a></p> }.erase();
    let body = dynamic(move || releases.with(|releases| body(&name, releases, lacks.get(), now)));
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h2 id="timeline">"Timeline"</h2>
            {body}
            {all}
        </section>
    }
    .erase()
}

fn body(app: &AppName, releases: &[Release], lacks: bool, now: Signal<Timestamp>) -> AnyView {
    if releases.is_empty() && lacks {
        return not_loaded("The releases are not loaded.");
    }
    if releases.is_empty() {
        return view! { <p class="dim">"No releases yet."</p> }.erase();
    }
    let items: Vec<AnyView> = releases.iter().take(MOST).map(|release| item(app, release, now)).collect();
    view! { <ol class="entries">{items}</ol> }.erase()
}

fn item(app: &AppName, release: &Release, now: Signal<Timestamp>) -> AnyView {
    let status = status_word(release.status.tone(), word(release.status.as_str()));
    let user = release.user.clone().unwrap_or_else(|| "unknown user".to_owned());
    let reason = if release.reason.is_empty() { release.description.clone() } else { release.reason.clone() };
    view! {
        <li>
            <span class="head"><b><a href=routes::release(app, release.version)>{release.version.to_string()}</a></b>{status}</span>
            <span class="detail" title=release.description.clone()>
                {user}" · "{reason}" · "{age_of(release.created_at, now)}
            </span>
        </li>
    }
    .erase()
}
