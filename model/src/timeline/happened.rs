//! What the facts of one instant tell of what happened.

use super::{Entry, EntryKind};
use crate::deployment::Deployment;
use crate::diagnosis::exits;
use crate::facts::{AppFacts, InstanceFacts, LogLine};
use crate::id::InstanceId;
use crate::instance::{CheckResult, InstanceEvent};
use crate::logs::{ansi, head, mask::mask};
use crate::release::Release;
use crate::state::{CheckStatus, DeploymentState, word};
use crate::time::Timestamp;

/// Longest text of an entry, in bytes.
const LONGEST: usize = 240;
/// Clocks of Fly's API and of a host may differ by this much.
pub(super) const CLOCKS_DIFFER_MS: i64 = 2_000;

/// What happened while a deployment went on.
pub(super) struct Span<'a> {
    pub(super) deployment: &'a Deployment,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Span<'_> {
    pub(super) fn has(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.until
    }
}

/// What is said of the deployment itself: that its release was made, and how it ended.
pub(super) fn of_deployment(facts: &AppFacts, deployment: &Deployment) -> Vec<Entry> {
    let release = facts.releases.iter().find(|release| release.version == deployment.version);
    let mut entries: Vec<Entry> = release.map(|release| made(release, deployment)).into_iter().collect();
    let kind = match deployment.status {
        DeploymentState::Successful => Some(EntryKind::Succeeded),
        DeploymentState::Failed
        | DeploymentState::Interrupted
        | DeploymentState::Abandoned
        | DeploymentState::Cancelled => Some(EntryKind::Failed),
        _ => None,
    };
    if let (Some(at), Some(kind)) = (deployment.ended_at, kind) {
        let status = word(deployment.status.as_str());
        let text = format!("{} {}: {}", deployment.version, status.to_lowercase(), deployment.description);
        entries.push(entry(at, kind, None, text.trim_end_matches(": ")));
    }
    entries
}

fn made(release: &Release, deployment: &Deployment) -> Entry {
    let by = deployment.user.as_ref().map(|user| format!(" by {user}")).unwrap_or_default();
    let how = release.strategy.as_ref().map(|strategy| format!(", {strategy}")).unwrap_or_default();
    entry(release.created_at, EntryKind::Made, None, &format!("{} was made{by}{how}", release.version))
}

/// That an instance runs the release, from when on it is known to.
pub(super) fn placed(one: &InstanceFacts, span: &Span<'_>) -> Option<Entry> {
    let instance = &one.instance;
    if instance.version != Some(span.deployment.version) {
        return None;
    }
    let updated = |event: &&InstanceEvent| matches!(event.kind.as_str(), "launch" | "update");
    let at = Some(instance.created_at).filter(|at| span.has(*at)).or_else(|| {
        one.events.iter().filter(|event| span.has(event.at)).find(updated).map(|event| event.at)
    })?;
    let text = format!("runs {} in {}", span.deployment.version, instance.region);
    Some(entry(at, EntryKind::Placed, Some(&instance.id), &text))
}

/// The events of an instance.
pub(super) fn events(one: &InstanceFacts, span: &Span<'_>) -> Vec<Entry> {
    let ends = exits(one, span.from);
    let within = one.events.iter().filter(|event| span.has(event.at));
    within
        .map(|event| {
            let end = ends.iter().find(|end| end.at == event.at && is_end(event));
            let kind = match event.kind.as_str() {
                _ if end.is_some_and(crate::diagnosis::Ended::is_crash) => EntryKind::Crashed,
                _ if end.is_some() => EntryKind::Ended,
                "start" | "Started" | "restart" => EntryKind::Started,
                _ => EntryKind::Event,
            };
            let text = format!("{}: {}", event.kind, event.message);
            entry(event.at, kind, Some(&one.instance.id), text.trim_end_matches(": "))
        })
        .collect()
}

fn is_end(event: &InstanceEvent) -> bool {
    event.exit.is_some() || event.kind == "Terminated"
}

/// The result of a check, from when on it is known.
pub(super) fn check(one: &InstanceFacts, check: &CheckResult, at: Timestamp) -> Entry {
    let (kind, output) = match check.status {
        CheckStatus::Passing => (EntryKind::Passing, ""),
        CheckStatus::Critical => (EntryKind::Failing, check.output.trim()),
        _ => (EntryKind::Waiting, ""),
    };
    let text = format!("{}{}: {output}", check_words(&check.name), check.status);
    entry(at, kind, Some(&one.instance.id), text.trim_end_matches(": "))
}

/// What an entry of a check begins with.
pub(super) fn check_words(name: &str) -> String {
    format!("{} is ", safe(name))
}

/// A line of a log, with its colours.
pub(super) fn logged(id: &InstanceId, line: &LogLine, nth: u32) -> Entry {
    let mut spans = ansi::spans(&line.message);
    ansi::cut(&mut spans, LONGEST);
    let text = ansi::written(&spans);
    Entry { at: line.at, kind: EntryKind::Log, instance: Some(id.clone()), nth, text }
}

fn entry(at: Timestamp, kind: EntryKind, id: Option<&InstanceId>, text: &str) -> Entry {
    Entry { at, kind, instance: id.cloned(), nth: 0, text: safe(text) }
}

/// One line without escapes and secrets, and not endless.
fn safe(text: &str) -> String {
    let plain = ansi::plain(text);
    let shown = mask(plain.trim());
    let cut = head(&shown, LONGEST);
    if cut.len() < shown.len() { format!("{cut}…") } else { cut.to_owned() }
}
