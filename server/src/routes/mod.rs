//! The handlers, one concern a file.

pub mod events;
mod follow;
pub mod pages;
pub mod poll;
pub mod probes;
pub mod sign_in;
