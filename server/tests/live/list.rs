//! The list of apps: cheap questions while nothing changes.

use super::support::{Frames, Script, World, summary, world};
use super::viewer;
use model::Timestamp;
use model::live::Topic;
use server::live::stream::Stream;
use server::upstream::OrgNews;
use std::sync::atomic::Ordering;
use std::time::Duration;

async fn followed(world: &World) -> Frames {
    let (hub, me) = (world.hub.clone(), viewer("fo1_a"));
    let mut frames =
        Frames::of(Stream::begin(hub, me, vec![Topic::apps()], None, "build".into()).await.unwrap());
    assert_eq!(frames.next().await.unwrap().event, "hello");
    assert_eq!(frames.next().await.unwrap().event, "snapshot");
    frames
}

fn world_with(news: OrgNews) -> World {
    let world = world(Script::Restarts(0));
    *world.fly.list.lock().unwrap() = vec![summary("a", 1), summary("b", 1)];
    *world.fly.org_news.lock().unwrap() = news;
    world
}

#[tokio::test(start_paused = true)]
async fn a_list_in_which_nothing_moves_costs_cheap_questions_and_publishes_nothing() {
    let world = world_with(OrgNews::Newest(Some(Timestamp(1))));
    let mut frames = followed(&world).await;
    assert_eq!(frames.next().await.unwrap().event, "ping");
    assert_eq!(frames.next().await.unwrap().event, "ping");
    let (whole, cheap) = (world.fly.polls(), world.fly.cheap_questions.load(Ordering::SeqCst));
    assert!(whole <= 4 && cheap >= 15, "{whole} whole lists, {cheap} cheap questions in 30 s");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_changed_brings_the_whole_list_at_the_next_cheap_question() {
    let world = world_with(OrgNews::Newest(Some(Timestamp(1))));
    let mut frames = followed(&world).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    *world.fly.list.lock().unwrap() = vec![summary("a", 2), summary("b", 1)];
    *world.fly.org_news.lock().unwrap() = OrgNews::Newest(Some(Timestamp(2)));
    let began = tokio::time::Instant::now();
    let change = frames.news().await.unwrap();
    assert!(change.data.contains(r#"{"listed":{"name":"a""#), "{}", change.data);
    assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_app_that_appears_without_a_machine_shows_when_the_list_is_read_whole_again() {
    let world = world_with(OrgNews::Newest(None));
    let mut frames = followed(&world).await;
    world.fly.list.lock().unwrap().push(summary("c", 0));
    let began = tokio::time::Instant::now();
    let change = frames.news().await.unwrap();
    assert!(change.data.contains(r#""name":"c""#), "{}", change.data);
    assert!(began.elapsed() < Duration::from_secs(17), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_cannot_tell_what_changed_reads_the_whole_list_each_time() {
    let world = world_with(OrgNews::Unknown);
    let _frames = followed(&world).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert!(world.fly.polls() >= 15, "{}", world.fly.polls());
}
