//! Who holds a lease on a machine: `GET .../lease`.

use super::fields::Fields;
use crate::decode::time;
use model::{Lease, Timestamp};
use serde_json::Value;

/// From here on a number of time is in milliseconds: as seconds it would be the year 5138.
const SURELY_MILLIS: i64 = 100_000_000_000;

/// The lease, which comes bare or as `data` of an envelope; none where there is none. The nonce,
/// which is the holder's secret, is not read.
pub(crate) fn lease(answer: &Value) -> Option<Lease> {
    let answer = Fields(answer);
    let lease = answer.object("data").unwrap_or(answer);
    let owner = lease.name("owner");
    let expires_at = lease.get("expires_at").and_then(instant);
    (owner.is_some() || expires_at.is_some()).then(|| Lease {
        owner: owner.unwrap_or_default(),
        description: lease.said("description", 500).unwrap_or_default(),
        expires_at,
    })
}

/// Unix time in seconds (Fly's OpenAPI document), or RFC 3339.
fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => match number.as_i64()? {
            ..=0 => None,
            millis if millis >= SURELY_MILLIS => Some(Timestamp(millis)),
            seconds => Some(Timestamp(seconds * 1_000)),
        },
        Value::String(text) => time::instant(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_lease_is_read_bare_and_in_its_envelope_and_its_nonce_is_not_kept() {
        let bare = json!({"nonce": "5c35f65c9f95", "expires_at": 1_708_569_778, "owner": "hello@example.com",
            "description": "deploy"});
        let known = lease(&bare).unwrap();
        assert_eq!(known.expires_at, Some(Timestamp(1_708_569_778_000)));
        assert_eq!((known.owner.as_str(), known.description.as_str()), ("hello@example.com", "deploy"));
        assert!(!format!("{known:?}").contains("5c35"));
        assert_eq!(lease(&json!({"status": "success", "data": bare})), Some(known));
    }

    #[test]
    fn an_end_is_read_in_any_of_its_forms() {
        for (written, read) in [
            (json!(1_708_569_778_000_i64), Some(1_708_569_778_000)),
            (json!("2024-02-22T02:42:58Z"), Some(1_708_569_778_000)),
            (json!(0), None),
            (json!(-1), None),
            (json!(i64::MIN), None),
            (json!(u64::MAX), None),
            (json!("soon"), None),
            (json!([]), None),
        ] {
            let known = lease(&json!({"owner": "jo", "expires_at": written})).unwrap();
            assert_eq!(known.expires_at, read.map(Timestamp), "{written}");
        }
    }

    #[test]
    fn an_answer_without_a_lease_is_none() {
        for none in [
            json!(null),
            json!({}),
            json!({"status": "success", "data": null}),
            json!({"data": {}}),
            json!([]),
        ] {
            assert_eq!(lease(&none), None, "{none}");
        }
    }
}
