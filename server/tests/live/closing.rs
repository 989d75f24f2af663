//! Streams end when they must: in every tab, within a second, and nobody's token is used after.

use super::support::{Frames, Script, token, world};
use super::{begin, opened, topic, viewer};
use fly::FlyError;
use server::live::hub::ReadError;
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// What is left of a stream; fails the test when it does not end within a second.
async fn ends(frames: &mut Frames) -> Vec<String> {
    let mut names = vec![];
    let reading = async {
        while let Some(frame) = frames.next().await {
            names.push(frame.event);
        }
    };
    tokio::time::timeout(SECOND, reading).await.expect("the stream goes on");
    names
}

#[tokio::test(start_paused = true)]
async fn a_denial_that_one_tab_learns_of_closes_every_tab_of_that_token_within_a_second() {
    for error in [
        FlyError::NotFound { request_id: None },
        FlyError::Forbidden { detail: String::new(), request_id: None },
    ] {
        let world = world(Script::Restarts(0));
        let mut owner = opened(&world, &viewer("fo1_owner")).await;
        let me = viewer("fo1_b");
        let (mut one, mut other) = (opened(&world, &me).await, opened(&world, &me).await);
        for frames in [&mut owner, &mut one, &mut other] {
            assert_eq!(frames.next().await.unwrap().event, "snapshot");
        }
        world.fly.answer(&me.token, error);
        // The proof is a minute old: the next page of this viewer asks anew.
        tokio::time::sleep(Duration::from_secs(61)).await;
        assert!(matches!(world.hub.read(&topic(), &me).await, Err(ReadError::NotFound)));
        for frames in [&mut one, &mut other] {
            let names = ends(frames).await;
            assert!(!names.iter().any(|name| name == "change" || name == "snapshot"), "{names:?}");
        }
        world.fly.set(Script::Restarts(4));
        assert!(owner.news().await.unwrap().data.contains(r#"{"restarts":4}"#));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_sign_out_no_more_data_is_sent_though_a_change_waits() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut frames = opened(&world, &me).await;
    frames.next().await.unwrap();
    world.fly.set(Script::Restarts(1));
    world.hub.poll_now().await;
    me.ended.cancel();
    assert_eq!(ends(&mut frames).await, ["signed-out"]);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_stalls_lends_its_token_to_nobody_after_its_session_ended() {
    let world = world(Script::Restarts(0));
    let gone = viewer("fo1_gone");
    // Never read again: as a stream whose reader takes nothing.
    let _stalled = begin(&world, &gone, None).await.unwrap();
    let mut other = opened(&world, &viewer("fo1_b")).await;
    gone.ended.cancel();
    world.hub.poll_now().await;
    world.fly.used.lock().unwrap().clear();
    world.fly.set(Script::Restarts(9));
    while !other.news().await.unwrap().data.contains(r#"{"restarts":9}"#) {}
    let used = world.fly.used.lock().unwrap();
    assert!(!used.is_empty() && used.iter().all(|one| one.fingerprint() == token("fo1_b").fingerprint()));
}

#[tokio::test(start_paused = true)]
async fn after_the_last_session_ended_its_token_is_not_even_used_for_the_grace_time() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut frames = opened(&world, &me).await;
    frames.next().await.unwrap();
    me.ended.cancel();
    ends(&mut frames).await;
    drop(frames);
    // A poll may have been under way.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let polls = world.fly.polls();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(world.fly.polls(), polls);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_streams_that_come_and_go_leave_nothing_behind() {
    let world = world(Script::Restarts(0));
    let _stays = opened(&world, &viewer("fo1_a")).await;
    for _ in 0..1_000 {
        drop(opened(&world, &viewer("fo1_a")).await);
    }
    let metrics = tokio::runtime::Handle::current().metrics();
    // The watch of the app.
    assert_eq!(metrics.num_alive_tasks(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_all_pages_are_hidden_fly_is_asked_less_and_at_once_when_somebody_looks() {
    let world = world(Script::Restarts(0));
    let hidden = viewer("fo1_a").hidden(true);
    let mut frames = opened(&world, &hidden).await;
    frames.next().await.unwrap();
    let polls = world.fly.polls();
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(world.fly.polls(), polls + 1, "one poll each 15 s");

    world.fly.set(Script::Restarts(1));
    let began = Instant::now();
    let mut looking = opened(&world, &viewer("fo1_a")).await;
    while !looking.news().await.unwrap().data.contains(r#""restarts":1"#) {}
    assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());
}
