//! The last lines of one instance's log. Their keys are numbers: whoever has the lines up to one appends
//! those after it, and a line that comes twice is shown once.

use super::page::{Cell, Line};
use crate::facts::LogLine;
use crate::time::Timestamp;
use std::collections::VecDeque;

/// How many lines are kept.
pub const MOST_LINES: usize = 200;
/// Numbers that one millisecond has room for.
const IN_A_MILLISECOND: u64 = 1_000;

/// The last lines. Their numbers grow from line to line; that of a line follows from its time where it can,
/// so that a server that begins anew numbers the same lines alike.
///
/// Where lines were left out, a line in their place says how many.
#[derive(Clone, Debug, Default)]
pub struct LogTail {
    lines: VecDeque<(u64, Entry)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Line(LogLine),
    /// How many lines are left out here and why, and when the last of them was written that is known.
    Gap(Timestamp, LeftOut),
}

/// Lines that are not shown, though Fly has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// So many came at once, more than are kept.
    TooMany(usize),
    /// At least so many: Windsock went on with the newest lines and did not read all before them.
    Skipped(usize),
    /// So many were of no shape that Windsock knows.
    Unreadable(usize),
}

impl LogTail {
    /// The lines, oldest first: when, level, text.
    pub fn lines(&self) -> Vec<Line> {
        self.lines.iter().map(|(number, entry)| shown(*number, entry)).collect()
    }

    /// Appends lines that come after all that are known. Of more than there is room for, the oldest are
    /// left out, and counted.
    pub fn extend(&mut self, lines: &[LogLine]) {
        let too_many = match lines.len().checked_sub(MOST_LINES) {
            None | Some(0) => 0,
            // One more: the gap takes the place of a line.
            Some(more) => more + 1,
        };
        let (left_out, kept) = lines.split_at(too_many);
        if let Some(last) = left_out.last() {
            self.leave_out(LeftOut::TooMany(too_many), last.at);
        }
        for line in kept {
            self.push(line.at, Entry::Line(line.clone()));
        }
    }

    /// Says in the place after all that are known that lines are left out; `until` is when the last of
    /// them was written, as far as that is known.
    pub fn leave_out(&mut self, left_out: LeftOut, until: Timestamp) {
        let at = self.lines.back().map_or(until, |(_, last)| last.at().max(until));
        self.push(at, Entry::Gap(at, left_out));
    }

    /// Whether there is no line yet.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Appends those of the newest lines that are not known yet: an answer without a place to go on from
    /// repeats what it said before.
    pub fn extend_with_newest(&mut self, newest: &[LogLine]) {
        let last = self.lines.back().map(|(_, entry)| entry.clone());
        let is_last = |line: &LogLine| last.as_ref().is_some_and(|last| last.is(line));
        let known = match newest.iter().rposition(is_last) {
            Some(place) => place + 1,
            None => newest.partition_point(|line| last.as_ref().is_some_and(|last| line.at <= last.at())),
        };
        self.extend(&newest[known..]);
    }

    fn push(&mut self, at: Timestamp, entry: Entry) {
        let by_time = u64::try_from(at.millis()).unwrap_or(0).saturating_mul(IN_A_MILLISECOND);
        let after_last = self.lines.back().map_or(0, |(last, _)| last + 1);
        self.lines.push_back((by_time.max(after_last), entry));
        if self.lines.len() > MOST_LINES {
            self.lines.pop_front();
        }
    }
}

impl Entry {
    fn at(&self) -> Timestamp {
        match self {
            Self::Line(line) => line.at,
            Self::Gap(at, _) => *at,
        }
    }

    fn is(&self, line: &LogLine) -> bool {
        matches!(self, Self::Line(known) if known == line)
    }
}

impl LeftOut {
    /// What stands in their place, for a person.
    fn sentence(self) -> String {
        let lines = |count: usize| match count {
            1 => "1 line is".to_owned(),
            _ => format!("{count} lines are"),
        };
        match self {
            Self::TooMany(count) => {
                format!("{} left out here: more came at once than this page keeps.", lines(count))
            }
            Self::Skipped(count) => {
                format!("At least {} left out here: they came faster than Windsock reads them.", lines(count))
            }
            Self::Unreadable(count) => format!("{} left out here: Windsock cannot read them.", lines(count)),
        }
    }
}

/// The number with leading zeros, so that keys are ordered as numbers are.
fn shown(number: u64, entry: &Entry) -> Line {
    let at = entry.at();
    let (level, text) = match entry {
        Entry::Line(line) => (line.level.clone(), line.message.clone()),
        Entry::Gap(_, left_out) => ("gap".to_owned(), left_out.sentence()),
    };
    let at = Cell { at: Some(at), ..Cell::text(at.clock()) };
    Line { key: format!("{number:020}"), cells: vec![at, Cell::text(level), Cell::text(text)] }
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

    fn line(at: i64, message: &str) -> LogLine {
        LogLine { at: Timestamp(at), level: "info".into(), message: message.into() }
    }

    fn several<'a>(lines: impl IntoIterator<Item = (i64, &'a str)>) -> Vec<LogLine> {
        lines.into_iter().map(|(at, text)| line(at, text)).collect()
    }

    fn tail(lines: &[(i64, &str)]) -> LogTail {
        let mut tail = LogTail::default();
        tail.extend(&several(lines.iter().copied()));
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
        for at in 0..300 {
            known.extend(&[line(at, &at.to_string())]);
        }
        assert_eq!((known.lines().len(), messages(&known)[0].as_str()), (MOST_LINES, "100"));
    }

    #[test]
    fn lines_of_which_more_come_at_once_than_are_kept_are_counted_where_they_are_missing() {
        let mut known = tail(&[(1, "before")]);
        known.extend(&several((2..1_002).map(|at| (at, "burst"))));
        let lines = known.lines();
        assert_eq!(lines.len(), MOST_LINES);
        assert!(lines[0].cells[2].text.starts_with("801 lines are left out here"), "{:?}", lines[0]);
        assert_eq!(lines[0].cells[0].at, Some(Timestamp(802)));
        assert!(lines.is_sorted_by(|a, b| a.key < b.key));
        // As many as there is room for are all shown.
        let mut fitting = tail(&[]);
        fitting.extend(&several((0..200).map(|at| (at, "x"))));
        assert!(messages(&fitting).iter().all(|text| text == "x"));
    }

    #[test]
    fn a_gap_stands_between_the_lines_before_and_after_it() {
        let mut known = tail(&[(1, "a")]);
        known.leave_out(LeftOut::Skipped(1_000), Timestamp(5));
        known.extend(&[line(9, "z")]);
        known.leave_out(LeftOut::Unreadable(1), Timestamp(9));
        let said = messages(&known);
        assert_eq!((said[0].as_str(), said[2].as_str()), ("a", "z"));
        assert!(said[1].starts_with("At least 1000 lines are left out here"), "{said:?}");
        assert!(said[3].starts_with("1 line is left out here"), "{said:?}");
        assert!(known.lines().is_sorted_by(|a, b| a.key < b.key));
        known.extend_with_newest(&[line(9, "z"), line(10, "end")]);
        assert_eq!(messages(&known).last().unwrap(), "end");
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
        known.extend(&several((0..150).map(|at| (at, "x"))));
        let old = known.lines();
        known.extend(&several((150..250).map(|at| (at, "y"))));
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
