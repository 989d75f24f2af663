//! What happened to a machine, and what follows from it.

use super::wire::{Event, ExitEvent};
use crate::decode::text;
use model::state::{DesiredState, InstanceState};
use model::{Exit, InstanceEvent, Timestamp};

/// Events with their instants, oldest first.
pub(crate) struct History {
    events: Vec<(Timestamp, Event)>,
}

impl History {
    /// Sorts the events; one without a time is left out, since it has no place among the others.
    pub(crate) fn of(events: Vec<Event>) -> Self {
        let mut events: Vec<(Timestamp, Event)> = events
            .into_iter()
            // Fly lists them newest first: events of the same instant keep their order.
            .rev()
            .filter_map(|event| Some((event.timestamp?, event)))
            .collect();
        events.sort_by_key(|(at, _)| *at);
        Self { events }
    }

    /// The events as people see them, oldest first.
    pub(crate) fn told(&self) -> Vec<InstanceEvent> {
        self.events.iter().map(|(at, event)| told(*at, event)).collect()
    }

    /// The count of the newest event that carries one.
    pub(crate) fn restarts(&self) -> u32 {
        self.newest_first().find_map(|event| event.request.restart_count).unwrap_or(0)
    }

    /// Whether the machine is to run: always, unless it came to rest on request, by a person or by
    /// the proxy's autostop. Where no event tells how it came to rest nothing speaks for a crash.
    pub(crate) fn desired(&self, state: &InstanceState) -> DesiredState {
        use InstanceState as S;
        if !matches!(state, S::Stopping | S::Stopped | S::Suspending | S::Suspended) {
            return DesiredState::Run;
        }
        let mut ended = false;
        for event in self.newest_first() {
            match event.kind.as_deref().unwrap_or_default() {
                "start" | "launch" | "restart" => break,
                "exit" => {
                    ended = true;
                    if event.request.exit.as_ref().is_some_and(|exit| exit.requested_stop == Some(true)) {
                        return DesiredState::Stop;
                    }
                }
                "stop" | "suspend" => {
                    ended = true;
                    if matches!(event.source.as_deref(), Some("user" | "proxy")) {
                        return DesiredState::Stop;
                    }
                }
                _ => {}
            }
        }
        if ended { DesiredState::Run } else { DesiredState::Stop }
    }

    fn newest_first(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().rev().map(|(_, event)| event)
    }
}

fn told(at: Timestamp, event: &Event) -> InstanceEvent {
    let exit = event.request.exit.as_ref();
    let exited_at = exit.and_then(|exit| exit.exited_at);
    InstanceEvent {
        at: exited_at.unwrap_or(at),
        kind: text::line(event.kind.as_deref().unwrap_or("event"), 100),
        message: message(event, exit),
        source: event.source.as_deref().map(|source| text::line(source, 100)),
        exit: exit.map(|exit| ended(exit, event.request.restart_count)),
    }
}

fn ended(exit: &ExitEvent, restart_count: Option<u32>) -> Exit {
    Exit {
        code: exit.code(),
        signal: exit.ended_by(),
        oom_killed: exit.oom_killed == Some(true),
        requested_stop: exit.requested_stop == Some(true),
        restarting: exit.restarting == Some(true),
        restart_count,
        error: exit.said().map(|error| text::said(error, 1_000)),
    }
}

/// The state it led to, then what is known of an exit: `stopped: exit code 137, out of memory`.
fn message(event: &Event, exit: Option<&ExitEvent>) -> String {
    let status = event.status.clone().unwrap_or_default();
    let mut facts = exit.map(exit_facts).unwrap_or_default();
    if exit.is_none() {
        facts.extend(event.source.as_ref().map(|source| format!("by {source}")));
    }
    let told = if facts.is_empty() { status } else { format!("{status}: {}", facts.join(", ")) };
    text::said(told.trim_start_matches(": "), 1_000)
}

