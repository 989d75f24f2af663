//! An incremental parser of `text/event-stream`, as the HTML standard defines it (9.2.6).
//!
//! The page reads its stream with `fetch`, because `EventSource` shows neither status nor headers;
//! so the format is read here. Chunks may end anywhere, also inside of a character.

/// The longest line that is read, and the most data one event may carry. The state of an app with
/// ten thousand instances is about 4 MiB; more than this is a fault of whoever sends it.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One thing that a stream said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A dispatched event.
    Event {
        /// Its name; "message" where it has none.
        name: String,
        /// Its lines of data, joined by line feeds.
        data: String,
        /// The last id the stream named, in this event or before. Empty where none was named, and
        /// where the stream took it back.
        id: String,
    },
    /// How long to wait before a new connection, in milliseconds.
    Retry(u64),
}

/// A line or an event is longer than [`MAX_BYTES`]. The stream cannot be read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an event of the stream is longer than {MAX_BYTES} bytes")
    }
}

impl std::error::Error for TooLong {}

/// The parser of one stream.
#[derive(Debug, Default)]
pub struct EventStream {
    line: Vec<u8>,
    past_first_line: bool,
    after_carriage_return: bool,
    name: String,
    data: String,
    has_data: bool,
    id: String,
}

impl EventStream {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes and returns what became complete with them. What is incomplete when
    /// the stream ends is dropped, as the standard says.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<Vec<Frame>, TooLong> {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            if std::mem::take(&mut self.after_carriage_return) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.line.len() + part.len() > MAX_BYTES {
                return Err(TooLong);
            }
            self.line.extend_from_slice(part);
            let Some(end) = end else { break };
            self.after_carriage_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            frames.extend(self.end_line()?);
        }
        Ok(frames)
    }

    fn end_line(&mut self) -> Result<Option<Frame>, TooLong> {
        let line = std::mem::take(&mut self.line);
        let is_first = !std::mem::replace(&mut self.past_first_line, true);
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if is_first => rest,
            _ => &line,
        };
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        self.field(field, value.strip_prefix(' ').unwrap_or(value))
    }

    fn field(&mut self, field: &str, value: &str) -> Result<Option<Frame>, TooLong> {
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => self.more_data(value)?,
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Ok(value.parse().ok().map(Frame::Retry));
            }
            // A comment begins with a colon: its field has no name.
            _ => {}
        }
        Ok(None)
    }

    fn more_data(&mut self, value: &str) -> Result<(), TooLong> {
        if self.data.len() + value.len() >= MAX_BYTES {
            return Err(TooLong);
        }
        if self.has_data {
            self.data.push('\n');
        }
        self.data.push_str(value);
        self.has_data = true;
        Ok(())
    }

    fn dispatch(&mut self) -> Option<Frame> {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if !std::mem::take(&mut self.has_data) {
            return None;
        }
        let name = if name.is_empty() { "message".to_owned() } else { name };
        Some(Frame::Event { name, data, id: self.id.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Vec<Frame> {
        EventStream::new().feed(text.as_bytes()).unwrap()
    }

    fn event(name: &str, data: &str, id: &str) -> Frame {
        Frame::Event { name: name.into(), data: data.into(), id: id.into() }
    }

    #[test]
    fn an_event_is_dispatched_at_the_empty_line() {
        assert_eq!(parse("event: ping\ndata: {}\n"), []);
        assert_eq!(parse("event: ping\ndata: {}\n\n"), [event("ping", "{}", "")]);
    }

    #[test]
    fn lines_end_with_line_feed_carriage_return_or_both() {
        let expected = [event("a", "1\n2", ""), event("message", "3", "")];
        for end in ["\n", "\r", "\r\n"] {
            let text = "event: a|data: 1|data: 2||data: 3||".replace('|', end);
            assert_eq!(parse(&text), expected, "{end:?}");
        }
        assert_eq!(parse("event: a\r\ndata: 1\rdata: 2\n\r\ndata: 3\n\n"), expected);
    }

    #[test]
    fn carriage_return_and_line_feed_in_two_chunks_are_one_line_end() {
        let mut stream = EventStream::new();
        assert_eq!(stream.feed(b"data: 1\r").unwrap(), []);
        assert_eq!(stream.feed(b"\ndata: 2\r").unwrap(), []);
        assert_eq!(stream.feed(b"\n\r").unwrap(), [event("message", "1\n2", "")]);
    }

    #[test]
    fn one_byte_order_mark_at_the_very_beginning_is_skipped() {
        assert_eq!(parse("\u{feff}data: 1\n\n"), [event("message", "1", "")]);
        assert_eq!(parse("\u{feff}\u{feff}data: 1\n\n"), []);
        assert_eq!(parse("data: 1\n\n\u{feff}data: 2\n\n"), [event("message", "1", "")]);
    }

    #[test]
    fn a_comment_says_nothing() {
        assert_eq!(parse(": keep-alive\n\n:\n\ndata: 1\n: in between\n\n"), [event("message", "1", "")]);
    }

    #[test]
    fn one_space_after_the_colon_is_not_part_of_the_value() {
        assert_eq!(
            parse("data:1\n\ndata:  2\n\ndata\n\n"),
            [event("message", "1", ""), event("message", " 2", ""), event("message", "", "")]
        );
    }

    #[test]
    fn an_event_without_data_is_not_dispatched_and_its_name_is_forgotten() {
        assert_eq!(parse("event: ping\n\ndata: 1\n\n"), [event("message", "1", "")]);
    }

    #[test]
    fn an_id_stays_until_another_is_named() {
        assert_eq!(
            parse("id: k-1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"),
            [event("message", "a", "k-1"), event("message", "b", "k-1"), event("message", "c", "")]
        );
    }

    #[test]
    fn an_id_with_nul_is_ignored() {
        assert_eq!(parse("id: k-1\nid: k\0-2\ndata: a\n\n"), [event("message", "a", "k-1")]);
    }

    #[test]
    fn retry_takes_digits_only() {
        assert_eq!(parse("retry: 1500\n"), [Frame::Retry(1500)]);
        assert_eq!(parse("retry: 1.5\nretry: -1\nretry:\nretry: 99999999999999999999999\n"), []);
    }

    #[test]
    fn a_retry_comes_before_the_event_it_stands_in() {
        assert_eq!(
            parse("event: bye\nretry: 700\ndata: {}\n\n"),
            [Frame::Retry(700), event("bye", "{}", "")]
        );
    }

    #[test]
    fn fields_nobody_knows_are_ignored() {
        assert_eq!(parse("Data: 1\ncolour: red\ndata: 2\n\n"), [event("message", "2", "")]);
    }

    #[test]
    fn a_character_split_over_chunks_is_read_whole() {
        let text = "data: Zürich \u{1F680}\n\n".as_bytes();
        for at in 0..text.len() {
            let mut stream = EventStream::new();
            let mut frames = stream.feed(&text[..at]).unwrap();
            frames.extend(stream.feed(&text[at..]).unwrap());
            assert_eq!(frames, [event("message", "Zürich \u{1F680}", "")], "split at {at}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let frames = EventStream::new().feed(b"data: a\xFFb\n\n").unwrap();
        assert_eq!(frames, [event("message", "a\u{fffd}b", "")]);
    }

    #[test]
    fn a_line_without_end_is_refused_when_it_is_too_long() {
        let mut stream = EventStream::new();
        let chunk = vec![b'a'; 1024 * 1024];
        for _ in 0..MAX_BYTES / chunk.len() {
            assert_eq!(stream.feed(&chunk), Ok(vec![]));
        }
        assert_eq!(stream.feed(b"a"), Err(TooLong));
    }

    #[test]
    fn data_without_end_is_refused_when_it_is_too_long() {
        let mut stream = EventStream::new();
        let line = format!("data: {}\n", "a".repeat(1024 * 1024));
        for _ in 1..MAX_BYTES / (1024 * 1024) {
            assert_eq!(stream.feed(line.as_bytes()), Ok(vec![]));
        }
        assert_eq!(stream.feed(line.as_bytes()), Err(TooLong));
    }

    fn lines() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"data: {\"a\":1}".to_vec()),
            Just(b"data".to_vec()),
            Just(b"event: change".to_vec()),
            Just(b"id: k3f9-42".to_vec()),
            Just(b"retry: 20".to_vec()),
            Just(b": comment".to_vec()),
            Just("data: Zürich \u{1F680}".as_bytes().to_vec()),
            Just(b"\xEF\xBB\xBF".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"\r".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\n\n".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..4),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_frames(bytes in lines(), cuts in proptest::collection::vec(1..9_usize, 1..50)) {
            let whole = EventStream::new().feed(&bytes).unwrap();
            let mut stream = EventStream::new();
            let (mut rest, mut frames) = (bytes.as_slice(), Vec::new());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (chunk, after) = rest.split_at((*cut).min(rest.len()));
                frames.extend(stream.feed(chunk).unwrap());
                rest = after;
            }
            prop_assert_eq!(frames, whole);
        }
    }
}
