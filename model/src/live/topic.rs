//! What one can follow: the apps list, one app, or something in an app.

use crate::id::{AppName, InstanceId, InvalidId, ReleaseVersion};
use crate::json::FromJson;
use crate::list::AppsQuery;
use crate::releases::Place;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One thing to follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(try_from = "String", into = "String")]
pub enum Topic {
    /// `apps`: the apps this access can see; `apps?QUERY`: those of them that a query asks for, as the
    /// address of the page has it.
    Apps(AppsQuery),
    /// `app:NAME`: one app.
    App(AppName),
    /// `instance:APP:ID`: one instance of an app.
    Instance(AppName, InstanceId),
    /// `releases:APP`: the newest releases of an app. `releases:APP:PLACE`: those from a place on.
    Releases(AppName, Option<Place>),
    /// `release:APP:NUMBER`: one release of an app.
    Release(AppName, ReleaseVersion),
}

impl Topic {
    /// The list of apps as everybody sees it first.
    pub fn apps() -> Self {
        Self::Apps(AppsQuery::default())
    }

    /// The app a topic is about: whoever may see the app may follow it. None where the topic is about
    /// what one access can see, which is shared with no other.
    pub fn app(&self) -> Option<&AppName> {
        match self {
            Self::Apps(_) => None,
            Self::App(app) | Self::Instance(app, _) | Self::Releases(app, _) | Self::Release(app, _) => {
                Some(app)
            }
        }
    }
}

/// A text that is not a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidTopic {
    /// There is no topic of that kind.
    Kind,
    /// The kind is known, but what it is about is not named as it must be.
    Name(InvalidId),
}

impl fmt::Display for InvalidTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind => f.write_str(
                "that is not a topic: allowed are \"apps\", \"apps?QUERY\" with the query of the list's \
                 address, \"app:NAME\", \"instance:APP:ID\", \
                 \"releases:APP\", \"releases:APP:PLACE\" and \"release:APP:NUMBER\"",
            ),
            Self::Name(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for InvalidTopic {}

impl From<InvalidId> for InvalidTopic {
    fn from(error: InvalidId) -> Self {
        Self::Name(error)
    }
}

impl FromStr for Topic {
    type Err = InvalidTopic;
    fn from_str(text: &str) -> Result<Self, InvalidTopic> {
        let Some((kind, about)) = text.split_once(':') else {
            return apps(text).map(Self::Apps).ok_or(InvalidTopic::Kind);
        };
        // A name that is followed by nothing lacks its second part.
        let (app, part) = about.split_once(':').unwrap_or((about, ""));
        Ok(match kind {
            "app" => Self::App(AppName::new(about)?),
            "instance" => Self::Instance(AppName::new(app)?, InstanceId::new(part)?),
            "releases" if about == app => Self::Releases(AppName::new(app)?, None),
            "releases" => Self::Releases(AppName::new(app)?, Some(part.parse()?)),
            "release" => Self::Release(AppName::new(app)?, part.parse()?),
            _ => return Err(InvalidTopic::Kind),
        })
    }
}

/// The query of a topic of the list.
fn apps(text: &str) -> Option<AppsQuery> {
    match text.strip_prefix("apps")? {
        "" => Some(AppsQuery::default()),
        // A query that asks for nothing has another name.
        "?" => None,
        query => AppsQuery::parse(query.strip_prefix('?')?),
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
            Self::Apps(query) if *query == AppsQuery::default() => f.write_str("apps"),
            Self::Apps(query) => write!(f, "apps?{query}"),
            Self::App(name) => write!(f, "app:{name}"),
            Self::Instance(app, id) => write!(f, "instance:{app}:{id}"),
            Self::Releases(app, None) => write!(f, "releases:{app}"),
            Self::Releases(app, Some(place)) => write!(f, "releases:{app}:{place}"),
            Self::Release(app, version) => write!(f, "release:{app}:{}", version.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "instance:crimson-wildflower-1711:73d8d46dbee589";

    #[test]
    fn a_topic_is_read_as_it_was_written() {
        for text in [
            "apps",
            "apps?q=a%2Cb%3A&health=unhealthy&page=2",
            "app:crimson-wildflower-1711",
            INSTANCE,
            "instance:web:e80d7fbd",
        ] {
            assert_eq!(text.parse::<Topic>().unwrap().to_string(), text);
        }
        for text in ["releases:web", "releases:web:MjU=", "releases:web:a+b/c", "release:web:14"] {
            assert_eq!(text.parse::<Topic>().unwrap().to_string(), text);
        }
        assert_eq!("release:web:v14".parse::<Topic>(), "release:web:14".parse());
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "app", "apps:x", "apps?", "apps?x=1", "appsq=a", "machine:1", "instance"] {
            assert_eq!(bad.parse::<Topic>(), Err(InvalidTopic::Kind), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_name_that_is_none_is_refused_with_what_is_allowed() {
        for (bad, what) in [
            ("app:", "app name"),
            ("app:../x", "app name"),
            ("app:web:73d8d46dbee589", "app name"),
            ("instance:", "app name"),
            ("instance:web", "instance id"),
            ("instance:web:", "instance id"),
            ("instance:web:../..", "instance id"),
            ("instance:web:73d8d46dbee589:x", "instance id"),
            ("instance:We b:73d8d46dbee589", "app name"),
            ("releases:", "app name"),
            ("releases:web:", "place"),
            ("releases:web:a:b", "place"),
            ("release:web", "release"),
            ("release:web:latest", "release"),
            ("release:We b:14", "app name"),
        ] {
            let error = bad.parse::<Topic>().unwrap_err();
            assert!(error.to_string().contains(what), "{bad:?}: {error}");
        }
    }

    #[test]
    fn a_topic_knows_the_app_that_it_is_about() {
        assert_eq!(Topic::apps().app(), None);
        for text in ["app:web", "instance:web:e80d7fbd", "releases:web", "releases:web:MjU", "release:web:14"]
        {
            assert_eq!(text.parse::<Topic>().unwrap().app().unwrap().as_str(), "web");
        }
    }
}
