//! The header's word on how current the page is: `Live · 3 s ago`.
//!
//! The word is announced when it changes; the age beside it ticks in silence.

use super::status_word::{tone_class, tone_path};
use crate::context::context;
use crate::erase::{Erase, dynamic, effect, memo};
use crate::live::{Crowd, Freshness, Link, use_live};
use crate::location;
use crate::prelude::*;
use crate::routes;
use model::live::SourceHealth;
use model::{Timestamp, Tone};

/// Lets the header tell the age of this page's data as long as the page is shown. Only in the
/// browser: the server has written the header before it knows.
pub(crate) fn show_freshness(freshness: Freshness) {
    let shown = context().freshness;
    effect(move || shown.set(Some(freshness)));
    on_cleanup(move || {
        let mine = |one: &Option<Freshness>| one.is_some_and(|one| one.checked_at == freshness.checked_at);
        if shown.try_with_untracked(mine) == Some(true) {
            shown.set(None);
        }
    });
}

/// The link state.
pub(crate) fn link_state() -> AnyView {
    let live = use_live();
    let shown = context().freshness;
    let freshness = move || shown.get();
    let source = move || freshness().and_then(|one| one.source.try_get()).unwrap_or_default();
    let state = memo(move || describe(&live.link.get(), &source()));
    let age = memo(move || {
        let checked = freshness().and_then(|one| one.checked_at.try_get());
        let follows = matches!(live.link.get(), Link::Live | Link::Polling);
        let quiet = follows && source_is_live(&source());
        checked.filter(|_| quiet).map(|at| format!(" · {}", at.ago(live.now.get()))).unwrap_or_default()
    });
    let tone = memo(move || state.get().0);
    let sign_in = dynamic(move || (live.link.get() == Link::SignedOut).then(sign_in));
    let class = dynamic(move || tone_class(tone.get()));
    let path = dynamic(move || tone_path(tone.get()));
    let word = dynamic(move || state.get().1);
    view! {
        <div class="link-state" role="status" aria-label="Connection">
            <svg class=class viewBox="0 0 12 12" aria-hidden="true">
                <path d=path fill="currentColor"></path>
            </svg>
            <span>{word}<span class="age" aria-hidden="true">{age}</span></span>
            {sign_in}
        </div>
    }
    .erase()
}

fn sign_in() -> AnyView {
    let here = location::path().get_untracked();
    view! { <a href=routes::sign_in(Some(&here)) rel="external">"Sign in"</a> }.erase()
}

fn source_is_live(source: &SourceHealth) -> bool {
    matches!(source, SourceHealth::Fine | SourceHealth::Partial { .. })
}

const NO_STREAM: &str = "No place for another stream: close tabs of this console. It is tried again";
const NO_CONNECTION: &str = "No connection left: without HTTPS a browser makes six, and other tabs hold them. Close some, or use HTTPS";

const HELD_BACK: &str =
    "A proxy between you and Windsock holds the stream back; asking every few seconds instead";

