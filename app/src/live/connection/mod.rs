//! The connection of a tab as a pure state machine: what happens goes in with its time and a
//! random number, what is to be done comes out. `browser` does it.

mod attempts;
mod backoff;
#[cfg(test)]
mod crowd_tests;
mod io;
mod phase;
#[cfg(test)]
mod polling_tests;
mod roles;
mod shown;
#[cfg(test)]
mod tests;

pub use io::{Answer, Effect, Input, Moment, StreamId, StreamInput};

use super::link::{Crowd, Link};
use model::Timestamp;
use model::live::Topic;
use phase::{
    ALONE_HIDDEN_MS, GREETING_MS, HELD_BACK_MS, HIDDEN_MS, LINGER_MS, POLL_MS, Phase, SILENCE_MS, SUSPECT_MS,
    SWITCH_MS,
};

/// The state of a tab's connection.
#[derive(Debug)]
pub struct Connection {
    phase: Phase,
    stream: StreamId,
    followed: Vec<Topic>,
    carried: Vec<Topic>,
    attempt: u32,
    retry: Option<u64>,
    last_heard: u64,
    shown_from: Timestamp,
    was_live: bool,
    /// Whether this tab makes the requests.
    leads: bool,
    place: Place,
    polls: Polls,
    online: bool,
    hidden_at: Option<u64>,
    linger_until: Option<u64>,
    switch_until: Option<u64>,
    link: Link,
}

/// Whether there is room for the stream of this tab.
#[derive(Debug, Default)]
struct Place {
    /// Whether the tabs of this browser cannot share a stream.
    is_alone: bool,
    /// Why the last attempt found no place.
    crowd: Option<Crowd>,
}

/// What takes the place of a stream that is held back.
#[derive(Debug, Default)]
struct Polls {
    /// Until when no stream is tried.
    until: Option<u64>,
    /// Whether they keep current what is shown.
    answered: bool,
}

impl Connection {
    /// Not connected, and making requests of its own. `hidden_since` is when the tab was hidden, if
    /// nobody looks at it now.
    pub fn new(online: bool, hidden_since: Option<u64>) -> Self {
        Self {
            phase: Phase::Idle,
            stream: StreamId::default(),
            followed: Vec::new(),
            carried: Vec::new(),
            attempt: 0,
            retry: None,
            last_heard: 0,
            shown_from: Timestamp::default(),
            was_live: false,
            leads: true,
            place: Place::default(),
            polls: Polls::default(),
            online,
            hidden_at: hidden_since,
            linger_until: None,
            switch_until: None,
            link: Link::Static,
        }
    }

    /// Whether this is the stream one listens to.
    pub fn is_current(&self, stream: StreamId) -> bool {
        self.stream == stream
    }

    /// The stream one listens to.
    pub fn stream(&self) -> StreamId {
        self.stream
    }

    /// Whether a poll takes the place of the stream.
    pub fn is_polling(&self) -> bool {
        matches!(self.phase, Phase::Polling { .. })
    }

    /// Whether no poll was answered yet. A poll that goes on from a place may wait long for news; one
    /// without a place is answered at once, with everything, and shows that polls come through.
    pub fn is_first_poll(&self) -> bool {
        self.is_polling() && !self.polls.answered
    }

    /// Whether there is a stream or will be one, of this tab or of another.
    pub fn is_active(&self) -> bool {
        self.phase.is_active()
    }

    /// Whether nobody looks at the tab.
    pub fn is_hidden(&self) -> bool {
        self.hidden_at.is_some()
    }

    /// What the page shows of the connection.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// Makes no requests of its own until [`Input::Lead`]. Only while there is no stream.
    pub fn wait_to_lead(&mut self) {
        self.leads = false;
    }

    /// This browser's tabs cannot share a stream: each holds one of the few connections that it makes to
    /// one server, so this one holds none while nobody looks at it.
    pub fn stay_alone(&mut self) {
        self.place.is_alone = true;
    }

    /// When the machine wants a [`Input::Tick`] at the latest, on the steady clock.
    pub fn wakes_at(&self) -> Option<u64> {
        let phase = match self.phase {
            Phase::Connecting { began, answered } => Some(self.greeting_due(began, answered)),
            Phase::Polling { began } => Some(began + POLL_MS),
            Phase::Open { .. } => Some(self.last_heard + self.allowed_silence()),
            Phase::Waiting { until, .. } => Some(until),
            _ => None,
        };
        let hidden = self.hidden_at.filter(|_| self.phase.is_active()).map(|at| at + self.hidden_for());
        [phase, hidden, self.linger_until, self.switch_until].into_iter().flatten().min()
    }

