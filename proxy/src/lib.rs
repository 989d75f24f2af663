//! A proxy between a browser and Windsock that behaves as badly as proxies and networks do: it
//! delays, narrows, buffers, cuts, falls silent, answers for itself and changes headers.
//!
//! - [`Conditions`]: how it behaves, as data; replaced while it runs.
//! - [`Proxy`]: a running one.
//! - `line`: the connection to the browser, which can fall silent and be reset.
//! - `forward`: one request; `pump`: the body of one answer.
//! - `control`: `/_proxy/...`, on a loopback port of its own.

mod conditions;
mod control;
mod forward;
mod headers;
mod line;
mod proxy;
mod pump;
mod switches;

pub use conditions::{Conditions, Cut, How, StatusWindow, Wrong};
pub use proxy::{Counts, Options, Proxy, StartError};