fn describe(link: &Link, source: &SourceHealth) -> (Tone, String) {
    let showing = |what: &str, from: &Timestamp| {
        if from.millis() == 0 { what.to_owned() } else { format!("{what}, showing {}", from.clock()) }
    };
    match link {
        Link::Static => (Tone::Idle, "Static page".to_owned()),
        Link::Connecting => (Tone::Busy, "Connecting".to_owned()),
        Link::Paused => (Tone::Idle, "Paused".to_owned()),
        Link::Reconnecting { shown_from, .. } => (Tone::Warning, showing("Reconnecting", shown_from)),
        Link::Crowded { of: Crowd::Streams, shown_from } => (Tone::Warning, showing(NO_STREAM, shown_from)),
        Link::Crowded { of: Crowd::Connections, shown_from } => {
            (Tone::Warning, showing(NO_CONNECTION, shown_from))
        }
        Link::Offline { shown_from } => (Tone::Warning, showing("Offline", shown_from)),
        Link::SignedOut => (Tone::Bad, "Signed out".to_owned()),
        Link::Failed(why) => (Tone::Bad, format!("Not live: {why}")),
        Link::Live | Link::Polling => match source {
            SourceHealth::Fine | SourceHealth::Partial { .. } if *link == Link::Polling => {
                (Tone::Warning, HELD_BACK.to_owned())
            }
            SourceHealth::Fine | SourceHealth::Partial { .. } => (Tone::Good, "Live".to_owned()),
            SourceHealth::RateLimited { until, .. } => {
                (Tone::Warning, format!("Rate limited until {}", until.clock()))
            }
            SourceHealth::Failing { since, .. } if since.millis() == 0 => {
                (Tone::Bad, "Fly does not answer".to_owned())
            }
            SourceHealth::Failing { since, .. } => {
                (Tone::Bad, format!("Fly has not answered since {}", since.clock()))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Timestamp = Timestamp(1_632_342_281_764); // 2021-09-22T20:24:41.764Z

    /// As the glossary writes them: without what differs from one time to the next.
    const GLOSSARY: &str = include_str!("../../../docs/glossary.md");

    #[test]
    fn every_state_of_the_connection_stands_in_the_glossary() {
        let failing = |since| SourceHealth::Failing {
            since,
            message: String::new(),
            retry_at: T,
            request_id: None,
            shown_from: None,
        };
        let states = [
            (Link::Static, SourceHealth::Fine),
            (Link::Connecting, SourceHealth::Fine),
            (Link::Paused, SourceHealth::Fine),
            (Link::Reconnecting { attempt: 1, shown_from: T }, SourceHealth::Fine),
            (Link::Offline { shown_from: T }, SourceHealth::Fine),
            (Link::Crowded { of: Crowd::Streams, shown_from: T }, SourceHealth::Fine),
            (Link::Crowded { of: Crowd::Connections, shown_from: T }, SourceHealth::Fine),
            (Link::SignedOut, SourceHealth::Fine),
            (Link::Failed("no stream".to_owned()), SourceHealth::Fine),
            (Link::Polling, SourceHealth::Fine),
            (Link::Live, SourceHealth::Fine),
            (Link::Live, SourceHealth::RateLimited { until: T, shown_from: None }),
            (Link::Live, failing(T)),
            (Link::Live, failing(Timestamp::default())),
        ];
        for (link, source) in states {
            let words = said(&link, &source);
            let known = GLOSSARY.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
            assert!(known.clone().any(|known| words.starts_with(known)), "{words}");
        }
    }

    fn said(link: &Link, source: &SourceHealth) -> String {
        describe(link, source).1
    }

    #[test]
    fn a_broken_stream_says_from_when_the_data_is() {
        let link = Link::Reconnecting { attempt: 2, shown_from: T };
        assert_eq!(said(&link, &SourceHealth::Fine), "Reconnecting, showing 20:24:41");
    }

    #[test]
    fn a_stream_that_is_held_back_is_told_with_what_is_done_instead() {
        assert_eq!(said(&Link::Polling, &SourceHealth::Fine), HELD_BACK);
        let limited = SourceHealth::RateLimited { until: T, shown_from: None };
        assert_eq!(said(&Link::Polling, &limited), "Rate limited until 20:24:41");
    }

    #[test]
    fn a_live_stream_does_not_hide_that_fly_is_silent() {
        let failing = SourceHealth::Failing {
            since: T,
            message: String::new(),
            retry_at: T,
            request_id: None,
            shown_from: None,
        };
        assert_eq!(said(&Link::Live, &failing), "Fly has not answered since 20:24:41");
        let limited = SourceHealth::RateLimited { until: T, shown_from: None };
        assert_eq!(said(&Link::Live, &limited), "Rate limited until 20:24:41");
        assert_eq!(said(&Link::Live, &SourceHealth::Fine), "Live");
    }
}
