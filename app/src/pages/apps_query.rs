//! What the address of the apps list asks for, as the page reads it and tells of it.

use crate::location::Query;
use model::AppsQuery;
use model::live::Topic;

/// Reads the address.
pub(crate) fn query_of(query: &Query) -> AppsQuery {
    AppsQuery::read(&|key| query.get(key).map(str::to_owned))
}

/// The topic to follow for it.
pub(crate) fn topic_of(query: &AppsQuery) -> Topic {
    Topic::Apps(query.trimmed())
}

/// What was asked for, for the text that says that nothing matches.
pub(crate) fn sentence(query: &AppsQuery) -> String {
    let mut parts = Vec::new();
    if !query.search.trim().is_empty() {
        parts.push(format!("\"{}\"", query.search.trim()));
    }
    if let Some(organization) = &query.organization {
        parts.push(format!("the organization {organization}"));
    }
    if let Some(health) = query.health {
        parts.push(format!("the health {}", health.word()));
    }
    let last = parts.pop().unwrap_or_default();
    if parts.is_empty() { last } else { [&*parts.join(", "), " and ", &*last].concat() }
}

/// A number as people read it: `5,000`.
pub(crate) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 app`, `5,000 apps`.
pub(crate) fn apps_in_words(number: u32) -> String {
    let mut out = grouped(number);
    out.push_str(if number == 1 { " app" } else { " apps" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{AppHealth, OrgSlug};

    #[test]
    fn what_was_asked_for_is_told_in_words() {
        let query = AppsQuery {
            search: " tide ".into(),
            organization: OrgSlug::new("one").ok(),
            health: Some(AppHealth::DeployFailed),
            ..AppsQuery::default()
        };
        assert_eq!(sentence(&query), "\"tide\", the organization one and the health Deployment failed");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (5_000, "5,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((apps_in_words(1), apps_in_words(5_000)), ("1 app".into(), "5,000 apps".into()));
    }
}
