//! The client against servers that behave, misbehave and lie.

#![expect(clippy::unwrap_used, reason = "tests: what cannot be had fails them")]

mod access;
mod app_facts;
mod apps;
mod faults;
mod history;
mod lists;
mod mutants;
mod partial;
mod samples;
mod secrets;
mod support;
mod table;
