//! A story plays while Fly fails, viewers stall and break off, and the server dies. Afterwards every
//! value that any viewer was shown is looked up in the story: it was true, in that order, and at the
//! moment that the page named; and once the faults are over all viewers show what is true.
//!
//! The story plays forty times as fast, and stands still where the machine is slow: no deadline here is
//! one that a slow machine could miss. `cargo xtask chaos --minutes N` runs it for longer.

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
#[path = "chaos/polls.rs"]
mod polls;
#[path = "chaos/rng.rs"]
mod rng;
#[path = "chaos/time.rs"]
mod time;
#[path = "chaos/viewer.rs"]
mod viewer;

use console::Console;
use faults::Faults;
use fly::FlyToken;
use oracle::{APP, Cells, History, Shown};
use polls::Polls;
use rng::Rng;
use server::live::hub::ReadError;
use simulator::clock::RealTime as _;
use simulator::{Options, StoryTime, tokens};
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::LapTime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use viewer::{Phase, Viewer};

/// How many seconds of the story pass in one.
const SPEED: f64 = 40.0;
const VIEWERS: u64 = 12;
/// After the last fact of the story.
const END: &str = "2021-09-22T20:26:40Z";
/// Whoever does not converge in this time never will: nothing waits for as long on any machine.
const NEVER: Duration = Duration::from_secs(300);

/// Plays the story once; says how many values were checked.
async fn lap(seed: u64) -> usize {
    let mut rng = Rng::new(seed);
    let time = Arc::new(LapTime::default());
    let options = Options { real_time: time.clone(), ..Options::default() };
    let mut console =
        Console::of(options, &[("FLY_API_TOKEN", tokens::DEMO), ("WINDSOCK_DATA_DIR", "")]).await;
    let clock = console.simulator.clock();
    let (routers, router) = watch::channel(console.router.clone());
    let (phases, phase) = watch::channel(Phase::Faults);
    let viewers: Vec<_> = (0..VIEWERS)
        .map(|number| {
            let viewer = Viewer::new(seed ^ (number + 1) << 32, router.clone(), phase.clone());
            tokio::spawn(viewer.run())
        })
        .collect();
    let mut polls = Polls::default();
    polls.begin(&clock);
    console.simulator.play(SPEED);
    let end = StoryTime::parse(END).unwrap();
    let mut faults = Faults::default();
    let mut restart_at = rng.chance(2).then(|| Duration::from_millis(rng.up_to(6_000)));
    while clock.now() < end {
        faults.change(&console.simulator, time.elapsed(), &mut rng);
        if restart_at.is_some_and(|at| at <= time.elapsed()) {
            restart_at = None;
            let old = console.state.hub.clone();
            console.restart();
            polls.demand(&old, &clock);
            polls.begin(&clock);
            drop(routers.send_replace(console.router.clone()));
        }
        polls.demand(&console.state.hub, &clock);
        let pause = Duration::from_millis(30 + rng.up_to(150));
        tokio::time::sleep(pause).await;
        time.pass(pause);
    }
    console.simulator.pause();
    faults.end(&console.simulator);
    polls.over().await;
    // The first may still meet a connection that a fault has broken.
    for _ in 0..2 {
        polls.demand(&console.state.hub, &clock);
        polls.over().await;
    }
    let history = History::of(&console.simulator);
    assert_eq!(state_of(&console).await, history.end(), "seed {seed}: the watch does not converge");
    phases.send_replace(Phase::Calm(history.end()));
    let mut checked = 0;
    for (number, viewer) in viewers.into_iter().enumerate() {
        let ended = tokio::time::timeout(NEVER, viewer).await;
        let shown: Vec<Shown> = ended
            .unwrap_or_else(|_| panic!("seed {seed}: viewer {number} does not converge"))
            .unwrap_or_else(|error| panic!("seed {seed}: viewer {number}: {error}"));
        checked += history
            .check(&shown, |asked_at| polls.answered_by(asked_at))
            .unwrap_or_else(|wrong| panic!("seed {seed}: viewer {number}: {wrong}"));
    }
    checked
}

/// What the watch of the app has now.
async fn state_of(console: &Console) -> Cells {
    let viewer = server::live::Viewer::new(FlyToken::parse(tokens::DEMO).unwrap(), CancellationToken::new());
    let topic = format!("app:{APP}").parse().unwrap();
    loop {
        match console.state.hub.read(&topic, &viewer).await {
            Ok(snapshot) => return viewer::cells(&snapshot.into_app().unwrap().state.instances),
            // Nobody was looking, so that a watch has only now begun, on a machine that is slow.
            Err(ReadError::Slow) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
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
    let shown = Shown::for_test;
    let check = |shown: &[Shown]| history.check(shown, |asked_at| asked_at + 2_000);
    let in_order = [Shown::none_for_test(0), shown(0, 10_000), shown(1, 20_000), shown(2, 30_000)];
    assert_eq!(check(&in_order), Ok(4));
    assert_eq!(check(&[shown(1, 18_000)]), Ok(1), "the answer came when it was true");
    assert!(check(&[shown(7, 0)]).unwrap_err().contains("never"));
    assert!(check(&[shown(2, 30_000), shown(1, 30_000)]).is_err(), "an old value came back");
    assert!(check(&[shown(0, 20_000)]).is_err(), "an old value was called new");
    assert!(check(&[shown(2, 15_000)]).is_err(), "a value was shown before it was true");
}

#[test]
fn the_oracle_tells_instances_that_the_page_does_not_know_from_instances_that_are_gone() {
    let history = History::for_test();
    let check = |shown: &[Shown]| history.check(shown, |asked_at| asked_at);
    let (known, unknown) = (Shown::for_test(1, 20_000), Shown::unknown_for_test(25_000));
    assert_eq!(check(&[known.clone(), unknown]), Ok(1), "nothing was said of it");
    assert!(check(&[known, Shown::none_for_test(25_000)]).unwrap_err().contains("came back"));
    assert!(check(&[Shown::none_for_test(15_000)]).is_err(), "it was there by then");
}
