//! The causes that rules know, by stable names.
//!
//! They are read by looking their name up in the list: what serde derives for so many variants weighs
//! several times as much in the browser's module.

use crate::json::FromJson;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! causes {
    ($( $(#[$meta:meta])* $variant:ident = $name:literal ),+ $(,)?) => {
        /// What is wrong. Ordered: what explains others comes before what it explains, so that of two
        /// findings of the same certainty the root is read first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
        #[serde(try_from = "String", into = "String")]
        pub enum Cause {
            $( $(#[$meta])* $variant, )+
        }

        impl Cause {
            /// Every cause.
            pub const ALL: &'static [Cause] = &[$( Cause::$variant ),+];

            /// Its name in the protocol, in documents and in tables.
            pub fn name(self) -> &'static str {
                match self {
                    $( Self::$variant => $name, )+
                }
            }
        }
    };
}

causes! {
    /// A host does not answer.
    HostDown = "host_down",
    /// Fly stopped the machines of an account whose trial is over.
    TrialEnded = "trial_ended",
    /// Fly has no room for the machines.
    NoCapacity = "no_capacity",
    /// The image cannot be found or pulled.
    Image = "image",
    /// The release command failed.
    ReleaseCommand = "release_command",
    /// The app was out of memory.
    OutOfMemory = "out_of_memory",
    /// What is to be started is not in the image, or is no program for the machine.
    StartCommand = "start_command",
    /// A variable of the environment is missing.
    MissingVariable = "missing_variable",
    /// The configuration of the app or its server is refused.
    BadConfiguration = "bad_configuration",
    /// A disk is full.
    DiskFull = "disk_full",
    /// The port is taken inside the machine.
    PortInUse = "port_in_use",
    /// A database or another service cannot be reached.
    Dependency = "dependency",
    /// The app listens on another port than Fly connects to.
    WrongPort = "wrong_port",
    /// The app listens for the machine itself only.
    LoopbackOnly = "loopback_only",
    /// The app ends with an error again and again.
    CrashLoop = "crash_loop",
    /// The check asks for a path that is not there.
    CheckPath = "check_path",
    /// The check is sent elsewhere.
    CheckRedirect = "check_redirect",
    /// The app refuses the check for its host or for want of a login.
    CheckHost = "check_host",
    /// One of the check and the app speaks TLS and the other does not.
    CheckTls = "check_tls",
    /// The app answers the check with an error of its own.
    CheckError = "check_error",
    /// The check's grace period ends before the app is up.
    GracePeriod = "grace_period",
    /// The app does not answer the check in time.
    CheckTimeout = "check_timeout",
    /// Nothing listens where Fly connects.
    NotListening = "not_listening",
    /// Somebody else holds a lease on a machine.
    LeaseHeld = "lease_held",
    /// A machine does not get from one state to the next.
    StuckState = "stuck_state",
    /// The deployment was cut short by its client.
    Interrupted = "interrupted",
    /// The deployment's client has gone.
    Abandoned = "abandoned",
    /// Instances of one group run different releases.
    MixedVersions = "mixed_versions",
    /// No rule knows why, but the client that deployed wrote an error down.
    Reported = "reported",
}

/// A name that is no cause's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCause;

impl fmt::Display for UnknownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("that is not a cause this version knows")
    }
}

impl std::error::Error for UnknownCause {}

impl TryFrom<String> for Cause {
    type Error = UnknownCause;

    fn try_from(name: String) -> Result<Self, UnknownCause> {
        Self::ALL.iter().copied().find(|cause| cause.name() == name).ok_or(UnknownCause)
    }
}

impl From<Cause> for String {
    fn from(cause: Cause) -> String {
        cause.name().to_owned()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn a_name_that_no_cause_has_is_an_error() {
        assert!(serde_json::from_str::<Cause>("\"bad_luck\"").is_err());
    }

    #[test]
    fn each_cause_has_the_name_that_it_has_on_the_wire() {
        for cause in Cause::ALL {
            let json = serde_json::to_string(cause).unwrap();
            assert_eq!(json, format!("\"{}\"", cause.name()));
            assert_eq!(serde_json::from_str::<Cause>(&json).unwrap(), *cause);
        }
    }
}
