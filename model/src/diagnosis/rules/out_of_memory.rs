//! The machine has too little memory for the app.
//!
//! Proven by Fly's own mark on the exit, or by a line of the kernel or the runtime before a crash;
//! possible where only the exit code is that of a killed process (137).

use super::last_words::{crashes, last_words};
use crate::diagnosis::{Case, Cause, Certainty, Ended, Evidence, Finding, Patient, quote};
use crate::logs::trouble::Trouble;

/// What a process ends with that SIGKILL ended: 128 + 9.
const KILLED: i64 = 137;

/// See the module.
pub(super) fn out_of_memory(case: &Case<'_>) -> Option<Finding> {
    marked(case).or_else(|| told(case)).or_else(|| killed(case))
}

fn marked(case: &Case<'_>) -> Option<Finding> {
    case.patients().iter().find_map(|one| {
        let crashes = crashes(case, one);
        let last = crashes.iter().rev().find(|ended| ended.exit.oom_killed)?;
        let mut evidence = vec![quote::exit(&one.facts.instance.id, last)];
        let words = last_words(case, |trouble| *trouble == Trouble::OutOfMemory);
        evidence.extend(words.into_iter().flat_map(|words| words.evidence().into_iter().take(1)));
        Some(finding(case, one, Certainty::Proven, evidence, times(&crashes, |e| e.exit.oom_killed)))
    })
}

fn told(case: &Case<'_>) -> Option<Finding> {
    let words = last_words(case, |trouble| *trouble == Trouble::OutOfMemory)?;
    let certainty = if words.ended.is_some() { Certainty::Proven } else { Certainty::Likely };
    Some(finding(case, words.patient, certainty, words.evidence(), 1))
}

fn killed(case: &Case<'_>) -> Option<Finding> {
    case.patients().iter().find_map(|one| {
        let crashes = crashes(case, one);
        let last = crashes.iter().rev().find(|ended| ended.exit.code == Some(KILLED))?;
        let evidence = vec![quote::exit(&one.facts.instance.id, last)];
        Some(finding(
            case,
            one,
            Certainty::Possible,
            evidence,
            times(&crashes, |e| e.exit.code == Some(KILLED)),
        ))
    })
}

fn times(crashes: &[&Ended], which: fn(&Ended) -> bool) -> usize {
    crashes.iter().filter(|ended| which(ended)).count()
}

fn finding(
    case: &Case<'_>,
    one: &Patient<'_>,
    certainty: Certainty,
    mut evidence: Vec<Evidence>,
    times: usize,
) -> Finding {
    if let (true, Some(first)) = (times > 1, evidence.first_mut()) {
        first.note = Some(format!("{times} times so far"));
    }
    let memory = one.facts.memory_mb;
    let has = memory.map(|memory| format!(" It has {memory} MB.")).unwrap_or_default();
    let headline = match certainty {
        Certainty::Possible => {
            format!("The app was killed, perhaps because its machine ran out of memory.{has}")
        }
        _ => format!("The machine ran out of memory, and the app was killed.{has}"),
    };
    let more = memory.unwrap_or(256).saturating_mul(2);
    let group = &one.facts.instance.process_group;
    let group =
        if group == "app" || !is_word(group) { String::new() } else { format!(" --process-group {group}") };
    Finding::new(
        Cause::OutOfMemory,
        certainty,
        headline,
        evidence,
        "Give the machines more memory, or let the app use less:",
    )
    .command(format!("fly scale memory {more} -a {}{group}", case.facts.app.name))
    .reference("launch/scale-machine/")
}

/// Whether a name may stand in a command as it is.
fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
