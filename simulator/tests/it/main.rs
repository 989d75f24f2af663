//! The simulator as its users meet it: over HTTP, and by its stories.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actions;
mod belongings;
mod common;
mod consistency;
mod control;
mod failed_deploy_v14;
mod faults;
mod fleet;
mod graphql;
mod leases;
mod lifetimes;
mod machines;
mod openapi;
mod rest;
mod stories;
mod story_files;
mod story_mistakes;
