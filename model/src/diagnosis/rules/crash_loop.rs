//! The app ends with an error again and again.
//!
//! Its exits prove it. Why is said by other rules where the log tells; this one quotes the last lines
//! before the last exit.

use super::last_words::{crashes, is_settling};
use crate::diagnosis::{Case, Cause, Certainty, Ended, Evidence, Finding, Patient, quote};
use crate::facts::LogLine;
use crate::logs::trouble::told;

/// How many lines before the exit are quoted.
const LINES: usize = 4;
/// Lines of Fly's init about an exit that the event tells already.
const INITS: &[&str] = &["Main child exited", "Starting clean up", "Reaped child", "Umounting", "reboot: "];

/// See the module.
pub(super) fn crash_loop(case: &Case<'_>) -> Option<Finding> {
    case.patients().iter().find_map(|one| {
        let crashes = crashes(case, one);
        let last = crashes.last()?;
        let times = crashes.len().max(last.restarts as usize + 1);
        let down = !one.facts.instance.state.is_up() && one.is_unhealthy();
        let settling = is_settling(case, one, last);
        (times > 1 || down || settling).then(|| finding(case, one, last, times))
    })
}

fn finding(case: &Case<'_>, one: &Patient<'_>, last: &Ended, times: usize) -> Finding {
    let id = &one.facts.instance.id;
    let how = last.how();
    let headline = if times > 1 {
        format!("The app ends with {how} again and again ({times} times so far).")
    } else if one.facts.instance.state.is_up() {
        format!("The app ended with {how} and was started again just now.")
    } else if last.exit.restarting {
        format!("The app ended with {how}, and is started again.")
    } else {
        format!("The app ended with {how}, and does not run any more.")
    };
    let mut evidence = vec![quote::exit(id, last)];
    evidence.extend(last_lines(one, last));
    Finding::new(
        Cause::CrashLoop,
        Certainty::Proven,
        headline,
        evidence,
        "Read what it says before it ends; its whole log is in:",
    )
    .command(format!("fly logs -a {} -i {id}", case.facts.app.name))
    .reference("getting-started/troubleshooting/")
}

/// The lines before the exit: from the first that tells of an error, or else the last ones.
fn last_lines(one: &Patient<'_>, last: &Ended) -> Vec<Evidence> {
    let said: Vec<&LogLine> = one
        .lines()
        .iter()
        .filter(|line| line.at <= last.at.plus(1_000) && last.at.since(line.at) <= 60_000)
        .filter(|line| {
            !line.message.trim().is_empty() && !INITS.iter().any(|init| line.message.contains(init))
        })
        .collect();
    let recent = &said[said.len().saturating_sub(3 * LINES)..];
    let first = recent.iter().position(|line| told(&line.message).is_some());
    let from = first.unwrap_or(recent.len().saturating_sub(LINES));
    let quoted = recent[from..].iter().take(LINES);
    quoted
        .map(|line| {
            quote::line(&one.facts.instance.id, line, &told(&line.message).map_or(vec![], |t| vec![t.quoted]))
        })
        .collect()
}
