//! The pages about releases, rendered as the server renders them.
#![cfg(feature = "ssr")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use app::AppError;
use model::live::{Snapshot, SourceHealth, Topic, TopicState};
use model::releases::Running;
use model::{Release, ReleaseFacts, ReleaseFailure, ReleaseVersion, ReleaseView, ReleasesView};
use serde_json::json;
use support::{Fake, NOW, failed_v14, name, page, snapshot, view};

const APP: &str = "/apps/crimson-wildflower-1711";
const LIST: &str = "/apps/crimson-wildflower-1711/releases";
const V14: &str = "/apps/crimson-wildflower-1711/releases/14";

fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn release(version: u32, status: &str) -> Release {
    Release {
        image: Some(format!("registry.fly.io/crimson-wildflower-1711:deployment-{version}@sha256:0a")),
        updated_at: NOW.plus(-100_000),
        ..support::release(version, status)
    }
}

fn facts() -> ReleaseFacts {
    ReleaseFacts {
        release: Some(Release {
            failure: Some(ReleaseFailure {
                error: "timeout <b>reached</b>\npassword=hunter22".into(),
                flyctl_version: Some("0.3.202".into()),
            }),
            ..release(14, "failed")
        }),
        config: Some(json!({"env": {"PORT": "8080"}, "services": [{"internal_port": 4000}]})),
        before: Some(release(13, "complete")),
        config_before: Some(json!({"services": [{"internal_port": 8080}]})),
        newest: Some(release(15, "complete")),
        running: Some(vec![Running { process_group: "app".into(), version: Some(ReleaseVersion(14)) }]),
        secrets: Some(vec![]),
        ..ReleaseFacts::of(name(), ReleaseVersion(14))
    }
}

fn of(state: TopicState) -> Fake {
    let topic = match &state {
        TopicState::Releases(view) => Topic::Releases(view.app.clone(), None),
        TopicState::Release(view) => Topic::Release(view.app.clone(), view.version),
        _ => unreachable!("another page"),
    };
    answering(Ok(snapshot(topic, state)))
}

fn answering(app: Result<Snapshot<TopicState>, AppError>) -> Fake {
    Fake { apps: Err(AppError::Internal), app, list: None }
}

fn one(facts: &ReleaseFacts) -> Fake {
    of(TopicState::Release(Box::new(ReleaseView::of(facts))))
}

fn list(releases: Vec<Release>, older: Option<&str>) -> Fake {
    let older = older.map(|place| place.parse().unwrap());
    of(TopicState::Releases(Box::new(ReleasesView { app: name(), releases, older })))
}

