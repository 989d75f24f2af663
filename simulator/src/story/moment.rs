//! When something happens: an instant, or so long after another.

use crate::StoryTime;

/// Reads `2021-09-22T20:00:05Z`, or `+1m30s` after `base`; several offsets add up (`+2s+1.5s`).
pub(super) fn read(text: &str, base: StoryTime) -> Result<StoryTime, String> {
    let Some(offsets) = text.strip_prefix('+') else {
        return StoryTime::parse(text).map_err(|error| format!("{error}, or after the start: +1m30s"));
    };
    let all: Option<Vec<i64>> = offsets.split('+').map(milliseconds).collect();
    let wrong = || format!("`{text}` is no time after another; write it as +1h2m3.5s or +250ms");
    let total = all.ok_or_else(wrong)?.into_iter().try_fold(0_i64, i64::checked_add);
    total.and_then(|ms| base.as_ms().checked_add(ms)).map(StoryTime::from_ms).ok_or_else(wrong)
}

/// `1h2m3.5s`, `250ms`: numbers with units, larger ones first.
fn milliseconds(text: &str) -> Option<i64> {
    let units = [("h", 3_600_000), ("ms", 1), ("m", 60_000), ("s", 1000)];
    let mut rest = text;
    let mut total = 0_i64;
    let mut last = i64::MAX;
    while !rest.is_empty() {
        let end = rest.find(|one: char| !one.is_ascii_digit() && one != '.')?;
        let (number, after) = rest.split_at(end);
        let (unit, size) = units.into_iter().find(|(unit, _)| after.starts_with(unit))?;
        if size >= last {
            return None;
        }
        last = size;
        total = total.checked_add(scaled(number, size)?)?;
        rest = &after[unit.len()..];
    }
    (last != i64::MAX).then_some(total)
}

/// A decimal number of units, in milliseconds; what is finer is cut off.
fn scaled(number: &str, size: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: i64 = whole.parse().ok()?;
    let digits: i64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let power = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    whole.checked_mul(size)?.checked_add(digits.checked_mul(size)? / power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str) -> Option<i64> {
        read(text, StoryTime::from_ms(0)).ok().map(StoryTime::as_ms)
    }

    #[test]
    fn offsets_are_read_in_hours_minutes_seconds_and_milliseconds() {
        let cases = [
            ("+0s", 0),
            ("+5s", 5000),
            ("+1m30s", 90_000),
            ("+1h2m3.5s", 3_723_500),
            ("+250ms", 250),
            ("+2s+1.25s", 3250),
        ];
        for (text, ms) in cases {
            assert_eq!(after(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_offset_is_refused() {
        for text in ["+", "+5", "+s", "+5x", "+3s2m", "+1s1s", "+-5s", "+1.2.3s", "+99999999999999999h", "5s"]
        {
            assert_eq!(after(text), None, "{text}");
        }
    }
}
