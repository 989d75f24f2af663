//! The states Fly reports, each open to values Fly may add.
//!
//! Sources: Fly's GraphQL schema, its documentation of machine states, flyctl, and Nomad's
//! structures for apps of the Nomad era.

use crate::health::Tone;
use crate::open_enum::open_enum;

open_enum! {
    /// The state of one instance: of a machine (Fly's documentation, "Machine states") or the
    /// client status of an allocation (Nomad, `structs/alloc.go`).
    InstanceState {
        /// Machine: made, not started yet.
        Created = "created",
        /// Machine: being made.
        Creating = "creating",
        /// Machine: on its way to `started`.
        Starting = "starting",
        /// Machine: running. Says nothing of its health checks.
        Started = "started",
        /// Machine: on its way to `stopped`.
        Stopping = "stopping",
        /// Machine: not running, may be started again.
        Stopped = "stopped",
        /// Machine: being restarted.
        Restarting = "restarting",
        /// Machine: on its way to `suspended`.
        Suspending = "suspending",
        /// Machine: memory kept, not running.
        Suspended = "suspended",
        /// Machine: its configuration is being replaced.
        Updating = "updating",
        /// Machine: being replaced by another version of itself.
        Replacing = "replacing",
        /// Machine: replaced by another version of itself.
        Replaced = "replaced",
        /// Machine: on its way to `destroyed`.
        Destroying = "destroying",
        /// Machine: gone.
        Destroyed = "destroyed",
        /// Machine: moved to another host.
        Migrated = "migrated",
        /// Machine: could not be launched.
        LaunchFailed = "launch_failed",
        /// Machine or allocation: failed.
        Failed = "failed",
        /// Allocation: placed, its task not started yet.
        Pending = "pending",
        /// Allocation: its task runs, or is between two restarts.
        Running = "running",
        /// Allocation: its task ended by itself.
        Complete = "complete",
        /// Allocation: its host was lost.
        Lost = "lost",
        /// Allocation: its host does not answer.
        Unknown = "unknown",
    }
}

impl InstanceState {
    /// Runs as far as Fly knows (which is not the same as healthy).
    pub fn is_up(&self) -> bool {
        matches!(self, Self::Started | Self::Running)
    }

    /// No longer exists; hidden unless asked for.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Destroyed | Self::Destroying | Self::Replaced | Self::Migrated | Self::Complete)
    }

    /// Nothing runs in it, and nothing will before it is started.
    pub fn is_at_rest(&self) -> bool {
        matches!(self, Self::Stopped | Self::Suspended | Self::Failed | Self::LaunchFailed)
            || (self.is_gone() && *self != Self::Destroying)
    }

    /// On its way from one state to another.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Creating
                | Self::Starting
                | Self::Stopping
                | Self::Restarting
                | Self::Suspending
                | Self::Updating
                | Self::Replacing
                | Self::Destroying
                | Self::Pending
        )
    }
}

open_enum! {
    /// What Fly wants the instance to do (Nomad's `desiredStatus`; for machines derived from how
    /// they were last asked to stop).
    DesiredState {
        /// It should run.
        Run = "run",
        /// It should not run: stopped on request or by autostop.
        Stop = "stop",
        /// It should leave its host.
        Evict = "evict",
    }
}

open_enum! {
    /// The result of one health check.
    CheckStatus {
        /// The check succeeds.
        Passing = "passing",
        /// The check has not succeeded yet, or only just fails.
        Warning = "warning",
        /// The check fails.
        Critical = "critical",
    }
}

open_enum! {
    /// The status of a release as flyctl writes it, with the Nomad era's words.
    ReleaseStatus {
        /// Recorded, not begun.
        Pending = "pending",
        /// Being deployed.
        Running = "running",
        /// Deployed.
        Complete = "complete",
        /// Deployed (Nomad era).
        Succeeded = "succeeded",
        /// Its deployment failed.
        Failed = "failed",
        /// Its deployment was cut short by its client.
        Interrupted = "interrupted",
        /// Replaced before it was deployed (Nomad era).
        Cancelled = "cancelled",
        /// Its job ended (Nomad era).
        Dead = "dead",
    }
}