#[tokio::test]
async fn the_list_tells_of_each_release_in_a_row_that_leads_to_it() {
    let stable = Release { stable: true, ..release(13, "complete") };
    let running = Release { updated_at: NOW, ..release(15, "running") };
    let bare = Release { strategy: None, user: None, image: None, ..release(12, "interrupted") };
    let (status, html) = page(LIST, list(vec![running, release(14, "failed"), stable, bare], None)).await;
    assert_eq!(status, 200);
    let text = text(&html);
    for expected in [
        "v15 Running",
        "not over yet",
        "v14 Failed Deploy · Deploy image Ryan 3 min ago 1 min 40 s rolling deployment-14",
        "v13 Complete stable",
        "v12 Interrupted Deploy · Deploy image not told",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(html.contains("<table aria-label=\"Releases\" class=\"releases-table linked\">"), "{html}");
    assert!(html.contains(&format!("href=\"{V14}\"")), "{html}");
    assert!(!html.contains("rel=\"next\""), "{html}");
    assert!(html.contains("<title>Releases · crimson-wildflower-1711 · Windsock</title>"), "{html}");
}

#[tokio::test]
async fn the_list_leads_to_older_releases_and_an_empty_one_says_so() {
    let (_, html) = page(LIST, list(vec![release(14, "failed")], Some("a+b="))).await;
    assert!(html.contains(&format!("href=\"{LIST}?from=a%2Bb%3D\"")), "{html}");
    assert!(!text(&html).contains("Newest releases"));
    let (_, html) = page(LIST, list(vec![], None)).await;
    assert!(text(&html).contains("Nothing was released yet."), "{html}");
    let older = Topic::Releases(name(), Some("MjU".parse().unwrap()));
    let empty = ReleasesView { app: name(), releases: vec![], older: None };
    let fake = answering(Ok(snapshot(older, TopicState::Releases(Box::new(empty)))));
    let (_, html) = page(&format!("{LIST}?from=MjU"), fake).await;
    let text = text(&html);
    assert!(text.contains("There are no older releases.") && text.contains("Newest releases"), "{text}");
}

#[tokio::test]
async fn a_release_tells_why_it_failed_and_what_changed_with_secrets_hidden_and_nothing_as_markup() {
    let (status, html) = page(V14, one(&facts())).await;
    assert_eq!(status, 200);
    let text = text(&html);
    for expected in [
        "v14 Failed",
        "Why v14 failed",
        "timeout &lt;b&gt;reached&lt;/b&gt;",
        "password=[masked]",
        "Written down by flyctl 0.3.202",
        "What changed against v13",
        "env.PORT not set \"8080\"",
        "services[0].internal_port 8080 4000",
        "Runs now on 1 instance of app",
        "Secrets set before it none",
        "Took 1 min 40 s",
        "v14 was not deployed well, so going back to it is not advised.",
        "← v13",
        "v15 →",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(!html.contains("hunter22"), "{html}");
    assert!(html.contains("<title>v14 · crimson-wildflower-1711 · Windsock</title>"), "{html}");
    for link in ["rel=\"prev\"", "rel=\"next\"", "href=\"https://fly.io/apps/crimson-wildflower-1711\""] {
        assert!(html.contains(link), "{link} is missing");
    }
}

#[tokio::test]
async fn a_good_release_has_the_command_that_goes_back_to_it() {
    let known = ReleaseFacts { release: Some(release(14, "complete")), ..facts() };
    let (_, html) = page(V14, one(&known)).await;
    let text = text(&html);
    let command = "fly deploy -a crimson-wildflower-1711 --image \
                   registry.fly.io/crimson-wildflower-1711:deployment-14@sha256:0a";
    assert!(text.contains(command), "{text}");
    assert!(!text.contains("Why v14"), "{text}");
}

#[tokio::test]
async fn the_first_release_and_one_after_a_forgotten_one_have_nothing_before_them() {
    let first = ReleaseFacts { before: None, version: ReleaseVersion(1), ..facts() };
    let (_, html) = page(&format!("{LIST}/1"), one(&first)).await;
    assert!(text(&html).contains("This is the first release: there was nothing before it."));
    assert!(!html.contains("rel=\"prev\""), "{html}");
    let (_, html) = page(V14, one(&ReleaseFacts { before: None, ..facts() })).await;
    assert!(text(&html).contains("Fly does not tell of v13 any more"), "{html}");
}

#[tokio::test]
async fn a_release_under_way_has_no_end_and_no_way_back_yet() {
    let running = Release { updated_at: NOW, ..release(14, "running") };
    let known = ReleaseFacts { newest: Some(running.clone()), release: Some(running), ..facts() };
    let (_, html) = page(V14, one(&known)).await;
    let text = text(&html);
    assert!(text.contains("Took not over yet") && text.contains("v14 is being deployed."), "{text}");
}

#[tokio::test]
async fn what_is_not_known_is_said_apart_from_what_is_not_there() {
    let missing = [ReleaseFacts::CONFIGURATION, ReleaseFacts::INSTANCES, ReleaseFacts::REASON];
    let known = ReleaseFacts {
        release: Some(release(14, "failed")),
        config: None,
        running: None,
        secrets: None,
        missing: missing.map(str::to_owned).to_vec(),
        ..facts()
    };
    let (_, html) = page(V14, one(&known)).await;
    let text = text(&html);
    for expected in [
        "The reason is not loaded.",
        "The configuration is not loaded.",
        "Runs now on not loaded",
        "Secrets set before it not told by Fly",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
}

#[tokio::test]
async fn a_release_that_is_not_there_is_a_404_that_says_whether_it_is_to_come() {
    for (version, expected) in
        [(16, "has no v16 yet: its newest release is v15."), (2, "does not tell of v2")]
    {
        let known = ReleaseFacts { release: None, version: ReleaseVersion(version), ..facts() };
        let (status, html) = page(&format!("{LIST}/{version}"), one(&known)).await;
        assert_eq!(status, 404);
        assert!(text(&html).contains(expected), "{html}");
    }
}

#[tokio::test]
async fn a_release_that_is_no_number_is_told_what_is_allowed() {
    for bad in ["latest", "0", "14:15", "%3Cb%3E"] {
        let (status, html) = page(&format!("{LIST}/{bad}"), one(&facts())).await;
        assert_eq!(status, 400, "{bad}");
        assert!(text(&html).contains("not a valid release: allowed are numbers from 1 on"), "{bad}: {html}");
    }
    let (status, html) = page(&format!("{LIST}?from=a,b"), list(vec![], None)).await;
    assert_eq!(status, 400);
    assert!(text(&html).contains("not a valid place in the list of releases"), "{html}");
    let (status, _) = page("/apps/not%20a%20name/releases/14", one(&facts())).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn while_fly_does_not_answer_the_pages_say_so_and_that_they_fill_themselves() {
    let down = AppError::Upstream { message: "Fly did not answer.".into(), request_id: None, retry_at: None };
    for path in [LIST, V14] {
        let (status, html) = page(path, Fake::failing(down.clone())).await;
        assert_eq!(status, 502, "{path}");
        assert!(text(&html).contains("This page fills itself when Fly answers."), "{path}: {html}");
    }
}

#[tokio::test]
async fn a_part_that_did_not_come_is_named_above_what_is_shown() {
    let state = TopicState::Release(Box::new(ReleaseView::of(&facts())));
    let mut known = snapshot(Topic::Release(name(), ReleaseVersion(14)), state);
    known.source = SourceHealth::partial(vec!["configuration".into()], None, None, None);
    let (_, html) = page(V14, answering(Ok(known))).await;
    assert!(text(&html).contains("Could not be loaded: configuration."), "{html}");
}

#[tokio::test]
async fn the_timeline_leads_to_all_releases_and_to_each() {
    let (_, html) = page(APP, Fake::with_app(view(&failed_v14()))).await;
    assert!(html.contains(&format!("<a href=\"{LIST}\">All releases</a>")), "{html}");
    assert!(html.contains(&format!("<a href=\"{V14}\">v14</a>")), "{html}");
}
