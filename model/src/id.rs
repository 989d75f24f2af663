//! Identifiers. Those that take part in a URL are validated where they enter, so that no name can
//! ever change the URL it is put into.

use crate::json::FromJson;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an identifier. The text itself is not repeated: it may come from anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidId {
    /// What was to be named, as a person says it ("app name").
    pub what: &'static str,
    /// What is allowed, as the end of a sentence.
    pub allowed: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "that is not a valid {}: allowed are {}", self.what, self.allowed)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident, $what:literal, $allowed:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the text against the grammar of this identifier.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) {
                    Ok(Self(text))
                } else {
                    Err(InvalidId { what: $what, allowed: $allowed })
                }
            }

            /// The identifier as Fly spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_slug(text: &str, longest: usize) -> bool {
    !text.is_empty()
        && text.len() <= longest
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

text_id!(
    /// The name of an app, unique on Fly and part of its URLs.
    AppName,
    "app name",
    "1 to 63 lower-case letters, digits, '-' and '_'",
    |text| is_slug(text, 63)
);

text_id!(
    /// The slug of an organization ("personal", "harbor-works").
    OrgSlug,
    "organization slug",
    "1 to 100 lower-case letters, digits, '-' and '_'",
    |text| is_slug(text, 100)
);

text_id!(
    /// What people call one running copy of an app: a machine's id (14 hex digits) or the short id
    /// of an allocation of the Nomad era (8 hex digits).
    InstanceId,
    "instance id",
    "the 14 hex digits of a machine or the 8 of an allocation",
    |text| matches!(text.len(), 8 | 14) && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
);

text_id!(
    /// The code of a region ("sjc"). Never part of a URL, so any short printable text will do:
    /// Fly adds regions without asking us.
    RegionCode,
    "region code",
    "1 to 32 printable characters",
    |text| !text.is_empty() && text.len() <= 32 && !text.chars().any(|c| c.is_control() || turns_direction(c))
);

/// Marks that turn the direction of writing: what stands around them would read otherwise.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The number of a release, counted by Fly from 1 for each app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
#[serde(transparent)]
pub struct ReleaseVersion(pub u32);

impl fmt::Display for ReleaseVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

impl std::str::FromStr for ReleaseVersion {
    type Err = InvalidId;

    /// `14`, or `v14` as it is shown.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        /// GraphQL's numbers end there.
        const MOST: u32 = i32::MAX.unsigned_abs();
        let digits = text.strip_prefix('v').unwrap_or(text);
        let number = Some(digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let number =
            number.and_then(|digits| digits.parse().ok()).filter(|number| (1..=MOST).contains(number));
        number.map(Self).ok_or(InvalidId { what: "release", allowed: "numbers from 1 on, as 14 or v14" })
    }
}

impl InstanceId {
    /// Whether it names a machine, and not an allocation of the Nomad era.
    pub fn is_machine(&self) -> bool {
        self.as_str().len() == 14
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_name_that_could_change_a_url_is_refused() {
        for bad in ["", "../etc", "a/b", "a%2fb", "host@evil", "A", "a.b", "a b", "ä", "a\n", "a?b", "a#b"] {
            assert!(AppName::new(bad).is_err(), "{bad:?} was taken");
        }
        assert!(AppName::new("a".repeat(64)).is_err());
        assert!(AppName::new("crimson-wildflower-1711").is_ok());
    }

    #[test]
    fn an_instance_id_is_a_machine_or_an_allocation() {
        assert!(InstanceId::new("e80d7fbd").is_ok());
        assert!(InstanceId::new("73d8d46dbee589").is_ok());
        assert!(InstanceId::new("73d8d46dbee589").unwrap().is_machine());
        assert!(!InstanceId::new("e80d7fbd").unwrap().is_machine());
        for bad in ["", "e80d7fb", "E80D7FBD", "e80d7fbg", "73d8d46dbee5890", "../../.."] {
            assert!(InstanceId::new(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_release_is_named_by_its_number() {
        for good in ["14", "v14", "014"] {
            assert_eq!(good.parse(), Ok(ReleaseVersion(14)), "{good:?}");
        }
        for bad in ["", "v", "0", "+14", "-1", "1.5", "14x", "vv14", "2147483648", "99999999999"] {
            assert!(bad.parse::<ReleaseVersion>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_region_is_any_short_text_that_can_be_shown() {
        assert!(RegionCode::new("sjc").is_ok() && RegionCode::new("Zürich 2").is_ok());
        for bad in ["", "a\nb", "\u{202e}cjs", "s\u{2066}jc"] {
            assert!(RegionCode::new(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn an_invalid_name_on_the_wire_is_an_error_that_says_what_is_allowed() {
        let error = serde_json::from_str::<AppName>("\"../x\"").unwrap_err().to_string();
        assert!(error.contains("app name") && error.contains("lower-case letters"), "{error}");
    }
}
