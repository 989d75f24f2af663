//! What changes of a diagnosis from one poll to the next: mostly a line of the log or a piece of evidence.

use super::{Cause, Diagnosis, Evidence, Finding, GoBack, LOG_TAIL_LINES, LogTail, Subject};
use crate::facts::LogLine;
use crate::json::FromJson;
use crate::live::{Apply, ChangeKey};
use serde::{Deserialize, Serialize};

/// A change of a diagnosis that stays the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum DiagnosisChange {
    /// What stands around the findings.
    Frame {
        /// See [`Diagnosis::subject`].
        subject: Subject,
        /// See [`Diagnosis::go_back`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        go_back: Option<GoBack>,
        /// See [`Diagnosis::not_loaded`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_loaded: Vec<String>,
    },
    /// All findings.
    Findings(Vec<Finding>),
    /// A piece of evidence of the finding of this cause, by its place: instead of the one there, or after
    /// the last.
    Evidence(Cause, usize, Evidence),
    /// The newest lines of the log, see [`LogTail::append`].
    Lines(Vec<LogLine>),
}

impl DiagnosisChange {
    /// What the change is about.
    pub(crate) fn key(&self) -> ChangeKey {
        match self {
            Self::Frame { .. } => ChangeKey::Part("diagnosis_frame"),
            Self::Findings(_) => ChangeKey::Part("findings"),
            Self::Evidence(cause, place, _) => ChangeKey::Evidence(*cause, *place),
            Self::Lines(lines) => ChangeKey::TailLines(lines.first().map(|line| line.at).unwrap_or_default()),
        }
    }
}

impl Apply<DiagnosisChange> for Diagnosis {
    fn apply(&mut self, change: DiagnosisChange) {
        match change {
            DiagnosisChange::Frame { subject, go_back, not_loaded } => {
                self.subject = subject;
                self.go_back = go_back;
                self.not_loaded = not_loaded;
            }
            DiagnosisChange::Findings(findings) => self.findings = findings,
            DiagnosisChange::Evidence(cause, place, evidence) => {
                if let Some(finding) = self.findings.iter_mut().find(|one| one.cause == cause) {
                    finding.put_evidence(place, evidence);
                }
            }
            DiagnosisChange::Lines(lines) => {
                if let Some(tail) = &mut self.log_tail {
                    tail.append(lines);
                }
            }
        }
    }
}

impl Diagnosis {
    /// The changes that make `new` of this diagnosis; none where only the whole of it does.
    pub(crate) fn changes_to(&self, new: &Self) -> Option<Vec<DiagnosisChange>> {
        let mut changes = Vec::new();
        if (&self.subject, &self.go_back, &self.not_loaded) != (&new.subject, &new.go_back, &new.not_loaded) {
            let Self { subject, go_back, not_loaded, .. } = new.clone();
            changes.push(DiagnosisChange::Frame { subject, go_back, not_loaded });
        }
        match new_evidence(&self.findings, &new.findings) {
            Some(evidence) => changes.extend(evidence),
            None => changes.push(DiagnosisChange::Findings(new.findings.clone())),
        }
        if let (Some(before), Some(after)) = (&self.log_tail, &new.log_tail) {
            let lines = before.new_lines(after);
            changes.extend((!lines.is_empty()).then_some(DiagnosisChange::Lines(lines)));
        }
        let mut made = self.clone();
        changes.iter().cloned().for_each(|change| made.apply(change));
        (made == *new).then_some(changes)
    }
}

/// The evidence that is new, where nothing else of the findings differs.
fn new_evidence(old: &[Finding], new: &[Finding]) -> Option<Vec<DiagnosisChange>> {
    let mut changes = Vec::new();
    for (before, after) in old.iter().zip(new) {
        for (place, evidence) in after.evidence.iter().enumerate() {
            if before.evidence.get(place) != Some(evidence) {
                changes.push(DiagnosisChange::Evidence(after.cause, place, evidence.clone()));
            }
        }
    }
    let is_same = |(before, after): (&Finding, &Finding)| {
        let evidence = after.evidence.clone();
        before.evidence.len() <= evidence.len() && Finding { evidence, ..before.clone() } == *after
    };
    (old.len() == new.len() && old.iter().zip(new).all(is_same)).then_some(changes)
}

impl Finding {
    /// Where changes in between were superseded by later ones, those before `place` come after it.
    fn put_evidence(&mut self, place: usize, evidence: Evidence) {
        while self.evidence.len() <= place {
            self.evidence.push(evidence.clone());
        }
        self.evidence[place] = evidence;
    }
}

impl LogTail {
    /// Puts lines in the place of those that are as new as the first of them, and lets go of the oldest.
    /// A line has no name; that lines of one moment come together makes the same lines harmless when they
    /// come twice.
    pub fn append(&mut self, mut lines: Vec<LogLine>) {
        let Some(from) = lines.first().map(|line| line.at) else { return };
        let known = self.lines.iter().position(|line| line.at >= from);
        self.lines.truncate(known.unwrap_or(LOG_TAIL_LINES));
        self.lines.append(&mut lines);
        while self.lines.len() > LOG_TAIL_LINES {
            self.lines.remove(0);
        }
    }

