//! Lengths of time as Fly writes them: Go's text form (`15s`, `1m30s`, `500ms`), or a bare number,
//! whose unit depends on where it stands.

use serde_json::Value;

/// The unit of a number without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// Milliseconds, as in `fly.toml`, where the number may be in quotes. Source: Fly's
    /// documentation of `fly.toml`.
    Millis,
    /// Nanoseconds, as Go writes a `time.Duration`: in a machine's configuration. Source: fly-go
    /// `machine_types.go`.
    Nanos,
}

/// A thousand years: nothing is meant to last as long.
const LONGEST_MS: f64 = 3.2e13;

/// Milliseconds; none where it is neither form, or below zero.
pub(crate) fn millis(value: &Value, bare: Bare) -> Option<u64> {
    match (value, bare) {
        (Value::Number(millis), Bare::Millis) => millis.as_u64(),
        (Value::Number(nanos), Bare::Nanos) => nanos.as_u64().map(|nanos| nanos / 1_000_000),
        (Value::String(text), _) => of_text(text.trim(), bare),
        _ => None,
    }
}

/// Source: Go's `time.ParseDuration`: numbers with fractions, each with its unit; `0` alone needs
/// none.
fn of_text(text: &str, bare: Bare) -> Option<u64> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if let (Ok(number), true) = (rest.parse(), bare == Bare::Millis || rest == "0") {
        return Some(number);
    }
    let mut total = 0.0_f64;
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, with_unit) = rest.split_at(unit_at);
        let unit_end = with_unit.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(with_unit.len());
        let (unit, next) = with_unit.split_at(unit_end);
        total += number.parse::<f64>().ok()? * millis_in(unit)?;
        rest = next;
    }
    whole(total, text)
}

fn millis_in(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-6,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        "h" => 3.6e6,
        _ => return None,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the span was found to be between 0 and a thousand years"
)]
fn whole(millis: f64, text: &str) -> Option<u64> {
    (!text.is_empty() && (0.0..=LONGEST_MS).contains(&millis)).then(|| millis.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_with_units_is_read_alike_everywhere() {
        for (written, read) in [
            ("15s", 15_000),
            (" 2s ", 2_000),
            ("+2s", 2_000),
            ("500ms", 500),
            ("1m30s", 90_000),
            ("1.5s", 1_500),
            ("0.29s", 290),
            ("1h0m0.25s", 3_600_250),
            ("2000us", 2),
            ("2000\u{b5}s", 2),
            ("0", 0),
            ("0s", 0),
        ] {
            for bare in [Bare::Millis, Bare::Nanos] {
                assert_eq!(millis(&json!(written), bare), Some(read), "{written} {bare:?}");
            }
        }
    }

    #[test]
    fn a_number_is_milliseconds_in_fly_toml_and_nanoseconds_in_a_machine() {
        assert_eq!(millis(&json!(10_000), Bare::Millis), Some(10_000));
        assert_eq!(millis(&json!("10000"), Bare::Millis), Some(10_000));
        assert_eq!(millis(&json!(15_000_000_000_u64), Bare::Nanos), Some(15_000));
        assert_eq!(millis(&json!("15"), Bare::Nanos), None);
    }

    #[test]
    fn what_is_no_length_of_time_is_none() {
        let long = format!("{}h", "9".repeat(400));
        let texts = ["", "s", "15 s", "15x", "-5s", "-5", ".s", "1..2s", "five", "1e3s", "5s\u{e9}", &long];
        let others = [json!(-1), json!(1.5), json!(null), json!({}), json!([])];
        for bad in texts.into_iter().map(|text| json!(text)).chain(others) {
            for bare in [Bare::Millis, Bare::Nanos] {
                assert_eq!(millis(&bad, bare), None, "{bad} {bare:?}");
            }
        }
    }
}
