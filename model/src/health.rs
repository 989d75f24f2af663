//! Health and the five tones in which states are shown.

use crate::config::{AppConfig, Check};
use crate::facts::InstanceFacts;
use crate::instance::{CheckResult, Exit, Instance, InstanceEvent};
use crate::json::FromJson;
use crate::state::{CheckStatus, HostStatus};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the output of a check says before the check was run for the first time: Fly lists every
/// configured check as critical from the start (seen in answers that people posted).
const NOT_RUN_YET: &[&str] = &["waiting for status update", "the machine hasn't started"];
/// An instance that crashed and was started again this recently counts as crashing.
const CRASHED_RECENTLY_MS: i64 = 5 * 60 * 1_000;
/// flyctl gives up on a machine whose last exit was a crash after more restarts than this (its
/// "smoke check").
const RESTARTS_OF_A_CRASH: u32 = 1;

/// The meaning of a state's colour. Colour never stands alone: each tone has a shape, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As it should be.
    Good,
    /// Under way.
    Busy,
    /// Needs a look.
    Warning,
    /// Broken.
    Bad,
    /// Neither good nor bad: at rest, gone, or not known.
    Idle,
}

/// The health of one instance, as a deployment counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub enum InstanceHealth {
    /// Runs, and no check says otherwise. Without checks this is all one can know.
    Healthy,
    /// At rest on request or by autostop; would be started by the next request.
    Resting,
    /// Neither healthy nor unhealthy yet.
    Pending,
    /// A check is critical, it failed, or its host does not answer.
    Unhealthy,
}

/// A word that is no health of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownHealth;

impl std::fmt::Display for UnknownHealth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("that is no health that this version knows")
    }
}

impl From<InstanceHealth> for String {
    fn from(health: InstanceHealth) -> Self {
        health.name().to_owned()
    }
}

/// By its name: less code in the browser than what serde derives.
impl TryFrom<String> for InstanceHealth {
    type Error = UnknownHealth;

    fn try_from(name: String) -> Result<Self, UnknownHealth> {
        let all = [Self::Healthy, Self::Resting, Self::Pending, Self::Unhealthy];
        all.into_iter().find(|health| health.name() == name).ok_or(UnknownHealth)
    }
}

impl InstanceHealth {
    fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Resting => "resting",
            Self::Pending => "pending",
            Self::Unhealthy => "unhealthy",
        }
    }

    /// The row of an instance, with the health that it has at `now` where its cells alone would tell
    /// another.
    pub fn judged(one: &InstanceFacts, config: &AppConfig, now: Timestamp) -> Instance {
        let health = Self::of(one, config, now);
        let judged = Some(health).filter(|health| *health != one.instance.health());
        Instance { judged, ..one.instance.clone() }
    }

    /// The health of an instance by all that is known of it at `now`: what its row says, but a check
    /// that may still fail, because its grace period is not over or it was not run yet, makes it
    /// pending, and a crash after restarts makes it unhealthy although it was started once more.
    pub fn of(one: &InstanceFacts, config: &AppConfig, now: Timestamp) -> Self {
        if one.instance.state.is_up() && is_crashing(one, now) {
            return Self::Unhealthy;
        }
        let row = one.instance.health();
        let by_checks = row == Self::Unhealthy && one.instance.state.is_up();
        let known = one.instance.checks.critical > 0 && !one.checks.is_empty();
        if !by_checks || !known || one.instance.host == HostStatus::Unreachable {
            return row;
        }
        if critical_checks(one, config, now).next().is_some() { row } else { Self::Pending }
    }
}

/// The checks of an instance that fail and count: they were run, and their grace period is over.
pub(crate) fn critical_checks<'a>(
    one: &'a InstanceFacts,
    config: &'a AppConfig,
    now: Timestamp,
) -> impl Iterator<Item = &'a CheckResult> {
    let age = now.since(started_at(one));
    one.checks.iter().filter(move |check| {
        check.status == CheckStatus::Critical
            && !NOT_RUN_YET.iter().any(|words| check.output.to_ascii_lowercase().contains(words))
            && configured(one, config, check)
                .and_then(|configured| configured.grace_period_ms)
                .is_none_or(|grace| age >= i64::try_from(grace).unwrap_or(i64::MAX))
    })
}

