//! A question that is put again and again at its own pace, below Fly's published limits (one request a
//! second for each action and machine; for logs none is published), and what was last told.

use fly::FlyError;
use std::time::Duration;
use tokio::time::Instant;

/// How often one machine is asked for its processes or its lease.
pub(super) const MACHINE: Duration = Duration::from_secs(15);
/// How often lines of a log are asked for while something moves.
pub(super) const LOGS_WHILE_MOVING: Duration = Duration::from_millis(2_500);
/// How often lines of a log are asked for otherwise.
pub(super) const LOGS: Duration = Duration::from_secs(10);
/// How long a question that Fly refused to answer is not asked again.
const REFUSED: Duration = Duration::from_secs(300);
/// How long an answer may take.
pub(super) const LONGEST: Duration = Duration::from_secs(2);

/// What was answered, and when it may be asked again.
pub(super) struct Asked<T> {
    /// None where that is at once.
    due: Option<Instant>,
    told: Option<T>,
    is_unknown: bool,
    has_failed: bool,
    forbidden: Option<String>,
}

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Self { due: None, told: None, is_unknown: true, has_failed: false, forbidden: None }
    }
}

impl<T> Asked<T> {
    /// Whether it may be asked now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due.is_none_or(|due| now >= due)
    }

    /// Somebody wants to know now.
    pub(super) fn hurry(&mut self) {
        self.due = None;
    }

    /// What was last told, if anything.
    pub(super) fn told(&self) -> Option<&T> {
        self.told.as_ref()
    }

    /// Whether it was never told, so that [`Self::told`] says nothing.
    pub(super) fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// Whether the last answer was an error, so that what was told is out of date.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// That Fly does not let this token see it, as a sentence for a person.
    pub(super) fn forbidden(&self) -> Option<&String> {
        self.forbidden.as_ref()
    }

    /// Takes in an answer; `pace` is how often it is asked. One that failed leaves what was known; one
    /// that Fly refuses to this token is not asked for again soon.
    pub(super) fn learn(&mut self, answer: Result<Option<T>, FlyError>, pace: Duration, now: Instant) {
        match answer {
            Ok(told) => {
                let due = Some(now + pace);
                *self = Self { due, told, is_unknown: false, has_failed: false, forbidden: None };
            }
            Err(error) => {
                (self.due, self.has_failed) = (Some(now + again(&error, pace)), true);
                self.forbidden = matches!(error, FlyError::Forbidden { .. }).then(|| error.person());
            }
        }
    }
}

/// How long to wait after an error.
pub(super) fn again(error: &FlyError, usual: Duration) -> Duration {
    let refused = matches!(error, FlyError::Forbidden { .. } | FlyError::NotFound { .. });
    error.retry_after().unwrap_or(if refused { REFUSED } else { usual }).max(usual)
}

/// The state is polled again only after what is added to it: that must not wait for long.
pub(super) async fn in_time<T>(asking: impl Future<Output = Result<T, FlyError>>) -> Result<T, FlyError> {
    tokio::time::timeout(LONGEST, asking).await.unwrap_or(Err(FlyError::Timeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_told_stays_while_asking_fails_and_is_said_to_be_old() {
        let (mut asked, now) = (Asked::default(), Instant::now());
        assert!(asked.is_due(now) && asked.is_unknown());
        asked.learn(Err(FlyError::Timeout), MACHINE, now);
        assert!(asked.is_unknown() && asked.has_failed() && !asked.is_due(now));
        asked.learn(Ok(Some(1)), MACHINE, now);
        asked.learn(Err(FlyError::Timeout), MACHINE, now);
        assert_eq!((asked.told(), asked.has_failed(), asked.is_unknown()), (Some(&1), true, false));
        assert!(asked.is_due(now + MACHINE) && !asked.is_due(now + MACHINE / 2));
        asked.learn(Ok(None), MACHINE, now);
        assert_eq!((asked.told(), asked.has_failed(), asked.is_unknown()), (None, false, false));
    }

    #[tokio::test(start_paused = true)]
    async fn what_fly_refuses_is_not_asked_again_soon() {
        let (mut asked, now) = (Asked::<()>::default(), Instant::now());
        asked.learn(Err(FlyError::Forbidden { detail: String::new(), request_id: None }), MACHINE, now);
        assert!(!asked.is_due(now + MACHINE) && asked.is_due(now + REFUSED));
        asked.hurry();
        assert!(asked.is_due(now));
    }
}
