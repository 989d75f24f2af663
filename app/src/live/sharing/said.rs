//! What the tabs of one browser say to each other, and how it travels: one line of fields between
//! unit separators. JSON escapes that character, so no event of the stream holds one.

use super::super::connection::StreamId;
use super::super::event_stream::Frame;
use super::super::link::{Crowd, Link};
use model::Timestamp;
use model::live::{Cursor, Topic};

const SEPARATOR: char = '\u{1f}';

/// Names a tab: a random number that the tab chose when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TabId(pub u64);

/// The reign of a leader. A later one is greater, whoever leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Milliseconds since 1970 when it began, on the browser's clock.
    pub began: u64,
    /// Who leads.
    pub tab: TabId,
}

/// What a leader tells of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Since when, and who.
    pub term: Term,
    /// Its stream.
    pub stream: StreamId,
    /// How many messages with frames of this stream it has sent.
    pub sent: u32,
    /// The state of its stream.
    pub link: Link,
    /// Whom the stream carries: each tab with the number of its request.
    pub carried: Vec<(TabId, u32)>,
}

/// One message to all other tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A tab wants the leader's stream to carry these topics from this place on, in place of what
    /// it wanted before.
    Join {
        /// Who.
        tab: TabId,
        /// The number of the request.
        join: u32,
        /// All topics of the tab.
        topics: Vec<Topic>,
        /// The earliest place that the tab needs; none where it needs snapshots.
        since: Option<Cursor>,
    },
    /// A tab wants nothing any more.
    Gone(TabId),
    /// A tab wants to know whether the leader is still there.
    Ask(TabId),
    /// The leader tells of itself.
    Lead(Lead),
    /// What the leader's stream brought.
    Frames {
        /// The leader.
        term: Term,
        /// Of which stream.
        stream: StreamId,
        /// The number of this message, from 0.
        number: u32,
        /// Events only.
        frames: Vec<Frame>,
    },
    /// The leader cannot serve this tab, or none: take a stream of your own.
    Alone {
        /// The leader.
        term: Term,
        /// Who; all where there is none.
        tab: Option<TabId>,
    },
}

impl Said {
    /// For the channel.
    pub fn to_line(&self) -> String {
        match self {
            Self::Join { tab, join, topics, since } => {
                let names: Vec<String> = topics.iter().map(ToString::to_string).collect();
                let since = since.as_ref().map(ToString::to_string).unwrap_or_default();
                Line::new("J").number(tab.0).number((*join).into()).text(&names.join(",")).text(&since).0
            }
            Self::Gone(tab) => Line::new("G").number(tab.0).0,
            Self::Ask(tab) => Line::new("A").number(tab.0).0,
            Self::Lead(lead) => {
                let (word, attempt, from) = words_of(&lead.link);
                let mut line = Line::new("L").term(lead.term).number(lead.stream.0.into());
                line =
                    line.number(lead.sent.into()).text(word).number(attempt.into()).text(&from.to_string());
                for (tab, join) in &lead.carried {
                    line = line.number(tab.0).number((*join).into());
                }
                line.0
            }
            Self::Frames { term, stream, number, frames } => {
                let mut line = Line::new("F").term(*term).number(stream.0.into()).number((*number).into());
                for frame in frames {
                    if let Frame::Event { name, data, id } = frame {
                        line = line.text(name).text(data).text(id);
                    }
                }
                line.0
            }
            Self::Alone { term, tab } => {
                Line::new("X").term(*term).text(&tab.map(|tab| tab.0.to_string()).unwrap_or_default()).0
            }
        }
    }

    /// From the channel; none where it is nothing of ours.
    pub fn from_line(line: &str) -> Option<Self> {
        let mut parts = Parts(line.split(SEPARATOR));
        Some(match parts.text()? {
            "J" => Self::Join {
                tab: parts.tab()?,
                join: parts.small()?,
                topics: parts.text()?.split(',').map(|name| name.parse().ok()).collect::<Option<_>>()?,
                since: match parts.text()? {
                    "" => None,
                    text => Some(text.parse().ok()?),
                },
            },
            "G" => Self::Gone(parts.tab()?),
            "A" => Self::Ask(parts.tab()?),
            "L" => Self::Lead(Lead {
                term: parts.term()?,
                stream: StreamId(parts.small()?),
                sent: parts.small()?,
                link: link_of(parts.text()?, parts.small()?, Timestamp(parts.text()?.parse().ok()?))?,
                carried: parts.carried()?,
            }),
            "F" => Self::Frames {
                term: parts.term()?,
                stream: StreamId(parts.small()?),
                number: parts.small()?,
                frames: parts.frames()?,
            },
            "X" => Self::Alone {
                term: parts.term()?,
                tab: match parts.text()? {
                    "" => None,
                    text => Some(TabId(text.parse().ok()?)),
                },
            },
            _ => return None,
        })
    }
}

