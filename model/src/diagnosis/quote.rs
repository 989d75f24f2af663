//! Evidence, quoted: every text is shown without escapes and with its secrets hidden.

use super::case::Patient;
use super::finding::mark;
use super::history::Ended;
use super::{Evidence, Source, Stance};
use crate::facts::LogLine;
use crate::id::InstanceId;
use crate::instance::{CheckResult, InstanceEvent};
use crate::logs::{ansi, head, mask::mask};
use crate::time::Timestamp;

/// Longest quotation, in bytes.
const LONGEST: usize = 600;

/// Evidence for a finding.
pub(super) fn supports(source: Source, at: Option<Timestamp>, text: &str, marked: &[&str]) -> Evidence {
    // A text of many lines is quoted as one: lines are what a person compares.
    let plain = ansi::plain(text);
    let safe = mask(plain.trim());
    let cut = head(&safe, LONGEST);
    let more = if cut.len() < safe.len() { "…" } else { "" };
    Evidence { at, source, text: mark(&format!("{cut}{more}"), marked), stance: Stance::Supports, note: None }
}

/// A line of an instance's log; it is as [`Patient::lines`] has it.
pub(super) fn line(id: &InstanceId, line: &LogLine, marked: &[&str]) -> Evidence {
    supports(Source::Log(id.clone()), Some(line.at), &line.message, marked)
}

/// An exit.
pub(super) fn exit(id: &InstanceId, ended: &Ended) -> Evidence {
    let how = ended.how();
    let mut evidence = supports(
        Source::Event(id.clone()),
        Some(ended.at),
        &ended.quoted,
        &[&how, "out of memory", "OOM Killed", "Exit Code"],
    );
    evidence.note = ended.ran_ms.map(|ran| format!("after it ran for {}", crate::time::duration(ran)));
    evidence
}

/// An event.
pub(super) fn event(id: &InstanceId, event: &InstanceEvent, marked: &[&str]) -> Evidence {
    let text = format!("{}: {}", event.kind, event.message);
    supports(Source::Event(id.clone()), Some(event.at), &text, marked)
}

/// The result of a check.
pub(super) fn check(id: &InstanceId, check: &CheckResult, marked: &[&str]) -> Evidence {
    let output = if check.output.trim().is_empty() { check.status.as_str() } else { check.output.as_str() };
    supports(Source::Check(id.clone()), check.updated_at, &format!("{}: {output}", check.name), marked)
}

/// What shows that a check of the instance fails: the last restart it caused, or else its result.
pub(super) fn check_trouble(one: &Patient<'_>) -> Option<Evidence> {
    let id = &one.facts.instance.id;
    let restarts: Vec<&InstanceEvent> = one.check_restarts().collect();
    if let Some(last) = restarts.last() {
        let mut evidence = event(id, last, &["unhealthy"]);
        evidence.note = (restarts.len() > 1).then(|| format!("{} times so far", restarts.len()));
        return Some(evidence);
    }
    one.critical().next().map(|critical| check(id, critical, &["connection refused"]))
}

/// How Fly writes that a check passes, that an instance stops and that it starts: in the Nomad era, and
/// now.
const PASSES: &[&str] = &["'critical' => 'passing'", "is now passing"];
const STOPS: &[&str] = &["Shutting down", "Sending signal SIG", "Main child exited"];
const STARTS: &[&str] = &["Starting instance", "Starting machine", "Preparing to run", "Machine started"];

fn has(line: &LogLine, words: &[&str]) -> bool {
    words.iter().any(|word| line.message.contains(word))
}

/// A check that turns passing after its instance began to shut down: nothing was there to check.
pub(super) fn passing_while_shutting_down(one: &Patient<'_>) -> Option<Evidence> {
    let passing = one.lines().iter().rposition(|line| has(line, PASSES))?;
    let before = &one.lines()[..passing];
    let stopping = before.iter().rposition(|line| has(line, STOPS))?;
    if before[stopping..].iter().any(|line| has(line, STARTS)) {
        return None;
    }
    Some(Evidence {
        stance: Stance::Contradicts,
        note: Some("Not a recovery: the instance was shutting down, nothing was left to check.".to_owned()),
        ..line(&one.facts.instance.id, &one.lines()[passing], &["'passing'", "now passing"])
    })
}
