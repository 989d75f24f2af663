//! The handlers, one concern a file.

pub mod events;
pub mod pages;
pub mod probes;
pub mod sign_in;
