//! Whether this tab makes the requests, or another one for all.

use super::super::link::Link;
use super::Connection;
use super::io::{Effect, Moment};
use super::phase::{Phase, SWITCH_MS};

impl Connection {
    /// From now on this tab makes the requests. What is shown stays as live as it was, if that
    /// takes no longer than any change of streams.
    pub(super) fn lead(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        self.leads = true;
        match self.phase {
            Phase::Following(_) => self.switch(at, effects),
            Phase::Refused(Link::Failed(_)) => self.connect(at, effects),
            _ => {}
        }
    }

    /// From now on another tab makes the requests.
    pub(super) fn step_back(&mut self, at: Moment, effects: &mut Vec<Effect>) {
        self.leads = false;
        if self.phase.has_stream() {
            effects.push(Effect::Close);
        }
        if self.phase.is_active() {
            self.switch(at, effects);
        }
    }

    /// What the other tab says of its stream.
    pub(super) fn led(&mut self, link: Option<Link>, at: Moment, effects: &mut Vec<Effect>) {
        if !matches!(self.phase, Phase::Following(_)) {
            return;
        }
        match link {
            Some(Link::SignedOut) => self.close(Phase::Refused(Link::SignedOut), effects),
            link => {
                if link.is_some() {
                    self.switch_until = None;
                } else if self.phase == Phase::Following(Some(Link::Live)) {
                    self.switch_until = Some(at.steady + SWITCH_MS);
                }
                self.was_live |= link == Some(Link::Live);
                self.phase = Phase::Following(link);
            }
        }
    }
}
