//! From an event of the stream to what it means.

use super::event_stream::Frame;
use super::topic_event::TopicEvent;
use model::json::{self, FromJson};
use model::live::{ChangeSet, Cursor, Hello, Ping, Snapshot, SourceState, Topic, TopicState, event_name};

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The first word of a stream.
    Hello(Hello),
    /// News of a topic, with their place in the stream if they have one.
    News(Topic, Option<Cursor>, TopicEvent),
    /// A sign of life, with the place the stream has reached.
    Ping(Option<Cursor>, Ping),
    /// The server is stopping.
    Bye,
    /// The session ended.
    SignedOut,
    /// To wait so many milliseconds before a new connection.
    Retry(u64),
    /// An event of a name this page does not know: a newer server may send some.
    Unknown,
}

/// An event of a known name that could not be read.
#[derive(Debug)]
pub struct Unreadable {
    /// The event's name.
    pub name: String,
    /// What is wrong with it. For the console, not for a person.
    pub error: json::Unreadable,
}

/// Reads a frame.
pub fn read(frame: Frame) -> Result<Message, Unreadable> {
    match frame {
        Frame::Retry(millis) => Ok(Message::Retry(millis)),
        Frame::Event { name, data, id } => {
            read_event(&name, &data, id.parse().ok()).map_err(|error| Unreadable { name, error })
        }
    }
}

fn read_event(name: &str, data: &str, id: Option<Cursor>) -> Result<Message, json::Unreadable> {
    Ok(match name {
        event_name::HELLO => Message::Hello(parse(data)?),
        event_name::SNAPSHOT => {
            let snapshot: Snapshot<TopicState> = parse(data)?;
            Message::News(snapshot.topic.clone(), id, TopicEvent::Snapshot(Box::new(snapshot)))
        }
        event_name::CHANGE => {
            let set: ChangeSet = parse(data)?;
            Message::News(set.topic.clone(), id, TopicEvent::Changes(set))
        }
        event_name::SOURCE => {
            let state: SourceState = parse(data)?;
            Message::News(state.topic.clone(), id, TopicEvent::Source(state))
        }
        event_name::PING => Message::Ping(id, parse(data)?),
        event_name::BYE => Message::Bye,
        event_name::SIGNED_OUT => Message::SignedOut,
        _ => Message::Unknown,
    })
}

fn parse<T: FromJson>(data: &str) -> Result<T, json::Unreadable> {
    json::read(data.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::live::{AppChange, AppsChange, Change, InstanceChange};

    fn frame(name: &str, data: &str, id: &str) -> Frame {
        Frame::Event { name: name.into(), data: data.into(), id: id.into() }
    }

    const HEADER: &str = r#"{"name":"a","organization":{"slug":"o","name":"O"},"status":"running","hostname":null,"image":null,"version":14}"#;
    const ROW: &str = r#"{"name":"a","organization":{"slug":"o","name":"O"},"status":"running","last_release":null,"deployment":null,"instances":null,"regions":["sjc"]}"#;

    fn change(topic: &str, word: &str, value: &str) -> Vec<Change> {
        let data = format!(r#"{{"topic":"{topic}","checked_at":7,"changes":[{{"{word}":{value}}}]}}"#);
        match read(frame("change", &data, "k3f9-42")).unwrap() {
            Message::News(_, at, TopicEvent::Changes(set)) => {
                assert_eq!(at, Some(Cursor { epoch: "k3f9".into(), seq: 42 }));
                assert_eq!(set.checked_at, Timestamp(7));
                set.changes
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_topic_says_of_which_kind_its_changes_are() {
        assert!(matches!(change("app:a", "app", HEADER)[..], [Change::App(AppChange::App(_))]));
        assert!(matches!(change("apps", "listed", ROW)[..], [Change::Apps(AppsChange::Listed(_))]));
        let lines = r#"[{"key":"7","cells":[{"text":"up"}]}]"#;
        let of_instance = change("instance:a:e80d7fbd", "lines", lines);
        assert!(matches!(of_instance[..], [Change::Instance(InstanceChange::Lines(_))]));
    }

    #[test]
    fn a_hello_tells_protocol_build_and_time() {
        let data = r#"{"protocol":1,"build":"9f2c","now":1632342281764}"#;
        let Ok(Message::Hello(hello)) = read(frame("hello", data, "")) else { panic!("no hello") };
        assert_eq!((hello.protocol, hello.build.as_str()), (1, "9f2c"));
        assert_eq!(hello.now, Timestamp(1_632_342_281_764));
    }

    #[test]
    fn a_ping_says_for_each_topic_when_it_was_checked() {
        let data = r#"{"now":9,"checked_at":[["apps",3],["app:a",4]]}"#;
        let Ok(Message::Ping(at, ping)) = read(frame("ping", data, "k-5")) else { panic!("no ping") };
        assert_eq!(at, Some(Cursor { epoch: "k".into(), seq: 5 }));
        assert_eq!(
            ping.checked_at,
            [(Topic::apps(), Timestamp(3)), ("app:a".parse().unwrap(), Timestamp(4))]
        );
    }

    #[test]
    fn bye_and_signed_out_need_no_data() {
        assert!(matches!(read(frame("bye", "", "")), Ok(Message::Bye)));
        assert!(matches!(read(frame("signed-out", "{}", "")), Ok(Message::SignedOut)));
    }

    #[test]
    fn an_event_nobody_knows_yet_is_ignored() {
        assert!(matches!(read(frame("fireworks", "not json", "")), Ok(Message::Unknown)));
    }

    #[test]
    fn a_known_event_that_cannot_be_read_is_an_error_with_its_name() {
        assert_eq!(read(frame("change", "{", "k-1")).unwrap_err().name, "change");
        assert_eq!(read(frame("change", r#"{"topic":"app:../x"}"#, "k-1")).unwrap_err().name, "change");
    }
}
