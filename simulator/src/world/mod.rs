//! What exists on the simulated Fly at one moment. Pure data: no clock, no I/O.
//!
//! A world is never edited by the APIs. It is computed from a story: the initial world and every
//! fact up to a moment ([`crate::Timeline`]).

mod app;
mod apply;
mod certificate;
mod change;
mod instance;
mod machine_change;
mod objects;
mod process;
mod release;
mod secret;
mod volume;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use app::{App, HostIssue, IpAddress, LogLine, Platform, ProcessGroup};
pub use apply::Refused;
pub use certificate::Certificate;
pub use change::{AppPatch, Change, MachinePatch, ReleasePatch, VolumePatch};
pub use instance::{
    Allocation, AllocationEvent, Check, CheckKind, CheckStatus, Lease, ListenSocket, Machine, MachineEvent,
};
pub use machine_change::MachineVersion;
pub use process::{Process, Socket};
pub use release::{Deployment, Release};
pub use secret::Secret;
pub use volume::{Snapshot, Volume};

use crate::StoryTime;

/// Everything that exists at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Organizations, in the order in which the APIs list them.
    #[serde(default)]
    pub organizations: Vec<Organization>,
    /// People who made releases.
    #[serde(default)]
    pub users: Vec<User>,
    /// Apps, in the order in which the APIs list them.
    #[serde(default)]
    pub apps: Vec<Arc<App>>,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Opaque identifier in GraphQL.
    pub id: String,
    /// The number behind it.
    pub number: i64,
    /// The name in URLs and arguments.
    pub slug: String,
    /// The name people gave it.
    pub name: String,
    /// Whether it is the personal organization of a user.
    #[serde(default)]
    pub personal: bool,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Opaque identifier in GraphQL, and how releases refer to this person.
    pub id: String,
    /// The name shown.
    pub name: String,
    /// The address shown.
    pub email: String,
}

impl World {
    /// The app of this name.
    pub fn app(&self, name: &str) -> Option<&Arc<App>> {
        self.apps.iter().find(|app| app.name == name)
    }

    /// The organization of this slug.
    pub fn organization(&self, slug: &str) -> Option<&Organization> {
        self.organizations.iter().find(|org| org.slug == slug)
    }

    /// The person of this identifier.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The machine of this identifier, with its app.
    pub fn machine(&self, id: &str) -> Option<(&Arc<App>, &Machine)> {
        self.apps.iter().find_map(|app| app.machine(id).map(|machine| (app, machine)))
    }

    /// The identifiers of objects of a world, each with its value as JSON: what a history is made
    /// of.
    pub fn objects(&self) -> std::collections::BTreeMap<String, serde_json::Value> {
        objects::of(self.apps.iter().map(|app| &**app))
    }

    /// The object of this name and the others of its app; of all apps where no object is named. In
    /// a world of thousands of apps that is a thousandth of the work.
    pub fn objects_beside(
        &self,
        object: Option<&str>,
    ) -> std::collections::BTreeMap<String, serde_json::Value> {
        match object.map(|object| objects::app_of(object).and_then(|name| self.app(name))) {
            None => self.objects(),
            Some(app) => objects::of(app.into_iter().map(|app| &**app)),
        }
    }

    /// Makes one change at a moment, or says why it cannot be made.
    pub fn apply(&mut self, at: StoryTime, change: &Change) -> Result<(), Refused> {
        apply::apply(self, at, change)
    }
}
