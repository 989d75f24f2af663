//! Spans of time as Go writes them (`1m30s`), or as a number of milliseconds.

use serde_json::Value;

/// The span in milliseconds, if it is one.
pub(super) fn millis(value: &Value) -> Option<u64> {
    match value {
        Value::Number(millis) => millis.as_u64(),
        Value::String(text) => of_text(text.trim()),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<u64> {
    if let Ok(millis) = text.parse() {
        return Some(millis);
    }
    let mut rest = text;
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
        "us" | "µs" => 1e-3,
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
    (!text.is_empty() && (0.0..=3.2e13).contains(&millis)).then(|| millis.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_span_is_a_number_of_milliseconds_or_a_text_with_units() {
        for (span, wanted) in [
            (json!(10_000), 10_000),
            (json!("10000"), 10_000),
            (json!("15s"), 15_000),
            (json!("1m30s"), 90_000),
            (json!("1h0m0.5s"), 3_600_500),
            (json!("250ms"), 250),
            (json!(" 2s "), 2_000),
        ] {
            assert_eq!(millis(&span), Some(wanted), "{span}");
        }
    }

    #[test]
    fn what_is_no_span_is_none() {
        for other in [json!(""), json!("s"), json!("5 s"), json!("5x"), json!("-5s"), json!(-5), json!(null)]
        {
            assert_eq!(millis(&other), None, "{other}");
        }
        assert_eq!(millis(&json!(format!("{}h", "9".repeat(400)))), None);
    }
}
