//! The live stream, read frame by frame in paused time.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an integration test is a test throughout")]

#[path = "live/closing.rs"]
mod closing;
#[path = "live/docs.rs"]
mod docs;
#[path = "live/history.rs"]
mod history;
#[path = "live/instance.rs"]
mod instance;
#[path = "live/list.rs"]
mod list;
#[path = "live/log.rs"]
mod log;
#[path = "live/poll.rs"]
mod poll;
#[path = "live/releases.rs"]
mod releases;
#[path = "live/restart.rs"]
mod restart;
mod support;
#[path = "live/topics.rs"]
mod topics;

use fly::FlyError;
use model::live::{Cursor, Topic};
use server::live::hub::ReadError;
use server::live::stream::Stream;
use server::live::{Failure, Viewer};
use std::sync::atomic::Ordering;
use std::time::Duration;
use support::{Frames, Script, World, token, world};
use tokio_util::sync::CancellationToken;

const DOWN: FlyError =
    FlyError::Unavailable { status: 503, retry_after: None, detail: String::new(), request_id: None };

fn topic() -> Topic {
    "app:crimson-wildflower-1711".parse().unwrap()
}

fn viewer(name: &str) -> Viewer {
    Viewer::new(token(name), CancellationToken::new())
}

async fn begin(world: &World, viewer: &Viewer, since: Option<Cursor>) -> Result<Frames, ReadError> {
    Stream::begin(world.hub.clone(), viewer.clone(), vec![topic()], since, "build".into())
        .await
        .map(Frames::of)
}

async fn opened(world: &World, viewer: &Viewer) -> Frames {
    let mut frames = begin(world, viewer, None).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "hello");
    frames
}

#[tokio::test(start_paused = true)]
async fn a_stream_begins_with_hello_and_a_snapshot_with_its_place() {
    let world = world(Script::Restarts(0));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    let snapshot = frames.next().await.unwrap();
    assert_eq!((snapshot.event.as_str(), snapshot.id.as_deref()), ("snapshot", Some("test-1")));
    assert!(snapshot.data.contains("crimson-wildflower-1711"));
}

