//! How well the rules do: what they found against what was expected.
//!
//! `cargo xtask bench diagnosis` runs this over its scenarios; anything that can make [`AppFacts`] and
//! says what is wrong with them can be judged by the same function.

use super::{Cause, Diagnosis};
use crate::deployment::Deployment;
use crate::facts::AppFacts;
use crate::time::Timestamp;

/// What should be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// What must be found. The first of them must be the first finding. Empty where nothing is wrong.
    pub causes: Vec<Cause>,
    /// What may be found beside: true as well, but not asked for.
    pub allowed: Vec<Cause>,
}

/// What was found against what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was found, in its order.
    pub found: Vec<Cause>,
    /// Of these, what was expected.
    pub right: Vec<Cause>,
    /// Of these, what was neither expected nor allowed.
    pub wrong: Vec<Cause>,
    /// What was expected and not found.
    pub missed: Vec<Cause>,
    /// Whether the first finding is wrong, or a right one that stands before the expected first one.
    pub first_is_wrong: bool,
}

/// Diagnoses `facts` at `now` and compares with what was expected.
pub fn judge(facts: &AppFacts, now: Timestamp, expected: &Expected) -> Verdict {
    let deployment = Deployment::of(facts, now);
    let diagnosis = Diagnosis::of(facts, deployment.as_ref(), now);
    let found: Vec<Cause> =
        diagnosis.into_iter().flat_map(|diagnosis| diagnosis.findings).map(|finding| finding.cause).collect();
    let is_right = |cause: &Cause| expected.causes.contains(cause);
    let is_wrong = |cause: &Cause| !is_right(cause) && !expected.allowed.contains(cause);
    let first = found.first().copied();
    Verdict {
        right: found.iter().copied().filter(is_right).collect(),
        wrong: found.iter().copied().filter(is_wrong).collect(),
        missed: expected.causes.iter().copied().filter(|cause| !found.contains(cause)).collect(),
        first_is_wrong: first.is_some_and(|first| {
            let later = expected.causes.iter().skip(1).any(|cause| *cause == first);
            let root_found = expected.causes.first().is_some_and(|root| found.contains(root));
            is_wrong(&first) || (later && root_found)
        }),
        found,
    }
}

/// Verdicts added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many cases.
    pub cases: u32,
    /// Findings that were expected.
    pub right: u32,
    /// Findings that were neither expected nor allowed.
    pub wrong: u32,
    /// Expected causes that were not found.
    pub missed: u32,
    /// Cases whose first finding is wrong.
    pub wrong_first: u32,
}

impl Tally {
    /// Adds a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        let count = |list: &[Cause]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        self.cases += 1;
        self.right += count(&verdict.right);
        self.wrong += count(&verdict.wrong);
        self.missed += count(&verdict.missed);
        self.wrong_first += u32::from(verdict.first_is_wrong);
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: Tally) {
        self.cases += other.cases;
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.wrong_first += other.wrong_first;
    }

    /// Of what was found, the share that was expected; 1 where nothing was found.
    pub fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    /// Of what was expected, the share that was found; 1 where nothing was expected.
    pub fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }
}

fn share(part: u32, rest: u32) -> f64 {
    if part + rest == 0 { 1.0 } else { f64::from(part) / f64::from(part + rest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::tests::instance;
    use crate::view::tests::{facts, release};

    #[test]
    fn what_is_missed_lowers_recall_and_what_is_wrong_lowers_precision() {
        let mut known = facts(vec![release(14, "interrupted")], vec![instance("73d8d46dbee581")]);
        let expect = |causes: &[Cause]| Expected { causes: causes.to_vec(), allowed: vec![] };
        let mut tally = Tally::default();
        tally.add(&judge(&known, Timestamp(1), &expect(&[Cause::Interrupted])));
        assert_eq!((tally.precision(), tally.recall(), tally.wrong_first), (1.0, 1.0, 0));
        tally.add(&judge(&known, Timestamp(1), &expect(&[Cause::OutOfMemory])));
        assert_eq!((tally.precision(), tally.recall(), tally.wrong_first), (0.5, 0.5, 1));
        known.releases[0].status = "complete".into();
        let verdict = judge(&known, Timestamp(1), &expect(&[]));
        assert!(verdict.found.is_empty() && !verdict.first_is_wrong);
    }
}
