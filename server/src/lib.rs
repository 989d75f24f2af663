//! The server of Windsock: configuration, sessions, watches, the event stream and the pages.
//!
//! `main.rs` only reads the command line. Everything is built here, so that tests can run the whole
//! server in their own process.

pub mod assets;
pub mod backend;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod layers;
pub mod limits;
pub mod live;
pub mod router;
pub mod routes;
pub mod serve;
pub mod session;
pub mod shutdown;
pub mod state;
#[cfg(test)]
mod testing;
pub mod upstream;
mod write_deadline;
