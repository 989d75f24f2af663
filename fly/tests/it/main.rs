//! The client against servers that behave, misbehave and lie.

#![expect(clippy::unwrap_used, reason = "tests: what cannot be had fails them")]

mod access;
mod app_facts;
mod apps;
mod faults;
mod faults_of_rest;
mod holdings;
mod limits;
mod machines_api;
mod mutants;
mod organization;
mod samples;
mod secrets;
mod support;
mod tokens;
mod web;
