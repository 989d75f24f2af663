//! How far what a page shows can be trusted to be current.

use super::cell::set_if_different;
use super::topic_event::TopicEvent;
use leptos::prelude::*;
use model::Timestamp;
use model::live::SourceHealth;

/// When Fly last confirmed what is shown, and whether Fly answers.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    /// When Fly last told that the state is what the page shows.
    pub checked_at: RwSignal<Timestamp>,
    /// The upstream's health.
    pub source: RwSignal<SourceHealth>,
}

impl Freshness {
    /// Starts with what a snapshot says.
    pub fn new(checked_at: Timestamp, source: SourceHealth) -> Self {
        Self { checked_at: RwSignal::new(checked_at), source: RwSignal::new(source) }
    }

    /// Takes in what the stream says of the topic. A snapshot is believed as it is; what comes
    /// after it moves the time forward only.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                set_if_different(self.checked_at, snapshot.checked_at);
                set_if_different(self.source, snapshot.source.clone());
            }
            TopicEvent::Changes(set) => self.checked(set.checked_at),
            TopicEvent::Source(state) => {
                set_if_different(self.source, state.source.clone());
                self.checked(state.checked_at);
            }
            TopicEvent::Checked(at) => self.checked(*at),
        }
    }

    fn checked(&self, at: Timestamp) {
        if self.checked_at.try_with_untracked(|known| at > *known) == Some(true) {
            let _ = self.checked_at.try_set(at);
        }
    }
}
