//! The tree of processes, from `/proc` or, where there is none, from `ps`.

use std::fs;
use std::process::Command;

/// A process that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) parent: u32,
    /// Tells two processes apart that had the same number one after the other.
    started: String,
}

impl Process {
    pub(super) fn is_among(&self, others: &[Process]) -> bool {
        others.iter().any(|other| other.id == self.id && other.started == self.started)
    }
}

/// Every process that `ancestor` started, and theirs.
pub(super) fn descendants_of(ancestor: u32) -> Vec<Process> {
    descendants(ancestor, &all())
}

/// Every process that has not ended.
pub(super) fn all() -> Vec<Process> {
    from_proc().unwrap_or_else(from_ps)
}

fn descendants(ancestor: u32, everything: &[Process]) -> Vec<Process> {
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for child in everything.iter().filter(|one| one.parent == parent) {
            parents.push(child.id);
            found.push(child.clone());
        }
    }
    found
}

fn from_proc() -> Option<Vec<Process>> {
    let entries = fs::read_dir("/proc").ok()?;
    let processes: Vec<Process> = entries
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok())
        .filter_map(|stat| parse_stat(&stat))
        .collect();
    (!processes.is_empty()).then_some(processes)
}

/// One `/proc/<id>/stat` line, see proc(5): the name in parentheses may hold anything.
fn parse_stat(stat: &str) -> Option<Process> {
    let (id, rest) = stat.split_once(" (")?;
    let (_, fields) = rest.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let (state, parent, started) = (fields.first()?, fields.get(1)?, fields.get(19)?);
    if matches!(*state, "Z" | "X") {
        return None;
    }
    Some(Process { id: id.parse().ok()?, parent: parent.parse().ok()?, started: (*started).to_owned() })
}

fn from_ps() -> Vec<Process> {
    let listed = Command::new("ps").args(["-A", "-o", "pid=,ppid=,state=,lstart="]).output();
    let Ok(listed) = listed else {
        return Vec::new();
    };
    String::from_utf8_lossy(&listed.stdout).lines().filter_map(parse_ps).collect()
}

fn parse_ps(line: &str) -> Option<Process> {
    let mut words = line.split_whitespace();
    let id = words.next()?.parse().ok()?;
    let parent = words.next()?.parse().ok()?;
    if words.next()?.starts_with('Z') {
        return None;
    }
    let started = words.collect::<Vec<_>>().join(" ");
    Some(Process { id, parent, started })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: u32, parent: u32) -> Process {
        Process { id, parent, started: "1".to_owned() }
    }

    #[test]
    fn a_name_with_parentheses_and_spaces_is_skipped_as_a_whole() {
        let stat = "42 (a) (b c) S 7 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9876 1 1";
        let parsed = parse_stat(stat).unwrap();
        assert_eq!((parsed.id, parsed.parent), (42, 7));
        assert_eq!(parsed.started, "9876");
    }

    #[test]
    fn a_process_that_only_waits_to_be_collected_has_ended() {
        let stat = "42 (a) Z 7 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9876 1 1";
        assert_eq!(parse_stat(stat), None);
    }

    #[test]
    fn grandchildren_are_found_and_strangers_are_not() {
        let all = [process(2, 1), process(3, 2), process(4, 3), process(5, 1)];
        let found: Vec<u32> = descendants(2, &all).iter().map(|one| one.id).collect();
        assert_eq!(found, [3, 4]);
    }

    #[test]
    fn a_number_used_again_is_another_process() {
        let again = Process { started: "2".to_owned(), ..process(2, 1) };
        assert!(!process(2, 1).is_among(&[again]));
    }

    #[test]
    fn a_line_of_ps_is_understood() {
        let parsed = parse_ps("  42     7 S    Mon Nov 23 12:00:00 2026").unwrap();
        assert_eq!((parsed.id, parsed.parent), (42, 7));
    }
}
