//! The check's grace period ends before the app is up.
//!
//! Proven where the check passes now although the deployment gave up on it, and the app took longer to
//! listen than the grace period allows; likely where only one of the two is known.

use crate::config::Check;
use crate::diagnosis::ports::said;
use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Patient, Source, quote};
use crate::health::configured;
use crate::instance::CheckResult;
use crate::state::{CheckStatus, InstanceState};
use crate::time::{Timestamp, duration};

/// See the module.
pub(super) fn grace_period(case: &Case<'_>) -> Option<Finding> {
    case.patients().iter().find_map(|one| too_late(case, one).or_else(|| too_slow(case, one)))
}

/// The deployment failed for its checks, and they pass since.
fn too_late(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let gave_up = case.failure().filter(|error| error.contains("health check"))?;
    let release = case.release()?;
    let instance = &one.facts.instance;
    let deployed = instance.version == Some(release.version) && case.failed();
    let well = deployed && instance.state == InstanceState::Started && one.critical().next().is_none();
    let check = one.facts.checks.iter().filter(|_| well).find(|check| {
        check.status == CheckStatus::Passing && check.updated_at.is_some_and(|at| at >= release.updated_at)
    })?;
    let slow = boot(one).zip(grace(case, one, check)).filter(|(boot, grace)| boot.ms > *grace);
    let certainty = if slow.is_some() { Certainty::Proven } else { Certainty::Likely };
    let source = Source::Release(release.version);
    let mut evidence = vec![
        quote::supports(source, Some(release.updated_at), gave_up, &["timeout", "health checks"]),
        Evidence {
            note: Some("It passes now, after the deployment had given up.".to_owned()),
            ..quote::check(&instance.id, check, &[])
        },
    ];
    evidence.extend(slow.as_ref().map(|(boot, _)| boot.evidence.clone()));
    evidence.extend(settings(case, one, check).map(configuration));
    Some(finding(case, certainty, slow.map(|(boot, grace)| (boot.ms, grace)), evidence))
}

/// A check made Fly restart an instance that was not up yet (Nomad's era), or fails one that only just
/// listens.
fn too_slow(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let check = one.critical().next();
    let restarted = one.check_restarts().next_back();
    if check.is_none() && restarted.is_none() {
        return None;
    }
    let boot = boot(one)?;
    let (settings, quoted) = match (check, restarted) {
        (_, Some(restart)) => (
            case.facts.config.checks.first().or(one.facts.configured_checks.first())?,
            quote::event(&one.facts.instance.id, restart, &["unhealthy"]),
        ),
        (Some(check), None) => {
            let settings = settings(case, one, check)?;
            let interval = i64::try_from(settings.interval_ms.unwrap_or(15_000)).unwrap_or(i64::MAX);
            // Failing long after it listens has another reason.
            let fresh = check.updated_at.is_some_and(|at| at <= boot.at)
                && case.now.since(boot.at) <= interval.saturating_mul(2);
            if !fresh {
                return None;
            }
            (settings, quote::check(&one.facts.instance.id, check, &[]))
        }
        (None, None) => return None,
    };
    let grace = i64::try_from(settings.grace_period_ms?).ok()?;
    if boot.ms <= grace || boot.ms < 5_000 {
        return None;
    }
    let evidence = vec![boot.evidence, configuration(settings), quoted];
    Some(finding(case, Certainty::Likely, Some((boot.ms, grace)), evidence))
}

fn settings<'a>(case: &'a Case<'_>, one: &'a Patient<'_>, check: &CheckResult) -> Option<&'a Check> {
    configured(one.facts, &case.facts.config, check)
}

fn grace(case: &Case<'_>, one: &Patient<'_>, check: &CheckResult) -> Option<i64> {
    i64::try_from(settings(case, one, check)?.grace_period_ms?).ok()
}

struct Boot {
    at: Timestamp,
    ms: i64,
    evidence: Evidence,
}

/// How long the instance took from its last start until it said that it listens where Fly connects.
fn boot(one: &Patient<'_>) -> Option<Boot> {
    let started = one.started_at();
    let expected = one.expected_ports();
    let first = said(one).into_iter().find(|found| {
        expected.iter().any(|(port, _)| *port == found.port)
            && found.evidence.at.is_some_and(|at| at >= started)
    })?;
    let at = first.evidence.at?;
    let ms = at.since(started);
    let note = Some(format!("{} after the start", duration(ms)));
    Some(Boot { at, ms, evidence: Evidence { note, ..first.evidence } })
}

fn configuration(check: &Check) -> Evidence {
    let text = match check.grace_period_ms {
        Some(grace) => format!("{}.grace_period = {} s", check.key, grace / 1_000),
        None => format!("{}.grace_period is not set", check.key),
    };
    quote::supports(Source::Configuration, None, &text, &["grace_period"])
}

fn finding(
    case: &Case<'_>,
    certainty: Certainty,
    times: Option<(i64, i64)>,
    evidence: Vec<Evidence>,
) -> Finding {
    let (headline, wanted) = match times {
        Some((boot, grace)) => (
            format!(
                "The app needs {} to start. Its check may fail for {} only.",
                duration(boot),
                duration(grace)
            ),
            format!("at least {} s", (boot / 1_000).saturating_mul(2).max(10)),
        ),
        None => (
            "The app became healthy after the deployment had given up on it.".to_owned(),
            "more than the app needs to start".to_owned(),
        ),
    };
    Finding::new(
        Cause::GracePeriod,
        certainty,
        headline,
        evidence,
        format!("Set grace_period of the check to {wanted} in fly.toml (or let the app start faster), then deploy:"),
    )
    .command(format!("fly deploy -a {}", case.facts.app.name))
    .reference("reference/health-checks/")
}
