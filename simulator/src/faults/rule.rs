//! When, and to whom, a fault happens.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{asked::Asked, fault::Fault, random, route::Route};
use crate::tokens;

/// A fault with the requests that it is about. Times are real time from the moment the rule was
/// added, in milliseconds. With nothing but a fault it happens to every request, until it is removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// Which requests.
    #[serde(default = "all")]
    pub route: Route,
    /// Only requests with the token of this name (`demo`, `read-only`, …); all where null.
    #[serde(default)]
    pub token: Option<String>,
    /// Begins after this time.
    #[serde(default)]
    pub after_ms: u64,
    /// Ends this long after it began; never where null.
    #[serde(default)]
    pub for_ms: Option<u64>,
    /// With `for_ms`: begins again after each period of this length.
    #[serde(default)]
    pub period_ms: Option<u64>,
    /// Spares the first so many of the requests it is about.
    #[serde(default)]
    pub skip: u64,
    /// Happens to so many requests at most; to all where null.
    #[serde(default)]
    pub next: Option<u64>,
    /// The part of the requests it happens to, above 0 and up to 1, drawn from the seed.
    #[serde(default = "certain")]
    pub chance: f64,
    /// What `chance` and jitter are drawn from.
    #[serde(default)]
    pub seed: u64,
}

fn all() -> Route {
    Route::All
}

const fn certain() -> f64 {
    1.0
}

/// Why a rule makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoRule {
    /// There is no such token.
    #[error("there is no token named `{name}`; there are: {}", token_names())]
    Token {
        /// The name.
        name: String,
    },
    /// A number is out of its range.
    #[error("{what} is {is}; allowed is {allowed}")]
    Range {
        /// The field.
        what: &'static str,
        /// What was given.
        is: f64,
        /// What may be given.
        allowed: &'static str,
    },
    /// A text cannot stand where it is to stand.
    #[error("{what} is `{is}`; allowed is {allowed}")]
    Text {
        /// The field.
        what: &'static str,
        /// What was given.
        is: String,
        /// What may be given.
        allowed: &'static str,
    },
    /// A period without a length of the fault in it.
    #[error("period_ms is {period}; allowed is more than for_ms, which must be there")]
    Period {
        /// The period, in milliseconds.
        period: u64,
    },
}

fn token_names() -> String {
    tokens::ALL.map(|token| token.name).join(", ")
}

/// How often a rule was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    /// Requests that it is about, within its time.
    pub(super) met: u64,
    /// Requests that it happened to.
    pub(super) hit: u64,
}

impl FaultRule {
    /// A fault of every request of a route.
    pub fn on(route: Route, fault: Fault) -> Self {
        Self {
            fault,
            route,
            token: None,
            after_ms: 0,
            for_ms: None,
            period_ms: None,
            skip: 0,
            next: None,
            chance: 1.0,
            seed: 0,
        }
    }

    /// Whether it makes sense.
    pub fn check(&self) -> Result<(), NoRule> {
        if let Some(name) = &self.token
            && tokens::ALL.iter().all(|token| token.name != name)
        {
            return Err(NoRule::Token { name: name.clone() });
        }
        if !(self.chance > 0.0 && self.chance <= 1.0) {
            let allowed = "above 0 and up to 1";
            return Err(NoRule::Range { what: "chance", is: self.chance, allowed });
        }
        if let Some(period) = self.period_ms
            && self.for_ms.is_none_or(|length| length >= period)
        {
            return Err(NoRule::Period { period });
        }
        self.fault.check()
    }

    /// Whether it is on, so long after it was added.
    pub(super) fn is_on(&self, elapsed: Duration) -> bool {
        let Some(since) = elapsed.checked_sub(Duration::from_millis(self.after_ms)) else {
            return false;
        };
        let since = match self.period_ms {
            Some(period) => since.as_millis() % u128::from(period.max(1)),
            None => since.as_millis(),
        };
        self.for_ms.is_none_or(|length| since < u128::from(length))
    }

    /// Whether it is about this request, as far as the request tells.
    pub(super) fn takes(&self, asked: &Asked) -> bool {
        let token = self.token.as_ref();
        self.route.takes(asked) && token.is_none_or(|name| asked.token.is_some_and(|one| one.name == name))
    }

    /// Counts one more request that it is about, and says whether it happens to it.
    pub(super) fn happens(&self, count: &mut Count) -> bool {
        let nth = count.met;
        count.met += 1;
        let due = nth >= self.skip
            && self.next.is_none_or(|most| count.hit < most)
            && random::unit(self.seed, nth) < self.chance;
        count.hit += u64::from(due);
        due
    }

