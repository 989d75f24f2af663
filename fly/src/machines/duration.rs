//! Lengths of time as Fly writes them: Go's text form (`15s`, `1m30s`, `500ms`), or a number of
//! nanoseconds.

use serde_json::Value;

/// Milliseconds; none where it is neither form, or below zero.
pub(crate) fn millis(value: &Value) -> Option<u64> {
    match value {
        Value::Number(nanos) => nanos.as_u64().map(|nanos| nanos / 1_000_000),
        Value::String(text) => of_text(text.trim()),
        _ => None,
    }
}

/// Source: Go's `time.ParseDuration`: numbers with fractions, each with its unit; `0` alone needs
/// none.
fn of_text(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(0);
    }
    let mut nanos = 0_f64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit = &rest[digits..];
        let length = unit.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(unit.len());
        nanos += number * nanos_of(&unit[..length])?;
        rest = &unit[length..];
    }
    let millis = (nanos / 1e6).floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked right before")]
    (!text.is_empty() && (0.0..1e15).contains(&millis)).then_some(millis as u64)
}

fn nanos_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1.0,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_of_fly_s_forms_are_read() {
        for (written, read) in [
            (json!("15s"), 15_000),
            (json!("500ms"), 500),
            (json!("1m30s"), 90_000),
            (json!("1.5s"), 1_500),
            (json!("1h0m0.25s"), 3_600_250),
            (json!("2000us"), 2),
            (json!("2000\u{b5}s"), 2),
            (json!("0"), 0),
            (json!("0s"), 0),
            (json!(15_000_000_000_u64), 15_000),
            (json!(0), 0),
        ] {
            assert_eq!(millis(&written), Some(read), "{written}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_none() {
        for bad in [
            "",
            "s",
            "15",
            "15 s",
            "15x",
            "-5s",
            ".s",
            "1..2s",
            "five",
            "1e3s",
            "99999999999999999999h",
            "5sé",
        ] {
            assert_eq!(millis(&json!(bad)), None, "{bad:?}");
        }
        for bad in [json!(-1), json!(1.5), json!(null), json!({}), json!([])] {
            assert_eq!(millis(&bad), None, "{bad}");
        }
    }
}
