//! What runs inside a machine (Machines API, `GET .../ps`).

use crate::json::FromJson;
use serde::{Deserialize, Serialize};

/// A socket that a process listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ListenSocket {
    /// `tcp` or `udp`, with a `6` behind it for IPv6, as Fly spells it.
    pub proto: String,
    /// Address and port (`0.0.0.0:8080`, `[::]:22`).
    pub address: String,
}

/// One process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Process {
    /// Its number in the machine.
    pub pid: u32,
    /// The command line.
    pub command: String,
    /// The directory it runs in.
    pub directory: String,
    /// Share of the processor, in percent.
    pub cpu_percent: u32,
    /// Memory it holds, in bytes.
    pub rss_bytes: u64,
    /// The sockets it listens on.
    pub listen_sockets: Vec<ListenSocket>,
}