/// The configuration of a check: Fly names a service's check after its kind and port
/// (`servicecheck-00-http-8080`), others as the configuration does (`checks.alive`). An app with a
/// single check needs no names.
pub(crate) fn configured<'a>(
    one: &'a InstanceFacts,
    config: &'a AppConfig,
    check: &CheckResult,
) -> Option<&'a Check> {
    let all = if one.configured_checks.is_empty() { &config.checks } else { &one.configured_checks };
    let named = |known: &&Check| {
        let port = known.port.is_some_and(|port| check.name.ends_with(&format!("-{port}")));
        let kind = known.kind.is_empty() || check.name.contains(&known.kind);
        (port && kind) || known.key.strip_prefix("checks.") == Some(check.name.as_str())
    };
    all.iter().find(named).or_else(|| if all.len() == 1 { all.first() } else { None })
}

/// When an instance was started last, as far as its events reach back.
pub(crate) fn started_at(one: &InstanceFacts) -> Timestamp {
    let started = |event: &&InstanceEvent| matches!(event.kind.as_str(), "start" | "Started" | "launch");
    one.events.iter().rfind(started).map_or(one.instance.created_at, |event| event.at)
}

/// When Fly last told of a change of an instance: an event may be newer than its row.
pub(crate) fn last_changed(one: &InstanceFacts) -> Timestamp {
    one.events.last().map_or(one.instance.updated_at, |event| event.at.max(one.instance.updated_at))
}

/// The rule of flyctl's smoke check: the last exit was a crash, after restarts. It holds for a while
/// after the next start, too: between two crashes an instance looks well.
fn is_crashing(one: &InstanceFacts, now: Timestamp) -> bool {
    let Some((at, exit)) =
        one.events.iter().rev().find_map(|event| event.exit.as_ref().map(|exit| (event.at, exit)))
    else {
        return false;
    };
    let restarts = exit.restart_count.unwrap_or(one.instance.restarts);
    is_crash(exit)
        && exit.restarting
        && restarts > RESTARTS_OF_A_CRASH
        && now.since(at.max(started_at(one))) < CRASHED_RECENTLY_MS
}

/// Ended by itself, and not well. Somebody asked where SIGINT or SIGTERM ended it (shells add 128),
/// whether Fly says so or not.
pub(crate) fn is_crash(exit: &Exit) -> bool {
    const ASKED: [i64; 2] = [2, 15];
    let signal = exit.signal.filter(|signal| *signal > 0);
    let asked = signal.is_some_and(|signal| ASKED.contains(&signal))
        || exit.code.is_some_and(|code| ASKED.contains(&(code - 128)));
    let failed = exit.code.is_some_and(|code| code != 0) || signal.is_some();
    !exit.requested_stop && (exit.oom_killed || (failed && !asked))
}

/// The health of an app as a whole: its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum AppHealth {
    /// No instance that should run is healthy, and at least one is unhealthy.
    Unhealthy,
    /// Some instances are unhealthy.
    Degraded,
    /// A deployment failed, while the instances there are healthy.
    DeployFailed,
    /// A deployment is under way.
    Deploying,
    /// Instances exist that are neither healthy nor unhealthy yet.
    Pending,
    /// Not told by what was loaded.
    Unknown,
    /// All instances are healthy.
    Healthy,
    /// All instances are at rest.
    Resting,
    /// Suspended by a person or by Fly.
    Suspended,
    /// There is nothing to be healthy.
    NoInstances,
}

impl AppHealth {
    /// Each health, worst first: as [`AppHealth::urgency`] has it.
    pub const ALL: [Self; 10] = [
        Self::Unhealthy,
        Self::Degraded,
        Self::DeployFailed,
        Self::Deploying,
        Self::Pending,
        Self::Unknown,
        Self::Healthy,
        Self::Resting,
        Self::Suspended,
        Self::NoInstances,
    ];