#[tokio::test(start_paused = true)]
async fn a_page_goes_on_from_its_own_snapshot_and_gets_only_what_it_missed() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let page = world.hub.read(&topic(), &me).await.unwrap();
    world.fly.set(Script::Restarts(1));
    world.hub.poll_now().await;

    let mut frames = begin(&world, &me, Some(page.cursor)).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "hello");
    let change = frames.next().await.unwrap();
    assert_eq!(change.event, "change");
    assert!(change.data.contains(r#""changes":[{"cell":["e80d7fbd",{"restarts":1}]}]"#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_one_cell_and_carries_its_place() {
    let world = world(Script::Restarts(0));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    world.fly.set(Script::Restarts(2));
    let change = frames.news().await.unwrap();
    assert_eq!(change.id.as_deref(), Some("test-2"));
    assert!(change.data.contains(r#"{"cell":["e80d7fbd",{"restarts":2}]}"#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_published_while_nothing_changes_but_a_sign_of_life_tells_the_age() {
    let world = world(Script::Restarts(0));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    let ping = frames.next().await.unwrap();
    assert_eq!(ping.event, "ping");
    assert!(ping.data.contains(r#""checked_at":[["app:crimson-wildflower-1711","#), "{}", ping.data);
    assert_eq!(ping.id, None);
}

#[tokio::test(start_paused = true)]
async fn fifty_viewers_with_one_token_cost_what_one_costs() {
    let costs = async |viewers: usize| {
        let world = world(Script::Restarts(0));
        let mut all = vec![];
        for _ in 0..viewers {
            all.push(opened(&world, &viewer("fo1_a")).await);
        }
        tokio::time::sleep(Duration::from_secs(120)).await;
        (world.fly.polls(), world.fly.questions())
    };
    let one = costs(1).await;
    assert!(one.0 > 20 && one.1 == 0, "{one:?}");
    assert_eq!(costs(50).await, one);
}

#[tokio::test(start_paused = true)]
async fn every_other_token_proves_access_once_a_minute_and_costs_no_data_poll() {
    let world = world(Script::Restarts(0));
    let mut streams = vec![opened(&world, &viewer("fo1_a")).await];
    for _ in 0..10 {
        streams.push(opened(&world, &viewer("fo1_b")).await);
    }
    assert_eq!(world.fly.questions(), 1);
    // Time must pass in the streams themselves: each renews its proof at a ping.
    for _ in 0..20 {
        for stream in &mut streams {
            assert_eq!(stream.next().await.map(|frame| frame.event != "signed-out"), Some(true));
        }
    }
    let minutes = 20 * 15 / 60;
    assert!(world.fly.questions() <= 1 + minutes, "{} questions", world.fly.questions());
}

#[tokio::test(start_paused = true)]
async fn a_token_without_access_gets_no_data_though_a_watch_has_it() {
    let world = world(Script::Restarts(0));
    let _owner = opened(&world, &viewer("fo1_a")).await;
    let stranger = viewer("fo1_stranger");
    world.fly.deny(&stranger.token);
    assert!(matches!(begin(&world, &stranger, None).await, Err(ReadError::NotFound)));
    assert!(matches!(world.hub.read(&topic(), &stranger).await, Err(ReadError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn an_access_that_cannot_be_proved_while_fly_is_down_shows_nothing() {
    let world = world(Script::Restarts(0));
    let _owner = opened(&world, &viewer("fo1_a")).await;
    world.fly.set(Script::Fails(DOWN));
    let mut stranger = opened(&world, &viewer("fo1_stranger")).await;
    for _ in 0..3 {
        assert_eq!(stranger.next().await.unwrap().event, "ping");
    }
    assert!(matches!(world.hub.read(&topic(), &viewer("fo1_stranger")).await, Err(ReadError::Upstream(_))));
}

#[tokio::test(start_paused = true)]
async fn an_owner_who_loses_access_is_cut_off_and_the_watch_goes_on_with_another() {
    let world = world(Script::Restarts(0));
    let owner = viewer("fo1_a");
    let mut first = opened(&world, &owner).await;
    let mut second = opened(&world, &viewer("fo1_b")).await;
    first.next().await.unwrap();
    second.next().await.unwrap();

    world.fly.deny(&owner.token);
    world.hub.poll_now().await;
    assert_eq!(first.next().await, None);
    world.fly.set(Script::Restarts(7));
    let change = second.news().await.unwrap();
    assert!(change.data.contains(r#"{"restarts":7}"#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_ends_its_sessions() {
    let world = world(Script::Restarts(0));
    let _stream = opened(&world, &viewer("fo1_a")).await;
    world.fly.set(Script::Fails(FlyError::Refused { detail: String::new(), request_id: None }));
    world.hub.poll_now().await;
    assert!(world.refused.load(Ordering::SeqCst) >= 1);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_session_ends_its_stream_at_once() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut frames = opened(&world, &me).await;
    frames.next().await.unwrap();
    me.ended.cancel();
    assert_eq!(frames.next().await.unwrap().event, "signed-out");
    assert_eq!(frames.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_stopping_server_says_bye() {
    let world = world(Script::Restarts(0));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    world.shutdown.cancel();
    assert_eq!(frames.next().await.unwrap().event, "bye");
    assert_eq!(frames.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_told_with_its_beginning_and_its_end_and_the_data_stays() {
    let world = world(Script::Restarts(0));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    world.fly.set(Script::Fails(DOWN));
    let failing = frames.news().await.unwrap();
    assert_eq!(failing.event, "source");
    assert!(failing.data.contains("HTTP 503") && failing.data.contains("since"), "{}", failing.data);
    assert!(world.hub.last_failed());
    assert!(world.hub.read(&topic(), &viewer("fo1_a")).await.is_ok(), "the last data was lost");

    world.fly.set(Script::Restarts(0));
    loop {
        let news = frames.news().await.unwrap();
        assert_eq!(news.event, "source");
        if news.data.contains(r#""source":"fine""#) {
            break;
        }
    }
    assert!(!world.hub.last_failed());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_could_not_be_loaded_fills_when_fly_answers_again() {
    let world = world(Script::Fails(DOWN));
    let me = viewer("fo1_a");
    assert!(matches!(world.hub.read(&topic(), &me).await, Err(ReadError::Upstream(_))));
    let mut frames = opened(&world, &me).await;
    assert_eq!(frames.next().await.unwrap().event, "source");
    world.fly.set(Script::Restarts(0));
    loop {
        if frames.news().await.unwrap().event == "snapshot" {
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn instances_that_could_not_be_loaded_are_kept_and_the_part_is_named() {
    let world = world(Script::Restarts(3));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    world.fly.set(Script::WithoutInstances);
    let partial = frames.news().await.unwrap();
    assert_eq!(partial.event, "source");
    let told = r#"{"partial":{"missing":["instances"],"shown_from":0}}"#;
    assert!(partial.data.contains(told), "{}", partial.data);
    let page = world.hub.read(&topic(), &viewer("fo1_a")).await.unwrap();
    assert!(serde_json::to_string(&page.state).unwrap().contains("e80d7fbd"));
}

#[tokio::test(start_paused = true)]
async fn a_watch_waits_as_long_as_fly_asks_even_where_only_a_part_was_limited() {
    let world = world(Script::Restarts(3));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    world.fly.set(Script::InstancesLimitedFor(Duration::from_secs(120)));
    let partial = frames.news().await.unwrap();
    let told = r#"{"partial":{"missing":["instances"],"shown_from":0,"retry_at":121250}}"#;
    assert!(partial.data.contains(told), "{}", partial.data);
    let polls = world.fly.polls();
    tokio::time::sleep(Duration::from_secs(119)).await;
    assert_eq!(world.fly.polls(), polls);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.fly.polls(), polls + 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_polled_for_once_the_last_viewer_has_been_gone_for_half_a_minute() {
    let world = world(Script::Restarts(0));
    drop(opened(&world, &viewer("fo1_a")).await);
    tokio::time::sleep(Duration::from_secs(46)).await;
    let polls = world.fly.polls();
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(world.fly.polls(), polls);

    let _again = opened(&world, &viewer("fo1_a")).await;
    assert_eq!(world.fly.polls(), polls + 1);
}

#[tokio::test(start_paused = true)]
async fn no_proof_wakes_a_watch_that_waits_because_fly_asked_it_to() {
    let world = world(Script::Restarts(0));
    let mut streams = vec![];
    for _ in 0..3 {
        streams.push(opened(&world, &viewer("fo1_a")).await);
    }
    let wait = Some(Duration::from_secs(300));
    world.fly.set(Script::Fails(FlyError::RateLimited { retry_after: wait, request_id: None }));
    world.hub.poll_now().await;
    let polls = world.fly.polls();
    for _ in 0..17 {
        for stream in &mut streams {
            stream.next().await.unwrap();
        }
        let _ = world.hub.read(&topic(), &viewer("fo1_a")).await;
    }
    assert_eq!(world.fly.polls(), polls);
}

#[tokio::test(start_paused = true)]
async fn a_refused_owner_does_not_sign_out_those_who_came_after() {
    let world = world(Script::Restarts(0));
    let refused = token("fo1_refused");
    world.fly.deny(&refused);
    world.fly.gate.forget_permits(1_000_000);
    let (hub, theirs) = (world.hub.clone(), viewer("fo1_refused"));
    let first = tokio::spawn(async move { hub.read(&topic(), &theirs).await.map(drop) });
    let hub = world.hub.clone();
    let second = tokio::spawn(async move { hub.read(&topic(), &viewer("fo1_b")).await.map(drop) });
    // Both have joined, and the first one's poll is under way.
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.fly.gate.add_permits(1_000);
    assert!(matches!(first.await.unwrap(), Err(ReadError::NotFound)));
    assert!(second.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_denied_says_nothing_of_flys_health() {
    let world = world(Script::Restarts(0));
    let rejected = FlyError::Rejected { message: "Not authorized".into(), request_id: None };
    world.fly.set(Script::Fails(FlyError::ListDenied(Box::new(rejected))));
    let answer = world.hub.read(&Topic::apps(), &viewer("fm2_app")).await;
    assert!(
        matches!(answer, Err(ReadError::Upstream(Failure::Fly(error))) if matches!(*error, FlyError::ListDenied(_)))
    );
    assert!(!world.hub.last_failed());
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_long_ago_does_not_keep_the_server_unready() {
    let world = world(Script::Fails(DOWN));
    let _ = world.hub.read(&topic(), &viewer("fo1_a")).await;
    assert!(world.hub.last_failed());
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert!(!world.hub.last_failed());
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_panics_ends_its_watch_and_the_next_reader_begins_another() {
    let world = world(Script::Restarts(0));
    let mut frames = opened(&world, &viewer("fo1_a")).await;
    frames.next().await.unwrap();
    world.fly.set(Script::Panics);
    assert_eq!(frames.news().await, None, "the stream went on with a dead watch");
    world.fly.set(Script::Restarts(1));
    assert!(world.hub.read(&topic(), &viewer("fo1_a")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn nobodys_token_is_used_after_they_left_while_others_watch() {
    let world = world(Script::Restarts(0));
    let first = opened(&world, &viewer("fo1_a")).await;
    let second = opened(&world, &viewer("fo1_b")).await;
    drop(first);
    world.fly.used.lock().unwrap().clear();
    tokio::time::sleep(Duration::from_secs(10)).await;
    drop(second);
    tokio::time::sleep(Duration::from_secs(60)).await;
    let used = world.fly.used.lock().unwrap();
    // The first poll after the change of owner may have been under way.
    assert!(used.len() > 5 && used.iter().all(|one| one.fingerprint() == token("fo1_b").fingerprint()));
}

#[tokio::test(start_paused = true)]
async fn a_page_waits_three_seconds_for_fly_and_no_longer() {
    let world = world(Script::Restarts(0));
    world.fly.gate.forget_permits(1_000_000);
    let began = tokio::time::Instant::now();
    assert!(matches!(world.hub.read(&topic(), &viewer("fo1_a")).await, Err(ReadError::Slow)));
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}
