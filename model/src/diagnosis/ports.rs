//! Where an instance listens, by its sockets or else by what it says in its log.

use super::case::Patient;
use super::listening::{Reach, announced};
use super::{Evidence, Source, quote};
use crate::process::{ListenSocket, Process};
use std::net::{IpAddr, Ipv6Addr};

/// An address that an instance listens on.
pub(super) struct Heard {
    pub(super) port: u16,
    pub(super) reach: Reach,
    /// Whether it is beside the app: metrics, a debugger.
    pub(super) aside: bool,
    pub(super) evidence: Evidence,
}

/// Every address, the last one last. Sockets are what is; lines are what was said, and count only
/// where nobody could ask for the sockets.
pub(super) fn heard(one: &Patient<'_>) -> Vec<Heard> {
    match &one.facts.processes {
        Some(processes) => processes.iter().flat_map(|process| sockets(one, process)).collect(),
        None => said(one),
    }
}

/// What the instance says in its log.
pub(super) fn said(one: &Patient<'_>) -> Vec<Heard> {
    let id = &one.facts.instance.id;
    one.lines()
        .iter()
        .filter_map(|line| {
            let found = announced(&line.message)?;
            Some(Heard {
                port: found.port,
                reach: found.reach,
                aside: found.aside,
                evidence: quote::line(id, line, &[found.quoted]),
            })
        })
        .collect()
}

fn sockets<'a>(one: &'a Patient<'_>, process: &'a Process) -> impl Iterator<Item = Heard> + 'a {
    let own = !is_flys(process);
    process.listen_sockets.iter().filter(move |socket| own && socket.proto.starts_with("tcp")).filter_map(
        |socket| {
            let (reach, port) = address(socket)?;
            let text = format!("{} {} ({})", socket.proto, socket.address, process.command);
            let source = Source::Sockets(one.facts.instance.id.clone());
            let evidence = quote::supports(source, None, &text, &[&socket.address]);
            Some(Heard { port, reach, aside: false, evidence })
        },
    )
}

/// Fly's own init and its ssh server.
fn is_flys(process: &Process) -> bool {
    let program = process.command.split_whitespace().next().unwrap_or_default();
    program == "/fly/init" || program.starts_with("/.fly/") || program.ends_with("hallpass")
}

/// `0.0.0.0:8080`, `[::1]:8080`, `*:8080`; none for addresses of Fly's private network, which its
/// ssh server listens on.
fn address(socket: &ListenSocket) -> Option<(Reach, u16)> {
    let (host, port) = socket.address.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let reach = match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) if is_private_network(ip) && port == 22 => return None,
        Ok(ip) if ip.is_loopback() => Reach::Loopback,
        _ => Reach::Outside,
    };
    Some((reach, port))
}

/// 6PN, Fly's private network (`fdaa::/16`).
fn is_private_network(ip: Ipv6Addr) -> bool {
    ip.segments()[0] == 0xfdaa
}
