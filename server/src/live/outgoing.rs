//! An event on its way to a viewer, before it takes the form of the stream or of the long poll.

use axum::body::Bytes;
use model::live::Cursor;
use serde::Serialize;
use serde_json::value::RawValue;
use std::fmt::{self, Write as _};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// JSON that was written once and is sent to many.
#[derive(Clone, Debug)]
pub struct Json(Arc<Written>);

#[derive(Debug)]
struct Written {
    text: Box<str>,
    /// The frame of the first who sent it: most of the others send the same.
    frame: OnceLock<Frame>,
}

#[derive(Debug)]
struct Frame {
    name: &'static str,
    id: Option<Cursor>,
    bytes: Bytes,
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(Arc::new(Written { text: text.into(), frame: OnceLock::new() }))
    }
}

impl Deref for Json {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Json {
    /// Whether it is the same that was written once.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// One event.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its name; see `model::live::event_name`.
    pub name: &'static str,
    /// Whoever has this event has everything up to this place.
    pub id: Option<Cursor>,
    /// How long to wait before connecting again.
    pub retry: Option<Duration>,
    /// JSON in one line.
    pub data: Json,
}

/// An event as `/poll` tells it.
#[derive(Serialize)]
struct Polled<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Cursor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<u128>,
    data: &'a RawValue,
}

impl Outgoing {
    /// An event that is written for one viewer.
    pub fn of(name: &'static str, data: &impl Serialize) -> Self {
        Self::shared(name, json(data))
    }

    /// An event whose data many viewers get.
    pub fn shared(name: &'static str, data: Json) -> Self {
        Self { name, id: None, retry: None, data }
    }

    /// The event in the format of an event stream (WHATWG HTML, "Server-sent events").
    pub fn frame(&self) -> Bytes {
        if self.retry.is_some() {
            return self.composed();
        }
        let compose = || Frame { name: self.name, id: self.id.clone(), bytes: self.composed() };
        let first = self.data.0.frame.get_or_init(compose);
        if first.name == self.name && first.id == self.id { first.bytes.clone() } else { self.composed() }
    }

    fn composed(&self) -> Bytes {
        let mut text = String::with_capacity(self.data.len() + 64);
        // Writing to a String cannot fail. JSON of ours holds no line break outside of a text, and
        // inside of one it is escaped.
        writeln!(text, "event: {}", self.name).ok();
        if let Some(id) = &self.id {
            writeln!(text, "id: {id}").ok();
        }
        if let Some(retry) = self.retry {
            writeln!(text, "retry: {}", retry.as_millis()).ok();
        }
        text.push_str("data: ");
        text.push_str(&self.data);
        text.push_str("\n\n");
        text.into()
    }
}

/// Events as the JSON array that `/poll` answers with.
pub fn polled(events: &[Outgoing]) -> String {
    let read: Vec<Polled<'_>> = events
        .iter()
        .filter_map(|event| {
            let data = serde_json::from_str(&event.data).ok()?;
            let retry = event.retry.map(|retry| retry.as_millis());
            Some(Polled { event: event.name, id: event.id.as_ref(), retry, data })
        })
        .collect();
    serde_json::to_string(&read).unwrap_or_else(|_| "[]".to_owned())
}

/// Writes what cannot fail to be written: the types of the protocol have no maps with odd keys.
pub fn json(data: &impl Serialize) -> Json {
    match serde_json::to_string(data) {
        Ok(text) => text.into(),
        Err(error) => {
            tracing::error!(%error, "an event could not be written");
            "null".to_owned().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Outgoing {
        let mut event = Outgoing::of("bye", &());
        event.id = Some("e-7".parse().unwrap());
        event.retry = Some(Duration::from_millis(1_500));
        event
    }

    #[test]
    fn the_stream_and_the_long_poll_tell_the_same_with_the_same_id() {
        assert_eq!(event().frame(), "event: bye\nid: e-7\nretry: 1500\ndata: null\n\n");
        assert_eq!(polled(&[event()]), r#"[{"event":"bye","id":"e-7","retry":1500,"data":null}]"#);
    }

    #[test]
    fn many_who_send_the_same_share_one_frame_and_who_is_at_another_place_has_its_own() {
        let at = |id: &str| {
            let mut event = Outgoing::shared("change", event().data);
            event.id = Some(id.parse().unwrap());
            event
        };
        let [one, mut other] = [at("e-7"), at("e-7")];
        other.data = one.data.clone();
        assert_eq!(one.frame().as_ptr(), other.frame().as_ptr());
        other.id = Some("e-8".parse().unwrap());
        assert_eq!(other.frame(), "event: change\nid: e-8\ndata: null\n\n");
        other.id = None;
        assert_eq!(other.frame(), "event: change\ndata: null\n\n");
        other.name = "source";
        assert_eq!(other.frame(), "event: source\ndata: null\n\n");
        assert_eq!(one.frame(), "event: change\nid: e-7\ndata: null\n\n");
    }

    #[test]
    fn a_line_break_in_a_text_does_not_end_the_event() {
        let event = Outgoing::of("change", &"one\r\ntwo\n\nevent: signed-out");
        let frame = event.frame();
        assert_eq!(std::str::from_utf8(&frame).unwrap().matches('\n').count(), 3);
        assert!(polled(&[event]).contains(r"one\r\ntwo\n\nevent: signed-out"));
    }
}