fn exit_facts(exit: &ExitEvent) -> Vec<String> {
    [
        exit.code().map(|code| format!("exit code {code}")),
        exit.ended_by().map(|signal| format!("signal {signal}")),
        (exit.oom_killed == Some(true)).then(|| "out of memory".to_owned()),
        (exit.requested_stop == Some(true)).then(|| "stop requested".to_owned()),
        (exit.restarting == Some(true)).then(|| "restarting".to_owned()),
        exit.said().map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn history(events: &Value) -> History {
        History::of(serde_json::from_value(events.clone()).unwrap())
    }

    fn crash() -> Value {
        json!({"type": "exit", "status": "stopped", "source": "flyd", "timestamp": 1_653_346_106_636_i64,
            "request": {"exit_event": {"exit_code": 127, "exited_at": 1_653_346_105_255_i64, "guest_exit_code": 0,
                "guest_signal": -1, "oom_killed": false, "requested_stop": false, "restarting": false, "signal": -1},
                "restart_count": 2}})
    }

    #[test]
    fn events_come_oldest_first_with_what_is_known_of_an_exit() {
        let told = history(&json!([
            crash(),
            {"type": "launch", "status": "created", "source": "user", "timestamp": 1_653_346_101_403_i64}
        ]))
        .told();
        assert_eq!(told[0].message, "created: by user");
        assert_eq!((told[1].kind.as_str(), told[1].message.as_str()), ("exit", "stopped: exit code 127"));
        assert_eq!(told[1].at, Timestamp(1_653_346_105_255));
    }

    #[test]
    fn an_exit_is_read_in_its_nested_shape_and_with_its_time_as_text() {
        let told = history(&json!([{"type": "exit", "status": "stopped", "timestamp": 5,
            "request": {"MonitorEvent": {"exit_event": {"exit_code": 137, "signal": 9, "oom_killed": true,
                "restarting": true, "exited_at": "1970-01-01T00:00:00.004Z"}}}}]))
        .told();
        assert_eq!(told[0].at, Timestamp(4));
        assert_eq!(told[0].message, "stopped: exit code 137, signal 9, out of memory, restarting");
    }

    #[test]
    fn restarts_are_those_of_the_newest_event_that_counts_them() {
        let events = json!([
            {"type": "start", "status": "started", "timestamp": 1_653_346_109_000_i64},
            crash(),
            {"type": "exit", "timestamp": 1, "request": {"restart_count": 9}}
        ]);
        assert_eq!(history(&events).restarts(), 2);
        assert_eq!(history(&json!([])).restarts(), 0);
    }

    #[test]
    fn a_machine_that_stopped_by_itself_is_to_run() {
        assert_eq!(history(&json!([crash()])).desired(&InstanceState::Stopped), DesiredState::Run);
        assert_eq!(history(&json!([crash()])).desired(&InstanceState::Started), DesiredState::Run);
    }

    #[test]
    fn a_machine_stopped_by_a_person_or_the_proxy_is_to_rest() {
        for source in ["user", "proxy"] {
            let events =
                json!([crash(), {"type": "stop", "status": "stopping", "source": source, "timestamp": 9}]);
            assert_eq!(history(&events).desired(&InstanceState::Stopped), DesiredState::Stop, "{source}");
        }
        let requested =
            json!([{"type": "exit", "timestamp": 9, "request": {"exit_event": {"requested_stop": true}}}]);
        assert_eq!(history(&requested).desired(&InstanceState::Stopped), DesiredState::Stop);
    }

    #[test]
    fn an_older_stop_says_nothing_about_a_crash_after_a_new_start() {
        let events = json!([
            crash(),
            {"type": "start", "status": "started", "source": "proxy", "timestamp": 20},
            {"type": "stop", "status": "stopping", "source": "user", "timestamp": 10}
        ]);
        assert_eq!(history(&events).desired(&InstanceState::Stopped), DesiredState::Run);
    }

    #[test]
    fn a_rest_that_no_event_explains_is_no_alarm() {
        assert_eq!(history(&json!([])).desired(&InstanceState::Stopped), DesiredState::Stop);
        let start = json!([{"type": "start", "timestamp": 1}]);
        assert_eq!(history(&start).desired(&InstanceState::Suspended), DesiredState::Stop);
    }

    #[test]
    fn events_of_unknown_kinds_and_shapes_are_kept_or_passed_over_but_never_an_error() {
        let told = history(&json!([
            {"type": "hibernate", "status": "cold", "timestamp": 3, "request": "text"},
            {"type": "exit", "timestamp": null},
            {"timestamp": 1, "request": {"exit_event": {"exit_code": "x"}}}
        ]))
        .told();
        assert_eq!(told.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["event", "hibernate"]);
    }
}
