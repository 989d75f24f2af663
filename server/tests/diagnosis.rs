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
use model::timeline::{Entry, EntryKind, Group};
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
    ("many-releases", "ferry-log"),
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

#[tokio::test]
async fn a_reason_once_found_stays_until_the_end_of_its_story() {
    let mut flickers = Vec::new();
    for (story, app, expected) in BROKEN {
        let watcher = Watcher::of(story, app).await;
        let steps = watcher.step_by_step().await;
        let found: Vec<bool> = steps.iter().map(|view| causes(view).contains(&expected[0])).collect();
        let first = found.iter().position(|found| *found).unwrap();
        let gone = (first..found.len()).filter(|at| !found[*at]);
        flickers.extend(gone.map(|at| {
            let causes = causes(&steps[at]);
            let one = &steps[at].instances[0];
            format!("{story}: {:?} at step {at} of {}: {} {:?}", causes, found.len(), one.state, one.judged)
        }));
    }
    assert!(flickers.is_empty(), "{flickers:#?}");
}

#[tokio::test]
async fn how_a_deployment_went_only_grows_and_is_the_same_when_it_is_told_again() {
    let fine = FINE.iter().map(|(story, app)| (*story, *app));
    let stories = BROKEN.iter().map(|(story, app, _)| (*story, *app)).chain(fine);
    for (story, app) in stories.chain([("grace-period-too-short", "slow-kettle")]) {
        let watcher = Watcher::of(story, app).await;
        let steps = watcher.step_by_step().await;
        for pair in steps.windows(2) {
            let (before, after) = (&pair[0].timeline, &pair[1].timeline);
            assert!(after.entries.windows(2).all(|two| two[0].precedes(&two[1])), "{story}: out of order");
            let own = |entry: &&Entry| entry.kind.group() != Group::Deployment;
            let stays = |entry: &Entry| after.left_out > 0 || after.entries.contains(entry);
            let same = before.version == after.version;
            let gone = before.entries.iter().filter(own).find(|entry| same && !stays(entry));
            assert_eq!(gone, None, "{story}");
        }
        let last = steps.last().unwrap();
        let again = watcher.view().await.unwrap();
        assert_eq!(again.timeline, last.timeline, "{story}");
    }
}

#[tokio::test]
async fn how_a_crash_loop_went_tells_of_each_crash_between_the_lines_of_its_log() {
    let watcher = Watcher::of("crash-loop", "rusty-hinge").await;
    let steps = watcher.step_by_step().await;
    let timeline = &steps.last().unwrap().timeline;
    let count = |kind: EntryKind| timeline.entries.iter().filter(|entry| entry.kind == kind).count();
    assert_eq!(timeline.version.unwrap().to_string(), "v13");
    assert!(count(EntryKind::Crashed) >= 5, "{timeline:#?}");
    assert!(count(EntryKind::Started) >= 5, "{timeline:#?}");
    let said = timeline.entries.iter().position(|entry| entry.text == "KeyError: 'DATABASE_URL'").unwrap();
    let after = timeline.entries[said..].iter().find(|entry| entry.kind != EntryKind::Log).unwrap();
    assert_eq!(after.kind, EntryKind::Crashed, "{timeline:#?}");
}

#[test]
fn every_story_is_judged() {
    let judged = BROKEN.iter().map(|(story, ..)| *story).chain(FINE.iter().map(|(story, _)| *story));
    // Where there is no app, or more than one can judge by hand, other tests say what is right.
    let others = ["grace-period-too-short", "fleet", "small-fleet", "restless-fleet", "no-apps"];
    let judged: BTreeSet<&str> = judged.chain(others).collect();
    assert_eq!(judged, Story::names().into_iter().collect());
}
