//! A Fly.io on your own machine: the same APIs, playing scripted stories.
//!
//! - [`world`]: what exists at one moment, and how facts change it. Pure.
//! - [`story`]: story files, read and checked.
//! - [`timeline`]: the world at any moment, as a function of a story. Pure.
//! - [`clock`]: story time, which can stand still, run at any speed and jump.
//! - `graphql`, `rest`, `machines`: the APIs, which only translate a world.
//! - [`faults`]: what can be made to go wrong.
//! - `actions`: what clients ask for, as facts. Pure.
//! - `control`: `/_story/…`, on a loopback port of its own.
//! - [`Simulator`]: all of it, listening.

mod actions;
mod answer;
pub mod catalog;
pub mod clock;
mod control;
mod engine;
pub mod faults;
mod gate;
mod graphql;
mod limits;
mod machines;
pub mod outage;
mod refusal;
mod requests;
mod reset;
mod rest;
mod scene;
mod serve;
mod simulator;
pub mod story;
mod time_of_story;
pub mod timeline;
pub mod tokens;
mod ulid;
pub mod world;

use std::sync::Arc;

pub use clock::StoryClock;
pub use engine::NoSuchStep;
pub use faults::{Fault, FaultId, FaultRule, Preset, StandingFault};
pub use outage::{Affected, Outage};
pub use requests::{RequestCount, RequestCounts};
pub use simulator::{Options, Simulator, StartError};
pub use story::{Fact, Mistake, Origin, Story, StoryError};
pub use time_of_story::{NotAnInstant, StoryTime};
pub use timeline::{HistoryEntry, StepReport, Timeline};

/// What listens on the API address.
fn api_router(engine: &Arc<engine::Engine>) -> axum::Router {
    graphql::router(engine).merge(rest::router(engine))
}
