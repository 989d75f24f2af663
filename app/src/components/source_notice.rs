//! What is wrong with the source of a page's data, while the page keeps showing the last it has.

use crate::erase::{Erase, dynamic};
use crate::live::Freshness;
use leptos::prelude::*;
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
    let shown = format!("What is shown is from {} UTC", checked_at.clock());
    match source {
        SourceHealth::Fine => None,
        SourceHealth::RateLimited { until } => {
            let text = format!("Fly asked to wait until {} UTC. {shown}.", until.clock());
            Some((text, None))
        }
        SourceHealth::Failing { since, message, retry_at, request_id } => {
            let message = message.trim_end_matches('.');
            let text = format!(
                "{message}, since {} UTC. {shown}; next try at {} UTC.",
                since.clock(),
                retry_at.clock()
            );
            Some((text, request_id.clone()))
        }
        SourceHealth::Partial { missing } => {
            let text =
                format!("Could not be loaded: {}. What is shown of it may be old.", missing.join(", "));
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
        };
        let (text, request) = describe(&source, at(0)).unwrap();
        assert_eq!(
            text,
            "Fly did not answer, since 20:24:45 UTC. What is shown is from 20:24:41 UTC; next try at 20:25:00 UTC."
        );
        assert_eq!(request.as_deref(), Some("01J"));
    }

    #[test]
    fn a_source_that_answers_needs_no_notice() {
        assert_eq!(describe(&SourceHealth::Fine, Timestamp(0)), None);
    }
}
