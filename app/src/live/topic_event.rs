//! What the stream says of one topic.

use model::Timestamp;
use model::live::{ChangeSet, Snapshot, SourceState, Topic, TopicState};

/// One piece of news of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicEvent {
    /// The whole state: forget what was before.
    Snapshot(Box<Snapshot<TopicState>>),
    /// What changed.
    Changes(ChangeSet),
    /// The upstream's health changed.
    Source(SourceState),
    /// Fly confirmed at that time what is shown.
    Checked(Timestamp),
}

impl TopicEvent {
    /// The topic, where the event itself names it.
    pub fn topic(&self) -> Option<&Topic> {
        match self {
            Self::Snapshot(snapshot) => Some(&snapshot.topic),
            Self::Changes(set) => Some(&set.topic),
            Self::Source(state) => Some(&state.topic),
            Self::Checked(_) => None,
        }
    }
}
