//! What happened since a deployment began, kept from poll to poll: Fly tells a machine's last events
//! and each check's present result only.

use super::happened::{self, CLOCKS_DIFFER_MS, Span};
use super::{Entry, EntryKind, Group, Timeline};
use crate::deployment::Deployment;
use crate::diagnosis::{Diagnosis, failing_lines};
use crate::facts::{AppFacts, InstanceFacts};
use crate::id::ReleaseVersion;
use crate::state::CheckStatus;
use crate::time::Timestamp;

/// How many entries a page shows.
pub(super) const MOST_SHOWN: usize = 100;
/// How many are kept.
const MOST_KEPT: usize = 500;
/// How many lines of the log of an instance that fails are taken at a time.
const LINES: usize = 30;
/// For how long after its end something that happens still belongs to a deployment.
const AFTERWARDS_MS: i64 = 10 * 60 * 1_000;

/// What happened so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chronicle {
    version: Option<ReleaseVersion>,
    /// Oldest first, each once.
    entries: Vec<Entry>,
    /// What is not newer than this was forgotten.
    forgotten_until: Option<Timestamp>,
    forgotten: u32,
}

impl Chronicle {
    /// Takes in what is known at `now`. Equal facts add nothing a second time; another release begins
    /// anew.
    pub fn follow(
        &mut self,
        facts: &AppFacts,
        deployment: Option<&Deployment>,
        diagnosis: Option<&Diagnosis>,
        now: Timestamp,
    ) {
        let version = deployment.map(|deployment| deployment.version);
        if self.version != version {
            *self = Self { version, ..Self::default() };
        }
        let Some(deployment) = deployment else { return };
        let span = span(deployment, now);
        // What is said of the deployment itself is told anew each time. A clock that was set back takes
        // back what has not happened yet.
        let is_its_own = |kind: EntryKind| kind.group() == Group::Deployment && kind != EntryKind::Placed;
        self.entries.retain(|one| !is_its_own(one.kind) && one.at <= now.plus(CLOCKS_DIFFER_MS));
        for entry in happened::of_deployment(facts, deployment) {
            self.put(entry);
        }
        for one in &facts.instances {
            self.follow_instance(one, &span, now);
        }
        self.follow_log(facts, deployment, diagnosis, &span, now);
        self.forget();
    }

    fn follow_instance(&mut self, one: &InstanceFacts, span: &Span<'_>, now: Timestamp) {
        let id = Some(&one.instance.id);
        let is_placed = |entry: &Entry| entry.kind == EntryKind::Placed && entry.instance.as_ref() == id;
        if !self.entries.iter().any(is_placed)
            && let Some(entry) = happened::placed(one, span)
        {
            self.put(entry);
        }
        for entry in happened::events(one, span) {
            self.put(entry);
        }
        for check in one.checks.iter().filter(|check| !matches!(check.status, CheckStatus::Other(_))) {
            let words = happened::check_words(&check.name);
            let mut of_check = self.entries.iter().rev().filter(|entry| {
                entry.kind.group() == Group::Checks
                    && entry.instance.as_ref() == id
                    && entry.text.starts_with(&words)
            });
            let last = of_check.next();
            // Where Fly does not tell when the result changed, it is known since now; what passed before
            // the deployment began is no news.
            let at = check.updated_at.or_else(|| last.map(|_| now));
            let at = at.map(|at| last.map_or(at, |last| at.max(last.at)));
            let Some(entry) = at.map(|at| happened::check(one, check, at)) else { continue };
            if span.has(entry.at) && last.is_none_or(|last| last.kind != entry.kind) {
                self.put(entry);
            }
        }
    }

    fn follow_log(
        &mut self,
        facts: &AppFacts,
        deployment: &Deployment,
        diagnosis: Option<&Diagnosis>,
        span: &Span<'_>,
        now: Timestamp,
    ) {
        let Some(tail) = diagnosis.and_then(|diagnosis| diagnosis.log_tail.as_ref()) else { return };
        let lines = failing_lines(facts, deployment, &tail.instance, now);
        // Lines of one instant are in the order in which they were written, which their text does not
        // tell.
        let mut before: Option<(Timestamp, u32)> = None;
        let numbered = lines.iter().map(|line| {
            let nth = before.filter(|(at, _)| *at == line.at).map_or(0, |(_, nth)| nth + 1);
            before = Some((line.at, nth));
            (line, nth)
        });
        for (line, nth) in numbered.skip(lines.len().saturating_sub(LINES)) {
            if span.has(line.at) && !line.message.trim().is_empty() {
                self.put(happened::logged(&tail.instance, line, nth));
            }
        }
    }

    fn put(&mut self, entry: Entry) {
        let is_forgotten = self.forgotten_until.is_some_and(|until| entry.at <= until);
        let at = self.entries.partition_point(|one| one.precedes(&entry));
        if !is_forgotten && self.entries.get(at) != Some(&entry) {
            self.entries.insert(at, entry);
        }
    }

    fn forget(&mut self) {
        let too_many = self.entries.len().saturating_sub(MOST_KEPT);
        if let Some(last) = too_many.checked_sub(1).map(|last| self.entries[last].at) {
            let before = self.entries.len();
            self.entries.retain(|entry| entry.at > last);
            self.forgotten_until = Some(last);
            self.forgotten += counted(before - self.entries.len());
        }
    }

    /// What a page shows.
    pub fn shown(&self) -> Timeline {
        let from = self.entries.len().saturating_sub(MOST_SHOWN);
        Timeline {
            version: self.version,
            entries: self.entries[from..].to_vec(),
            left_out: self.forgotten + counted(from),
        }
    }
}

fn span(deployment: &Deployment, now: Timestamp) -> Span<'_> {
    Span {
        deployment,
        from: deployment.started_at.plus(-CLOCKS_DIFFER_MS),
        until: deployment.ended_at.map_or(now.plus(CLOCKS_DIFFER_MS), |at| at.plus(AFTERWARDS_MS)),
    }
}

fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
