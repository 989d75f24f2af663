//! `/v1/apps/{app}/machines/{machine}/wait`: the answer comes when the machine has the state.

use std::time::Duration;

use axum::{Json, extract::RawQuery, http::StatusCode};
use serde_json::{Value, json};

use super::{find_app, json as write};
use crate::{
    refusal::{Refusal, refusal},
    scene::{MachineScene, find_machine},
    world::Machine,
};

/// What one can wait for.
const STATES: [&str; 6] = ["started", "stopped", "suspended", "destroyed", "failed", "settled"];
/// States that a machine keeps.
const SETTLED: [&str; 6] = ["created", "started", "stopped", "suspended", "failed", "destroyed"];
/// Longest and usual time to wait.
const LONGEST: Duration = Duration::from_secs(60);
/// How often the story is looked at, in real time.
const LOOK: Duration = Duration::from_millis(20);

/// What is waited for, and how long in real time.
#[derive(Debug, PartialEq)]
struct Ask {
    states: Vec<String>,
    version: Option<String>,
    timeout: Duration,
}

pub(super) async fn wait(on: MachineScene, RawQuery(query): RawQuery) -> Result<Json<Value>, Refusal> {
    let ask = Ask::read(query.as_deref().unwrap_or_default())?;
    let engine = &on.scene.engine;
    let begin = engine.real_elapsed();
    loop {
        let app = find_app(&engine.view(), on.scene.token, &on.app.name)?;
        let machine = find_machine(&app, &on.machine.id)?;
        if ask.is_met_by(machine) {
            return Ok(Json(write(machine)));
        }
        if engine.real_elapsed().saturating_sub(begin) >= ask.timeout {
            let wanted = ask.states.join(", ");
            let reason = format!(
                "deadline_exceeded: machine failed to reach desired state, {wanted}, currently {}",
                machine.state
            );
            return Err(refusal(StatusCode::REQUEST_TIMEOUT, reason));
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn write(machine: &Machine) -> Value {
    let last = machine.events.iter().enumerate().next_back();
    let event = last.map(|(index, event)| write::event_id(machine, index, event));
    json!({
        "ok": true,
        "state": machine.state,
        "version": machine.instance_id,
        "event_id": event.unwrap_or_default(),
    })
}

impl Ask {
    /// `state` may stand more than once, `version` is also called `instance_id`, and `timeout` is a
    /// number of seconds.
    fn read(query: &str) -> Result<Self, Refusal> {
        let bad = |reason: String| refusal(StatusCode::BAD_REQUEST, reason);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut ask = Self { states: Vec::new(), version: None, timeout: LONGEST };
        for (key, value) in pairs.filter(|(_, value)| !value.is_empty()) {
            match key {
                "state" | "state[]" | "state%5B%5D" if !STATES.contains(&value) => {
                    return Err(bad(format!("state: `{value}` is none of {}", STATES.join(", "))));
                }
                "state" | "state[]" | "state%5B%5D" => ask.states.push(value.to_owned()),
                "version" | "instance_id" => ask.version = Some(value.to_owned()),
                "timeout" => {
                    let seconds = value.trim_end_matches('s').parse::<u64>();
                    let seconds =
                        seconds.map_err(|_| bad(format!("timeout: `{value}` is no number of seconds")))?;
                    ask.timeout = Duration::from_secs(seconds).min(LONGEST);
                }
                _ => {}
            }
        }
        if ask.states.is_empty() {
            ask.states.push("started".to_owned());
        }
        Ok(ask)
    }

    fn is_met_by(&self, machine: &Machine) -> bool {
        let state = machine.state.as_str();
        let reached = self.states.iter().any(|wanted| match wanted.as_str() {
            "settled" => SETTLED.contains(&state),
            wanted => wanted == state,
        });
        reached && self.version.as_ref().is_none_or(|version| *version == machine.instance_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_states_and_both_names_of_a_version_are_read() {
        let ask = Ask::read("state=stopped&state=failed&instance_id=01A&timeout=90").unwrap();
        assert_eq!(ask.states, ["stopped", "failed"]);
        assert_eq!(ask.version.as_deref(), Some("01A"));
        assert_eq!(ask.timeout, LONGEST);
    }

    #[test]
    fn without_a_state_one_waits_for_a_start() {
        assert_eq!(Ask::read("").unwrap().states, ["started"]);
    }

    #[test]
    fn a_state_that_cannot_be_waited_for_is_refused_with_those_that_can() {
        let Refusal::Told(status, reason) = Ask::read("state=asleep").unwrap_err() else {
            panic!("not told");
        };
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(reason.contains("`asleep`") && reason.contains("settled"), "{reason}");
    }
}