    /// The word of an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unhealthy => "unhealthy",
            Self::Degraded => "degraded",
            Self::DeployFailed => "deployment-failed",
            Self::Deploying => "deploying",
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Healthy => "healthy",
            Self::Resting => "at-rest",
            Self::Suspended => "suspended",
            Self::NoInstances => "no-instances",
        }
    }

    /// Reads the word of an address.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.key() == key)
    }

    /// The word shown beside the app's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unhealthy => "Unhealthy",
            Self::Degraded => "Degraded",
            Self::DeployFailed => "Deployment failed",
            Self::Deploying => "Deploying",
            Self::Pending => "Pending",
            Self::Unknown => "Unknown",
            Self::Healthy => "Healthy",
            Self::Resting => "At rest",
            Self::Suspended => "Suspended",
            Self::NoInstances => "No instances",
        }
    }

    /// The colour the word is shown in.
    pub fn tone(self) -> Tone {
        match self {
            Self::Unhealthy => Tone::Bad,
            Self::Degraded | Self::DeployFailed => Tone::Warning,
            Self::Deploying | Self::Pending => Tone::Busy,
            Self::Healthy => Tone::Good,
            Self::Unknown | Self::Resting | Self::Suspended | Self::NoInstances => Tone::Idle,
        }
    }

    /// Orders apps worst first: the place in [`AppHealth::ALL`].
    pub fn urgency(self) -> u8 {
        self as u8
    }

    /// Rolls the instances' health and the last deployment up into one word.
    pub fn of(
        instances: impl IntoIterator<Item = InstanceHealth>,
        deployment: Option<DeploymentOutcome>,
    ) -> Self {
        let mut counts = [0_u32; 4];
        for health in instances {
            counts[health as usize] += 1;
        }
        Self::of_counts(counts, deployment)
    }

    /// The same from counts: of healthy, resting, pending and unhealthy instances.
    pub fn of_counts(
        [healthy, resting, pending, unhealthy]: [u32; 4],
        deployment: Option<DeploymentOutcome>,
    ) -> Self {
        match deployment {
            _ if unhealthy > 0 && healthy == 0 => Self::Unhealthy,
            _ if unhealthy > 0 => Self::Degraded,
            Some(DeploymentOutcome::Failed) => Self::DeployFailed,
            Some(DeploymentOutcome::InProgress) => Self::Deploying,
            _ if pending > 0 => Self::Pending,
            _ if healthy > 0 => Self::Healthy,
            _ if resting > 0 => Self::Resting,
            _ => Self::NoInstances,
        }
    }
}

/// What the last deployment contributes to an app's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentOutcome {
    /// Under way.
    InProgress,
    /// Failed.
    Failed,
    /// Over, and not failed.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;
    use InstanceHealth::{Healthy, Pending, Resting, Unhealthy};

    #[test]
    fn one_unhealthy_instance_among_healthy_ones_degrades_the_app() {
        assert_eq!(AppHealth::of([Healthy, Unhealthy], None), AppHealth::Degraded);
        assert_eq!(AppHealth::of([Unhealthy, Resting], None), AppHealth::Unhealthy);
    }

    #[test]
    fn a_failed_deployment_shows_even_when_every_instance_is_healthy() {
        assert_eq!(AppHealth::of([Healthy], Some(DeploymentOutcome::Failed)), AppHealth::DeployFailed);
    }

    #[test]
    fn each_health_has_its_place_and_its_word_in_an_address() {
        for (place, health) in AppHealth::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(health.urgency()), place);
            assert_eq!(AppHealth::from_key(health.key()), Some(health));
            assert_eq!(health.key(), health.word().to_ascii_lowercase().replace(' ', "-"));
        }
        assert_eq!(AppHealth::from_key("odd"), None);
    }

    #[test]
    fn an_app_at_rest_is_no_alarm() {
        assert_eq!(AppHealth::of([Resting, Resting], Some(DeploymentOutcome::Done)), AppHealth::Resting);
        assert_eq!(AppHealth::of([Healthy, Resting], None), AppHealth::Healthy);
        assert_eq!(AppHealth::of([], None), AppHealth::NoInstances);
        assert_eq!(AppHealth::of([Pending, Healthy], None), AppHealth::Pending);
    }
}
