//! What goes wrong between Windsock and Fly: what the log gets (`Display`) apart from what a
//! person sees ([`FlyError::person`]).
//!
//! No variant can hold a token, and no text of Fly's is kept that was not trimmed, freed of control
//! characters and searched for tokens.

use model::{AppName, Timestamp};
use std::time::Duration;

/// The id Fly gave the answer (`fly-request-id`), for its support.
pub(crate) type RequestId = Option<String>;

/// Why Fly did not tell what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlyError {
    /// 401: the token is not valid, or no longer.
    #[error("Fly refused the token: {detail}")]
    Refused {
        /// Fly's words, for the log.
        detail: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// 401 for a token that has expired: its own text says so (a macaroon carries its last moment),
    /// or Fly's words do.
    #[error("Fly refused the token, which has expired{}: {detail}", expired_at(*at))]
    Expired {
        /// Its last moment, where the token tells.
        at: Option<Timestamp>,
        /// Fly's words, for the log.
        detail: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// 403: the token is valid, for something else.
    #[error("Fly forbids this to the token: {detail}")]
    Forbidden {
        /// Fly's words, for the log.
        detail: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// 404, or null where an app was asked for.
    #[error("Fly does not know it, or not for this token")]
    NotFound {
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// 429: too many requests.
    #[error("Fly limits the rate of requests (retry after {retry_after:?})")]
    RateLimited {
        /// How long Fly asks us to wait, if it told.
        retry_after: Option<Duration>,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// Not asked: it would go beyond the limits that Fly publishes, and the turn is too far away to
    /// wait for.
    #[error("not asked, to stay within Fly's published limits (the next turn is in {retry_after:?})")]
    AskedTooOften {
        /// When the next turn is.
        retry_after: Duration,
    },
    /// 5xx, after the retries; and 408, by which Fly gives up on waiting.
    #[error("Fly answers with HTTP {status}: {detail}")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long Fly asks us to wait, if it told.
        retry_after: Option<Duration>,
        /// Fly's words, for the log.
        detail: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// A redirect. None is followed: it could carry the token elsewhere.
    #[error("Fly answers with a redirect (HTTP {status}), which is not followed")]
    Redirected {
        /// The HTTP status.
        status: u16,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// No whole answer within the time allowed.
    #[error("Fly did not answer in time")]
    Timeout,
    /// No connection, or one that broke before there was an answer, after the retries.
    #[error("Fly could not be reached: {detail}")]
    Connect {
        /// What the network said, for the log.
        detail: String,
    },
    /// The connection broke inside an answer.
    #[error("Fly's answer broke off: {detail}")]
    BrokenOff {
        /// What the network said, for the log.
        detail: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// The answer is larger than is read.
    #[error("Fly's answer is larger than {limit} bytes")]
    TooLarge {
        /// What is read at most, in bytes after decompression.
        limit: usize,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// The answer is not what the API promises.
    #[error("Fly's answer could not be read: {what}")]
    Malformed {
        /// What was wrong, for the log; never a part of the answer.
        what: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// Fly understood the question and says no.
    #[error("Fly rejects the request: {message}")]
    Rejected {
        /// Fly's own message, trimmed.
        message: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// 409 or 412: somebody else holds the object (a lease on a machine) or has changed it.
    #[error("Fly says that somebody else is at work there: {message}")]
    Conflict {
        /// Fly's own message, trimmed; of a lease it names the owner.
        message: String,
        /// Fly's id of the answer.
        request_id: RequestId,
    },
    /// The list of apps was denied to a token that is good, but for certain apps only
    /// (`/v1/tokens/current` told so).
    #[error("the list of apps was denied: the token is for {}", names(apps))]
    WrongScope {
        /// The apps it is for; never empty.
        apps: Vec<AppName>,
        /// Fly's id of the denial.
        request_id: RequestId,
    },
    /// The list of apps was denied, as it is to a token made for one app.
    #[error("the list of apps was denied: {0}")]
    ListDenied(Box<FlyError>),
}

impl FlyError {
    /// A 401: expired, if Fly's words say so.
    pub(crate) fn refused(detail: String, request_id: RequestId) -> Self {
        if detail.to_ascii_lowercase().contains("expired") {
            Self::Expired { at: None, detail, request_id }
        } else {
            Self::Refused { detail, request_id }
        }
    }

    /// What to tell a person: what happened and what helps. Holds no details of the network and
    /// nothing of Fly's but its own error message.
    pub fn person(&self) -> String {
        match self {
            Self::Refused { .. } => {
                "Fly refused the token: it is not valid, has expired or was revoked. Sign in with another one."
                    .into()
            }
            Self::Expired { at: Some(at), .. } => format!(
                "The token expired on {}. Make a new one with `fly tokens create readonly` and sign in with it.",
                at.exact()
            ),
            Self::Expired { at: None, .. } => {
                "The token has expired. Make a new one with `fly tokens create readonly` and sign in with it."
                    .into()
            }
            Self::Forbidden { .. } => "Fly does not let this token see that.".into(),
            Self::NotFound { .. } => "Fly knows no such app, or the token may not see it.".into(),
            Self::RateLimited { retry_after: Some(wait), .. } => {
                format!("Fly limits how often it may be asked. It can be asked again in {} s.", whole_seconds(*wait))
            }
            Self::RateLimited { .. } => "Fly limits how often it may be asked. Wait a little.".into(),
            Self::AskedTooOften { retry_after } => format!(
                "Windsock asks Fly no more often than Fly allows. It can ask again in {} s.",
                whole_seconds(*retry_after)
            ),
            Self::Unavailable { status: 408, .. } => "Fly gave up on the request (HTTP 408).".into(),
            Self::Unavailable { status, .. } => format!("Fly has a problem of its own (HTTP {status})."),
            Self::Redirected { .. } => {
                "The address of Fly's API answers with a redirect. Check FLY_API_BASE_URL and FLY_FLAPS_BASE_URL."
                    .into()
            }
            Self::Timeout => "Fly did not answer in time.".into(),
            Self::Connect { .. } => "Fly could not be reached.".into(),
            Self::BrokenOff { .. } => "The connection to Fly broke off.".into(),
            Self::TooLarge { .. } => "Fly's answer was larger than Windsock reads.".into(),
            Self::Malformed { .. } => "Fly's answer could not be understood.".into(),
            Self::Rejected { message, .. } => format!("Fly says: {}", ended(message)),
            Self::Conflict { message, .. } => format!("Somebody else is at work there. Fly says: {}", ended(message)),
            Self::WrongScope { apps, .. } => match apps.as_slice() {
                [app] => format!("This token belongs to one app, {app}: open the app by its name."),
                apps => format!("This token belongs to {} apps only: open one of them by its name ({}).", apps.len(), names(apps)),
            },
            Self::ListDenied(cause) => format!(
                "{} A token made for one app cannot list apps: open the app by its name.",
                ended(&cause.person())
            ),
        }
    }

    /// Fly's id of the answer, where there was one.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { request_id, .. }
            | Self::Expired { request_id, .. }
            | Self::Conflict { request_id, .. }
            | Self::WrongScope { request_id, .. }
            | Self::Forbidden { request_id, .. }
            | Self::NotFound { request_id }
            | Self::RateLimited { request_id, .. }
            | Self::Unavailable { request_id, .. }
            | Self::Redirected { request_id, .. }
            | Self::BrokenOff { request_id, .. }
            | Self::TooLarge { request_id, .. }
            | Self::Malformed { request_id, .. }
            | Self::Rejected { request_id, .. } => request_id.as_deref(),
            Self::ListDenied(cause) => cause.request_id(),
            Self::Timeout | Self::Connect { .. } | Self::AskedTooOften { .. } => None,
        }
    }

    /// How long to wait before asking again, if Fly or its published limits tell.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Unavailable { retry_after, .. } => *retry_after,
            Self::AskedTooOften { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// The token may not see what was asked for: 401, 403 and 404 alike.
    pub fn is_access_denied(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Expired { .. } | Self::Forbidden { .. } | Self::NotFound { .. } => {
                true
            }
            Self::ListDenied(cause) => cause.is_access_denied(),
            _ => false,
        }
    }

    /// Whether the API itself is in trouble, and not the question or the token.
    pub(crate) fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Timeout
                | Self::Connect { .. }
                | Self::Unavailable { .. }
                | Self::BrokenOff { .. }
                | Self::TooLarge { .. }
                | Self::Malformed { .. }
                | Self::RateLimited { .. }
        )
    }

    /// The token itself is refused: 401, expired or not.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Expired { .. })
    }

    /// The token is good, but not for a list of apps.
    pub fn is_list_denied(&self) -> bool {
        matches!(self, Self::ListDenied(_) | Self::WrongScope { .. })
    }

    /// Whether asking again at once may help. 429 is not among them: it says when to ask again.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Unavailable { status: 502..=504, retry_after: None, .. })
    }
}

fn expired_at(at: Option<Timestamp>) -> String {
    at.map(|at| format!(" on {}", at.exact())).unwrap_or_default()
}

/// The first few names of a list.
fn names(apps: &[AppName]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<&str> = apps.iter().take(SHOWN).map(AppName::as_str).collect();
    let more = if apps.len() > SHOWN { " and others" } else { "" };
    shown.join(", ") + more
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

fn ended(sentence: &str) -> String {
    if sentence.ends_with(['.', '!', '?', '…']) { sentence.to_owned() } else { format!("{sentence}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denied_list_says_to_open_the_app_by_its_name() {
        let cause = FlyError::Rejected { message: "Not authorized".into(), request_id: Some("01J".into()) };
        let denied = FlyError::ListDenied(Box::new(cause));
        assert_eq!(
            denied.person(),
            "Fly says: Not authorized. A token made for one app cannot list apps: open the app by its name."
        );
        assert_eq!(denied.request_id(), Some("01J"));
        assert!(!denied.is_access_denied());
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_too_short() {
        let limited =
            FlyError::RateLimited { retry_after: Some(Duration::from_millis(1500)), request_id: None };
        assert!(limited.person().ends_with("in 2 s."));
    }

    #[test]
    fn a_token_for_certain_apps_is_told_to_open_them_by_name() {
        let scope = |names: &[&str]| FlyError::WrongScope {
            apps: names.iter().map(|name| AppName::new(*name).unwrap()).collect(),
            request_id: None,
        };
        assert_eq!(
            scope(&["harbor-web"]).person(),
            "This token belongs to one app, harbor-web: open the app by its name."
        );
        assert_eq!(
            scope(&["a", "b"]).person(),
            "This token belongs to 2 apps only: open one of them by its name (a, b)."
        );
        assert!(scope(&["a"; 6]).person().ends_with("(a, a, a, a, a and others)."));
        assert!(scope(&["a"]).is_list_denied() && !scope(&["a"]).is_access_denied());
    }

    #[test]
    fn an_expired_token_is_a_refused_one_and_says_when_it_ended() {
        let expired = |at| FlyError::Expired { at, detail: "no".into(), request_id: None };
        assert!(expired(None).is_refused() && expired(None).is_access_denied());
        assert!(
            expired(Some(Timestamp(0))).person().starts_with("The token expired on 1970-01-01 00:00:00 UTC.")
        );
        assert!(expired(None).person().starts_with("The token has expired."));
    }

    #[test]
    fn only_failures_that_may_pass_at_once_are_tried_again() {
        let unavailable = |status, retry_after| FlyError::Unavailable {
            status,
            retry_after,
            detail: String::new(),
            request_id: None,
        };
        assert!(unavailable(503, None).is_transient());
        assert!(!unavailable(503, Some(Duration::from_secs(9))).is_transient());
        assert!(!unavailable(500, None).is_transient());
        assert!(!FlyError::Timeout.is_transient());
        assert!(!FlyError::RateLimited { retry_after: None, request_id: None }.is_transient());
    }
}
