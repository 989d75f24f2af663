//! Since when parts are missing: what is still shown of them is as old as that.

use model::Timestamp;
use std::collections::HashMap;

/// The parts that are missing now, by name, with when each of them was last there.
#[derive(Default)]
pub(super) struct Gaps {
    last_poll: Option<Timestamp>,
    last_there: HashMap<String, Option<Timestamp>>,
}

impl Gaps {
    /// What the poll that was asked at this moment misses. Says from when the oldest of what is still
    /// shown of it is; none where all of it was missing from the start.
    pub(super) fn note(&mut self, missing: &[String], asked_at: Timestamp) -> Option<Timestamp> {
        let shown_from = self.note_unanswered(missing);
        self.last_poll = Some(asked_at);
        shown_from
    }

    /// The same where nothing at all was answered.
    pub(super) fn note_unanswered(&mut self, missing: &[String]) -> Option<Timestamp> {
        let before = std::mem::take(&mut self.last_there);
        self.last_there = missing
            .iter()
            .map(|part| (part.clone(), before.get(part).copied().unwrap_or(self.last_poll)))
            .collect();
        self.last_there.values().copied().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_part_is_as_old_as_the_last_poll_that_had_it() {
        let mut gaps = Gaps::default();
        assert_eq!(gaps.note(&[], Timestamp(1)), None);
        assert_eq!(gaps.note(&parts(&["releases"]), Timestamp(2)), Some(Timestamp(1)));
        assert_eq!(gaps.note(&parts(&["instances", "releases"]), Timestamp(3)), Some(Timestamp(1)));
        assert_eq!(gaps.note(&parts(&["instances"]), Timestamp(4)), Some(Timestamp(2)));
        assert_eq!(gaps.note(&[], Timestamp(5)), None);
    }

    #[test]
    fn a_part_that_never_was_there_has_no_age() {
        let mut gaps = Gaps::default();
        assert_eq!(gaps.note(&parts(&["instances"]), Timestamp(1)), None);
        assert_eq!(gaps.note(&parts(&["instances"]), Timestamp(2)), None);
    }
}
