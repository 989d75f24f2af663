//! What was asked for and never came: "not loaded" is neither "none" nor "unknown".

use crate::json::FromJson;
use serde::{Deserialize, Serialize};

/// The parts that could not be loaded since somebody began to look, so that their absence says
/// nothing. Empty where everything was loaded at least once: then it costs no bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(transparent)]
pub struct NotLoaded(Vec<String>);

impl NotLoaded {
    /// The instances of an app, with their counts.
    pub const INSTANCES: &'static str = "instances";
    /// The releases of an app.
    pub const RELEASES: &'static str = "releases";
    /// The process groups of an app.
    pub const PROCESS_GROUPS: &'static str = "process groups";
    /// The log of an instance.
    pub const LOG: &'static str = "log";
    /// The configuration of an instance.
    pub const CONFIGURATION: &'static str = "configuration";
    /// What runs in an instance.
    pub const PROCESSES: &'static str = "processes";
    /// Who holds a lease on an instance.
    pub const LEASE: &'static str = "lease";
    /// The newest release of a row of the apps list.
    pub const LAST_RELEASE: &'static str = "last release";

    /// Whether everything was loaded.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this part was never loaded.
    pub fn has(&self, part: &str) -> bool {
        self.0.iter().any(|one| one == part)
    }

    /// Adds a part, once.
    pub fn add(&mut self, part: &str) {
        if !self.has(part) {
            self.0.push(part.to_owned());
        }
    }

    /// Takes a part away: it is known after all.
    pub fn remove(&mut self, part: &str) {
        self.0.retain(|one| one != part);
    }
}
