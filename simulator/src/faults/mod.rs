//! Faults on demand: what one can make go wrong with the simulated APIs, for whom and when.
//!
//! - [`Fault`], [`FaultRule`], [`Route`]: pure description, read and written as JSON.
//! - `book`: the rules that stand, and what they say about one request.
//! - `act`, `body`, `edit`, `gzip`: what that does to the request and its answer.
//! - [`Preset`]: rules with a name.

mod act;
mod actions;
mod asked;
mod body;
mod book;
mod edit;
mod fault;
mod gzip;
mod preset;
mod random;
mod route;
mod rule;

pub(crate) use act::{Instead, instead, spoil, wait};
pub(crate) use asked::Asked;
pub(crate) use book::Faults;
pub use book::{FaultId, StandingFault};
pub use fault::{ErrorBody, Fault, Garble, RetryAfter};
pub use preset::Preset;
pub use route::{Api, NoRoute, Route};
pub use rule::{FaultRule, NoRule};
