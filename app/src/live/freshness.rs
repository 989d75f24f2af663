//! How far what a page shows can be trusted to be current.

use super::cell::set_if_different;
use super::topic_event::TopicEvent;
use crate::prelude::*;
use model::Timestamp;
use model::live::SourceHealth;

/// What is missing where Fly answers and there is no newer state.
const NEWER: &str = "anything newer";

/// When Fly last confirmed what is shown, and whether Fly answers.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    /// When Fly last told that the state is what the page shows.
    pub checked_at: RwSignal<Timestamp>,
    /// The upstream's health.
    pub source: RwSignal<SourceHealth>,
    /// From when the parts are that the page kept, because the server has never loaded them; 0 where
    /// there are none.
    kept_from: RwSignal<Timestamp>,
}

impl Freshness {
    /// Starts with what a snapshot says.
    pub fn new(checked_at: Timestamp, source: SourceHealth) -> Self {
        let kept_from = RwSignal::new(Timestamp::default());
        Self { checked_at: RwSignal::new(checked_at), source: RwSignal::new(source), kept_from }
    }

    /// The page keeps parts that the next snapshot lacks: from now on they are as old as they are now.
    pub(super) fn keep(&self) {
        if self.kept().is_none() {
            let older = self.source.try_with_untracked(SourceHealth::shown_from).flatten();
            let from = older.or(self.checked_at.try_get_untracked());
            if let Some(from) = from {
                self.kept_from.set(from);
            }
        }
    }

    /// The page keeps no such parts any more.
    pub(super) fn let_go(&self) {
        set_if_different(self.kept_from, Timestamp::default());
    }

    fn kept(&self) -> Option<Timestamp> {
        self.kept_from.try_get_untracked().filter(|from| from.millis() != 0)
    }

    /// Takes in what the stream says of the topic. A snapshot is believed as it is; what comes
    /// after it moves the time forward only.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                set_if_different(self.checked_at, snapshot.checked_at);
                self.told(&snapshot.source);
            }
            TopicEvent::Changes(set) => self.checked(set.checked_at),
            TopicEvent::Source(state) if state.checked_at == Timestamp::default() => {
                self.told_apart(&state.source);
            }
            TopicEvent::Source(state) => {
                self.told(&state.source);
                self.checked(state.checked_at);
            }
            TopicEvent::Checked(at) => self.checked(*at),
        }
    }

    fn told(&self, source: &SourceHealth) {
        let source = source.clone();
        let source = match self.kept() {
            Some(from) => source.with_parts_from(from),
            None => source,
        };
        set_if_different(self.source, source);
    }

    /// Takes in the health of another state than the one that is shown, whose older parts stay as old as they
    /// are: a server that has only just begun knows nothing of them.
    fn told_apart(&self, source: &SourceHealth) {
        let older = self.source.try_with_untracked(SourceHealth::shown_from).flatten();
        let all = source.shown_from().and(self.checked_at.try_get_untracked());
        match (older.or(all), source) {
            (Some(from), SourceHealth::Fine) => {
                self.told(&SourceHealth::partial(vec![NEWER.to_owned()], None, Some(from), None));
            }
            (Some(from), source) => self.told(&source.clone().with_parts_from(from)),
            (None, source) => self.told(source),
        }
    }

    fn checked(&self, at: Timestamp) {
        if self.checked_at.try_with_untracked(|known| at > *known) == Some(true) {
            self.checked_at.set(at);
        }
    }
}
