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
    if findings.iter().any(|one| explains_a_failure(one.cause)) {
        findings.retain(|one| one.cause != Cause::Reported);
    }
    findings.sort_by_key(|one| (!explains_a_failure(one.cause), one.certainty, one.cause));
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

/// Whether a cause says why, and not only what is left.
fn explains_a_failure(cause: Cause) -> bool {
    !matches!(cause, Cause::MixedVersions | Cause::Reported)
}
