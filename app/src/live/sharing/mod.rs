//! One stream for all tabs of a browser, as a pure state machine of one of them.
//!
//! The tabs that want a stream queue for one lock. Who holds it leads: its stream carries the topics
//! of all, from the earliest place that any of them needs, and it passes on what the stream brings.
//! A tab takes in only frames of a stream that carries it from its own place on, and only without a
//! gap, so a change of leaders loses nothing. Who does not hear from the leader asks for it, and
//! takes the lock away when there is no answer. A tab that nobody looks at gives the lock back.

mod group;
mod io;
mod leading;
mod role;
mod said;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
mod waiting;

pub use io::{Action, Lock, Request};
pub use said::{Lead, Said, TabId, Term};

use super::connection::{Connection, Input, Moment, StreamId};
use super::event_stream::Frame;
use super::follows::Follows;
use super::link::Link;
use group::Group;
use role::{Role, Watch};

/// Tabs that ask at the same time do not all act at the same time.
const SPREAD_MS: f64 = 200.0;
/// A leader waits this long for other tabs before it makes a stream that carries them.
const GATHER_MS: u64 = 40;
/// When a tab with a stream of its own tries to share one again.
const ALONE_MS: u64 = 30_000;

/// The part of one tab. `S` is what receives the events of its followers.
#[derive(Debug)]
pub struct Sharing<S> {
    /// Who follows what here; while this tab leads, the other tabs as well.
    pub follows: Follows<Option<S>>,
    me: TabId,
    connection: Connection,
    role: Role,
    group: Group,
    join: u32,
    latest_term: Term,
    /// The stream that the other tabs know of, and how many messages it brought them.
    told: StreamId,
    sent: u32,
    gather_until: Option<u64>,
}

impl<S: Clone> Sharing<S> {
    /// A tab that follows nothing yet.
    pub fn new(me: TabId, mut connection: Connection) -> Self {
        connection.wait_to_lead();
        Self {
            follows: Follows::default(),
            me,
            connection,
            role: Role::Out,
            group: Group::default(),
            join: 0,
            latest_term: Term::default(),
            told: StreamId::default(),
            sent: 0,
            gather_until: None,
        }
    }

    /// Whether this is the stream one listens to.
    pub fn is_current(&self, stream: StreamId) -> bool {
        self.connection.is_current(stream)
    }

    /// The stream one listens to.
    pub fn stream(&self) -> StreamId {
        self.connection.stream()
    }

