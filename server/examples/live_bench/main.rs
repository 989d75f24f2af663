//! The servers and the client of `cargo xtask bench live`, each a process of its own.
//!
//! `live_bench windsock|axum|tokio` listens, prints `listening PORT` and publishes one change each
//! 1.25 s. `live_bench load PORT STREAMS CHANGES PID` opens the streams, waits for so many changes on
//! each and prints one line of JSON.

#![allow(
    unreachable_pub,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a tool of the bench: what it prints is its result, and it ends where something is wrong"
)]

mod axum_sse;
mod load;
mod message;
mod process;
mod tokio_writer;
mod windsock;

use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::{TcpListener, TcpSocket};

/// How often a change is published.
const EVERY: std::time::Duration = std::time::Duration::from_millis(1_250);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["windsock"] => windsock::serve(listener()).await,
        ["axum"] => axum_sse::serve(listener()).await,
        ["tokio"] => tokio_writer::serve(listener()).await,
        ["load", port, streams, changes, pid] => {
            let number = |text: &str| text.parse::<u32>().expect("a number");
            let port = u16::try_from(number(port)).expect("a port");
            println!("{}", load::run(port, number(streams), number(changes), number(pid)).await);
        }
        _ => println!("windsock | axum | tokio | load PORT STREAMS CHANGES PID"),
    }
}

/// Listens with a queue that is long enough for a storm of connections, and tells where.
fn listener() -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("an address");
    let listener = socket.listen(4_096).expect("a listener");
    println!("listening {}", listener.local_addr().expect("an address").port());
    listener
}
