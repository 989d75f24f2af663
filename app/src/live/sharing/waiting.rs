//! A tab that waits for the lock: it takes in what the leader says, and sees that there is one.

use super::super::connection::{Effect, Input, Moment};
use super::io::Action;
use super::role::{ALIVE_MS, ANSWER_MS, LOCK_MS, Role};
use super::said::{Lead, Said};
use super::{ALONE_MS, Sharing, spread};

impl<S: Clone> Sharing<S> {
    /// Asks for a leader that is silent, and takes its place when there is no answer. A tab that
    /// nobody looks at only says that it lives.
    pub(super) fn watch_leader(&mut self, at: Moment, actions: &mut Vec<Action>) {
        let Role::Waiting(watch) = &mut self.role else { return };
        let now = at.steady;
        let visible = !self.connection.is_hidden();
        if watch.stole_at.is_some_and(|stole| now >= stole + LOCK_MS) {
            return self.go_alone(Some(now + ALONE_MS), at, actions);
        }
        if watch.stole_at.is_none() && visible && watch.asked_at.is_some_and(|asked| now >= asked + ANSWER_MS)
        {
            watch.stole_at = Some(now);
            actions.push(Action::Steal);
        }
        let must_ask = visible && watch.asked_at.is_none() && now >= watch.ask_at();
        if must_ask || now >= watch.spoke_at + ALIVE_MS {
            watch.spoke_at = now;
            if must_ask {
                watch.asked_at = Some(now + spread(at.random));
            }
            actions.push(Action::Say(Said::Ask(self.me)));
        }
        if watch.join_at().is_some_and(|join| now >= join) {
            watch.joined_at = now;
            actions.push(Action::Connection(Effect::Connect(self.stream())));
        }
    }

    pub(super) fn hear_leader(&mut self, lead: &Lead, at: Moment, actions: &mut Vec<Action>) {
        if lead.term < self.latest_term {
            return; // Somebody who does not know yet that it leads no more.
        }
        if matches!(self.role, Role::Leading(own) if own < lead.term) {
            self.step_back(at, actions);
        }
        self.latest_term = lead.term;
        let mine = (self.me, self.join);
        let Role::Waiting(watch) = &mut self.role else { return };
        watch.heard(at.steady);
        let is_new = watch.leader != Some(lead.term);
        if is_new {
            watch.leader = Some(lead.term);
            watch.carrier = None;
        }
        let same_stream = watch.carrier.filter(|(stream, _)| *stream == lead.stream);
        let expected = same_stream.map_or(0, |(_, next)| next);
        let named = lead.carried.contains(&mine);
        let carried = named && expected == lead.sent;
        if named && !carried {
            self.join += 1; // Something was missed: that request is not served any more.
        }
        watch.carrier = carried.then_some((lead.stream, lead.sent));
        self.connection(Input::Led(carried.then(|| lead.link.clone())), at, actions);
        if is_new && !carried && matches!(self.role, Role::Waiting(_)) {
            actions.push(Action::Connection(Effect::Connect(self.stream())));
        }
    }
}
