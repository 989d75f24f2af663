//! IP addresses of an app (Machines API, `GET .../ip_assignments`).

use crate::id::RegionCode;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// One address by which an app is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpAssignment {
    /// The address.
    pub ip: IpAddr,
    /// Where it leads; none (or `global`) where it leads to the nearest region.
    pub region: Option<RegionCode>,
    /// The service it belongs to, if it belongs to one.
    pub service: Option<String>,
    /// Whether other apps have it too.
    pub shared: bool,
    /// When the app got it, if Fly tells.
    pub created_at: Option<Timestamp>,
}
