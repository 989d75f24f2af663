//! What is wrong with the source of a page's data, while the page keeps showing the last it has.

use crate::erase::{Erase, dynamic};
use crate::live::Freshness;
use crate::prelude::*;
use model::Timestamp;
use model::live::SourceHealth;

/// The notice, or nothing while Fly answers.
pub(crate) fn source_notice(freshness: Freshness) -> AnyView {
    let notice = dynamic(move || {
        let (text, request) = describe(&freshness.source.get(), freshness.checked_at.get())?;
        let request = request.map(|id| view! { <span>"Fly's request id: "<code>{id}</code></span> });
        Some(view! { <div class="notice" data-part="source"><span>{text}</span>{request}</div> }.erase())
    });
    notice.erase()
}

fn describe(source: &SourceHealth, checked_at: Timestamp) -> Option<(String, Option<String>)> {
    let mut shown = format!("What is shown is from {} UTC", checked_at.clock());
    if let Some(parts) = source.shown_from() {
        shown.push_str(", parts of it from ");
        shown.push_str(&parts.clock());
    }
    match source {
        SourceHealth::Fine => None,
        SourceHealth::RateLimited { until, .. } => {
            let text = format!("Fly asked to wait until {} UTC. {shown}.", until.clock());
            Some((text, None))
        }
        SourceHealth::Failing { since, message, retry_at, request_id, .. } => {
            let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
            let text = format!(
                "{message}{stop} This began at {} UTC. {shown}; next try at {} UTC.",
                since.clock(),
                retry_at.clock()
            );
            Some((text, request_id.clone()))
        }
        SourceHealth::Partial { missing, more, why, shown_from, retry_at } => {
            let several = *more > 0 || missing.len() > 1;
            let (of, later) = if several { ("them", " or later") } else { ("it", "") };
            let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
            let why = why.as_ref().map(|why| format!(" {why}")).unwrap_or_default();
            let shown = shown_from
                .map(|at| format!(" What is shown of {of} is from {} UTC{later}.", at.clock()))
                .unwrap_or_default();
            let next = retry_at.map(|at| format!(" Next try at {} UTC.", at.clock())).unwrap_or_default();
            let text = format!("Could not be loaded: {}{more}.{why}{shown}{next}", missing.join(", "));
            Some((text, None))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_since_when_and_when_it_is_tried_again() {
        let at = |seconds: i64| Timestamp(1_632_342_281_000 + seconds * 1_000); // from 20:24:41
        let source = SourceHealth::Failing {
            since: at(4),
            message: "Fly did not answer.".into(),
            retry_at: at(19),
            request_id: Some("01J".into()),
            shown_from: None,
        };
        let (text, request) = describe(&source, at(0)).unwrap();
        assert_eq!(
            text,
            "Fly did not answer. This began at 20:24:45 UTC. What is shown is from 20:24:41 UTC; next try at 20:25:00 UTC."
        );
        assert_eq!(request.as_deref(), Some("01J"));
    }

    #[test]
    fn a_failure_says_that_parts_of_what_is_shown_are_older_than_the_rest() {
        let limited = SourceHealth::RateLimited { until: Timestamp(60_000), shown_from: None };
        assert_eq!(
            describe(&limited.with_parts_from(Timestamp(5_000)), Timestamp(9_000)).unwrap().0,
            "Fly asked to wait until 00:01:00 UTC. What is shown is from 00:00:09 UTC, parts of it from 00:00:05."
        );
    }

    fn partial(missing: &[&str], why: Option<&str>, from: Option<i64>, retry: Option<i64>) -> String {
        let missing = missing.iter().map(|part| (*part).to_owned()).collect();
        let why = why.map(str::to_owned);
        let source = SourceHealth::partial(missing, why, from.map(Timestamp), retry.map(Timestamp));
        describe(&source, Timestamp(0)).unwrap().0
    }

    #[test]
    fn a_part_that_is_missing_is_named_with_why_since_when_and_when_it_is_asked_for_again() {
        assert_eq!(
            partial(
                &["instances"],
                Some("The Machines API failed: Fly did not answer in time."),
                Some(0),
                Some(5_000)
            ),
            "Could not be loaded: instances. The Machines API failed: Fly did not answer in time. What is shown of \
             it is from 00:00:00 UTC. Next try at 00:00:05 UTC."
        );
    }

    #[test]
    fn what_is_not_known_of_a_missing_part_is_not_said() {
        assert_eq!(partial(&["releases"], None, None, None), "Could not be loaded: releases.");
        assert_eq!(
            partial(&["2 apps that could not be read"], None, None, None),
            "Could not be loaded: 2 apps."
        );
    }

    #[test]
    fn of_many_missing_parts_eight_are_named_and_the_others_counted() {
        assert_eq!(
            partial(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], None, Some(0), None),
            "Could not be loaded: a, b, c, d, e, f, g, h and 2 more. What is shown of them is from 00:00:00 UTC or later."
        );
    }

    #[test]
    fn a_source_that_answers_needs_no_notice() {
        assert_eq!(describe(&SourceHealth::Fine, Timestamp(0)), None);
    }
}
