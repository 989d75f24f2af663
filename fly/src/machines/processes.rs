//! What runs in a machine: `GET .../ps`.

use super::fields::Fields;
use crate::decode::text::LONGEST_LINE;
use model::{ListenSocket, Process};

/// A process; none without a number.
pub(crate) fn process(one: Fields<'_>) -> Option<Process> {
    Some(Process {
        pid: one.number("pid")?,
        command: one.said("command", LONGEST_LINE).unwrap_or_default(),
        directory: one.line("directory", LONGEST_LINE).unwrap_or_default(),
        cpu_percent: one.number("cpu").unwrap_or(0),
        rss_bytes: one.number("rss").unwrap_or(0),
        listen_sockets: one.list("listen_sockets").filter_map(socket).collect(),
    })
}

fn socket(one: Fields<'_>) -> Option<ListenSocket> {
    Some(ListenSocket { proto: one.name("proto").unwrap_or_default(), address: one.name("address")? })
}
