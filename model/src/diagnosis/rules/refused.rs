//! Whether Fly is refused where it connects to an instance: by a check, or by its proxy.

use crate::diagnosis::{Case, Evidence, Patient, Source, quote};
use crate::facts::AppLogLine;

/// Fly's documentation, "Error codes": the machine refused the connection on the port.
const REFUSED_CODES: &[&str] = &["PC01"];
/// The same in words.
const REFUSED_WORDS: &[&str] = &["refused connection", "not listening on the expected address"];
/// A refusal that is older than this is past, unless the deployment failed.
const RECENTLY_MS: i64 = 10 * 60 * 1_000;
/// While it wakes a machine, Fly's proxy is refused for a moment.
const WAKING_MS: i64 = 10 * 1_000;

/// Whether a check fails for want of somebody who listens, made Fly restart the instance, or Fly's
/// proxy was refused.
pub(super) fn is_refused(case: &Case<'_>, one: &Patient<'_>) -> bool {
    let failing: Vec<_> = one.critical().collect();
    let answered =
        !failing.is_empty() && failing.iter().all(|check| super::answers::answer(&check.output).is_some());
    (one.has_check_trouble() && !answered) || proxy_line(case, one).is_some()
}

/// What shows it.
pub(super) fn evidence(case: &Case<'_>, one: &Patient<'_>) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = quote::check_trouble(one).into_iter().collect();
    evidence.extend(proxy_line(case, one).map(|found| {
        let code = found.code.as_deref().map(|code| format!("[{code}] ")).unwrap_or_default();
        let text = format!("{code}{}", found.line.message);
        quote::supports(Source::Proxy, Some(found.line.at), &text, &["PC01", "refused connection"])
    }));
    evidence
}

/// The last refusal that Fly's proxy tells of, not counting those while the instance woke.
fn proxy_line<'a>(case: &Case<'a>, one: &Patient<'_>) -> Option<&'a AppLogLine> {
    let id = &one.facts.instance.id;
    let settled = if one.facts.events.is_empty() { one.since } else { one.started_at().plus(WAKING_MS) };
    case.proxy_lines()
        .filter(|line| line.instance.as_ref().is_none_or(|instance| instance == id))
        .filter(|line| {
            let refused = |text: &str| REFUSED_WORDS.iter().any(|words| text.contains(words));
            line.code.as_deref().is_some_and(|code| REFUSED_CODES.contains(&code))
                || refused(&line.line.plain())
        })
        .filter(|line| line.line.at >= settled)
        .rfind(|line| case.failed() || case.now.since(line.line.at) < RECENTLY_MS)
}
