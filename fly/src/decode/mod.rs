//! Fly's values as values of the model.

pub(crate) mod belongings;
pub(crate) mod config;
mod duration;
pub(crate) mod issues;
pub(crate) mod json;
pub(crate) mod listed;
pub(crate) mod nomad;
pub(crate) mod releases;
pub(crate) mod text;
pub(crate) mod time;

/// A count of Fly's as an unsigned number; a negative one is none.
pub(crate) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(0)
}
