//! What an app's configuration says that a diagnosis needs.

use serde::{Deserialize, Serialize};

/// One service of the configuration: a port of the app that Fly's proxy connects to and checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The port the app should listen on.
    pub internal_port: u16,
    /// Where it stands in the configuration (`services[0]`, `http_service`).
    pub key: String,
}

/// The parts of the configuration that were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppConfig {
    /// The services, in the order of the configuration.
    pub services: Vec<Service>,
    /// The variable `PORT` of `[env]`, as written.
    pub env_port: Option<String>,
}
