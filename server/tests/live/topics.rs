//! Many topics on one stream, and where a viewer goes on after a reconnect.

use super::support::{Frame, Frames, Script, World, summary, token, world};
use super::{DOWN, viewer};
use fly::FlyError;
use model::AppName;
use model::live::{Cursor, Topic};
use server::live::Viewer;
use server::live::hub::ReadError;
use server::live::stream::Stream;

async fn follow(
    world: &World,
    viewer: &Viewer,
    topics: &str,
    since: Option<&str>,
) -> Result<Frames, ReadError> {
    let topics: Vec<Topic> = topics.split(',').map(|topic| topic.parse().unwrap()).collect();
    let since: Option<Cursor> = since.map(|since| since.parse().unwrap());
    let mut frames = Stream::begin(world.hub.clone(), viewer.clone(), topics, since, "build".into())
        .await
        .map(Frames::of)?;
    assert_eq!(frames.next().await.unwrap().event, "hello");
    Ok(frames)
}

fn set(world: &World, app: &str, restarts: u32) {
    world.fly.apps.lock().unwrap().insert(AppName::new(app).unwrap(), restarts);
}

async fn news(frames: &mut Frames, count: usize) -> Vec<Frame> {
    let mut all = vec![];
    while all.len() < count {
        all.push(frames.news().await.unwrap());
    }
    all
}

#[tokio::test(start_paused = true)]
async fn one_stream_carries_the_list_and_many_apps() {
    let world = world(Script::Restarts(0));
    *world.fly.list.lock().unwrap() = vec![summary("a", 1), summary("b", 1)];
    let mut frames = follow(&world, &viewer("fo1_a"), "apps,app:a,app:b", None).await.unwrap();
    let first = news(&mut frames, 3).await;
    assert!(first.iter().all(|frame| frame.event == "snapshot"));
    assert_eq!(first.iter().filter(|frame| frame.id.is_some()).count(), 1, "an id before all was sent");
    assert!(first[2].id.is_some());

    set(&world, "b", 7);
    world.hub.poll_now().await;
    let change = frames.news().await.unwrap();
    assert!(
        change.data.contains(r#""topic":"app:b""#) && change.data.contains(r#""restarts":7"#),
        "{}",
        change.data
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_of_topics_goes_on_from_the_same_place_and_a_new_topic_begins_with_a_snapshot() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut frames = follow(&world, &me, "app:a", None).await.unwrap();
    let place = frames.news().await.unwrap().id.unwrap();
    drop(frames);
    set(&world, "a", 3);
    world.hub.poll_now().await;
    let mut frames = follow(&world, &me, "app:a,app:b", Some(&place)).await.unwrap();
    let both = news(&mut frames, 2).await;
    let said = |topic: &str| {
        both.iter().find(|frame| frame.data.contains(&format!(r#""topic":"app:{topic}""#))).unwrap()
    };
    assert_eq!((said("a").event.as_str(), said("b").event.as_str()), ("change", "snapshot"));
    assert!(said("b").data.contains(r#""why":"outside_ring""#), "{}", said("b").data);
}

#[tokio::test(start_paused = true)]
async fn a_place_of_another_process_or_of_the_future_gets_a_snapshot_that_says_so() {
    let world = world(Script::Restarts(0));
    for place in ["other-1", "test-99999"] {
        let mut frames = follow(&world, &viewer("fo1_a"), "app:a", Some(place)).await.unwrap();
        let snapshot = frames.news().await.unwrap();
        assert!(snapshot.data.contains(r#""why":"other_epoch""#), "{}", snapshot.data);
    }
}

#[tokio::test(start_paused = true)]
async fn no_place_is_given_past_a_state_that_the_viewer_has_not_got() {
    let world = world(Script::Restarts(0));
    // Another viewer has the app loaded; this one's access to it cannot be proved now.
    let _other = follow(&world, &viewer("fo1_other"), "app:b", None).await.unwrap();
    *world.fly.list.lock().unwrap() = vec![summary("a", 1)];
    let me = viewer("fo1_a");
    world.fly.answer(&me.token, DOWN);
    let mut frames = follow(&world, &me, "app:b", None).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "ping");
    drop(frames);
    world.fly.denied.lock().unwrap().clear();
    let mut list = follow(&world, &me, "apps", None).await.unwrap();
    let place = list.news().await.unwrap().id.unwrap();

    world.fly.answer(&me.token, DOWN);
    let mut both = follow(&world, &me, "apps,app:b", None).await.unwrap();
    let snapshot = both.news().await.unwrap();
    assert!(snapshot.data.contains(r#""topic":"apps""#));
    assert_eq!(snapshot.id, None, "whoever goes on from here never gets app:b; the list alone is at {place}");
}

#[tokio::test(start_paused = true)]
async fn one_topic_that_may_not_be_seen_refuses_the_stream_whatever_else_it_names() {
    let world = world(Script::Restarts(0));
    let stranger = viewer("fo1_stranger");
    for error in [
        FlyError::NotFound { request_id: None },
        FlyError::Forbidden { detail: String::new(), request_id: None },
    ] {
        world.fly.denied.lock().unwrap().clear();
        world.fly.answer(&token("fo1_stranger"), error);
        let refused = follow(&world, &stranger, "apps,app:a", None).await;
        assert!(matches!(refused, Err(ReadError::NotFound)));
    }
}
