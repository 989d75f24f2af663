//! The live part: one watch per app for all its viewers, and the streams that tell them of changes.
//!
//! Data flows one way: a [`watch`] polls Fly with one viewer's token, [`channel`] compares with the
//! last state and numbers each change, [`stream`] tells each viewer what it missed. [`access`]
//! keeps the proofs that a viewer may see a topic, [`hub`] owns them all.

pub mod access;
mod asked;
pub mod channel;
mod evidence;
mod gaps;
pub mod hub;
mod last_rows;
mod list;
mod memory;
pub mod outgoing;
pub mod pace;
mod poll;
mod ring;
pub mod sequence;
pub mod stream;
mod viewer;
mod viewers;
pub mod watch;
mod whole;
mod windows;

pub use hub::{Hub, HubOptions};
pub use poll::Failure;
pub use viewer::{Fingerprint, Viewer};
