//! How an instance ended, each time it did, whether a machine's event or Nomad's tells it.

use crate::facts::InstanceFacts;
use crate::health::is_crash;
use crate::instance::{Exit, InstanceEvent};
use crate::time::Timestamp;

/// One end of the main process.
#[derive(Clone, Debug)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// How.
    pub exit: Exit,
    /// The event as it is quoted.
    pub quoted: String,
    /// How long it ran before, if its start is known.
    pub ran_ms: Option<i64>,
    /// How often it had been started again before, as far as Fly counts.
    pub restarts: u32,
}

impl Ended {
    /// Ended by itself, and not well.
    pub fn is_crash(&self) -> bool {
        is_crash(&self.exit)
    }

    /// "exit code 137", "signal 9", "an error".
    pub fn how(&self) -> String {
        match (self.exit.code, self.exit.signal) {
            (Some(code), _) => format!("exit code {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => "an error".to_owned(),
        }
    }
}

/// The ends of `one` since `since`, oldest first.
pub(crate) fn exits(one: &InstanceFacts, since: Timestamp) -> Vec<Ended> {
    let mut started: Option<Timestamp> = None;
    let mut asked = false;
    let mut found = Vec::new();
    for event in one.events.iter().filter(|event| event.at >= since) {
        match event.kind.as_str() {
            "start" | "Started" | "launch" => (started, asked) = (Some(event.at), false),
            // Nomad: the exit that follows was asked for, by a check, a person or a new version.
            "Restart Signaled" | "Killing" | "Signaling" => asked = true,
            _ => {}
        }
        let Some(exit) = exit_of(event, asked) else { continue };
        found.push(Ended {
            at: event.at,
            restarts: exit.restart_count.unwrap_or(0),
            exit,
            quoted: format!("{}: {}", event.kind, event.message),
            ran_ms: started.map(|started| event.at.since(started)),
        });
    }
    found
}

fn exit_of(event: &InstanceEvent, asked: bool) -> Option<Exit> {
    if let Some(exit) = &event.exit {
        return Some(Exit { requested_stop: exit.requested_stop || asked, ..exit.clone() });
    }
    if event.kind != "Terminated" {
        return None;
    }
    // Nomad: "Exit Code: 137, Signal: 9, Exit Message: \"OOM Killed\"".
    let message = event.message.to_ascii_lowercase();
    Some(Exit {
        code: number_after(&message, "exit code: "),
        signal: number_after(&message, "signal: "),
        oom_killed: message.contains("oom"),
        requested_stop: asked,
        ..Exit::default()
    })
}

fn number_after(text: &str, words: &str) -> Option<i64> {
    let rest = &text[text.find(words)? + words.len()..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}