    /// Whether this tab makes the requests for all.
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leading(_))
    }

    /// When the machine wants an [`Input::Tick`] at the latest, on the steady clock.
    pub fn wakes_at(&self) -> Option<u64> {
        let role = match &self.role {
            Role::Waiting(watch) => Some(watch.wakes_at(self.connection.is_hidden())),
            Role::Alone { until } => *until,
            Role::Out | Role::Leading(_) => None,
        };
        [self.connection.wakes_at(), role, self.gather_until].into_iter().flatten().min()
    }

    /// Takes in what happened and says what is to be done, in order.
    pub fn handle(&mut self, input: Input, at: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        self.connection(input, at, &mut actions);
        self.tick(at, &mut actions);
        actions
    }

    /// Who is followed has changed.
    pub fn follow_changed(&mut self, at: Moment) -> Vec<Action> {
        self.handle(self.followed(), at)
    }

    /// Takes in what the browser says of the lock.
    pub fn lock(&mut self, lock: Lock, at: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        match (lock, &self.role) {
            (Lock::Granted(now), Role::Waiting(_)) => {
                let began = now.max(self.latest_term.began + 1);
                self.latest_term = Term { began, tab: self.me };
                self.role = Role::Leading(self.latest_term);
                actions.push(Action::Tell);
                self.connection(Input::Lead, at, &mut actions);
            }
            (Lock::Refused, Role::Leading(_)) => self.step_back(at, &mut actions),
            (Lock::Refused, Role::Waiting(_)) => self.go_alone(None, at, &mut actions),
            _ => {}
        }
        actions
    }

    /// Takes in what another tab said.
    pub fn hear(&mut self, said: Said, at: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        match said {
            Said::Lead(lead) => self.hear_leader(&lead, at, &mut actions),
            Said::Frames { term, stream, number, frames } => {
                if let Role::Waiting(watch) = &mut self.role
                    && watch.leader == Some(term)
                {
                    watch.heard(at.steady);
                    if watch.carrier == Some((stream, number)) {
                        watch.carrier = Some((stream, number + 1));
                        actions.push(Action::TakeIn(frames));
                    } else if watch.carrier.take().is_some() {
                        self.join += 1; // Something was missed: that request is not served any more.
                    }
                }
            }
            Said::Alone { term, tab } => {
                if let Role::Waiting(watch) = &self.role
                    && watch.leader.is_none_or(|leader| leader == term)
                    && tab.is_none_or(|tab| tab == self.me)
                {
                    self.go_alone(Some(at.steady + ALONE_MS), at, &mut actions);
                }
            }
            Said::Join { .. } | Said::Gone(_) | Said::Ask(_) => self.hear_member(said, at, &mut actions),
        }
        actions
    }

    /// The connection wants this stream, and everything that arrived before is applied: what to ask
    /// the server for, and what to say to the other tabs.
    pub fn begin(&mut self, stream: StreamId, at: Moment) -> (Option<Request>, Option<Said>) {
        if !self.is_current(stream) {
            return (None, None);
        }
        let (topics, since) = self.follows.begin_stream();
        match &mut self.role {
            Role::Waiting(watch) => {
                self.join += 1;
                watch.carrier = None;
                watch.joined_at = at.steady;
                watch.spoke_at = at.steady;
                (None, Some(Said::Join { tab: self.me, join: self.join, topics, since }))
            }
            Role::Leading(_) | Role::Alone { .. } => {
                self.gather_until = None;
                self.group.begin_stream();
                (self.told, self.sent) = (stream, 0);
                let since = since.filter(|_| !self.connection.is_first_poll());
                let request = Request { topics, since, poll: self.connection.is_polling() };
                (Some(request), (!self.group.is_empty()).then(|| self.lead()))
            }
            Role::Out => (None, None),
        }
    }

    /// The stream of this tab brought frames: what to pass on.
    pub fn pass_on(&mut self, frames: &[Frame]) -> Option<Said> {
        let Role::Leading(term) = self.role else { return None };
        if self.group.is_empty() || !self.is_current(self.told) {
            return None;
        }
        let frames = frames.iter().filter(|frame| matches!(frame, Frame::Event { .. })).cloned().collect();
        let number = self.sent;
        self.sent += 1;
        Some(Said::Frames { term, stream: self.told, number, frames })
    }

    /// What the leader tells of itself; nothing where this tab does not lead.
    pub fn tell(&self) -> Option<Said> {
        self.leads().then(|| self.lead())
    }

    fn followed(&self) -> Input {
        Input::Follow { topics: self.follows.topics(), newcomer: self.follows.has_newcomer() }
    }

    /// Lets the connection handle it, and draws the conclusions for this tab's part.
    fn connection(&mut self, input: Input, at: Moment, actions: &mut Vec<Action>) {
        let before = self.connection.link().clone();
        let effects = self.connection.handle(input, at);
        if matches!(self.role, Role::Out) && self.connection.is_active() {
            self.role = Role::Waiting(Watch::new(at.steady));
            actions.push(Action::Queue);
        }
        actions.extend(effects.into_iter().map(Action::Connection));
        let link = self.connection.link();
        if matches!(link, Link::Failed(_)) && !self.group.is_empty() {
            // Some topic is refused, and the server does not say which: each tab tries its own.
            if let Role::Leading(term) = self.role {
                actions.push(Action::Say(Said::Alone { term, tab: None }));
            }
            self.go_alone(Some(at.steady + ALONE_MS), at, actions);
        } else if *link != before && !self.group.is_empty() {
            match link {
                // That this tab rests is no news for the others: one of them leads at once.
                Link::Paused | Link::Static => {}
                // Its last word: afterwards it does not lead.
                Link::SignedOut => actions.push(Action::Say(self.lead())),
                _ => actions.push(Action::Tell),
            }
        }
        if !self.connection.is_active() && !matches!(self.role, Role::Out) {
            self.leave(actions);
        }
    }

    fn tick(&mut self, at: Moment, actions: &mut Vec<Action>) {
        if self.group.drop_dead(at.steady, &mut self.follows) {
            self.connection(self.followed(), at, actions);
        }
        if self.gather_until.is_some_and(|until| at.steady >= until) {
            self.gather_until = None;
            self.connection(self.followed(), at, actions);
        }
        match &self.role {
            Role::Waiting(_) => self.watch_leader(at, actions),
            Role::Alone { until: Some(until) } if at.steady >= *until => {
                self.role = Role::Waiting(Watch::new(at.steady));
                actions.push(Action::Queue);
                self.connection(Input::Yield, at, actions);
            }
            _ => {}
        }
    }

    fn go_alone(&mut self, until: Option<u64>, at: Moment, actions: &mut Vec<Action>) {
        self.group.drop_all(&mut self.follows);
        self.gather_until = None;
        if matches!(self.role, Role::Waiting(_)) {
            actions.push(Action::Say(Said::Gone(self.me)));
        }
        actions.push(Action::Leave);
        if until.is_none() {
            self.connection.stay_alone();
        }
        self.role = Role::Alone { until: until.map(|until| until + spread(at.random)) };
        self.connection(Input::Lead, at, actions);
    }

    fn leave(&mut self, actions: &mut Vec<Action>) {
        self.group.drop_all(&mut self.follows);
        self.gather_until = None;
        if matches!(self.role, Role::Waiting(_)) {
            actions.push(Action::Say(Said::Gone(self.me)));
        }
        actions.push(Action::Leave);
        self.role = Role::Out;
        self.connection.wait_to_lead();
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 200")]
fn spread(random: f64) -> u64 {
    (SPREAD_MS * random.clamp(0.0, 1.0)) as u64
}
