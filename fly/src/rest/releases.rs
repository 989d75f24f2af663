//! Releases: `GET /api/v1/apps/{app}/releases`, a way to them while GraphQL is down.
//!
//! Source: flyctl `internal/uiex/releases.go`. There is no description, no reason and no instant of
//! the last change in it.

use crate::decode::listed::Envelope;
use crate::decode::text::LONGEST_LINE;
use crate::machines::fields::{Fields, each};
use model::state::{ReleaseStatus, Strategy};
use model::{Release, ReleaseVersion};

/// The releases newest first, and how many could not be read; none where the answer has no list.
pub(crate) fn releases(answer: &Envelope) -> Option<(Vec<Release>, usize)> {
    let (mut releases, unreadable) = each(&answer.list("releases")?, release);
    releases.sort_by_key(|release| std::cmp::Reverse(release.version));
    Some((releases, unreadable))
}

fn release(one: Fields<'_>) -> Option<Release> {
    let created_at = one.instant("created_at")?;
    Some(Release {
        version: ReleaseVersion(one.number("version")?),
        status: ReleaseStatus::from(one.name("status")?),
        description: one.said("description", LONGEST_LINE).unwrap_or_default(),
        reason: one.said("reason", LONGEST_LINE).unwrap_or_default(),
        stable: one.flag("stable").unwrap_or(false),
        strategy: one.name("strategy").map(|word| strategy(&word)),
        user: user(one),
        image: one.line("image_ref", LONGEST_LINE),
        created_at,
        updated_at: one.instant("updated_at").unwrap_or(created_at),
        failure: None,
    })
}

/// `ROLLING_ONE` or `rolling_one`.
fn strategy(word: &str) -> Strategy {
    Strategy::from(word.to_lowercase())
}

/// flyctl reads a text; an object with name and e-mail, as elsewhere, is read as well.
fn user(one: Fields<'_>) -> Option<String> {
    one.name("user").or_else(|| {
        let user = one.object("user")?;
        user.name("name").or_else(|| user.name("email"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn told(answer: Value) -> Option<(Vec<Release>, usize)> {
        releases(&serde_json::from_value(answer).unwrap())
    }

    fn sample(user: &Value) -> Value {
        json!({"id": "x", "version": 12, "stable": true, "in_progress": false, "status": "complete",
            "strategy": "ROLLING", "user": user, "created_at": "2026-05-01T12:00:00Z",
            "image_ref": "registry.fly.io/harbor-web:deployment-12"})
    }

    #[test]
    fn a_user_may_be_a_text_or_an_object() {
        for (written, read) in [
            (json!("jo@example.com"), Some("jo@example.com")),
            (json!({"name": "Jo", "email": "jo@example.com"}), Some("Jo")),
            (json!({"name": "", "email": "jo@example.com"}), Some("jo@example.com")),
            (json!(""), None),
            (json!(null), None),
            (json!(5), None),
        ] {
            let (known, _) = told(json!({"releases": [sample(&written)]})).unwrap();
            assert_eq!(known[0].user.as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_strategy_is_read_in_either_case() {
        assert_eq!(strategy("ROLLING"), Strategy::Rolling);
        assert_eq!(strategy("bluegreen"), Strategy::BlueGreen);
        assert_eq!(strategy("TELEPORT"), Strategy::Other("teleport".into()));
    }

    #[test]
    fn a_release_that_cannot_be_read_costs_only_itself() {
        let (known, unreadable) =
            told(json!({"releases": [sample(&json!(null)), {"version": "x"}, null]})).unwrap();
        assert_eq!((known.len(), unreadable), (1, 2));
        assert!(told(json!({"error": "x"})).is_none());
    }
}
