//! The topic of one instance: what its stream tells, and to whom.

use super::support::{Frames, Script, World, facts, world};
use super::viewer;
use model::live::{Cursor, Topic};
use server::live::Viewer;
use server::live::hub::ReadError;
use server::live::stream::Stream;
use std::time::Duration;

const ONE: &str = "instance:web:e80d7fbd";

fn topic(text: &str) -> Topic {
    text.parse().unwrap()
}

async fn follow(
    world: &World,
    viewer: &Viewer,
    topics: &[&str],
    since: Option<Cursor>,
) -> Result<Frames, ReadError> {
    let topics = topics.iter().map(|text| topic(text)).collect();
    let stream = Stream::begin(world.hub.clone(), viewer.clone(), topics, since, "build".into()).await?;
    let mut frames = Frames::of(stream);
    assert_eq!(frames.next().await.unwrap().event, "hello");
    Ok(frames)
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_an_instance_begins_with_its_state_and_goes_on_with_the_sections_that_change() {
    let world = world(Script::Restarts(0));
    let mut frames = follow(&world, &viewer("fo1_a"), &[ONE], None).await.unwrap();
    let snapshot = frames.next().await.unwrap();
    assert_eq!(snapshot.event, "snapshot");
    assert!(snapshot.data.contains(r#""topic":"instance:web:e80d7fbd""#), "{}", snapshot.data);
    assert!(snapshot.data.contains(r#""state":{"instance":{"head":{"#), "{}", snapshot.data);

    world.fly.set(Script::Restarts(3));
    world.hub.poll_now().await;
    let change = frames.news().await.unwrap();
    assert_eq!(change.event, "change");
    assert!(change.data.contains(r#""changes":[{"head":{"#), "{}", change.data);
    assert!(change.data.contains(r#""restarts":3"#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_an_instance_goes_on_from_its_own_snapshot() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let page = world.hub.read(&topic(ONE), &me).await.unwrap();
    world.fly.set(Script::Restarts(1));
    world.hub.poll_now().await;
    let mut frames = follow(&world, &me, &[ONE], Some(page.cursor)).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "change");
}

#[tokio::test(start_paused = true)]
async fn one_proof_serves_all_topics_of_an_app() {
    let world = world(Script::Restarts(0));
    let owner = viewer("fo1_owner");
    let all = ["app:web", ONE];
    let mut owners = follow(&world, &owner, &all, None).await.unwrap();
    for _ in all {
        assert_eq!(owners.next().await.unwrap().event, "snapshot");
    }
    let _other = follow(&world, &viewer("fo1_other"), &all, None).await.unwrap();
    assert_eq!(world.fly.questions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_loses_the_app_loses_the_streams_of_everything_in_it_at_once() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut of_instance = follow(&world, &me, &[ONE], None).await.unwrap();
    assert_eq!(of_instance.next().await.unwrap().event, "snapshot");
    world.fly.deny(&me.token);
    // The poll of another topic finds out, before the instance's own.
    assert!(matches!(world.hub.read(&topic("app:web"), &me).await, Err(ReadError::NotFound)));
    tokio::time::timeout(Duration::from_secs(2), async { while of_instance.next().await.is_some() {} })
        .await
        .expect("the stream outlived the access");
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_the_app_does_not_have_is_told_so_and_shown_once_it_is_there() {
    let world = world(Script::WithoutInstances);
    let me = viewer("fo1_a");
    let empty = facts("web".parse().unwrap(), None);
    world.fly.set(Script::Facts(Box::new(empty)));
    assert!(matches!(world.hub.read(&topic(ONE), &me).await, Err(ReadError::Absent)));
    let mut frames = follow(&world, &me, &[ONE], None).await.unwrap();
    world.fly.set(Script::Restarts(0));
    assert_eq!(frames.news().await.unwrap().event, "snapshot");
}

#[tokio::test(start_paused = true)]
async fn instances_that_could_not_be_loaded_are_no_absence() {
    let world = world(Script::WithoutInstances);
    let me = viewer("fo1_a");
    assert!(matches!(world.hub.read(&topic(ONE), &me).await, Err(ReadError::Upstream(_))));
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_goes_away_is_kept_and_said_to_be_gone() {
    let world = world(Script::Restarts(0));
    let mut frames = follow(&world, &viewer("fo1_a"), &[ONE], None).await.unwrap();
    assert!(!frames.next().await.unwrap().data.contains("gone_since"));
    world.fly.set(Script::Facts(Box::new(facts("web".parse().unwrap(), None))));
    let change = frames.news().await.unwrap();
    assert!(change.data.contains(r#""gone_since":"#), "{}", change.data);
    world.fly.set(Script::Restarts(0));
    let change = frames.news().await.unwrap();
    assert!(!change.data.contains("gone_since"), "{}", change.data);
}