    /// Takes in what happened and says what is to be done, in order.
    pub fn handle(&mut self, input: Input, at: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Follow { topics, newcomer } => self.follow(topics, newcomer, at, &mut effects),
            Input::Stream(stream, input) => {
                if self.is_current(stream) {
                    self.stream_says(input, at, &mut effects);
                }
            }
            Input::Tick => self.tick(at, &mut effects),
            Input::Hidden => self.hidden_at = self.hidden_at.or(Some(at.steady)),
            Input::Visible => {
                self.hidden_at = None;
                self.look_again(at, &mut effects);
            }
            Input::Offline => self.online = false,
            Input::Online => {
                self.online = true;
                // It may be another network, without what holds streams back.
                self.polls.until = None;
                if self.hidden_at.is_none() {
                    self.look_again(at, &mut effects);
                }
            }
            Input::PageHide if self.phase.is_active() || self.phase == Phase::Paused => {
                self.close(Phase::Left, &mut effects);
            }
            Input::PageShow if self.phase == Phase::Left => self.connect(at, &mut effects),
            Input::PageHide | Input::PageShow => {}
            Input::Lead => self.lead(at, &mut effects),
            Input::Yield => self.step_back(at, &mut effects),
            Input::Led(link) => self.led(link, at, &mut effects),
        }
        self.show(&mut effects);
        effects
    }

    fn follow(&mut self, topics: Vec<Topic>, newcomer: bool, at: Moment, effects: &mut Vec<Effect>) {
        self.followed = topics;
        self.linger_until = None;
        if newcomer && !self.followed.is_empty() {
            self.shown_from = at.server;
            match self.phase {
                Phase::Idle | Phase::Connecting { .. } | Phase::Refused(Link::Failed(_)) => {
                    self.connect(at, effects);
                }
                Phase::Open { .. } | Phase::Following(_) => self.switch(at, effects),
                Phase::Polling { .. } => self.connect(at, effects),
                Phase::Waiting { asked_until, .. } if at.steady >= asked_until => self.connect(at, effects),
                _ => {}
            }
        } else if self.followed != self.carried && self.phase.is_active() {
            self.linger_until = Some(at.steady + LINGER_MS);
        } else if self.followed.is_empty() && matches!(self.phase, Phase::Refused(Link::Failed(_))) {
            self.phase = Phase::Idle;
        }
    }

    fn tick(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        let passed = |deadline: Option<u64>| deadline.is_some_and(|deadline| at.steady >= deadline);
        if passed(self.switch_until) {
            self.switch_until = None;
        }
        if passed(self.hidden_at.map(|hidden| hidden + self.hidden_for())) && self.phase.is_active() {
            self.close(Phase::Paused, effects);
        }
        if passed(self.linger_until) {
            self.linger_until = None;
            self.shed(at, effects);
        }
        match self.phase {
            Phase::Waiting { until, .. } if at.steady >= until => self.connect(at, effects),
            Phase::Connecting { answered: Some(answered), .. } if at.steady >= answered + HELD_BACK_MS => {
                self.poll_instead(at, effects);
            }
            Phase::Connecting { began, .. } if at.steady >= began + GREETING_MS => {
                self.fail(None, at, effects);
            }
            Phase::Connecting { began, .. } if self.place.is_alone && at.steady >= began + HELD_BACK_MS => {
                self.place.crowd = Some(Crowd::Connections);
            }
            Phase::Polling { began } if at.steady >= began + POLL_MS => self.fail(None, at, effects),
            Phase::Open { .. } if at.steady >= self.last_heard + self.allowed_silence() => {
                self.fail(None, at, effects);
            }
            _ => {}
        }
    }

    /// Somebody left and nobody came: the stream carries more than is needed.
    fn shed(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        if self.followed.is_empty() {
            self.close(Phase::Idle, effects);
        } else if matches!(self.phase, Phase::Open { .. } | Phase::Following(_)) {
            self.switch(at, effects);
        }
    }

    /// Another stream takes the place of this one. Unless that takes long, the link does not say so.
    fn switch(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        if matches!(self.link, Link::Live) {
            self.switch_until = Some(at.steady + SWITCH_MS);
        }
        self.connect(at, effects);
    }

    /// Somebody returned to the tab, or the network came back.
    fn look_again(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        match self.phase {
            Phase::Paused => self.connect(at, effects),
            Phase::Waiting { asked_until, .. } if at.steady >= asked_until => self.connect(at, effects),
            Phase::Open { .. } if at.steady >= self.last_heard + SUSPECT_MS => self.connect(at, effects),
            _ => {}
        }
    }

    fn allowed_silence(&self) -> u64 {
        if self.online { SILENCE_MS } else { SUSPECT_MS }
    }

    /// How long there is a stream in a tab that nobody looks at.
    fn hidden_for(&self) -> u64 {
        if self.place.is_alone { ALONE_HIDDEN_MS } else { HIDDEN_MS }
    }

    /// When the first word of a stream is overdue, or its answer is so late that the page says why.
    fn greeting_due(&self, began: u64, answered: Option<u64>) -> u64 {
        match answered {
            Some(answered) => answered + HELD_BACK_MS,
            None if self.place.is_alone && self.place.crowd.is_none() => began + HELD_BACK_MS,
            None => began + GREETING_MS,
        }
    }
}
