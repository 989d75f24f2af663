//! The region "Deployment status".

use super::deployment_bar::deployment_bar;
use super::not_loaded::{lacks, not_loaded};
use super::status_word::status_word;
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use model::state::word;
use model::time::duration;
use model::{App, Deployment, DeploymentSource, NotLoaded, Timestamp};

const COMPUTED: &str =
    "Windsock computed this status from the release and the instances: Fly keeps none for this app";

/// The region.
pub(crate) fn deployment_status(
    deployment: Signal<Option<Deployment>>,
    app: RwSignal<App>,
    now: Signal<Timestamp>,
) -> AnyView {
    let no_releases = lacks(app, NotLoaded::RELEASES);
    let no_instances = lacks(app, NotLoaded::INSTANCES);
    let body = dynamic(move || {
        deployment.with(|deployment| match deployment {
            Some(deployment) => body(deployment, no_instances.get(), now),
            None => nothing(no_releases.get()),
        })
    });
    view! {
        <section class="panel" aria-labelledby="deployment-status">
            <h2 id="deployment-status">"Deployment status"</h2>
            {body}
        </section>
    }
    .erase()
}

fn nothing(no_releases: bool) -> AnyView {
    if no_releases {
        return not_loaded("The last deployment is not loaded.");
    }
    view! {
        <p>"Nothing was deployed yet. Deploy from the app's folder with "<code>"fly deploy"</code>"."</p>
    }
    .erase()
}

/// Without the instances only Fly itself can have counted them.
fn body(deployment: &Deployment, no_instances: bool, now: Signal<Timestamp>) -> AnyView {
    let status = status_word(deployment.status.tone(), word(deployment.status.as_str()));
    let counted = if no_instances && deployment.source == DeploymentSource::Computed {
        view! { <span data-part="counts" class="dim">"instances not loaded"</span> }.erase()
    } else {
        view! { {deployment_bar(deployment)}{counts(deployment)} }.erase()
    };
    view! {
        <div class="deployment">
            <span class="version">{deployment.version.to_string()}</span>
            <span data-part="status">{status}</span>
            {counted}
        </div>
        <div class="facts deployment-facts">{facts(deployment, now)}</div>
    }
    .erase()
}

/// The sentence of the model, with the part that hurts in its colour.
fn counts(deployment: &Deployment) -> AnyView {
    let sentence = deployment.counts();
    let bad = format!("{} unhealthy", deployment.unhealthy);
    match sentence.strip_suffix(&bad) {
        Some(rest) if deployment.unhealthy > 0 => {
            view! { <span data-part="counts">{rest.to_owned()}<b class="bad">{bad}</b></span> }.erase()
        }
        _ => view! { <span data-part="counts">{sentence}</span> }.erase(),
    }
}

fn facts(deployment: &Deployment, now: Signal<Timestamp>) -> AnyView {
    let description = deployment.description.clone();
    let strategy = deployment.strategy.as_ref().map(ToString::to_string);
    let mixed = deployment.mixed_versions.then_some("several versions run side by side");
    let computed = deployment.source == DeploymentSource::Computed;
    view! {
        {(!description.is_empty()).then(|| view! { <span>{description}</span> })}
        {strategy.map(|strategy| view! { <span title="Deployment strategy">{strategy}</span> })}
        <span>{period(deployment.started_at, deployment.ended_at, now)}</span>
        {mixed.map(|mixed| view! { <span>{mixed}</span> })}
        {computed.then(|| view! { <span title=COMPUTED>"computed by Windsock"</span> })}
    }
    .erase()
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
        memo(text).into()
    };
    view! { <span title=title>{text}</span> }.erase()
}
