//! The client against servers that behave, misbehave and lie.

#![expect(clippy::unwrap_used, reason = "tests: what cannot be had fails them")]

mod access;
mod app_facts;
mod apps;
mod faults;
mod mutants;
mod samples;
mod secrets;
mod support;
