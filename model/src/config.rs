//! What an app's configuration says that a diagnosis needs.

use crate::json::FromJson;
use serde::{Deserialize, Serialize};

/// One service of the configuration: a port of the app that Fly's proxy connects to and checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Service {
    /// The port the app should listen on.
    pub internal_port: u16,
    /// Where it stands in the configuration (`services[0]`, `http_service`).
    pub key: String,
    /// The process groups it leads to (`processes`); empty for all of them.
    #[serde(default)]
    pub groups: Vec<String>,
}

impl Service {
    /// Whether it leads to instances of this process group.
    pub fn leads_to(&self, group: &str) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|one| one == group)
    }
}

/// The parts of the configuration that were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct AppConfig {
    /// The services, in the order of the configuration.
    pub services: Vec<Service>,
    /// The variable `PORT` of `[env]`, as written.
    pub env_port: Option<String>,
    /// The health checks: those of the services, and those of `[checks]`.
    pub checks: Vec<Check>,
    /// The command that runs before a release is deployed (`[deploy] release_command`).
    pub release_command: Option<String>,
}

/// One configured health check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Check {
    /// Where it stands in the configuration (`services[0].http_checks[0]`, `checks.alive`).
    pub key: String,
    /// `tcp` or `http`.
    pub kind: String,
    /// The port it asks; none where the configuration leaves it to the service and that has none.
    pub port: Option<u16>,
    /// The path it asks for (HTTP).
    pub path: Option<String>,
    /// The method it asks with (HTTP).
    pub method: Option<String>,
    /// The protocol it speaks (HTTP): `http` or `https`.
    pub protocol: Option<String>,
    /// The names of the headers it sends; the values may be secret and are not kept.
    pub headers: Vec<String>,
    /// Time between two checks, in milliseconds.
    pub interval_ms: Option<u64>,
    /// How long it waits for an answer, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// How long after its start the instance may still fail it, in milliseconds.
    pub grace_period_ms: Option<u64>,
}

impl Check {
    /// Whether it is one of the checks of this service.
    pub fn is_of(&self, service: &Service) -> bool {
        self.key.strip_prefix(&service.key).is_some_and(|rest| rest.starts_with('.'))
    }
}
