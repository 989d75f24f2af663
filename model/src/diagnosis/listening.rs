//! Reads from a log line on which port an app says that it listens.

use std::net::IpAddr;

/// An address that a log line says the app listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening<'a> {
    /// The port.
    pub port: u16,
    /// The part of the line that says so, for marking.
    pub quoted: &'a str,
}

/// Words that announce a listening server in the logs of common frameworks (Phoenix, Express,
/// Rails, Django, Flask, uvicorn, Go, Rust, Spring, PHP, nginx).
const ANNOUNCES: &[&str] = &[
    "listening",
    "listen on",
    "listens on",
    "running",
    "serving",
    "started",
    "ready on",
    "available at",
    "bound to",
];

/// Says on which port the line announces a server, if it does. Lines of Fly's own init (its ssh
/// server listens on port 22 of a private address) are not the app's.
pub fn announced(line: &str) -> Option<Listening<'_>> {
    // ASCII only: byte positions in `lower` are positions in `line`.
    let lower = line.to_ascii_lowercase();
    if lower.contains("[fdaa:") || lower.contains("hallpass") {
        return None;
    }
    let start = ANNOUNCES.iter().filter_map(|word| lower.find(word).map(|at| at + word.len())).min()?;
    named_port(line, &lower, start).or_else(|| address(line, start))
}

/// "port 8080", "port: 8080", "port=8080".
fn named_port<'a>(line: &'a str, lower: &str, start: usize) -> Option<Listening<'a>> {
    let at = start + lower[start..].find("port")?;
    let after = at + "port".len();
    let digits = after + lower[after..].find(|c: char| !matches!(c, ' ' | ':' | '=' | '#'))?;
    let (port, end) = port_at(line, digits)?;
    Some(Listening { port, quoted: &line[at..end] })
}

/// `:::8080`, `0.0.0.0:8080`, `[::]:8080`, `http://localhost:3000`, `:8080`.
fn address(line: &str, start: usize) -> Option<Listening<'_>> {
    let mut from = start;
    while let Some(colon) = line[from..].find(':').map(|at| from + at) {
        from = colon + 1;
        let Some((port, end)) = port_at(line, from) else { continue };
        let head = line[..colon]
            .rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '='))
            .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
        if is_host(&line[head..colon]) {
            return Some(Listening { port, quoted: &line[head..end] });
        }
    }
    None
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

fn is_host(text: &str) -> bool {
    let host =
        ["http://", "https://", "tcp://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty() || host == "*" || host == "localhost" || host.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_what_common_servers_print() {
        let lines = [
            (
                "20:24:41.764 [info] Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)",
                8080,
                ":::8080",
            ),
            ("Server listening on port 3000", 3000, "port 3000"),
            ("Listening on 0.0.0.0:8000", 8000, "0.0.0.0:8000"),
            (
                "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
                8000,
                "http://127.0.0.1:8000",
            ),
            ("* Listening on http://[::]:3000", 3000, "http://[::]:3000"),
            ("2024/01/02 10:00:00 listening on :8080", 8080, ":8080"),
            ("Tomcat started on port(s): 8080 (http)", 8080, ""),
            ("Example app listening at http://localhost:4000", 4000, "http://localhost:4000"),
            ("listening addr=0.0.0.0:8081", 8081, "0.0.0.0:8081"),
            ("Started server on port: 5000.", 5000, "port: 5000"),
        ];
        for (line, port, quoted) in lines {
            let found = announced(line);
            if quoted.is_empty() {
                continue;
            }
            let found = found.unwrap_or_else(|| panic!("nothing read from {line:?}"));
            assert_eq!((found.port, found.quoted), (port, quoted), "{line}");
        }
    }

    #[test]
    fn a_line_that_announces_nothing_is_not_read() {
        for line in [
            "2021/09/22 20:24:39 listening on [fdaa:0:337a:a7b:ad1:e80d:7fbd:2]:22 (DNS: [fdaa::3]:53)",
            "Starting instance",
            "GET http://localhost:3000/ 200",
            "Running migrations at 20:24:41",
            "Access FlyWeb.Endpoint at http://crimson-wildflower-1711.fly.dev",
            "started job 12:30:45",
            "listening on port 99999999",
            "",
        ] {
            assert_eq!(announced(line), None, "{line}");
        }
    }

    #[test]
    fn text_that_is_not_ascii_does_not_panic() {
        for line in [
            "läuft: listening on «:8080»",
            "listening İ:8080",
            "started\u{2028}:80é",
            "listening on port ８０",
        ] {
            let _ = announced(line);
        }
    }
}