    /// The wait that a fault of latency asks for.
    pub(super) fn wait(&self, hit: u64) -> Duration {
        let Fault::Latency { ms, jitter_ms } = self.fault else {
            return Duration::ZERO;
        };
        // A seed of its own: chance and jitter are not to go together.
        let part = random::unit(!self.seed, hit);
        Duration::from_millis(ms) + Duration::from_millis(jitter_ms).mul_f64(part)
    }
}

impl Fault {
    fn check(&self) -> Result<(), NoRule> {
        let range = |what, is: f64, allowed| Err(NoRule::Range { what, is, allowed });
        match self {
            Self::Status { status, .. } if !(200..=599).contains(status) => {
                range("status", f64::from(*status), "200 to 599")
            }
            Self::Redirect { status, .. } if ![301, 302, 303, 307, 308].contains(status) => {
                range("status", f64::from(*status), "301, 302, 303, 307 or 308")
            }
            Self::Redirect { to, .. } if axum::http::HeaderValue::from_str(to).is_err() => {
                Err(NoRule::Text { what: "to", is: to.clone(), allowed: "an address" })
            }
            Self::Drip { bytes: 0, .. } => range("bytes", 0.0, "1 or more"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn rule() -> FaultRule {
        FaultRule::on(Route::All, Fault::Close)
    }

    #[test]
    fn a_rule_without_times_is_always_on() {
        assert!(rule().is_on(ms(0)) && rule().is_on(ms(1_000_000)));
    }

    #[test]
    fn a_window_begins_and_ends() {
        let rule = FaultRule { after_ms: 100, for_ms: Some(50), ..rule() };
        let on: Vec<u64> = (0..300).step_by(25).filter(|at| rule.is_on(ms(*at))).collect();
        assert_eq!(on, [100, 125]);
    }

    #[test]
    fn a_period_brings_the_window_again() {
        let rule = FaultRule { for_ms: Some(10), period_ms: Some(30), ..rule() };
        let on: Vec<u64> = (0..90).step_by(10).filter(|at| rule.is_on(ms(*at))).collect();
        assert_eq!(on, [0, 30, 60]);
    }

    #[test]
    fn it_happens_to_the_next_requests_after_those_it_spares() {
        let rule = FaultRule { skip: 2, next: Some(3), ..rule() };
        let mut count = Count::default();
        let hits: Vec<bool> = (0..7).map(|_| rule.happens(&mut count)).collect();
        assert_eq!(hits, [false, false, true, true, true, false, false]);
        assert_eq!((count.met, count.hit), (7, 3));
    }

    #[test]
    fn a_chance_is_kept_over_many_requests_and_told_again_by_its_seed() {
        let rule = FaultRule { chance: 0.3, seed: 11, ..rule() };
        let hits = || {
            let mut count = Count::default();
            (0..1_000).map(|_| rule.happens(&mut count)).collect::<Vec<_>>()
        };
        assert_eq!(hits(), hits());
        assert!((250..350).contains(&hits().iter().filter(|hit| **hit).count()));
    }

    #[test]
    fn jitter_is_drawn_from_the_seed_within_its_bounds() {
        let fault = Fault::Latency { ms: 100, jitter_ms: 50 };
        let rule = FaultRule { seed: 5, ..FaultRule::on(Route::All, fault) };
        let waits: Vec<Duration> = (0..50).map(|nth| rule.wait(nth)).collect();
        assert!(waits.iter().all(|wait| (ms(100)..=ms(150)).contains(wait)));
        assert!(waits.iter().min() != waits.iter().max());
        assert_eq!(rule.wait(3), waits[3]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_is_allowed() {
        let refused = |rule: FaultRule| rule.check().unwrap_err().to_string();
        assert!(refused(FaultRule { token: Some("nobody".into()), ..rule() }).contains("read-only"));
        assert!(refused(FaultRule { chance: 0.0, ..rule() }).contains("above 0"));
        assert!(refused(FaultRule { period_ms: Some(5), ..rule() }).contains("for_ms"));
        let status =
            |status| Fault::Status { status, retry_after: None, body: super::super::ErrorBody::Json };
        assert!(refused(FaultRule::on(Route::All, status(100))).contains("200 to 599"));
        assert!(FaultRule::on(Route::All, status(429)).check().is_ok());
    }

    #[test]
    fn a_rule_is_written_with_only_what_it_needs() {
        let rule: FaultRule = serde_json::from_str(
            r#"{"fault": {"kind": "status", "status": 429, "retry_after": {"seconds": 7}}, "route": "list-machines", "next": 3}"#,
        )
        .unwrap();
        assert_eq!((rule.next, rule.chance, rule.route.to_string()), (Some(3), 1.0, "list-machines".into()));
        assert!(serde_json::from_str::<FaultRule>(r#"{"fault": {"kind": "close"}, "often": 3}"#).is_err());
        assert!(serde_json::from_str::<FaultRule>(r#"{"fault": {"kind": "explode"}}"#).is_err());
    }
}
