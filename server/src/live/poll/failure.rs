//! Why a poll brought no state.

use crate::live::pace::Outcome;
use fly::FlyError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Why a poll brought no state.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Fly did not answer, or not with anything useful.
    Fly(Arc<FlyError>),
    /// Fly answered, but the part that the topic is about could not be loaded.
    NotTold {
        /// Why, as a sentence for a person, where that is known.
        why: Option<String>,
        /// How long Fly asks to wait for it, if it does.
        retry_after: Option<Duration>,
    },
    /// Fly answered: the app is there, and the topic's object is not in it. It may come yet.
    Absent,
}

impl From<FlyError> for Failure {
    fn from(error: FlyError) -> Self {
        Self::Fly(Arc::new(error))
    }
}

impl Failure {
    /// Whether Fly refuses the token altogether.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Fly(error) if error.is_refused())
    }

    /// Whether the token may not see the app, or there is none.
    pub fn is_denial_of_app(&self) -> bool {
        matches!(self, Self::Fly(error) if error.is_access_denied() && !error.is_list_denied())
    }

    /// Whether it concerns the token, and not Fly's health.
    pub fn is_denial(&self) -> bool {
        matches!(self, Self::Fly(error) if error.is_access_denied() || error.is_list_denied())
    }

    /// Whether Fly answered that there is no such object.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether Fly is well, as far as this tells.
    pub(super) fn has_answered(&self) -> bool {
        self.is_absence()
    }

    /// What it means for the pace.
    pub(super) fn outcome(&self) -> Outcome {
        let wait = match self {
            Self::Absent => return Outcome::Same,
            Self::Fly(error) => error.retry_after(),
            Self::NotTold { retry_after, .. } => *retry_after,
        };
        wait.map_or(Outcome::Failed, Outcome::RateLimited)
    }

    /// Whether Fly asked to wait.
    pub fn is_rate_limit(&self) -> bool {
        match self {
            Self::Fly(error) => matches!(**error, FlyError::RateLimited { .. }),
            Self::NotTold { .. } | Self::Absent => false,
        }
    }

    /// What to tell a person: what happened, as sentences.
    pub fn person(&self) -> String {
        match self {
            Self::Fly(error) => error.person(),
            Self::NotTold { why: Some(why), .. } => why.clone(),
            Self::NotTold { why: None, .. } => "Fly answered without what was asked for.".to_owned(),
            Self::Absent => "Fly knows nothing of that name in this app.".to_owned(),
        }
    }

    /// Fly's name for the request that failed, if it gave one.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Fly(error) => error.request_id(),
            Self::NotTold { .. } | Self::Absent => None,
        }
    }
}

/// For the log.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fly(error) => error.fmt(f),
            Self::NotTold { why, .. } => {
                f.write_str("the answer lacks the part that the topic is about")?;
                why.iter().try_for_each(|why| write!(f, ": {why}"))
            }
            Self::Absent => f.write_str("the app has no such object"),
        }
    }
}
