//! The words Fly has for things. Sources: Fly's documentation of machine states, `fly-go`'s types,
//! and the GraphQL schema; words of the Nomad era as its command line showed them.

/// A set of words, and what they are words for.
pub(super) struct Words {
    what: &'static str,
    words: &'static [&'static str],
}

pub(super) const MACHINE_STATE: Words = Words {
    what: "state of a machine",
    words: &[
        "created",
        "started",
        "stopped",
        "suspended",
        "failed",
        "creating",
        "starting",
        "stopping",
        "restarting",
        "suspending",
        "destroying",
        "launch_failed",
        "updating",
        "replacing",
        "destroyed",
        "replaced",
        "migrated",
    ],
};

pub(super) const HOST_STATUS: Words =
    Words { what: "status of a host", words: &["ok", "unknown", "unreachable"] };

pub(super) const EVENT: Words = Words {
    what: "type of a machine's event",
    words: &[
        "launch", "start", "exit", "update", "revert", "stop", "restart", "destroy", "suspend", "resume",
        "cordon", "uncordon",
    ],
};

pub(super) const EVENT_SOURCE: Words =
    Words { what: "source of a machine's event", words: &["user", "flyd", "proxy"] };

pub(super) const RELEASE_STATUS: Words = Words {
    what: "status of a release",
    words: &["pending", "running", "complete", "succeeded", "failed", "cancelled", "interrupted", "dead"],
};

pub(super) const STRATEGY: Words = Words {
    what: "strategy of a release",
    words: &["BLUEGREEN", "CANARY", "IMMEDIATE", "ROLLING", "ROLLING_ONE", "SIMPLE"],
};

pub(super) const APP_STATUS: Words =
    Words { what: "status of an app", words: &["running", "deployed", "suspended", "pending", "dead"] };

pub(super) const APP_STATE: Words =
    Words { what: "state of an app", words: &["DEPLOYED", "PENDING", "SUSPENDED"] };

pub(super) const IP_KIND: Words =
    Words { what: "kind of address", words: &["v4", "v6", "shared_v4", "private_v6"] };

pub(super) const ALLOCATION_STATUS: Words = Words {
    what: "status of an allocation",
    words: &["pending", "running", "complete", "failed", "lost", "unknown"],
};

pub(super) const ALLOCATION_DESIRED: Words =
    Words { what: "wish for an allocation", words: &["run", "stop", "evict"] };

pub(super) const LOG_LEVEL: Words =
    Words { what: "level of a log line", words: &["debug", "info", "warn", "warning", "error"] };

pub(super) const LOG_PROVIDER: Words =
    Words { what: "provider of a log line", words: &["app", "proxy", "runner", "health"] };

impl Words {
    /// Says so where a word is none of these.
    pub(super) fn check(&self, word: &str) -> Result<(), String> {
        if self.words.contains(&word) {
            return Ok(());
        }
        Err(format!("`{word}` is no {}; there are: {}", self.what, self.words.join(", ")))
    }
}
