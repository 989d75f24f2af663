//! The stories of the simulated Fly, told over HTTP, fetched, and diagnosed as a page shows them: the
//! finding that stands first at the end of each, and none at any step where nothing goes wrong. The
//! fleet is left out: its thousands of apps are judged by nobody.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support {
    pub mod console;
}

use fly::FlyToken;
use model::diagnosis::Cause;
use model::live::{Topic, TopicState};
use model::{AppName, AppView};
use server::live::Viewer;
use simulator::{Story, tokens};
use std::collections::BTreeSet;
use support::console::Console;
use tokio_util::sync::CancellationToken;

/// What a story ends with: exactly these causes, in this order.
const BROKEN: &[(&str, &str, &[Cause])] = &[
    ("failed-deploy-v14", "crimson-wildflower-1711", &[Cause::WrongPort]),
    ("rolling-deploy-fails-halfway", "paper-lantern", &[Cause::CheckError, Cause::MixedVersions]),
    ("release-command-fails", "mossy-ledger", &[Cause::ReleaseCommand]),
    ("crash-loop", "rusty-hinge", &[Cause::MissingVariable]),
    ("out-of-memory", "heavy-freight", &[Cause::OutOfMemory]),
    ("wrong-port", "crooked-pier", &[Cause::WrongPort]),
    ("loopback-only", "shy-otter", &[Cause::LoopbackOnly]),
    ("check-redirects", "winding-road", &[Cause::CheckRedirect]),
    ("no-capacity", "full-house", &[Cause::NoCapacity]),
    ("image-missing", "empty-frame", &[Cause::Image]),
    ("host-unreachable", "far-lighthouse", &[Cause::HostDown]),
    ("stuck-starting", "heavy-anchor", &[Cause::StuckState]),
    ("lease-held", "busy-ferry", &[Cause::LeaseHeld]),
    ("interrupted-deploy", "broken-off", &[Cause::Interrupted, Cause::MixedVersions]),
];

/// Stories in which nothing goes wrong.
const FINE: &[(&str, &str)] = &[
    ("calm", "tidewater-api"),
    ("rolling-deploy", "ember-notes"),
    ("canary-deploy", "copper-kettle"),
    ("bluegreen-deploy", "blue-heron"),
    ("immediate-deploy", "quick-silver"),
    ("autostop", "sleepy-fox"),
    ("no-machines", "quiet-shelf"),
    ("no-releases", "blank-slate"),
];

struct Watcher {
    console: Console,
    topic: Topic,
    viewer: Viewer,
}

impl Watcher {
    async fn of(story: &str, app: &str) -> Self {
        let console = Console::telling(story, &[]).await;
        let token = FlyToken::parse(tokens::DEMO).unwrap();
        let viewer = Viewer::new(token, CancellationToken::new());
        Self { console, topic: Topic::App(AppName::new(app).unwrap()), viewer }
    }

    /// What the page shows after each step of the story.
    async fn step_by_step(&self) -> Vec<AppView> {
        let mut views = Vec::from_iter(self.view().await);
        while self.console.simulator.step().is_some() {
            views.extend(self.view().await);
        }
        views
    }

    async fn view(&self) -> Option<AppView> {
        let hub = &self.console.state.hub;
        hub.poll_now().await;
        match hub.read(&self.topic, &self.viewer).await.ok()?.state {
            TopicState::App(view) => Some(*view),
            _ => None,
        }
    }
}

fn causes(view: &AppView) -> Vec<Cause> {
    view.diagnosis.iter().flat_map(|diagnosis| &diagnosis.findings).map(|finding| finding.cause).collect()
}

#[tokio::test]
async fn every_story_in_which_something_breaks_ends_with_its_reason_first() {
    for (story, app, expected) in BROKEN {
        let watcher = Watcher::of(story, app).await;
        let steps = watcher.step_by_step().await;
        let found = steps.last().map(causes).unwrap_or_default();
        assert_eq!(&found[..], *expected, "{story}");
    }
}

#[tokio::test]
async fn a_grace_period_that_is_too_short_is_found_while_the_app_still_boots() {
    let watcher = Watcher::of("grace-period-too-short", "slow-kettle").await;
    let steps = watcher.step_by_step().await;
    assert!(steps.iter().any(|view| causes(view) == [Cause::GracePeriod]));
    assert_eq!(steps.last().unwrap().diagnosis, None, "it runs in the end");
}

#[tokio::test]
async fn the_reason_is_there_before_fly_gives_up_where_the_evidence_allows() {
    for (story, app) in
        [("wrong-port", "crooked-pier"), ("loopback-only", "shy-otter"), ("crash-loop", "rusty-hinge")]
    {
        let watcher = Watcher::of(story, app).await;
        let steps = watcher.step_by_step().await;
        let early = steps.iter().find(|view| view.diagnosis.is_some()).unwrap();
        let deployment = early.deployment.as_ref().unwrap();
        assert!(deployment.status.in_progress(), "{story}: {:?}", deployment.status);
        assert!(!causes(early).is_empty(), "{story}");
    }
}

#[tokio::test]
async fn no_story_in_which_nothing_goes_wrong_raises_an_alarm_at_any_step() {
    for (story, app) in FINE {
        let watcher = Watcher::of(story, app).await;
        for view in watcher.step_by_step().await {
            assert_eq!(view.diagnosis, None, "{story}");
        }
    }
}

#[test]
fn every_story_is_judged() {
    let judged = BROKEN.iter().map(|(story, ..)| *story).chain(FINE.iter().map(|(story, _)| *story));
    let judged: BTreeSet<&str> = judged.chain(["grace-period-too-short", "fleet", "small-fleet"]).collect();
    assert_eq!(judged, Story::names().into_iter().collect());
}
