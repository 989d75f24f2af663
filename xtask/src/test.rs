//! `cargo xtask test`: every check and every test, one step after the other.

mod counts;
mod dependency_rule;
mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use self::counts::Counts;
pub(crate) use self::steps::Step;
use crate::workspace::Workspace;

/// What became of one step.
struct Outcome {
    step: Step,
    took: Duration,
    counts: Counts,
    error: Option<anyhow::Error>,
}

/// Runs the chosen steps, or all of them; a failing one does not keep the next from running.
pub(crate) fn run(workspace: &Workspace, only: &[Step]) -> ExitCode {
    let chosen: Vec<Step> = Step::value_variants()
        .iter()
        .copied()
        .filter(|step| only.is_empty() || only.contains(step))
        .collect();
    let outcomes: Vec<Outcome> = chosen
        .iter()
        .enumerate()
        .map(|(index, step)| run_step(workspace, *step, index + 1, chosen.len()))
        .collect();
    report(&outcomes, only.is_empty())
}

fn run_step(workspace: &Workspace, step: Step, number: usize, of: usize) -> Outcome {
    println!("\n== [{number}/{of}] {}: {}", step.name(), step.what());
    let start = Instant::now();
    let result = step.run(workspace);
    let took = start.elapsed();
    let outcome = match result {
        Ok(counts) if counts.failed == 0 => Outcome { step, took, counts, error: None },
        Ok(counts) => {
            Outcome { step, took, counts, error: Some(anyhow::anyhow!("{} failed", counts.failed)) }
        }
        // A step that cannot even count its tests counts as one failed test.
        Err(error) => Outcome { step, took, counts: Counts::one_failed(), error: Some(error) },
    };
    match &outcome.error {
        None => println!("== {} ok, {:.1} s", step.name(), took.as_secs_f64()),
        Some(error) => println!("== {} FAILED, {:.1} s: {error:#}", step.name(), took.as_secs_f64()),
    }
    outcome
}

fn report(outcomes: &[Outcome], everything: bool) -> ExitCode {
    let counts: Counts = outcomes.iter().map(|outcome| outcome.counts).sum();
    println!("\n== summary");
    for outcome in outcomes {
        let (name, took) = (outcome.step.name(), outcome.took.as_secs_f64());
        let word = if outcome.error.is_none() { "ok" } else { "FAILED" };
        println!("{name:<16} {word:<6} {took:>7.1} s   {}", outcome.counts);
    }
    for failed in outcomes.iter().filter(|outcome| outcome.error.is_some()) {
        println!("to see {0} again: cargo xtask test --only {0}", failed.step.name());
    }
    let ran_nothing = everything && counts.passed + counts.failed == 0;
    if ran_nothing {
        println!("no test ran");
    }
    println!("{counts}");
    if counts.failed > 0 || ran_nothing { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
