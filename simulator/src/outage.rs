//! Outages one can switch on: an API that closes connections, hangs or answers 503.

use serde::{Deserialize, Serialize};

use crate::faults::{Api, ErrorBody, Fault, FaultRule, Faults, Route};

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

impl Outage {
    /// What it is as a fault; none for no outage.
    fn fault(self) -> Option<Fault> {
        match self {
            Self::Off => None,
            Self::Down => Some(Fault::Close),
            Self::Hang => Some(Fault::Hang),
            Self::Unavailable => {
                Some(Fault::Status { status: 503, retry_after: None, body: ErrorBody::Json })
            }
        }
    }
}

/// Begins or ends an outage: a fault of a whole address, in place of the one it had.
pub(crate) fn set(faults: &Faults, affected: Affected, outage: Outage) {
    let place = |route: Route| {
        faults.set_outage(outage.fault().map(|fault| FaultRule::on(route.clone(), fault)), &route);
    };
    if affected != Affected::Machines {
        place(Route::ApiAddress);
    }
    if affected != Affected::Graphql {
        place(Route::Api(Api::Machines));
    }
}
