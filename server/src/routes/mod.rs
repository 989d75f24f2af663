//! The handlers, one concern a file.

pub mod design;
pub mod diagnosis;
pub mod events;
mod follow;
pub mod pages;
pub mod palette;
pub mod poll;
pub mod probes;
pub mod sign_in;
