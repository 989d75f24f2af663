//! What runs inside a machine, as `/ps` tells it.

use serde::{Deserialize, Serialize};

/// One process of a machine (`ProcessStat`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Process identifier in the machine.
    #[serde(default = "first_pid")]
    pub pid: i64,
    /// The command line.
    pub command: String,
    /// Working directory.
    #[serde(default = "app_directory")]
    pub directory: String,
    /// Share of a processor, in percent.
    #[serde(default)]
    pub cpu: i64,
    /// Resident memory, in bytes.
    #[serde(default = "some_memory")]
    pub rss: i64,
    /// Time since it began, in seconds.
    #[serde(default)]
    pub rtime: i64,
    /// Processor time in the kernel, in seconds.
    #[serde(default)]
    pub stime: i64,
    /// What it listens on.
    #[serde(default)]
    pub listen_sockets: Vec<Socket>,
}

/// A socket that a process listens on (`ListenSocket`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Socket {
    /// `tcp`, `tcp6`, `udp` or `udp6`.
    #[serde(default = "tcp")]
    pub proto: String,
    /// Address and port, such as `0.0.0.0:8080` or `[::]:8080`.
    pub address: String,
}

/// The first process that is not the init of the machine.
fn first_pid() -> i64 {
    320
}

fn app_directory() -> String {
    "/app".to_owned()
}

/// 92 MiB: what a small server takes.
fn some_memory() -> i64 {
    96_468_992
}

fn tcp() -> String {
    "tcp".to_owned()
}

impl Process {
    /// A process of this command that listens nowhere.
    pub fn of(command: &str) -> Self {
        Self {
            pid: first_pid(),
            command: command.to_owned(),
            directory: app_directory(),
            cpu: 1,
            rss: some_memory(),
            rtime: 3600,
            stime: 12,
            listen_sockets: Vec::new(),
        }
    }
}
