//! Which finding is read first, and which are said by another already.

use super::{Cause, Evidence, Finding};

/// Most pieces of evidence that a finding takes over from those it explains.
const MOST_TAKEN_OVER: usize = 2;

/// The first explains the second: where both are found, the second is folded into the first.
const EXPLAINS: &[(&[Cause], &[Cause])] = {
    use Cause as C;
    &[
        (
            &[
                C::OutOfMemory,
                C::StartCommand,
                C::MissingVariable,
                C::BadConfiguration,
                C::DiskFull,
                C::PortInUse,
                C::Dependency,
            ],
            &[C::CrashLoop],
        ),
        (
            &[
                C::OutOfMemory,
                C::StartCommand,
                C::MissingVariable,
                C::BadConfiguration,
                C::DiskFull,
                C::PortInUse,
                C::Dependency,
                C::CrashLoop,
                C::HostDown,
                C::Image,
                C::NoCapacity,
                C::WrongPort,
                C::LoopbackOnly,
            ],
            &[C::NotListening, C::GracePeriod, C::CheckTimeout, C::CheckError],
        ),
        (&[C::GracePeriod], &[C::NotListening, C::CheckTimeout]),
        (&[C::StartCommand, C::MissingVariable, C::BadConfiguration], &[C::Dependency]),
        (&[C::HostDown, C::LeaseHeld, C::NoCapacity], &[C::StuckState]),
        (&[C::LeaseHeld, C::NoCapacity, C::Image, C::ReleaseCommand], &[C::Interrupted, C::Abandoned]),
    ]
};

/// Orders findings by how directly their evidence proves them, roots before what they explain, and
/// folds in those that another explains.
pub(super) fn ordered(mut findings: Vec<Finding>) -> Vec<Finding> {
    // What the client wrote down is its view; it stands alone only where no rule knows more.
    if findings.iter().any(|one| rank(one.cause) == 0) {
        findings.retain(|one| one.cause != Cause::Reported);
    }
    findings.sort_by_key(|one| (rank(one.cause), one.certainty, one.cause));
    let mut kept: Vec<Finding> = Vec::new();
    let folded: Vec<Finding> =
        findings.iter().filter(|one| findings.iter().any(|other| explains(other, one))).cloned().collect();
    for mut one in findings {
        if folded.contains(&one) {
            continue;
        }
        let said = folded.iter().filter(|other| explains(&one, other)).flat_map(|other| &other.evidence);
        let new: Vec<Evidence> =
            said.filter(|evidence| !one.evidence.contains(evidence)).take(MOST_TAKEN_OVER).cloned().collect();
        one.evidence.extend(new);
        kept.push(one);
    }
    kept
}

fn explains(one: &Finding, other: &Finding) -> bool {
    EXPLAINS.iter().any(|(roots, explained)| roots.contains(&one.cause) && explained.contains(&other.cause))
        && (one.certainty <= other.certainty || one.cause < other.cause && other.cause == Cause::CrashLoop)
}

/// What says why it failed comes before what was only written down of it, and that before what is
/// left of it.
fn rank(cause: Cause) -> u8 {
    match cause {
        Cause::Reported => 1,
        Cause::MixedVersions => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Certainty, Source, Stance};

    fn finding(cause: Cause, certainty: Certainty) -> Finding {
        let evidence = Evidence {
            at: None,
            source: Source::Configuration,
            text: crate::diagnosis::finding::mark(cause.name(), &[]),
            stance: Stance::Supports,
            note: None,
        };
        Finding::new(cause, certainty, "", vec![evidence], "")
    }

    fn order(findings: &[(Cause, Certainty)]) -> Vec<Cause> {
        let all = findings.iter().map(|(cause, certainty)| finding(*cause, *certainty)).collect();
        ordered(all).into_iter().map(|one| one.cause).collect()
    }

    #[test]
    fn the_surer_comes_first_and_of_equally_sure_ones_the_root() {
        use Certainty::{Likely, Possible, Proven};
        assert_eq!(
            order(&[(Cause::Dependency, Possible), (Cause::CheckPath, Likely), (Cause::DiskFull, Proven)]),
            [Cause::DiskFull, Cause::CheckPath, Cause::Dependency]
        );
        assert_eq!(
            order(&[(Cause::CheckPath, Proven), (Cause::HostDown, Proven)]),
            [Cause::HostDown, Cause::CheckPath]
        );
    }

    #[test]
    fn what_is_left_of_a_failure_comes_after_why_it_failed() {
        assert_eq!(
            order(&[(Cause::MixedVersions, Certainty::Proven), (Cause::NotListening, Certainty::Possible)]),
            [Cause::NotListening, Cause::MixedVersions]
        );
    }

    #[test]
    fn a_crash_loop_is_folded_into_its_cause_with_its_evidence() {
        let all = vec![
            finding(Cause::CrashLoop, Certainty::Proven),
            finding(Cause::MissingVariable, Certainty::Likely),
        ];
        let kept = ordered(all);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].cause, Cause::MissingVariable);
        let quoted: Vec<String> = kept[0].evidence.iter().map(Evidence::plain).collect();
        assert_eq!(quoted, ["missing_variable", "crash_loop"]);
    }

    #[test]
    fn a_weak_suspicion_does_not_swallow_a_proven_silence() {
        assert_eq!(
            order(&[(Cause::WrongPort, Certainty::Likely), (Cause::NotListening, Certainty::Proven)]),
            [Cause::NotListening, Cause::WrongPort]
        );
    }

    #[test]
    fn the_error_of_the_client_stands_only_where_no_rule_knows_more() {
        let reported = (Cause::Reported, Certainty::Possible);
        assert_eq!(order(&[reported, (Cause::CheckPath, Certainty::Proven)]), [Cause::CheckPath]);
        assert_eq!(
            order(&[reported, (Cause::MixedVersions, Certainty::Proven)]),
            [Cause::Reported, Cause::MixedVersions]
        );
    }
}
