//! The topics of releases: what their streams tell, and how seldom they ask.

use super::support::{Frames, Script, World, world};
use super::viewer;
use model::live::Topic;
use server::live::Viewer;
use server::live::hub::ReadError;
use server::live::stream::Stream;
use std::sync::atomic::Ordering;
use std::time::Duration;

const LIST: &str = "releases:web";
const OLDER: &str = "releases:web:MjU";
const SECOND: &str = "release:web:2";
const THIRD: &str = "release:web:3";

fn topic(text: &str) -> Topic {
    text.parse().unwrap()
}

async fn follow(world: &World, viewer: &Viewer, name: &str) -> Frames {
    let topics = vec![topic(name)];
    let stream = Stream::begin(world.hub.clone(), viewer.clone(), topics, None, "build".into()).await;
    let mut frames = Frames::of(stream.unwrap());
    assert_eq!(frames.next().await.unwrap().event, "hello");
    frames
}

fn becomes(world: &World, newest: u32, status: &'static str) {
    *world.fly.newest.lock().unwrap() = (newest, status);
}

#[tokio::test(start_paused = true)]
async fn the_list_tells_of_each_release_that_is_new_or_changes() {
    let world = world(Script::Restarts(0));
    let mut frames = follow(&world, &viewer("fo1_a"), LIST).await;
    let snapshot = frames.next().await.unwrap();
    assert!(snapshot.data.contains(r#""state":{"releases":{"app":"web""#), "{}", snapshot.data);
    assert!(snapshot.data.contains(r#""older":"MjU""#), "{}", snapshot.data);
    becomes(&world, 2, "failed");
    let change = frames.news().await.unwrap();
    assert!(change.data.contains(r#""changes":[{"entry":{"version":2,"status":"failed""#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn a_release_that_is_deployed_tells_how_that_ends() {
    let world = world(Script::Restarts(0));
    becomes(&world, 2, "running");
    let mut frames = follow(&world, &viewer("fo1_a"), SECOND).await;
    assert!(frames.next().await.unwrap().data.contains(r#""status":"running""#));
    becomes(&world, 2, "failed");
    let change = frames.news().await.unwrap();
    assert!(change.data.contains(r#""changes":[{"report":{"#), "{}", change.data);
    assert!(change.data.contains(r#""status":"failed""#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn a_release_that_is_over_is_asked_for_once_a_minute_and_one_under_way_each_five_seconds() {
    for (status, polls) in [("complete", 10..=12), ("running", 118..=122)] {
        let world = world(Script::Restarts(0));
        becomes(&world, 2, status);
        let _frames = follow(&world, &viewer("fo1_a"), SECOND).await;
        tokio::time::sleep(Duration::from_secs(600)).await;
        let asked = world.fly.release_polls.load(Ordering::SeqCst);
        assert!(polls.contains(&asked), "{status}: {asked}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_that_is_still_to_come_is_shown_once_it_is_there() {
    let world = world(Script::Restarts(0));
    let mut frames = follow(&world, &viewer("fo1_a"), THIRD).await;
    let snapshot = frames.next().await.unwrap();
    assert!(snapshot.data.contains(r#""newest":2,"report":null"#), "{}", snapshot.data);
    becomes(&world, 3, "pending");
    let change = frames.news().await.unwrap();
    assert!(
        change.data.contains(r#"{"newest":3}"#) && change.data.contains(r#"{"report":{"#),
        "{}",
        change.data
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_see_the_app_sees_none_of_its_releases() {
    let world = world(Script::Restarts(0));
    let (me, other) = (viewer("fo1_a"), viewer("fo1_b"));
    world.fly.deny(&other.token);
    for name in [LIST, OLDER, SECOND, THIRD] {
        world.hub.read(&topic(name), &me).await.unwrap();
        assert!(matches!(world.hub.read(&topic(name), &other).await, Err(ReadError::NotFound)), "{name}");
    }
}