    /// The lines of `new` from the moment of the first one on that this tail does not end with.
    fn new_lines(&self, new: &Self) -> Vec<LogLine> {
        let most = self.lines.len().min(new.lines.len());
        let known = (0..=most).rev().find(|count| self.lines.ends_with(&new.lines[..*count]));
        let Some(first) = new.lines.get(known.unwrap_or(0)) else { return Vec::new() };
        let from = new.lines.iter().position(|line| line.at >= first.at).unwrap_or(0);
        new.lines[from..].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::quote::supports;
    use crate::diagnosis::{Certainty, Source};
    use crate::{InstanceId, ReleaseVersion, Timestamp};

    fn line(at: i64, text: &str) -> LogLine {
        LogLine { at: Timestamp(at), level: "info".into(), message: text.into() }
    }

    fn finding(cause: Cause, evidence: &[&str]) -> Finding {
        let quoted = |text: &&str| supports(Source::Fly, None, text, &[]);
        Finding::new(cause, Certainty::Likely, "It fails.", evidence.iter().map(quoted).collect(), "Mend it.")
    }

    fn diagnosis(lines: Vec<LogLine>) -> Diagnosis {
        let mut sample = crate::samples::diagnosis();
        sample.findings = vec![finding(Cause::CrashLoop, &["a"])];
        sample.log_tail.as_mut().unwrap().lines = lines;
        sample
    }

    fn told(old: &[LogLine], new: &[LogLine]) -> Option<Vec<DiagnosisChange>> {
        diagnosis(old.to_vec()).changes_to(&diagnosis(new.to_vec()))
    }

    fn found(old: Vec<Finding>, new: Vec<Finding>) -> Option<Vec<DiagnosisChange>> {
        let with = |findings| Diagnosis { findings, ..diagnosis(vec![]) };
        with(old).changes_to(&with(new))
    }

    #[test]
    fn a_line_more_is_told_alone_and_with_those_of_its_own_moment() {
        let lines = [line(1, "a"), line(2, "b"), line(2, "c"), line(3, "d")];
        assert_eq!(told(&lines[..3], &lines), Some(vec![DiagnosisChange::Lines(vec![line(3, "d")])]));
        let of_one_moment = vec![line(2, "b"), line(2, "c")];
        assert_eq!(told(&lines[..2], &lines[..3]), Some(vec![DiagnosisChange::Lines(of_one_moment)]));
    }

    #[test]
    fn the_oldest_lines_go_when_new_ones_come() {
        let lines: Vec<LogLine> = (0..20).map(|at| line(at, "x")).collect();
        let changes = told(&lines[..LOG_TAIL_LINES], &lines[2..2 + LOG_TAIL_LINES]);
        assert_eq!(changes, Some(vec![DiagnosisChange::Lines(lines[LOG_TAIL_LINES..][..2].to_vec())]));
    }

    #[test]
    fn where_lines_went_or_another_instance_is_quoted_the_whole_is_told() {
        let lines = [line(1, "a"), line(2, "b")];
        assert_eq!(told(&lines, &lines[1..]), None);
        let mut other = diagnosis(lines.to_vec());
        other.log_tail.as_mut().unwrap().instance = InstanceId::new("73d8d46dbee589").unwrap();
        assert_eq!(diagnosis(lines.to_vec()).changes_to(&other), None);
    }

    #[test]
    fn of_a_finding_only_the_evidence_that_is_new_is_told() {
        let changes = found(
            vec![finding(Cause::CrashLoop, &["a", "b"])],
            vec![finding(Cause::CrashLoop, &["a", "c", "d"])],
        )
        .unwrap();
        let places: Vec<usize> = changes
            .iter()
            .map(|change| match change {
                DiagnosisChange::Evidence(Cause::CrashLoop, place, _) => *place,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(places, [1, 2]);
    }

    #[test]
    fn findings_that_come_go_or_have_less_evidence_are_told_together() {
        let [one, other] = [Cause::CrashLoop, Cause::MixedVersions].map(|cause| finding(cause, &["a", "b"]));
        let less = finding(Cause::CrashLoop, &["a"]);
        for (old, new) in [
            (vec![one.clone()], vec![one.clone(), other.clone()]),
            (vec![one.clone(), other.clone()], vec![other]),
            (vec![one], vec![less]),
        ] {
            assert_eq!(found(old, new.clone()), Some(vec![DiagnosisChange::Findings(new)]));
        }
    }

    #[test]
    fn that_the_deployment_failed_is_told_without_the_findings() {
        let failed = Diagnosis { subject: Subject::WhyFailed(ReleaseVersion(14)), ..diagnosis(vec![]) };
        let frame = DiagnosisChange::Frame { subject: failed.subject, go_back: None, not_loaded: vec![] };
        assert_eq!(diagnosis(vec![]).changes_to(&failed), Some(vec![frame]));
    }
}
