//! The log of one machine, read on from where the last answer ended.
//!
//! An answer holds a hundred lines at most. More are read at once, so that what is shown does not fall
//! behind; where even that is not enough, the newest lines go on after a gap that says so.

use super::Asking;
use crate::live::asked::{Asked, LOGS, LOGS_WHILE_MOVING, LONGEST, in_time};
use fly::{FlyError, LogPage, LogPlace, LogQuery};
use model::instance_view::{LeftOut, LogTail};
use model::{AppName, InstanceId, LogLine, Timestamp};
use std::time::Duration;
use tokio::time::Instant;

/// How many lines an answer of Fly's holds at most.
const FULL: usize = 100;
/// How many answers are read at once before the newest lines go on after a gap.
const ANSWERS: usize = 10;
/// How long the log of a machine that does not run is still asked for: its last lines may come late.
const LAST_LINES: Duration = Duration::from_secs(60);

/// The last lines, and where to read on.
#[derive(Default)]
pub(super) struct Log {
    tail: LogTail,
    /// Where the next answer begins.
    page: Asked<LogPlace>,
    /// Since when the machine has not run; none while it runs.
    at_rest_since: Option<Instant>,
}

/// What one reading brought.
#[derive(Debug, Default)]
pub(super) struct News {
    lines: Vec<LogLine>,
    /// Whether they are all that were written lately, and not only those after a place.
    are_newest: bool,
    /// How many before them were read and are not among them, and when the last of these was written;
    /// those after that were not read at all.
    skipped: Option<(usize, Timestamp)>,
    unreadable: usize,
    next: Option<LogPlace>,
    /// What ended the reading early.
    error: Option<FlyError>,
}

impl Log {
    /// Whether it is to be asked for now. Of a machine that does not run that is over soon: its log does
    /// not grow.
    pub(super) fn is_due(&mut self, at_rest: bool, now: Instant) -> bool {
        let since = at_rest.then(|| *self.at_rest_since.get_or_insert(now));
        self.at_rest_since = since;
        let is_over = since.is_some_and(|since| now >= since + LAST_LINES);
        self.page.is_due(now) && (!is_over || self.page.is_unknown() || self.page.has_failed())
    }

    /// Where the next reading begins; none where that is with the newest lines.
    pub(super) fn place(&self) -> Option<LogPlace> {
        self.page.told().cloned()
    }

    /// Takes in what a reading brought.
    pub(super) fn learn(&mut self, news: News, moving: bool, now: Instant) {
        let pace = if moving { LOGS_WHILE_MOVING } else { LOGS };
        let News { lines, are_newest, skipped, unreadable, next, error } = news;
        if let Some((count, until)) = skipped {
            self.tail.leave_out(LeftOut::Skipped(count), until);
        }
        // The newest lines repeat what could not be read of them before.
        if unreadable > 0 && (!are_newest || self.tail.is_empty()) {
            let at = lines.first().map(|line| line.at).unwrap_or_default();
            self.tail.leave_out(LeftOut::Unreadable(unreadable), at);
        }
        if are_newest {
            self.tail.extend_with_newest(&lines);
        } else {
            self.tail.extend(&lines);
        }
        if next.is_some() || error.is_none() {
            self.page.learn(Ok(next), pace, now);
        }
        if let Some(error) = error {
            self.page.learn(Err(error), pace, now);
        }
    }

    /// Takes in the newest lines of an allocation, which come with its app.
    pub(super) fn learn_newest(&mut self, newest: &[LogLine]) {
        self.tail.extend_with_newest(newest);
    }

    /// It may be asked for at once, also of a machine that does not run.
    pub(super) fn hurry(&mut self) {
        self.page.hurry();
        self.at_rest_since = None;
    }

    /// The last lines.
    pub(super) fn tail(&self) -> &LogTail {
        &self.tail
    }

    /// Whether it never came.
    pub(super) fn is_unknown(&self) -> bool {
        self.page.is_unknown()
    }

    /// Whether the last answer was an error.
    pub(super) fn has_failed(&self) -> bool {
        self.page.has_failed()
    }
}

/// Reads what was written after a place; without one, the newest lines.
pub(super) async fn read(
    asking: Asking<'_>,
    app: &AppName,
    id: &InstanceId,
    after: Option<LogPlace>,
) -> News {
    let ask = async |after: Option<LogPlace>| {
        let query = LogQuery { after, instance: Some(id.clone()), ..LogQuery::default() };
        in_time(asking.shared.upstream.logs(asking.token, app, &query)).await
    };
    let began = Instant::now();
    let mut news = News { are_newest: after.is_none(), next: after, ..News::default() };
    for _ in 0..ANSWERS {
        match ask(news.next.clone()).await {
            Err(error) => return News { error: Some(error), ..news },
            Ok(page) => {
                if news.take(page) {
                    return news;
                }
            }
        }
        if began.elapsed() >= LONGEST {
            break;
        }
    }
    match ask(None).await {
        Err(error) => News { error: Some(error), ..news },
        Ok(newest) => news.skip_to(newest),
    }
}

impl News {
    /// Takes in an answer; true where it holds the last line there is.
    fn take(&mut self, page: LogPage) -> bool {
        let is_last = self.are_newest || page.lines.len() < FULL || page.next == self.next;
        self.unreadable += page.unreadable;
        self.lines.extend(page.lines.into_iter().map(|one| one.line));
        self.next = page.next;
        is_last
    }

    /// Goes on with the newest lines. Where these begin before what was read ends, nothing is missing.
    fn skip_to(mut self, newest: LogPage) -> Self {
        let lines: Vec<LogLine> = newest.lines.into_iter().map(|one| one.line).collect();
        let next = newest.next;
        let last = self.lines.last();
        if let Some(known) = lines.iter().rposition(|line| last == Some(line)) {
            self.lines.extend_from_slice(&lines[known + 1..]);
            return Self { next, ..self };
        }
        let until = last.map_or(Timestamp(0), |last| last.at);
        Self { skipped: Some((self.lines.len(), until)), lines, next, ..self }
    }
}
