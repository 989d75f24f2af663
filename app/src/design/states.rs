//! What says how something is.

use super::{NOW, row, sample};
use crate::components::deployment_bar::deployment_bar;
use crate::components::error_panel::error_panel;
use crate::components::relative_time::{age_of, clock_time};
use crate::components::status_word::status_word;
use crate::error::AppError;
use crate::prelude::*;
use model::{Deployment, DeploymentSource, ReleaseVersion, Tone};

pub(super) fn all() -> AnyView {
    view! { {words()}{bars()}{times()}{notices()}{failures()}{empty()} }.into_any()
}

fn words() -> AnyView {
    let words = [
        (Tone::Good, "Healthy"),
        (Tone::Busy, "Deploying"),
        (Tone::Warning, "Degraded"),
        (Tone::Bad, "Unhealthy"),
        (Tone::Idle, "At rest"),
    ];
    sample("Status", row(words.map(|(tone, word)| status_word(tone, word.to_owned())).into()))
}

fn bars() -> AnyView {
    let few = deployment_bar(&deployment(6, 5, 2, 1));
    let many = deployment_bar(&deployment(240, 200, 150, 12));
    sample("Deployment bar: one cell an instance, or proportions", row(vec![few, many]))
}

fn deployment(desired: u32, placed: u32, healthy: u32, unhealthy: u32) -> Deployment {
    Deployment {
        version: ReleaseVersion(14),
        status: "running".into(),
        description: String::new(),
        note: None,
        strategy: None,
        desired,
        placed,
        healthy,
        unhealthy,
        outgoing: 0,
        groups: Vec::new(),
        user: None,
        started_at: NOW,
        ended_at: None,
        mixed_versions: false,
        source: DeploymentSource::Computed,
    }
}

fn times() -> AnyView {
    let now = Signal::stored(NOW);
    let ages = [3_000, 90_000, 7_200_000, 400_000_000].map(|ago| age_of(NOW.plus(-ago), now));
    sample(
        "Time: an age with its exact time on focus, a time of day",
        row(ages.into_iter().chain([clock_time(NOW)]).collect()),
    )
}

fn notices() -> AnyView {
    let content = view! {
        <div class="notice"><span>"Fly has not answered since 20:24:41 UTC. What is shown is from 20:24:38 UTC."</span></div>
        <div class="notice calm">"A new version of Windsock is running. "<a href="#main">"Reload"</a></div>
    };
    sample("Notice", content.into_any())
}

fn failures() -> AnyView {
    let upstream = AppError::Upstream {
        message: "Fly did not answer in time.".to_owned(),
        request_id: Some("01H8Z3EXAMPLE-ams".to_owned()),
        retry_at: Some(NOW),
    };
    let unknown = AppError::NotFound { name: "no-such-app".to_owned() };
    view! {
        <div class="sample">{error_panel(&upstream, "/apps")}</div>
        <div class="sample">{error_panel(&unknown, "/apps")}</div>
    }
    .into_any()
}

fn empty() -> AnyView {
    let content = view! {
        <div class="empty">
            <p>"No app matches \"tide\"."</p>
            <p><a href="#main">"Show all apps"</a></p>
        </div>
    };
    sample("Empty state", content.into_any())
}
