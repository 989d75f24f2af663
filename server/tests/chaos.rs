//! A story plays while Fly fails, lines break, tokens are revoked and the server dies, each as a seed
//! chooses. Afterwards every value that any viewer was shown is looked up in the simulator's history: it
//! was true, in that order, and of the time that the page named; nobody was shown what is not theirs;
//! all viewers show what is true within one poll after the last fault; and nothing of them is left.
//!
//! The laps of the tests run on a stopped clock, so that how fast the machine is makes no difference,
//! with the lines between viewers and server within this process. `cargo xtask chaos --minutes N` runs
//! many of them, and others in real time through `windsock-proxy` on real connections.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "an integration test is a test throughout"
)]
#![allow(clippy::print_stdout, reason = "the long run tells how far it is")]

#[path = "chaos/cells.rs"]
mod cells;
#[path = "chaos/clockwork.rs"]
mod clockwork;
#[path = "support/console.rs"]
mod console;
#[path = "chaos/history.rs"]
mod history;
#[path = "chaos/house.rs"]
mod house;
#[path = "chaos/lap.rs"]
mod lap;
#[path = "chaos/line.rs"]
mod line;
#[path = "chaos/network.rs"]
mod network;
#[path = "chaos/oracle.rs"]
mod oracle;
#[path = "chaos/oracle_tests.rs"]
mod oracle_tests;
#[path = "chaos/plan.rs"]
mod plan;
#[path = "chaos/rng.rs"]
mod rng;
#[path = "chaos/tab.rs"]
mod tab;
#[path = "chaos/tap.rs"]
mod tap;
#[path = "chaos/watched.rs"]
mod watched;
#[path = "chaos/wire.rs"]
mod wire;

use lap::{Figures, Way, play};
use std::time::{Duration, Instant};

/// As many as the tests have time for.
const FEW: usize = 20;
/// In the long run.
const MANY: usize = 60;

fn short(seed: u64) {
    let figures = play(seed, FEW, Way::InProcess).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(figures.values > 1_000, "only {} values were shown", figures.values);
}

#[test]
fn whatever_fails_viewers_are_shown_only_what_was_true_in_order_and_converge_seed_8() {
    short(8);
}

#[test]
fn whatever_fails_viewers_are_shown_only_what_was_true_in_order_and_converge_seed_9() {
    short(9);
}

#[test]
fn whatever_fails_viewers_are_shown_only_what_was_true_in_order_and_converge_seed_2() {
    short(2);
}

/// `cargo xtask chaos --minutes N --seed S --laps L`. A lap that fails does not keep the next ones from being
/// played.
#[test]
#[ignore = "takes minutes; cargo xtask chaos runs it"]
fn for_minutes() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let minutes = number("WINDSOCK_CHAOS_MINUTES", 1);
    let only = std::env::var("WINDSOCK_CHAOS_LAPS").ok().and_then(|name| Way::named(&name));
    let until = Instant::now() + Duration::from_secs(60 * minutes);
    let (mut all, mut wrong) = (Figures::default(), Vec::new());
    println!("{}", Figures::HEADINGS);
    let seeds =
        (number("WINDSOCK_CHAOS_SEED", 1)..).filter(|seed| only.is_none_or(|way| way == Way::of(*seed)));
    for seed in seeds.take_while(|_| Instant::now() < until) {
        match play(seed, MANY, Way::of(seed)) {
            Ok(figures) => {
                println!("{}", figures.row(seed));
                all.add(&figures);
            }
            Err(what) => {
                println!("{what}");
                wrong.push(seed);
            }
        }
    }
    println!("{all}");
    assert!(wrong.is_empty(), "not all was true and in order with these seeds: {wrong:?}");
}
