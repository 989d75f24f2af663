//! What the page at an address is about, as the name of a topic.

use super::apps_query::query_of;
use crate::location::{Query, unescaped};
use crate::routes::{self, Page};
use model::live::Topic;

/// The topic of the page at this address, with names as they were typed; none where the page needs no
/// data.
pub(crate) fn topic_at(path: &str, query: &Query) -> Option<String> {
    let (app, part) = (routes::app_in(path), routes::part_in(path));
    match Page::at(path) {
        Page::SignIn | Page::NotFound => None,
        Page::Apps => Some(Topic::Apps(query_of(query).trimmed()).to_string()),
        Page::App => Some(named(&["app", &unescaped(app)])),
        Page::Instance => Some(named(&["instance", &unescaped(app), &unescaped(part)])),
        Page::Release => Some(named(&["release", &typed(app), &typed(part)])),
        Page::Releases => {
            let app = typed(app);
            Some(match query.get("from") {
                Some(place) => named(&["releases", &app, place]),
                None => named(&["releases", &app]),
            })
        }
    }
}

fn named(parts: &[&str]) -> String {
    parts.join(":")
}

/// A name as it was typed, of which a topic can be made: one that would end its part of the topic is no
/// name anyway.
fn typed(segment: &str) -> String {
    unescaped(segment).replace(':', "%3A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_topic_of_its_page() {
        for (path, query, topic) in [
            ("/apps", "", Some("apps")),
            ("/apps", "q=a%20b&page=2", Some("apps?q=a%20b&page=2")),
            ("/apps/web", "destroyed=show", Some("app:web")),
            ("/apps/no%20name", "", Some("app:no name")),
            ("/apps/web/machines/73d8d46dbee589", "", Some("instance:web:73d8d46dbee589")),
            ("/apps/web/releases", "", Some("releases:web")),
            ("/apps/web/releases", "from=a%2Bb%3D", Some("releases:web:a+b=")),
            ("/apps/we:b/releases/14", "", Some("release:we%3Ab:14")),
            ("/sign-in", "next=/apps", None),
            ("/nowhere", "", None),
        ] {
            assert_eq!(topic_at(path, &Query::parse(query)).as_deref(), topic, "{path}?{query}");
        }
    }
}
