//! The client against servers that behave, misbehave and lie.

#![expect(clippy::unwrap_used, reason = "tests: what cannot be had fails them")]

mod access;
mod app_facts;
mod apps;
mod faults;
mod faults_of_rest;
mod history;
mod holdings;
mod limits;
mod lists;
mod machines_api;
mod mutants;
mod organization;
mod partial;
mod releases;
mod samples;
mod secrets;
mod support;
mod table;
mod tokens;
mod web;
