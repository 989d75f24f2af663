//! Outages one can switch on: an API that closes connections, hangs or answers 503.

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// How an API fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outage {
    /// It does not.
    #[default]
    #[serde(rename = "off")]
    Off,
    /// Connections are closed without an answer.
    #[serde(rename = "down")]
    Down,
    /// No answer comes; when the outage ends, the connection is closed.
    #[serde(rename = "hang")]
    Hang,
    /// Every answer is a 503.
    #[serde(rename = "status-503")]
    Unavailable,
}

/// Which addresses fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Affected {
    /// The API address: GraphQL and the REST API beside it.
    Graphql,
    /// The Machines address.
    Machines,
    /// Both.
    All,
}

/// The switches, one for each address.
#[derive(Debug, Default)]
pub(crate) struct Outages {
    api: watch::Sender<Outage>,
    machines: watch::Sender<Outage>,
}

impl Outages {
    pub(crate) fn set(&self, affected: Affected, outage: Outage) {
        if affected != Affected::Machines {
            self.api.send_replace(outage);
        }
        if affected != Affected::Graphql {
            self.machines.send_replace(outage);
        }
    }

    pub(crate) fn api(&self) -> watch::Receiver<Outage> {
        self.api.subscribe()
    }

    pub(crate) fn machines(&self) -> watch::Receiver<Outage> {
        self.machines.subscribe()
    }
}
