//! Instances: machines, and allocations of the Nomad era, as people see them.

use crate::health::{InstanceHealth, Tone};
use crate::id::{InstanceId, RegionCode, ReleaseVersion};
use crate::json::FromJson;
use crate::state::{CheckStatus, DesiredState, HostStatus, InstanceState};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many health checks an instance has, by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct CheckCounts {
    /// All of them.
    pub total: u32,
    /// Those that pass.
    pub passing: u32,
    /// Those that have not passed yet.
    pub warning: u32,
    /// Those that fail.
    pub critical: u32,
}

impl CheckCounts {
    /// Counts results. A result nobody knew counts in the total only.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a CheckStatus>) -> Self {
        let mut counts = Self::default();
        for status in results {
            counts.total += 1;
            match status {
                CheckStatus::Passing => counts.passing += 1,
                CheckStatus::Warning => counts.warning += 1,
                CheckStatus::Critical => counts.critical += 1,
                CheckStatus::Other(_) => {}
            }
        }
        counts
    }

    /// The cell of the instances table, in flyctl's words: `2 total, 1 passing, 1 critical`.
    pub fn sentence(&self) -> String {
        if self.total == 0 {
            return "no checks".to_owned();
        }
        let results = [(self.passing, "passing"), (self.warning, "warning"), (self.critical, "critical")];
        results
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .fold(format!("{} total", self.total), |text, (count, name)| format!("{text}, {count} {name}"))
    }

    /// The colour of the cell.
    pub fn tone(&self) -> Tone {
        if self.critical > 0 {
            Tone::Bad
        } else if self.passing < self.total {
            Tone::Warning
        } else {
            Tone::Idle
        }
    }
}

/// The last result of one health check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct CheckResult {
    /// The check's name ("servicecheck-00-tcp-4000").
    pub name: String,
    /// Its result.
    pub status: CheckStatus,
    /// What the check printed.
    pub output: String,
    /// When the result last changed, if Fly told.
    pub updated_at: Option<Timestamp>,
}

/// Something that happened to an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct InstanceEvent {
    /// When.
    pub at: Timestamp,
    /// Fly's word for it ("exit", "Restart Signaled").
    pub kind: String,
    /// What Fly says of it; for a machine the state it led to, and exit code and signal if any.
    pub message: String,
    /// Who caused it: `user`, `flyd` or `proxy`; none where Fly does not tell.
    pub source: Option<String>,
    /// How the main process ended, where the event tells of an exit.
    pub exit: Option<Exit>,
}

/// How the main process of a machine ended (Machines API, `exit_event`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Exit {
    /// Its exit code, if it has one.
    pub code: Option<i64>,
    /// The signal that ended it, if one did.
    pub signal: Option<i64>,
    /// Whether the kernel ended it for want of memory.
    pub oom_killed: bool,
    /// Whether somebody asked it to stop.
    pub requested_stop: bool,
    /// Whether Fly starts it again.
    pub restarting: bool,
    /// How often it was started again before, if Fly tells.
    pub restart_count: Option<u32>,
    /// What Fly says went wrong, if anything.
    pub error: Option<String>,
}

/// One row of the instances table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// Its process group ("app").
    pub process_group: String,
    /// The release it runs, if Fly tells.
    pub version: Option<ReleaseVersion>,
    /// Where it runs.
    pub region: RegionCode,
    /// What Fly wants it to do.
    pub desired: DesiredState,
    /// What it does.
    pub state: InstanceState,
    /// Whether its host answers.
    pub host: HostStatus,
    /// Its health checks.
    pub checks: CheckCounts,
    /// How often it was restarted, as far as Fly's events reach back.
    pub restarts: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When Fly last changed it.
    pub updated_at: Timestamp,
    /// Its health, where more is known than its cells tell: it crashes again and again and was just
    /// started once more, or a check that fails may still fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<InstanceHealth>,
}

impl Instance {
    /// Its health, as a deployment counts it.
    pub fn health(&self) -> InstanceHealth {
        self.judged.unwrap_or_else(|| self.health_by_its_cells())
    }

