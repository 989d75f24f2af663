//! A place in the stream of changes: `<epoch>-<seq>`.

use crate::json::FromJson;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A place in the stream. The epoch names the server process: a sequence number of another
/// process means nothing here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// Names the server process; short, letters and digits only.
    pub epoch: String,
    /// Counts the changes of that process, over all topics.
    pub seq: u64,
}

/// A text that is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCursor;

impl fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("that is not a place in the stream: allowed is <epoch>-<number>")
    }
}

impl std::error::Error for InvalidCursor {}

impl FromStr for Cursor {
    type Err = InvalidCursor;
    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (epoch, seq) = text.split_once('-').ok_or(InvalidCursor)?;
        let sound = (1..=32).contains(&epoch.len()) && epoch.bytes().all(|b| b.is_ascii_alphanumeric());
        let digits = !seq.is_empty() && seq.bytes().all(|b| b.is_ascii_digit());
        if !sound || !digits {
            return Err(InvalidCursor);
        }
        Ok(Self { epoch: epoch.to_owned(), seq: seq.parse().map_err(|_| InvalidCursor)? })
    }
}

impl TryFrom<String> for Cursor {
    type Error = InvalidCursor;
    fn try_from(text: String) -> Result<Self, InvalidCursor> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> String {
        cursor.to_string()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor { epoch: "k3f9".into(), seq: 42 };
        assert_eq!(cursor.to_string(), "k3f9-42");
        assert_eq!("k3f9-42".parse(), Ok(cursor));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in
            ["", "42", "-42", "k3f9-", "k3f9-x", "k3-f9-42", "k 3-1", "k3-+1", "k3-99999999999999999999999"]
        {
            assert_eq!(bad.parse::<Cursor>(), Err(InvalidCursor), "{bad:?} was taken");
        }
    }
}
