//! The last lines of an app's log, from where the last answer ended.

use crate::live::asked::{LOGS, again};
use fly::{FlyError, LogPage, LogPlace, LogQuery};
use model::{AppFacts, AppLogLine};
use std::time::Duration;
use tokio::time::Instant;

/// How many lines are kept.
pub(super) const MOST: usize = 600;

/// The lines, oldest first.
#[derive(Default)]
pub(super) struct Lines {
    /// Empty while they are lent.
    kept: Vec<AppLogLine>,
    /// Where the last answer ended, if Fly told.
    next: Option<LogPlace>,
    asked: Option<Instant>,
    /// Fly refused, or asked to wait.
    wait: Duration,
    /// Why the last question had no answer, for a person.
    why_not: Option<String>,
}

impl Lines {
    pub(super) fn is_due(&self, pace: Duration, now: Instant) -> bool {
        self.asked.is_none_or(|asked| now >= asked + pace.max(self.wait))
    }

    pub(super) fn hurry(&mut self) {
        self.asked = None;
    }

    pub(super) fn question(&self) -> LogQuery {
        LogQuery { after: self.next.clone(), ..LogQuery::default() }
    }

    /// Takes in an answer; one that failed leaves what was known.
    pub(super) fn learn(&mut self, answer: Result<LogPage, FlyError>, now: Instant) {
        self.asked = Some(now);
        match answer {
            Ok(page) => {
                (self.wait, self.why_not) = (Duration::ZERO, None);
                self.next = page.next;
                self.add(page.lines);
            }
            Err(error) => (self.wait, self.why_not) = (again(&error, LOGS), Some(error.person())),
        }
    }

    /// Adds the lines that are not known. Where Fly does not tell where its answer ended, the next one
    /// holds the newest lines once more.
    fn add(&mut self, new: Vec<AppLogLine>) {
        let Some(first) = new.first().map(|line| line.line.at) else { return };
        let from = self.kept.partition_point(|line| line.line.at < first);
        let unknown: Vec<AppLogLine> =
            new.into_iter().filter(|line| !self.kept[from..].contains(line)).collect();
        self.kept.extend(unknown);
        self.kept.sort_by_key(|line| line.line.at);
        let too_many = self.kept.len().saturating_sub(MOST);
        self.kept.drain(..too_many);
    }

    pub(super) fn not_loaded(&self) -> Option<&str> {
        self.why_not.as_deref()
    }

    pub(super) fn lend(&mut self, facts: &mut AppFacts) {
        facts.logs = std::mem::take(&mut self.kept);
    }

    pub(super) fn take_back(&mut self, facts: &mut AppFacts) {
        self.kept = std::mem::take(&mut facts.logs);
    }
}
