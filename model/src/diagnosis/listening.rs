//! Reads from a log line on which address an app says that it listens.

use crate::logs::{LONGEST_READ, head};
use std::net::IpAddr;

/// Who can reach an address, as far as a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every interface (`0.0.0.0`, `[::]`, `*`), or a certain one that is not loopback.
    Outside,
    /// Only the machine itself (`127.0.0.1`).
    Loopback,
    /// `localhost` or `[::1]`, which many servers print wherever they listen, or a port alone.
    Untold,
}

/// An address that a log line says the app listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening<'a> {
    /// The port.
    pub port: u16,
    /// Who can reach it.
    pub reach: Reach,
    /// Whether the line is about something beside the app: metrics, a debugger, an admin page.
    pub aside: bool,
    /// The part of the line that says so, for marking.
    pub quoted: &'a str,
}

/// Words that announce a listening server in the logs of common frameworks (Phoenix, Express,
/// Rails, Django, Flask, uvicorn, Go, Rust, Spring, PHP, Postgres).
const ANNOUNCES: &[&str] = &[
    "listening",
    "listen on",
    "listens on",
    "running",
    "serving",
    "started",
    "starting development server",
    "starting server",
    "server starting",
    "starting http",
    "starting protocolhandler",
    "starting \"http",
    "launched from",
    "ready on",
    "ready at",
    "ready in",
    "available at",
    "bound to",
    "bound on",
    "development server (",
];

/// Words of lines that Fly's own init writes.
const FLYS: &[&str] = &["[fdaa:", "hallpass", "[fly api proxy]"];

/// Words after which an address is one that the app talks to, and not its own.
const TALKS_TO: &[&str] = &[
    "connected to",
    "connecting to",
    "connect to",
    "connection to",
    "upstream",
    "forwarding",
    "proxying",
    "://user",
    "postgres://",
    "postgresql://",
    "redis://",
    "amqp://",
    "mongodb://",
    "replication",
    "streaming from",
];

/// Words of lines about a server that stands beside the app.
const ASIDE: &[&str] =
    &["metrics", "prometheus", "debugger", "inspector", "pprof", "epmd", "admin endpoint", "ws://"];

/// Says where the line announces a server, if it does. Lines of Fly's own init (its ssh server
/// listens on port 22 of a private address) are not the app's.
pub fn announced(line: &str) -> Option<Listening<'_>> {
    let line = head(line, LONGEST_READ);
    // ASCII only: byte positions in `lower` are positions in `line`.
    let lower = line.to_ascii_lowercase();
    if FLYS.iter().any(|words| lower.contains(words)) {
        return None;
    }
    let end = TALKS_TO.iter().filter_map(|words| lower.find(words)).min().unwrap_or(line.len());
    let (line, lower) = (&line[..end], &lower[..end]);
    let start = ANNOUNCES.iter().filter_map(|word| lower.find(word)).min()?;
    let found = named_port(line, lower, start)
        .or_else(|| address(line, start))
        .or_else(|| connector(line, lower, start))
        .or_else(|| address_before(line, lower, start))?;
    Some(Listening { aside: ASIDE.iter().any(|word| lower.contains(word)), ..found })
}

/// "port 8080", "port: 8080", "port=8080", "port(s): 8080", `"port":8080`.
fn named_port<'a>(line: &'a str, lower: &str, start: usize) -> Option<Listening<'a>> {
    let at = start + lower[start..].find("port")?;
    let mut after = at + "port".len();
    if lower[after..].starts_with("(s)") || lower[after..].starts_with("s ") {
        after += lower[after..].find([')', ' '])? + 1;
    }
    let digits = after + lower[after..].find(|c: char| !matches!(c, ' ' | ':' | '=' | '#' | '"' | '\''))?;
    let (port, end) = port_at(line, digits)?;
    Some(Listening { port, reach: reach_beside(&line[start..]), aside: false, quoted: &line[at..end] })
}

/// Who can reach a port whose address stands elsewhere in the line ("host 0.0.0.0 and port 3000").
fn reach_beside(text: &str) -> Reach {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '(' | ')' | '/'));
    let reaches: Vec<Reach> =
        words.filter_map(|word| known_host(word).filter(|r| *r != Reach::Untold)).collect();
    if reaches.contains(&Reach::Outside) {
        return Reach::Outside;
    }
    reaches.first().copied().unwrap_or(Reach::Untold)
}

/// `:::8080`, `0.0.0.0:8080`, `[::]:8080`, `http://localhost:3000`, `:8080`.
fn address(line: &str, start: usize) -> Option<Listening<'_>> {
    let mut from = start;
    while let Some(colon) = line[from..].find(':').map(|at| from + at) {
        from = colon + 1;
        let Some((port, end)) = port_at(line, from) else { continue };
        let head = line[..colon]
            .rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '=' | '{' | '|'))
            .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
        let text = line[head..colon].trim_start_matches(['│', '•', '-']);
        let head = colon - text.len();
        if let Some(reach) = host(text) {
            return Some(Listening { port, reach, aside: false, quoted: &line[head..end] });
        }
    }
    None
}

/// `ProtocolHandler ["http-nio-8080"]` (Tomcat).
fn connector<'a>(line: &'a str, lower: &str, start: usize) -> Option<Listening<'a>> {
    let name = ["http-nio-", "http-apr-", "http-nio2-"]
        .into_iter()
        .find_map(|name| lower[start..].find(name).map(|at| (start + at, start + at + name.len())))?;
    let (port, end) = port_at(line, name.1)?;
    Some(Listening { port, reach: Reach::Untold, aside: false, quoted: &line[name.0..end] })
}

/// `PHP 8.2 Development Server (http://0.0.0.0:8000) started`: the word comes after the address.
fn address_before<'a>(line: &'a str, lower: &str, start: usize) -> Option<Listening<'a>> {
    if !lower[start..].starts_with("started") {
        return None;
    }
    let scheme = lower[..start].rfind("http://").or_else(|| lower[..start].rfind("https://"))?;
    address(&line[..start], scheme)
}

/// The number at `at`, if it is a port and nothing but a port (not a time, not a version).
fn port_at(line: &str, at: usize) -> Option<(u16, usize)> {
    let digits = line[at..].bytes().take_while(u8::is_ascii_digit).count();
    let end = at + digits;
    let next = line[end..].chars().next();
    let clean = match next {
        Some(':') => false,
        // "8080." ends a sentence, "8080.1" is a number.
        Some('.') => !line[end + 1..].starts_with(|c: char| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
        None => true,
    };
    let port = line[at..end].parse::<u16>().ok().filter(|port| *port > 0)?;
    clean.then_some((port, end))
}

/// Who can reach `text`, if it is a host or an address with its scheme; an empty one is a port alone.
fn host(text: &str) -> Option<Reach> {
    let text = text.trim_start_matches('[');
    let host = ["http://", "https://", "tcp://", "ws://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() { Some(Reach::Untold) } else { known_host(host) }
}

fn known_host(text: &str) -> Option<Reach> {
    let host = text.trim_start_matches("http://").trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) if ip.is_loopback() => Some(Reach::Untold),
        Ok(ip) if ip.is_loopback() => Some(Reach::Loopback),
        Ok(_) => Some(Reach::Outside),
        Err(_) if host == "*" => Some(Reach::Outside),
        Err(_) => (host == "localhost").then_some(Reach::Untold),
    }
}

#[cfg(test)]
mod tests;
