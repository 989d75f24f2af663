//! A moment of a story, as the APIs write it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A UTC instant in milliseconds since 1970-01-01T00:00:00Z. Written as RFC 3339, with
/// milliseconds only where they are not zero, so that a captured time comes out as it went in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryTime(i64);

/// A text that should have been an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an instant; write it as RFC 3339, for example 2021-09-22T20:21:38Z")]
pub struct NotAnInstant(String);

impl StoryTime {
    /// The instant this many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 text; what is finer than a millisecond is cut off.
    pub fn parse(text: &str) -> Result<Self, NotAnInstant> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotAnInstant(text.to_owned()))?;
        i64::try_from(instant.unix_timestamp_nanos() / 1_000_000)
            .map(Self)
            .map_err(|_| NotAnInstant(text.to_owned()))
    }
}

impl fmt::Display for StoryTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|instant| instant.format(&Rfc3339).ok());
        match written {
            Some(text) => out.write_str(&text),
            None => write!(out, "{} ms", self.0),
        }
    }
}

impl Serialize for StoryTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StoryTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_it_was_read() {
        for text in ["2021-09-22T20:21:38Z", "2021-09-22T20:21:38.25Z"] {
            assert_eq!(StoryTime::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_instant_is_named_and_the_form_is_shown() {
        let error = StoryTime::parse("yesterday").unwrap_err().to_string();
        assert!(error.contains("`yesterday`"), "{error}");
        assert!(error.contains("2021-09-22T20:21:38Z"), "{error}");
    }
}
