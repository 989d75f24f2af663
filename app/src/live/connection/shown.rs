//! What the page shows of the connection.

use super::super::link::Link;
use super::Connection;
use super::io::Effect;
use super::phase::Phase;

impl Connection {
    pub(super) fn show(&mut self, effects: &mut Vec<Effect>) {
        let link = self.current_link();
        if link != self.link {
            self.link = link.clone();
            effects.push(Effect::Show(link));
        }
    }

    fn current_link(&self) -> Link {
        match &self.phase {
            Phase::Idle => Link::Static,
            Phase::Open { .. } => Link::Live,
            Phase::Following(Some(link)) | Phase::Refused(link) => link.clone(),
            Phase::Waiting { .. }
            | Phase::Connecting { .. }
            | Phase::Polling { .. }
            | Phase::Following(None) => self.link_without_stream(),
            Phase::Paused | Phase::Left => Link::Paused,
        }
    }

    fn link_without_stream(&self) -> Link {
        let shown_from = self.shown_from;
        if let Some(of) = self.place.crowd.filter(|_| self.online) {
            Link::Crowded { of, shown_from }
        } else if self.polls.answered {
            Link::Polling
        } else if self.switch_until.is_some() {
            Link::Live
        } else if !self.was_live && self.attempt == 0 && !matches!(self.phase, Phase::Waiting { .. }) {
            Link::Connecting
        } else if self.online {
            Link::Reconnecting { attempt: self.attempt, shown_from }
        } else {
            Link::Offline { shown_from }
        }
    }
}
