//! A story plays while Fly fails, viewers stall and break off, and the server dies. Afterwards every
//! value that any viewer was shown is looked up in the story: it was true, in that order, and at the
//! moment that the page named; and once the faults are over all viewers show what is true.
//!
//! Runs by real time, with the story forty times as fast. `cargo xtask chaos --minutes N` runs it for
//! longer.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "an integration test is a test throughout"
)]
#![allow(clippy::print_stdout, reason = "the long run tells how far it is")]

#[path = "support/console.rs"]
mod console;
#[path = "chaos/faults.rs"]
mod faults;
#[path = "chaos/oracle.rs"]
mod oracle;
#[path = "chaos/rng.rs"]
mod rng;
#[path = "chaos/viewer.rs"]
mod viewer;

use console::Console;
use faults::Faults;
use oracle::{History, Shown};
use rng::Rng;
use simulator::{StoryTime, tokens};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use viewer::{Phase, Viewer};

/// How many seconds of the story pass in one.
const SPEED: f64 = 40.0;
const VIEWERS: u64 = 12;
/// After the last fact of the story.
const END: &str = "2021-09-22T20:26:40Z";

/// Plays the story once; says how many values were checked.
async fn lap(seed: u64) -> usize {
    let mut rng = Rng::new(seed);
    let mut console = Console::with(&[("FLY_API_TOKEN", tokens::DEMO), ("WINDSOCK_DATA_DIR", "")]).await;
    let (routers, router) = watch::channel(console.router.clone());
    let (phases, phase) = watch::channel(Phase::Faults);
    let viewers: Vec<_> = (0..VIEWERS)
        .map(|number| {
            let viewer = Viewer::new(seed ^ (number + 1) << 32, router.clone(), phase.clone());
            tokio::spawn(viewer.run())
        })
        .collect();
    console.simulator.play(SPEED);
    let end = StoryTime::parse(END).unwrap();
    let mut faults = Faults::default();
    let mut restart_at = rng.chance(2).then(|| Instant::now() + Duration::from_millis(rng.up_to(6_000)));
    while console.simulator.clock().now() < end {
        faults.change(&console.simulator, &mut rng);
        if restart_at.is_some_and(|at| at <= Instant::now()) {
            restart_at = None;
            console.restart();
            drop(routers.send_replace(console.router.clone()));
        }
        let hub = console.state.hub.clone();
        tokio::spawn(async move { hub.poll_now().await });
        tokio::time::sleep(Duration::from_millis(30 + rng.up_to(150))).await;
    }
    console.simulator.pause();
    console.simulator.jump(end);
    faults.end(&console.simulator);
    // One poll under way may have begun before the faults ended; the next one has not.
    console.state.hub.poll_now().await;
    console.state.hub.poll_now().await;
    phases.send_replace(Phase::Calm);
    let history = History::of(&console.simulator);
    let mut checked = 0;
    for (number, viewer) in viewers.into_iter().enumerate() {
        let ended = tokio::time::timeout(Duration::from_secs(30), viewer).await;
        let shown: Vec<Shown> = ended
            .unwrap_or_else(|_| panic!("seed {seed}: viewer {number} does not converge"))
            .unwrap_or_else(|error| panic!("seed {seed}: viewer {number}: {error}"));
        checked += history
            .check(&shown, SPEED)
            .unwrap_or_else(|wrong| panic!("seed {seed}: viewer {number}: {wrong}"));
        assert!(
            history.ends_on(shown.last().unwrap()),
            "seed {seed}: viewer {number} ended on {:?}",
            shown.last()
        );
    }
    checked
}

async fn lap_that_checks_much(seed: u64) {
    let checked = lap(seed).await;
    assert!(checked > 200, "only {checked} values were shown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_viewers_are_shown_only_what_was_true_in_order_and_converge_seed_1() {
    lap_that_checks_much(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_viewers_are_shown_only_what_was_true_in_order_and_converge_seed_2() {
    lap_that_checks_much(2).await;
}

/// `cargo xtask chaos --minutes N --seed S`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; cargo xtask chaos runs it"]
async fn for_minutes() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let minutes = number("WINDSOCK_CHAOS_MINUTES", 1);
    let first = number("WINDSOCK_CHAOS_SEED", 1);
    let until = Instant::now() + Duration::from_secs(60 * minutes);
    let (mut seed, mut checked) = (first, 0);
    while Instant::now() < until {
        checked += lap(seed).await;
        println!("seed {seed}: fine, {checked} values checked so far");
        seed += 1;
    }
    println!(
        "{} laps, {VIEWERS} viewers each, {checked} values checked, all true and in order",
        seed - first
    );
}

#[test]
fn the_oracle_finds_values_that_are_wrong_out_of_order_or_labelled_wrongly() {
    let history = History::for_test();
    let shown = |restarts: u32, at: i64| Shown::for_test(restarts, at);
    assert_eq!(history.check(&[shown(0, 0), shown(1, 10_000), shown(2, 20_000)], 1.0), Ok(3));
    assert!(history.check(&[shown(7, 0)], 1.0).unwrap_err().contains("never"));
    assert!(history.check(&[shown(2, 20_000), shown(1, 20_000)], 1.0).is_err(), "an old value came back");
    assert!(history.check(&[shown(0, 15_000)], 1.0).is_err(), "an old value was called new");
    assert!(history.check(&[shown(2, 5_000)], 1.0).is_err(), "a value was shown before it was true");
}