impl ReleaseStatus {
    /// No more change is expected.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Pending | Self::Running | Self::Other(_))
    }

    /// Its deployment has not ended yet.
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Pending | Self::Running)
    }

    /// Deployed as wanted.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Complete | Self::Succeeded)
    }

    /// The colour this status is shown in.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Complete | Self::Succeeded => Tone::Good,
            Self::Failed => Tone::Bad,
            Self::Interrupted => Tone::Warning,
            Self::Pending | Self::Running => Tone::Busy,
            Self::Cancelled | Self::Dead | Self::Other(_) => Tone::Idle,
        }
    }
}

open_enum! {
    /// The status of a deployment: Nomad's words (`structs/deployment.go`), and two that are
    /// computed here for apps on Machines.
    DeploymentState {
        /// Waiting for its turn.
        Pending = "pending",
        /// Nomad: not started yet.
        Initializing = "initializing",
        /// Under way.
        Running = "running",
        /// Nomad: halted by a person.
        Paused = "paused",
        /// Nomad: waiting for another region.
        Blocked = "blocked",
        /// Nomad: leaving `blocked`.
        Unblocking = "unblocking",
        /// All instances became healthy.
        Successful = "successful",
        /// It did not succeed.
        Failed = "failed",
        /// Replaced by a newer one.
        Cancelled = "cancelled",
        /// Its client stopped before it was done (computed from the release).
        Interrupted = "interrupted",
        /// Still "running" for Fly, but nobody has worked on it for half an hour (computed).
        Abandoned = "abandoned",
    }
}

impl DeploymentState {
    /// Still under way.
    pub fn in_progress(&self) -> bool {
        matches!(self, Self::Pending | Self::Initializing | Self::Running | Self::Blocked | Self::Unblocking)
    }

    /// The colour this status is shown in.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Successful => Tone::Good,
            Self::Failed => Tone::Bad,
            Self::Interrupted | Self::Abandoned | Self::Paused => Tone::Warning,
            Self::Cancelled | Self::Other(_) => Tone::Idle,
            _ => Tone::Busy,
        }
    }
}

open_enum! {
    /// How a deployment replaces instances (GraphQL `DeploymentStrategy`, in lower case).
    Strategy {
        /// A new set beside the old one, then the switch.
        BlueGreen = "bluegreen",
        /// One new instance first.
        Canary = "canary",
        /// All at once, waiting for nothing.
        Immediate = "immediate",
        /// A few at a time.
        Rolling = "rolling",
        /// One at a time.
        RollingOne = "rolling_one",
        /// Nomad era: as it comes.
        Simple = "simple",
    }
}

open_enum! {
    /// The host of a machine (`host_status`).
    HostStatus {
        /// Answers.
        Ok = "ok",
        /// Not known.
        Unknown = "unknown",
        /// Does not answer: the machine's state is the last one known.
        Unreachable = "unreachable",
    }
}

open_enum! {
    /// `App.status`: an app of the Nomad era is running or dead, one on Machines deployed.
    AppStatus {
        /// Nothing deployed yet.
        Pending = "pending",
        /// Nomad era: deployed.
        Running = "running",
        /// Nomad era: no instance left.
        Dead = "dead",
        /// Deployed.
        Deployed = "deployed",
        /// Suspended.
        Suspended = "suspended",
    }
}

/// Fly's word with a capital letter and without underscores, as status words are shown. Fly's words are
/// ASCII: the capitals of all other letters would be a table in what browsers load.
pub fn word(text: &str) -> String {
    if text.is_empty() {
        return "Unknown".to_owned();
    }
    let mut word = text.replace('_', " ");
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_nobody_knew_is_kept_as_it_came() {
        let state = InstanceState::from("hibernating");
        assert_eq!(state, InstanceState::Other("hibernating".into()));
        assert_eq!(serde_json::to_string(&state).unwrap(), "\"hibernating\"");
    }

    #[test]
    fn every_known_value_keeps_its_spelling() {
        for text in InstanceState::KNOWN {
            assert_eq!(InstanceState::from(*text).as_str(), *text);
            assert!(!matches!(InstanceState::from(*text), InstanceState::Other(_)));
        }
    }

    #[test]
    fn a_status_word_reads_like_a_word() {
        assert_eq!(word("launch_failed"), "Launch failed");
        assert_eq!(word(""), "Unknown");
        assert_eq!(word("éteint"), "éteint");
    }
}
