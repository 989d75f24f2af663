//! What clients can do to the simulated Fly, as facts: each action is a function from the world and
//! a request to the facts that follow, now and later. Pure: no clock, no I/O.
//!
//! How long things take is made up, but of the size that people see.

pub(crate) mod app;
mod checks;
mod ids;
pub(crate) mod lease;
pub(crate) mod machine;
pub(crate) mod power;
pub(crate) mod volume;

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    StoryTime,
    refusal::{Refusal, refusal},
    story::{Fact, Origin},
    world::{App, Change, CheckStatus, Machine, MachinePatch},
};

/// The machine that an action is about, at the moment at which it is asked for.
pub(crate) struct Target<'a> {
    pub(crate) now: StoryTime,
    pub(crate) app: &'a App,
    pub(crate) machine: &'a Machine,
}

/// The facts of an action, put together step by step. Times are milliseconds after it was asked for.
pub(crate) struct Plan {
    now: StoryTime,
    app: String,
    machine: String,
    facts: Vec<Fact>,
}

impl Target<'_> {
    fn plan(&self) -> Plan {
        Plan::new(self.now, &self.app.name, &self.machine.id)
    }

    fn is(&self, states: &[&str]) -> bool {
        states.contains(&self.machine.state.as_str())
    }

    /// Fly's words for an action that the state of a machine does not allow.
    fn cannot(&self, what: &str) -> Refusal {
        let state = &self.machine.state;
        let reason = format!("failed_precondition: unable to {what} machine from current state: '{state}'");
        refusal(StatusCode::PRECONDITION_FAILED, reason)
    }
}

impl Plan {
    fn new(now: StoryTime, app: &str, machine: &str) -> Self {
        Self { now, app: app.to_owned(), machine: machine.to_owned(), facts: Vec::new() }
    }

    /// All facts, for the timeline.
    pub(crate) fn facts(self) -> Vec<Fact> {
        self.facts
    }

    fn tell(&mut self, after: i64, change: Change) {
        let at = StoryTime::from_ms(self.now.as_ms() + after);
        self.facts.push(Fact { at, origin: Origin::Asked, change });
    }

    fn set(&mut self, after: i64, set: MachinePatch) {
        let (app, machine) = (self.app.clone(), self.machine.clone());
        self.tell(after, Change::MachineChanged { app, machine, set });
    }

    fn state(&mut self, after: i64, state: &str) {
        self.set(after, MachinePatch { state: Some(state.to_owned()), ..MachinePatch::default() });
    }

    fn event(&mut self, after: i64, kind: &str, status: &str, source: &str) {
        self.event_with(after, kind, status, source, Value::Null);
    }

    fn event_with(&mut self, after: i64, kind: &str, status: &str, source: &str, request: Value) {
        let [kind, status, source] = [kind, status, source].map(str::to_owned);
        let (app, machine) = (self.app.clone(), self.machine.clone());
        self.tell(after, Change::MachineEvent { app, machine, kind, status, source, request });
    }

    fn log(&mut self, after: i64, message: &str) {
        let change = Change::Log {
            app: self.app.clone(),
            instance: Some(self.machine.clone()),
            region: None,
            level: "info".to_owned(),
            provider: "runner".to_owned(),
            code: None,
            message: message.to_owned(),
        };
        self.tell(after, change);
    }

    fn check(&mut self, after: i64, name: &str, status: CheckStatus, output: &str) {
        let change = Change::Check {
            app: self.app.clone(),
            instance: self.machine.clone(),
            check: name.to_owned(),
            status: Some(status),
            output: Some(output.to_owned()),
        };
        self.tell(after, change);
    }
}
