//! What stands between the network and the handlers, one concern a file.

pub mod access_log;
pub mod body;
pub mod client_address;
pub mod csp;
pub mod host;
pub mod panics;
pub mod same_origin;
pub mod security_headers;
pub mod session;
