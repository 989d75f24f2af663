//! The diagnosis over whole scenarios: what must be found, what must not, and how often it is.
//!
//! `cargo xtask bench diagnosis` prints the table of `bench`.

#![expect(clippy::unwrap_used, reason = "tests")]

mod captured;
mod hostile;
mod lines;
mod near_misses;
mod scenarios;
mod variations;
mod world;

use lines::LANGUAGES;
use model::diagnosis::score::{Expected, Tally, Verdict, judge};
use model::{AppFacts, Timestamp};
use near_misses::NEAR_MISSES;
use scenarios::SCENARIOS;
use variations::{vary, vary_gently};
use world::Random;

/// Variations of each scenario in each language: for the bench, and for every run of the tests.
const VARIATIONS: u64 = 25;
const QUICK_VARIATIONS: u64 = 5;
/// What the rules must reach over the variations.
const LEAST_PRECISION: f64 = 0.95;
const LEAST_RECALL: f64 = 0.9;

/// The scenario as it is in each language.
fn plain(make: scenarios::Make, each: &mut dyn FnMut(&str, &AppFacts, &Verdict)) -> Tally {
    let mut tally = Tally::default();
    for language in LANGUAGES {
        let Some(one) = make(language, &mut Random(7)) else { continue };
        let verdict = judge(&one.facts, Timestamp(one.now), &one.expected);
        each(language.name, &one.facts, &verdict);
        tally.add(&verdict);
    }
    tally
}

fn varied(name: &str, make: scenarios::Make, variations: u64) -> Tally {
    let mut tally = Tally::default();
    for language in LANGUAGES {
        for nth in 0..variations {
            let mut random = Random(seed(&[name, language.name], nth));
            let Some(mut one) = make(language, &mut random) else { continue };
            vary(&mut one.facts, &mut one.now, &mut random);
            let verdict = judge(&one.facts, Timestamp(one.now), &one.expected);
            tally.add(&verdict);
        }
    }
    tally
}

/// A seed of its own for each variation (FNV-1a).
fn seed(names: &[&str], nth: u64) -> u64 {
    let bytes = names.iter().flat_map(|name| name.bytes()).chain(nth.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn silent() -> Expected {
    Expected::default()
}

#[test]
fn each_scenario_is_found_and_its_first_finding_is_right() {
    let mut wrong = Vec::new();
    for (name, make) in SCENARIOS {
        plain(*make, &mut |language, _, verdict| {
            if !verdict.wrong.is_empty() || !verdict.missed.is_empty() || verdict.first_is_wrong {
                wrong.push(format!("{name} in {language}: {verdict:?}"));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn near_misses_yield_no_finding() {
    let mut wrong = Vec::new();
    for (name, make) in NEAR_MISSES {
        let (facts, now) = make();
        let verdict = judge(&facts, Timestamp(now), &silent());
        if !verdict.found.is_empty() {
            wrong.push(format!("{name}: {:?}", verdict.found));
        }
        for seed in 0..QUICK_VARIATIONS {
            let (mut facts, mut now) = make();
            vary_gently(&mut facts, &mut now, &mut Random(seed));
            let verdict = judge(&facts, Timestamp(now), &silent());
            if !verdict.found.is_empty() {
                wrong.push(format!("{name}, variation {seed}: {:?}", verdict.found));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn precision_and_recall_reach_their_bars_over_the_variations() {
    let mut all = Tally::default();
    for (name, make) in SCENARIOS {
        all.merge(varied(name, *make, QUICK_VARIATIONS));
    }
    assert!(all.precision() >= LEAST_PRECISION, "precision {:.3}", all.precision());
    assert!(all.recall() >= LEAST_RECALL, "recall {:.3}", all.recall());
}

/// Prints the table; `cargo xtask bench diagnosis` runs it.
#[test]
#[ignore = "takes a minute; cargo xtask bench diagnosis runs it"]
#[expect(clippy::print_stdout, reason = "the table is the result")]
fn bench() {
    println!("BEGIN TABLE");
    println!("| scenario | cases | precision | recall | wrong first |\n|---|---:|---:|---:|---:|");
    let row = |name: &str, tally: &Tally| {
        println!(
            "| {name} | {} | {:.3} | {:.3} | {} |",
            tally.cases,
            tally.precision(),
            tally.recall(),
            tally.wrong_first
        );
    };
    let (mut as_is, mut all) = (Tally::default(), Tally::default());
    for (name, make) in SCENARIOS {
        as_is.merge(plain(*make, &mut |_, _, _| {}));
        let tally = varied(name, *make, VARIATIONS);
        row(name, &tally);
        all.merge(tally);
    }
    let mut quiet = Tally::default();
    for (_, make) in NEAR_MISSES {
        for seed in 0..VARIATIONS {
            let (mut facts, mut now) = make();
            vary_gently(&mut facts, &mut now, &mut Random(seed));
            quiet.add(&judge(&facts, Timestamp(now), &silent()));
        }
    }
    row("near misses (nothing may be found)", &quiet);
    row("**all variations**", &all);
    row("**scenarios as they are**", &as_is);
    println!("END TABLE");
    let bars = [
        (all.precision() >= LEAST_PRECISION, "the precision over the variations"),
        (all.recall() >= LEAST_RECALL, "the recall over the variations"),
        (as_is.wrong_first == 0, "the first finding of a scenario is wrong"),
        (quiet.wrong == 0, "a near miss yields a finding"),
    ];
    for (_, what) in bars.iter().filter(|(reached, _)| !reached) {
        println!("BELOW THE BAR: {what}");
    }
    assert!(bars.iter().all(|(reached, _)| *reached));
}
