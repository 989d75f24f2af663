//! What an instance said before it ended: shared by the rules that read a cause from it.

use crate::diagnosis::{Case, Ended, Evidence, Patient, quote};
use crate::facts::LogLine;
use crate::logs::trouble::{Told, Trouble};
use crate::time::Timestamp;

/// How long before an end a line may stand to be one of its last words.
const LAST_WORDS_MS: i64 = 60 * 1_000;
/// How long after it: log and event are written by different clocks.
const AFTERWARDS_MS: i64 = 5 * 1_000;
/// An instance that has run for so long since it crashed is well.
const SETTLED_MS: i64 = 2 * 60 * 1_000;
/// Ends that are older than this are past, where the instance is well now.
const RECENTLY_MS: i64 = 30 * 60 * 1_000;

/// A line that tells of trouble, and the end that came after it, if one is known.
pub(super) struct LastWords<'a> {
    pub(super) patient: &'a Patient<'a>,
    pub(super) line: &'a LogLine,
    pub(super) told: Told<'a>,
    pub(super) ended: Option<&'a Ended>,
}

impl LastWords<'_> {
    /// The line, and the end it came before.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let id = &self.patient.facts.instance.id;
        let mut evidence = vec![quote::line(id, self.line, &[self.told.quoted])];
        evidence.extend(self.ended.map(|ended| quote::exit(id, ended)));
        evidence
    }
}

/// Whether an instance that crashed was started again so lately that nobody knows whether it runs now:
/// what its crash tells stays meanwhile, and does not come and go with each round of a loop.
pub(super) fn is_settling(case: &Case<'_>, one: &Patient<'_>, last: &Ended) -> bool {
    last.exit.restarting && case.now.since(one.started_at().max(last.at)) < SETTLED_MS
}

/// The crashes of an instance that matter now: it is not well, its deployment failed, it crashed more
/// than once of late, or was started again just now.
pub(super) fn crashes<'a>(case: &Case<'_>, one: &'a Patient<'_>) -> Vec<&'a Ended> {
    let crashes: Vec<&Ended> = one.exits.iter().filter(|ended| ended.is_crash()).collect();
    let Some(last) = crashes.last() else { return crashes };
    let recent = case.now.since(last.at) < RECENTLY_MS;
    let down = !one.facts.instance.state.is_up() && one.is_unhealthy();
    let again = crashes.len() > 1 || last.restarts > 1;
    let of_failed = case.failed() && case.deployment.map(|d| d.version) == one.facts.instance.version;
    let matter = down || of_failed || recent && (one.is_unhealthy() || again) || is_settling(case, one, last);
    if matter { crashes } else { Vec::new() }
}

/// The last line of any instance that tells of a trouble that `wanted` names: before its last crash,
/// or, where no event tells how it ended, among the last lines of one that is not well.
pub(super) fn last_words<'a>(case: &'a Case<'a>, wanted: fn(&Trouble<'_>) -> bool) -> Option<LastWords<'a>> {
    let all = || case.patients().iter();
    let of_crash = all().find_map(|one| {
        let crashes = crashes(case, one);
        crashes.iter().rev().find_map(|ended| spoken(one, ended.at, Some(ended), wanted))
    });
    of_crash.or_else(|| {
        let unexplained = |one: &&Patient<'_>| {
            one.is_unhealthy() && !one.exits.iter().any(Ended::is_crash) && !answers(one)
        };
        all().filter(unexplained).find_map(|one| spoken(one, one.lines().last()?.at, None, wanted))
    })
}

/// Whether it still answers its checks, if only with an error: then it has not ended.
fn answers(one: &Patient<'_>) -> bool {
    one.critical().any(|check| super::answers::answer(&check.output).is_some())
}

fn spoken<'a>(
    one: &'a Patient<'a>,
    end: Timestamp,
    ended: Option<&'a Ended>,
    wanted: fn(&Trouble<'_>) -> bool,
) -> Option<LastWords<'a>> {
    let window = end.plus(-LAST_WORDS_MS)..=end.plus(AFTERWARDS_MS);
    one.telling()
        .rev()
        .find(|(line, told)| window.contains(&line.at) && wanted(&told.trouble))
        .map(|(line, told)| LastWords { patient: one, line, told, ended })
}
