//! The list of releases, a page at a time.

use crate::id::{AppName, InvalidId};
use crate::json::FromJson;
use crate::release::Release;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One page of an app's releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ReleasesView {
    /// Whose releases.
    pub app: AppName,
    /// Newest first.
    pub releases: Vec<Release>,
    /// Where older ones begin; none where there are none, or where that is not told.
    pub older: Option<Place>,
}

/// Where a page of the list begins, as Fly names it: opaque, and part of an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub struct Place(String);

impl Place {
    /// The place as Fly wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What Fly's places are made of (base64, in either alphabet).
fn is_known(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
}

impl FromStr for Place {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let sound = (1..=200).contains(&text.len()) && text.bytes().all(is_known);
        let invalid = InvalidId {
            what: "place in the list of releases",
            allowed: "the places that the list itself links to",
        };
        if sound { Ok(Self(text.to_owned())) } else { Err(invalid) }
    }
}

impl TryFrom<String> for Place {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> String {
        place.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_anything_else_is_refused() {
        for good in ["MjU", "MjU=", "a+b/c==", "a-b_c"] {
            assert_eq!(good.parse::<Place>().unwrap().to_string(), good);
        }
        for bad in ["", "a b", "a,b", "a:b", "a&b", "ä", "a%2B", &"a".repeat(201)] {
            assert!(bad.parse::<Place>().is_err(), "{bad:?} was taken");
        }
    }
}
