//! Variations of a scenario: later or earlier, with noise in the logs, with fields that Fly did not
//! tell, with colours, in another order.

use crate::lines::NOISE;
use crate::scenarios::is_failing;
use crate::world::{Random, line};
use model::{AppFacts, InstanceFacts, Timestamp};

/// How likely each thing is, in percent.
const NO_LOGS: u64 = 4;
const NO_OUTPUT: u64 = 4;
const NO_EXITS: u64 = 4;
const NO_FAILURE: u64 = 8;
const NO_SETTINGS: u64 = 20;
const NO_MEMORY: u64 = 30;
const NOISY: u64 = 70;
const COLOURED: u64 = 20;

/// Changes everything but what is wrong.
pub(crate) fn vary(facts: &mut AppFacts, now: &mut i64, random: &mut Random) {
    forget(facts, random);
    if random.chance(NOISY) {
        for one in &mut facts.instances {
            add_noise(one, *now, random);
        }
    }
    if random.chance(COLOURED) {
        colour(facts);
    }
    if random.chance(50) {
        facts.instances.reverse();
    }
    let shift = random.millis(200 * 24 * 3_600 * 1_000) - 100 * 24 * 3_600 * 1_000;
    shift_times(facts, shift);
    *now += shift;
}

/// Only later or earlier, and with noise: for what must stay silent.
pub(crate) fn vary_gently(facts: &mut AppFacts, now: &mut i64, random: &mut Random) {
    for one in &mut facts.instances {
        add_noise(one, *now, random);
    }
    let shift = random.millis(1_000_000_000) - 500_000_000;
    shift_times(facts, shift);
    *now += shift;
}

fn forget(facts: &mut AppFacts, random: &mut Random) {
    let (logs, output, exits) = (random.chance(NO_LOGS), random.chance(NO_OUTPUT), random.chance(NO_EXITS));
    let (settings, memory) = (random.chance(NO_SETTINGS), random.chance(NO_MEMORY));
    if random.chance(NO_FAILURE) {
        facts.releases[0].failure = None;
    }
    for one in facts.instances.iter_mut().chain(&mut facts.release_commands) {
        if logs {
            one.logs.clear();
        }
        if output {
            one.checks
                .iter_mut()
                .filter(|check| is_failing(&check.status))
                .for_each(|check| check.output.clear());
        }
        if exits {
            one.events.iter_mut().for_each(|event| event.exit = None);
        }
        if settings {
            one.configured_checks.clear();
        }
        if memory {
            one.memory_mb = None;
        }
    }
    if settings {
        facts.config.checks.clear();
    }
}

fn add_noise(one: &mut InstanceFacts, now: i64, random: &mut Random) {
    let from = one.logs.first().map_or(now - 60_000, |line| line.at.millis());
    let to = one.logs.last().map_or(now, |line| line.at.millis()).max(from + 1_000);
    for _ in 0..random.below(12) {
        let at = from + random.millis(to - from);
        one.logs.push(line(at, random.pick::<&str>(NOISE)));
    }
    one.logs.sort_by_key(|line| line.at);
}

fn colour(facts: &mut AppFacts) {
    for one in facts.instances.iter_mut().chain(&mut facts.release_commands) {
        for line in &mut one.logs {
            let (first, rest) = line.message.split_once(' ').unwrap_or(("", &line.message));
            line.message = format!("\u{1b}[32m{first}\u{1b}[0m {rest}");
        }
    }
}

fn shift_times(facts: &mut AppFacts, by: i64) {
    let move_one = |at: &mut Timestamp| *at = at.plus(by);
    for release in &mut facts.releases {
        move_one(&mut release.created_at);
        move_one(&mut release.updated_at);
    }
    for issue in &mut facts.host_issues {
        move_one(&mut issue.created_at);
        move_one(&mut issue.updated_at);
        issue.resolved_at.iter_mut().for_each(move_one);
    }
    for line in &mut facts.logs {
        move_one(&mut line.line.at);
    }
    for one in facts.instances.iter_mut().chain(&mut facts.release_commands) {
        move_one(&mut one.instance.created_at);
        move_one(&mut one.instance.updated_at);
        one.events.iter_mut().for_each(|event| move_one(&mut event.at));
        one.logs.iter_mut().for_each(|line| move_one(&mut line.at));
        one.checks.iter_mut().for_each(|check| check.updated_at.iter_mut().for_each(move_one));
        one.lease.iter_mut().for_each(|lease| lease.expires_at.iter_mut().for_each(move_one));
    }
}
