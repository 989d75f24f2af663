//! Instants as values. All of them are UTC; a browser never applies its own zone, so that two
//! people who talk about "20:24:41" mean the same line of a log.

use crate::json::FromJson;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// The instant as milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to this instant; never negative, since clocks disagree.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }

    /// This instant moved by `millis`.
    #[must_use]
    pub fn plus(self, millis: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(millis))
    }

    fn civil(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(SECOND)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// The time of day: `20:24:41`.
    pub fn clock(self) -> String {
        let t = self.civil();
        format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
    }

    /// The time of day to the minute: `20:24`.
    pub fn clock_minutes(self) -> String {
        let t = self.civil();
        format!("{:02}:{:02}", t.hour(), t.minute())
    }

    /// Date and time for a person: `2021-09-22 20:24:41 UTC`.
    pub fn exact(self) -> String {
        let t = self.civil();
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }

    /// Date and time for a machine (RFC 3339): `2021-09-22T20:24:41Z`.
    pub fn rfc3339(self) -> String {
        let t = self.civil();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }

    /// The age of this instant at `now`: `4 min ago`. An instant in the future is "now": clocks
    /// disagree by seconds, and "in 2 s" would only puzzle.
    pub fn ago(self, now: Timestamp) -> String {
        let age = now.since(self);
        if age < SECOND {
            return "now".to_owned();
        }
        let (count, unit) = match age {
            a if a < MINUTE => (a / SECOND, "s"),
            a if a < HOUR => (a / MINUTE, "min"),
            a if a < 2 * DAY => (a / HOUR, "h"),
            a => (a / DAY, "days"),
        };
        format!("{count} {unit} ago")
    }
}

/// A length of time for a person: `4 min 38 s`, `2 h 5 min`, `12 s`.
pub fn duration(millis: i64) -> String {
    let millis = millis.max(0);
    let (big, big_unit, small, small_unit) = match millis {
        m if m < MINUTE => return format!("{} s", m / SECOND),
        m if m < HOUR => (m / MINUTE, "min", m % MINUTE / SECOND, "s"),
        m if m < DAY => (m / HOUR, "h", m % HOUR / MINUTE, "min"),
        m => (m / DAY, if m < 2 * DAY { "day" } else { "days" }, m % DAY / HOUR, "h"),
    };
    if small == 0 { format!("{big} {big_unit}") } else { format!("{big} {big_unit} {small} {small_unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Timestamp = Timestamp(1_632_342_281_764); // 2021-09-22T20:24:41.764Z

    #[test]
    fn an_instant_is_written_in_utc() {
        assert_eq!(T.clock(), "20:24:41");
        assert_eq!(T.exact(), "2021-09-22 20:24:41 UTC");
        assert_eq!(T.rfc3339(), "2021-09-22T20:24:41Z");
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        assert_eq!(T.ago(T), "now");
        assert_eq!(T.ago(T.plus(59_999)), "59 s ago");
        assert_eq!(T.ago(T.plus(4 * MINUTE + 21 * SECOND)), "4 min ago");
        assert_eq!(T.ago(T.plus(2 * HOUR + 38 * MINUTE)), "2 h ago");
        assert_eq!(T.ago(T.plus(47 * HOUR)), "47 h ago");
        assert_eq!(T.ago(T.plus(3 * DAY)), "3 days ago");
    }

    #[test]
    fn an_age_is_never_negative() {
        assert_eq!(T.plus(HOUR).ago(T), "now");
        assert_eq!(T.since(T.plus(HOUR)), 0);
    }

    #[test]
    fn a_duration_has_at_most_two_units() {
        assert_eq!(duration(12_345), "12 s");
        assert_eq!(duration(4 * MINUTE + 38 * SECOND), "4 min 38 s");
        assert_eq!(duration(2 * HOUR), "2 h");
        assert_eq!(duration(25 * HOUR), "1 day 1 h");
        assert_eq!(duration(-5), "0 s");
    }

    #[test]
    fn an_instant_outside_of_all_calendars_does_not_panic() {
        let _ = Timestamp(i64::MAX).exact();
        let _ = Timestamp(i64::MIN).ago(Timestamp(i64::MAX));
    }
}