    fn health_by_its_cells(&self) -> InstanceHealth {
        use InstanceState as S;
        if self.host == HostStatus::Unreachable || self.checks.critical > 0 && self.state.is_up() {
            return InstanceHealth::Unhealthy;
        }
        match &self.state {
            S::Started | S::Running if self.checks.passing == self.checks.total => InstanceHealth::Healthy,
            S::Stopped | S::Suspended if self.desired != DesiredState::Run => InstanceHealth::Resting,
            S::Stopped | S::Failed | S::LaunchFailed | S::Lost | S::Unknown => InstanceHealth::Unhealthy,
            S::Suspended => InstanceHealth::Resting,
            _ => InstanceHealth::Pending,
        }
    }

    /// The colour its state is shown in: a state that looks fine is no comfort when a check fails.
    pub fn tone(&self) -> Tone {
        match self.health() {
            InstanceHealth::Healthy => Tone::Good,
            InstanceHealth::Resting => Tone::Idle,
            InstanceHealth::Unhealthy if self.state.is_up() => Tone::Warning,
            InstanceHealth::Unhealthy => Tone::Bad,
            InstanceHealth::Pending if self.state.is_gone() => Tone::Idle,
            InstanceHealth::Pending => Tone::Busy,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn instance(id: &str) -> Instance {
        Instance {
            checks: CheckCounts { total: 1, passing: 1, ..CheckCounts::default() },
            ..crate::samples::instance(id)
        }
    }

    #[test]
    fn started_without_checks_is_healthy_and_says_no_checks() {
        let one = Instance { checks: CheckCounts::default(), ..instance("73d8d46dbee589") };
        assert_eq!(one.health(), InstanceHealth::Healthy);
        assert_eq!(one.checks.sentence(), "no checks");
    }

    #[test]
    fn started_is_not_healthy_while_a_check_is_critical() {
        let one = Instance {
            checks: CheckCounts { total: 1, critical: 1, ..CheckCounts::default() },
            ..instance("e80d7fbd")
        };
        assert_eq!(one.health(), InstanceHealth::Unhealthy);
        assert_eq!(one.tone(), Tone::Warning);
        assert_eq!(one.checks.sentence(), "1 total, 1 critical");
    }

    #[test]
    fn a_check_that_has_not_passed_yet_leaves_the_instance_pending() {
        let one = Instance {
            checks: CheckCounts { total: 1, warning: 1, ..CheckCounts::default() },
            ..instance("e80d7fbd")
        };
        assert_eq!(one.health(), InstanceHealth::Pending);
    }

    #[test]
    fn stopped_on_request_is_at_rest_and_stopped_by_itself_is_unhealthy() {
        let stopped =
            Instance { state: InstanceState::Stopped, desired: DesiredState::Stop, ..instance("e80d7fbd") };
        assert_eq!(stopped.health(), InstanceHealth::Resting);
        let crashed = Instance { desired: DesiredState::Run, ..stopped };
        assert_eq!(crashed.health(), InstanceHealth::Unhealthy);
    }

    #[test]
    fn what_is_known_beyond_its_cells_gives_the_row_its_tone() {
        let crashing = Instance { judged: Some(InstanceHealth::Unhealthy), ..instance("e80d7fbd") };
        assert_eq!((crashing.health(), crashing.tone()), (InstanceHealth::Unhealthy, Tone::Warning));
        let in_grace = Instance {
            judged: Some(InstanceHealth::Pending),
            checks: CheckCounts { total: 1, critical: 1, ..CheckCounts::default() },
            ..instance("e80d7fbd")
        };
        assert_eq!(in_grace.tone(), Tone::Busy);
    }

    #[test]
    fn an_unreachable_host_makes_its_instance_unhealthy() {
        let one = Instance { host: HostStatus::Unreachable, ..instance("e80d7fbd") };
        assert_eq!(one.health(), InstanceHealth::Unhealthy);
    }
}
