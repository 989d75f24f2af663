//! What one can follow: the apps list, or one app.

use crate::id::AppName;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One thing to follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Topic {
    /// `apps`: the apps this access can see.
    Apps,
    /// `app:NAME`: one app.
    App(AppName),
}

/// A text that is not a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTopic;

impl fmt::Display for InvalidTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("that is not a topic: allowed are \"apps\" and \"app:NAME\"")
    }
}

impl std::error::Error for InvalidTopic {}

impl FromStr for Topic {
    type Err = InvalidTopic;
    fn from_str(text: &str) -> Result<Self, InvalidTopic> {
        match text.split_once(':') {
            None if text == "apps" => Ok(Self::Apps),
            Some(("app", name)) => AppName::new(name).map(Self::App).map_err(|_| InvalidTopic),
            _ => Err(InvalidTopic),
        }
    }
}

impl TryFrom<String> for Topic {
    type Error = InvalidTopic;
    fn try_from(text: String) -> Result<Self, InvalidTopic> {
        text.parse()
    }
}

impl From<Topic> for String {
    fn from(topic: Topic) -> String {
        topic.to_string()
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apps => f.write_str("apps"),
            Self::App(name) => write!(f, "app:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_read_as_it_was_written() {
        for text in ["apps", "app:crimson-wildflower-1711"] {
            assert_eq!(text.parse::<Topic>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "app", "app:", "app:../x", "apps:x", "machine:1"] {
            assert_eq!(bad.parse::<Topic>(), Err(InvalidTopic), "{bad:?} was taken");
        }
    }
}
