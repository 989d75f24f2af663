//! The region "Deployment status".

use super::copy_button::command;
use super::deployment_bar::deployment_bar;
use super::not_loaded::{lacks, not_loaded};
use super::status_word::status_word;
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use model::deployment::GroupCount;
use model::state::word;
use model::time::duration;
use model::{App, Deployment, DeploymentSource, NotLoaded, Timestamp};

const COMPUTED: &str =
    "Windsock computed this status from the release and the instances: Fly keeps none for this app";

/// The region; `went` tells how the deployment went.
pub(crate) fn deployment_status(
    deployment: Signal<Option<Deployment>>,
    app: RwSignal<App>,
    went: AnyView,
    now: Signal<Timestamp>,
) -> AnyView {
    let no_releases = lacks(app, NotLoaded::RELEASES);
    let no_instances = lacks(app, NotLoaded::INSTANCES);
    let body = dynamic(move || {
        deployment.with(|deployment| match deployment {
            Some(deployment) => body(deployment, no_instances.get(), now),
            None => nothing(no_releases.get(), app),
        })
    });
    let note = memo(move || deployment.with(|one| one.as_ref().and_then(|one| one.note.clone())));
    let meaning = dynamic(move || note.get().map(meaning));
    view! {
        <section class="panel" aria-labelledby="deployment-status">
            <h2 id="deployment-status">"Deployment status"</h2>
            {body}
            <div class="folded">{went}{meaning}</div>
        </section>
    }
    .erase()
}

/// What Fly's words meant, where they are known to mislead.
fn meaning(note: String) -> AnyView {
    view! {
        <details data-part="note">
            <summary>"What these words mean"</summary>
            <p class="dim">{note}</p>
        </details>
    }
    .erase()
}

fn nothing(no_releases: bool, app: RwSignal<App>) -> AnyView {
    if no_releases {
        return not_loaded("The last deployment is not loaded.");
    }
    let deploy = ["fly deploy -a ", app.with(|app| app.name.clone()).as_str()].concat();
    view! {
        <div class="empty">
            <p>"Nothing was deployed yet. In the folder of the app's code:"</p>
            {command(deploy)}
        </div>
    }
    .erase()
}

/// Without the instances only Fly itself can have counted them.
fn body(deployment: &Deployment, no_instances: bool, now: Signal<Timestamp>) -> AnyView {
    let status = status_word(deployment.status.tone(), word(deployment.status.as_str()));
    let counted = if no_instances && deployment.source == DeploymentSource::Computed {
        view! { <span data-part="counts" class="dim">"instances not loaded"</span> }.erase()
    } else {
        view! { {deployment_bar(deployment)}<span data-part="counts">{counts(deployment.counts(), deployment.unhealthy)}</span> }.erase()
    };
    let groups = (!no_instances && !deployment.groups.is_empty()).then(|| groups(&deployment.groups));
    view! {
        <div class="deployment">
            <span class="version">{deployment.version.to_string()}</span>
            <span data-part="status">{status}</span>
            {counted}
        </div>
        {groups}
        <div class="facts deployment-facts">{facts(deployment, now)}</div>
    }
    .erase()
}

/// The same counts for each process group.
fn groups(groups: &[GroupCount]) -> AnyView {
    let items: Vec<AnyView> = groups
        .iter()
        .map(|group| {
            let counts = counts(group.counts(), group.unhealthy);
            view! { <li><b>{group.name.clone()}</b>" "{counts}</li> }.erase()
        })
        .collect();
    view! { <ul class="deployment-groups" aria-label="By process group">{items}</ul> }.erase()
}

/// The sentence of the model, with the part that hurts in its colour.
fn counts(sentence: String, unhealthy: u32) -> AnyView {
    let bad = format!("{unhealthy} unhealthy");
    match sentence.strip_suffix(&bad) {
        Some(rest) if unhealthy > 0 => view! { {rest.to_owned()}<b class="bad">{bad}</b> }.erase(),
        _ => sentence.erase(),
    }
}

fn facts(deployment: &Deployment, now: Signal<Timestamp>) -> Vec<AnyView> {
    let mut facts = Vec::new();
    if !deployment.description.is_empty() {
        facts.push(fact(deployment.description.clone(), ""));
    }
    facts.extend(deployment.user.as_ref().map(|user| fact(["by ", user].concat(), "Who deployed it")));
    let strategy = deployment.strategy.as_ref();
    facts.extend(strategy.map(|strategy| fact(strategy.to_string(), "Deployment strategy")));
    facts.push(period(deployment.started_at, deployment.ended_at, now));
    if deployment.mixed_versions {
        facts.push(fact("several versions run side by side".to_owned(), ""));
    }
    if deployment.outgoing > 0 {
        let mut text = deployment.outgoing.to_string();
        text.push_str(" of the old version beside them until these are healthy");
        facts.push(fact(text, ""));
    }
    if deployment.source == DeploymentSource::Computed {
        facts.push(fact("computed by Windsock".to_owned(), COMPUTED));
    }
    facts
}

fn fact(text: String, title: &'static str) -> AnyView {
    let title = Some(title).filter(|title| !title.is_empty());
    view! { <span title=title>{text}</span> }.erase()
}

/// `20:21 to 20:26, 4 min 38 s`, or `since 20:21, for 2 min`, which ticks.
fn period(start: Timestamp, end: Option<Timestamp>, now: Signal<Timestamp>) -> AnyView {
    let title = match end {
        Some(end) => format!("{} to {}", start.exact(), end.exact()),
        None => format!("since {}", start.exact()),
    };
    let text = if let Some(end) = end {
        let length = duration(end.since(start));
        Signal::stored(format!("{} to {}, {length}", start.clock_minutes(), end.clock_minutes()))
    } else {
        let text =
            move || format!("since {}, for {}", start.clock_minutes(), duration(now.get().since(start)));
        memo(text)
    };
    view! { <span title=title>{text}</span> }.erase()
}
