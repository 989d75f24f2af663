//! The long-polling twin tells what the stream tells.

use super::support::{Frame, Script, World, world};
use super::{DOWN, begin, topic, viewer};
use model::live::{Cursor, Ping, Topic};
use server::live::Viewer;
use server::live::outgoing::Outgoing;
use server::live::stream::Stream;
use std::time::Duration;
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(25);

async fn poll(world: &World, viewer: &Viewer, since: Option<&Cursor>) -> Vec<Outgoing> {
    poll_topics(world, viewer, vec![topic()], since).await
}

async fn poll_topics(
    world: &World,
    viewer: &Viewer,
    topics: Vec<Topic>,
    since: Option<&Cursor>,
) -> Vec<Outgoing> {
    let (hub, viewer) = (world.hub.clone(), viewer.clone());
    let stream = Stream::begin(hub, viewer, topics, since.cloned(), "build".into()).await.unwrap();
    stream.until_news(PATIENCE).await
}

fn names(events: &[Outgoing]) -> Vec<&str> {
    events.iter().map(|event| event.name).collect()
}

fn last_id(events: &[Outgoing]) -> Option<Cursor> {
    events.iter().rev().find_map(|event| event.id.clone())
}

#[tokio::test(start_paused = true)]
async fn the_first_poll_brings_the_state_at_once() {
    let world = world(Script::Restarts(0));
    let began = Instant::now();
    let events = poll(&world, &viewer("fo1_a"), None).await;
    assert_eq!(names(&events), ["hello", "snapshot"]);
    assert!(events[1].data.contains(r#""why":"fresh""#), "{}", events[1].data);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_poll_without_news_ends_with_a_sign_of_life_before_a_proxy_gives_up() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let place = last_id(&poll(&world, &me, None).await);
    let began = Instant::now();
    let events = poll(&world, &me, place.as_ref()).await;
    assert_eq!(names(&events), ["hello", "ping"]);
    assert_eq!(began.elapsed(), PATIENCE);
    assert!(events[1].data.contains("app:crimson-wildflower-1711"), "the age is missing");
}

#[tokio::test(start_paused = true)]
async fn the_sign_of_life_of_a_poll_tells_when_fly_was_asked_last() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let place = last_id(&poll(&world, &me, None).await);
    let asking = async {
        tokio::time::sleep(Duration::from_secs(24)).await;
        world.hub.poll_now().await;
    };
    let (events, ()) = tokio::join!(poll(&world, &me, place.as_ref()), asking);
    let ping: Ping = serde_json::from_str(&events[1].data).unwrap();
    let asked = ping.checked_at[0].1;
    assert_eq!(ping.now.since(asked), 1_000, "{ping:?}");
}

#[tokio::test(start_paused = true)]
async fn stream_and_poll_tell_a_change_with_the_same_words_and_the_same_id() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let place = last_id(&poll(&world, &me, None).await);
    let mut frames = begin(&world, &me, place.clone()).await.unwrap();
    let waiting = poll(&world, &me, place.as_ref());
    let changing = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        world.fly.set(Script::Restarts(2));
    };
    let (polled, ()) = tokio::join!(waiting, changing);
    assert_eq!(names(&polled), ["hello", "change"]);
    assert_eq!(frames.next().await.unwrap().event, "hello");
    let Frame { event, id, data } = frames.news().await.unwrap();
    assert_eq!(
        (event.as_str(), id, &*data),
        ("change", polled[1].id.as_ref().map(ToString::to_string), &*polled[1].data)
    );
}

#[tokio::test(start_paused = true)]
async fn polls_while_fly_fails_wait_for_news_instead_of_repeating_the_failure() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut place = last_id(&poll(&world, &me, None).await);
    let wait = Some(Duration::from_secs(300));
    world.fly.set(Script::Fails(fly::FlyError::RateLimited { retry_after: wait, request_id: None }));
    let (began, mut polls) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(120) {
        let events = poll(&world, &me, place.as_ref()).await;
        place = last_id(&events).or(place);
        polls += 1;
    }
    assert!(polls <= 7, "{polls} polls in two minutes");
}

#[tokio::test(start_paused = true)]
async fn a_poll_of_an_app_that_never_loaded_does_not_spin_and_fills_when_fly_answers() {
    let world = world(Script::Fails(DOWN));
    let me = viewer("fo1_a");
    let (mut place, mut polls) = (None, 0);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        place = last_id(&poll(&world, &me, place.as_ref()).await).or(place);
        polls += 1;
    }
    // Each failure is news, since it names the time of the next try.
    assert!(polls <= 12, "{polls} polls in a minute");
    world.fly.set(Script::Restarts(5));
    loop {
        let events = poll(&world, &me, place.as_ref()).await;
        place = last_id(&events).or(place);
        if let Some(snapshot) = events.iter().find(|event| event.name == "snapshot") {
            assert!(snapshot.data.contains(r#""restarts":5"#), "{}", snapshot.data);
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_waits_is_answered_when_the_session_ends_or_the_server_stops() {
    for (ends, said) in [(true, "signed-out"), (false, "bye")] {
        let world = world(Script::Restarts(0));
        let me = viewer("fo1_a");
        let place = last_id(&poll(&world, &me, None).await);
        let ending = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            if ends {
                me.ended.cancel();
            } else {
                world.shutdown.cancel();
            }
            Instant::now()
        };
        let (events, ended) = tokio::join!(poll(&world, &me, place.as_ref()), ending);
        assert_eq!(names(&events), ["hello", said]);
        assert!(ended.elapsed() < Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn polls_go_on_without_haste_while_fly_is_down_for_longer_than_a_proof_holds() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut place = last_id(&poll(&world, &me, None).await);
    world.fly.set(Script::Fails(DOWN));
    let (began, mut polls) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(900) {
        place = last_id(&poll(&world, &me, place.as_ref()).await).or(place);
        polls += 1;
        assert!(polls < 100, "{polls} polls in {:?}", began.elapsed());
    }
}
