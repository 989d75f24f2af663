//! The last lines of one instance's log. Their keys are numbers: whoever has the lines up to one appends
//! those after it, and a line that comes twice is shown once.

use super::page::{Cell, Line};
use crate::facts::LogLine;
use std::collections::VecDeque;

/// How many lines are kept.
pub const MOST_LINES: usize = 200;
/// Numbers that one millisecond has room for.
const IN_A_MILLISECOND: u64 = 1_000;

/// The last lines. Their numbers grow from line to line; that of a line follows from its time where it can,
/// so that a server that begins anew numbers the same lines alike.
#[derive(Clone, Debug, Default)]
pub struct LogTail {
    lines: VecDeque<(u64, LogLine)>,
}

impl LogTail {
    /// The lines, oldest first: when, level, text.
    pub fn lines(&self) -> Vec<Line> {
        self.lines.iter().map(|(number, line)| shown(*number, line)).collect()
    }

    /// Appends lines that come after all that are known.
    pub fn extend(&mut self, lines: impl IntoIterator<Item = LogLine>) {
        for line in lines {
            self.push(line);
        }
    }

    /// Appends those of the newest lines that are not known yet: an answer without a place to go on from
    /// repeats what it said before.
    pub fn extend_with_newest(&mut self, newest: &[LogLine]) {
        let last = self.lines.back().map(|(_, line)| line.clone());
        let known = match newest.iter().rposition(|line| last.as_ref() == Some(line)) {
            Some(place) => place + 1,
            None => newest.partition_point(|line| last.as_ref().is_some_and(|last| line.at <= last.at)),
        };
        self.extend(newest[known..].iter().cloned());
    }

    fn push(&mut self, line: LogLine) {
        let by_time = u64::try_from(line.at.millis()).unwrap_or(0).saturating_mul(IN_A_MILLISECOND);
        let after_last = self.lines.back().map_or(0, |(last, _)| last + 1);
        self.lines.push_back((by_time.max(after_last), line));
        if self.lines.len() > MOST_LINES {
            self.lines.pop_front();
        }
    }
}

/// The number with leading zeros, so that keys are ordered as numbers are.
fn shown(number: u64, line: &LogLine) -> Line {
    let at = Cell { at: Some(line.at), ..Cell::text(line.at.clock()) };
    let cells = vec![at, Cell::text(line.level.clone()), Cell::text(line.message.clone())];
    Line { key: format!("{number:020}"), cells }
}

/// Appends lines that are not there yet, and lets go of the oldest.
pub(crate) fn append(log: &mut Vec<Line>, lines: Vec<Line>) {
    for line in lines {
        if log.last().is_none_or(|last| line.key > last.key) {
            log.push(line);
        }
    }
    let too_many = log.len().saturating_sub(MOST_LINES);
    log.drain(..too_many);
}

/// The lines that [`append`] makes `new` of `old` with; none where it cannot.
pub(crate) fn appended(old: &[Line], new: &[Line]) -> Option<Vec<Line>> {
    let kept = new.partition_point(|line| old.last().is_some_and(|last| line.key <= last.key));
    let expected = old.len().min(MOST_LINES.saturating_sub(new.len() - kept));
    (kept == expected && old.ends_with(&new[..kept])).then(|| new[kept..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn line(at: i64, message: &str) -> LogLine {
        LogLine { at: Timestamp(at), level: "info".into(), message: message.into() }
    }

    fn tail(lines: &[(i64, &str)]) -> LogTail {
        let mut tail = LogTail::default();
        tail.extend(lines.iter().map(|(at, text)| line(*at, text)));
        tail
    }

    fn messages(tail: &LogTail) -> Vec<String> {
        tail.lines().into_iter().map(|line| line.cells[2].text.clone()).collect()
    }

    #[test]
    fn numbers_grow_and_follow_from_the_time_where_they_can() {
        let lines = tail(&[(5, "a"), (5, "b"), (7, "c"), (6, "late")]).lines();
        let numbers: Vec<u64> = lines.iter().map(|line| line.key.parse().unwrap()).collect();
        assert_eq!(numbers, [5_000, 5_001, 7_000, 7_001]);
        assert!(lines.is_sorted_by(|a, b| a.key < b.key));
    }

    #[test]
    fn the_oldest_lines_go_once_there_are_too_many() {
        let mut known = tail(&[]);
        known.extend((0..300).map(|at| line(at, &at.to_string())));
        assert_eq!((known.lines().len(), messages(&known)[0].as_str()), (MOST_LINES, "100"));
    }

    #[test]
    fn newest_lines_that_repeat_are_appended_once() {
        let mut known = tail(&[(1, "a"), (2, "b")]);
        known.extend_with_newest(&[line(1, "a"), line(2, "b"), line(2, "c")]);
        known.extend_with_newest(&[line(2, "b"), line(2, "c"), line(3, "d")]);
        assert_eq!(messages(&known), ["a", "b", "c", "d"]);
        known.extend_with_newest(&[line(9, "after a gap")]);
        assert_eq!(messages(&known).last().unwrap(), "after a gap");
        known.extend_with_newest(&[line(8, "older than the last")]);
        assert_eq!(known.lines().len(), 5);
    }

    #[test]
    fn what_was_appended_is_found_and_appending_it_twice_changes_nothing() {
        let mut known = tail(&[]);
        known.extend((0..150).map(|at| line(at, "x")));
        let old = known.lines();
        known.extend((150..250).map(|at| line(at, "y")));
        let new = known.lines();
        let fresh = appended(&old, &new).unwrap();
        assert_eq!(fresh.len(), 100);
        let mut shown = old.clone();
        append(&mut shown, fresh.clone());
        append(&mut shown, fresh);
        assert_eq!(shown, new);
        assert_eq!(appended(&new, &new), Some(vec![]));
    }

    #[test]
    fn lines_that_do_not_follow_are_no_appendix() {
        let old = tail(&[(1, "a"), (2, "b")]).lines();
        assert_eq!(appended(&old, &tail(&[(1, "a"), (2, "other"), (3, "c")]).lines()), None);
        assert_eq!(appended(&old, &[]), None);
        assert_eq!(appended(&[], &old).map(|all| all.len()), Some(2));
    }
}