/// A stream that failed for good is nobody else's matter: see [`Said::Alone`].
fn words_of(link: &Link) -> (&'static str, u32, i64) {
    match link {
        Link::Live => ("live", 0, 0),
        Link::Polling => ("polling", 0, 0),
        Link::Reconnecting { attempt, shown_from } => ("reconnecting", *attempt, shown_from.millis()),
        Link::Offline { shown_from } => ("offline", 0, shown_from.millis()),
        Link::SignedOut => ("signed-out", 0, 0),
        Link::Crowded { shown_from, .. } => ("crowded", 0, shown_from.millis()),
        Link::Static | Link::Connecting | Link::Paused | Link::Failed(_) => ("connecting", 0, 0),
    }
}

fn link_of(word: &str, attempt: u32, shown_from: Timestamp) -> Option<Link> {
    Some(match word {
        "live" => Link::Live,
        "polling" => Link::Polling,
        "reconnecting" => Link::Reconnecting { attempt, shown_from },
        "offline" => Link::Offline { shown_from },
        "signed-out" => Link::SignedOut,
        // The stream of all has no place; connections lack only where each has one of its own.
        "crowded" => Link::Crowded { of: Crowd::Streams, shown_from },
        "connecting" => Link::Connecting,
        _ => return None,
    })
}

struct Line(String);

impl Line {
    fn new(kind: &str) -> Self {
        Self(kind.to_owned())
    }

    fn text(mut self, text: &str) -> Self {
        self.0.push(SEPARATOR);
        self.0.push_str(text);
        self
    }

    fn number(self, number: u64) -> Self {
        self.text(&number.to_string())
    }

    fn term(self, term: Term) -> Self {
        self.number(term.began).number(term.tab.0)
    }
}

struct Parts<'a>(std::str::Split<'a, char>);

impl<'a> Parts<'a> {
    fn text(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    fn number(&mut self) -> Option<u64> {
        self.text()?.parse().ok()
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn tab(&mut self) -> Option<TabId> {
        self.number().map(TabId)
    }

    fn term(&mut self) -> Option<Term> {
        Some(Term { began: self.number()?, tab: self.tab()? })
    }

    fn carried(&mut self) -> Option<Vec<(TabId, u32)>> {
        let mut carried = Vec::new();
        while let Some(tab) = self.text() {
            carried.push((TabId(tab.parse().ok()?), self.small()?));
        }
        Some(carried)
    }

    fn frames(&mut self) -> Option<Vec<Frame>> {
        let mut frames = Vec::new();
        while let Some(name) = self.text() {
            let (data, id) = (self.text()?.to_owned(), self.text()?.to_owned());
            frames.push(Frame::Event { name: name.to_owned(), data, id });
        }
        Some(frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERM: Term = Term { began: 1_795_000_000_000, tab: TabId(77) };

    fn there_and_back(said: &Said) {
        assert_eq!(Said::from_line(&said.to_line()).as_ref(), Some(said));
    }

    #[test]
    fn everything_that_is_said_is_understood() {
        let topics = vec!["app:a".parse().unwrap(), Topic::apps()];
        let since = Some(Cursor { epoch: "k3".into(), seq: 7 });
        there_and_back(&Said::Join { tab: TabId(1), join: 2, topics: topics.clone(), since });
        there_and_back(&Said::Join { tab: TabId(1), join: 2, topics, since: None });
        there_and_back(&Said::Gone(TabId(u64::MAX)));
        there_and_back(&Said::Ask(TabId(0)));
        there_and_back(&Said::Alone { term: TERM, tab: None });
        there_and_back(&Said::Alone { term: TERM, tab: Some(TabId(3)) });
    }

    #[test]
    fn each_state_of_a_stream_that_others_share_is_understood() {
        let shown_from = Timestamp(1_632_342_281_764);
        for link in [
            Link::Connecting,
            Link::Live,
            Link::Polling,
            Link::Reconnecting { attempt: 3, shown_from },
            Link::Offline { shown_from },
            Link::SignedOut,
        ] {
            let carried = vec![(TabId(5), 1), (TabId(6), 9)];
            there_and_back(&Said::Lead(Lead { term: TERM, stream: StreamId(4), sent: 8, link, carried }));
        }
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for line in ["", "?", "J", "A\u{1f}x", "L\u{1f}1", "J\u{1f}1\u{1f}1\u{1f}app:../x\u{1f}"] {
            assert_eq!(Said::from_line(line), None, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn frames_travel_unchanged(events in proptest::collection::vec(("[a-z-]{1,9}", "[^\u{1f}]{0,40}", "[a-z0-9-]{0,9}"), 0..5)) {
            let frames = events.into_iter().map(|(name, data, id)| Frame::Event { name, data, id }).collect();
            there_and_back(&Said::Frames { term: TERM, stream: StreamId(3), number: 2, frames });
        }

        #[test]
        fn any_line_is_read_or_refused_without_a_panic(line in "[JGALFX0-9a-z,:\u{1f}-]{0,60}") {
            let _ = Said::from_line(&line);
        }
    }
}
