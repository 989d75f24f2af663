//! A tab that leads: whom it serves, and what it tells of itself.

use super::super::connection::{Input, Moment};
use super::group::Wish;
use super::io::Action;
use super::role::{Role, Watch};
use super::said::{Lead, Said};
use super::{GATHER_MS, Sharing};

impl<S: Clone> Sharing<S> {
    pub(super) fn hear_member(&mut self, said: Said, at: Moment, actions: &mut Vec<Action>) {
        let Role::Leading(term) = self.role else { return };
        match said {
            Said::Join { tab, join, topics, since } => {
                let wish = Wish { tab, join, topics, since };
                if self.group.join(wish, at.steady, &mut self.follows) {
                    // The timers of a hidden tab are late: it does not wait for more of them.
                    let wait = if self.connection.is_hidden() { 0 } else { GATHER_MS };
                    self.gather_until.get_or_insert(at.steady + wait);
                    self.tick(at, actions);
                } else {
                    actions.push(Action::Say(Said::Alone { term, tab: Some(tab) }));
                }
            }
            Said::Gone(tab) => {
                self.group.drop_tab(tab, &mut self.follows);
                self.connection(self.followed(), at, actions);
            }
            Said::Ask(tab) => {
                self.group.heard_of(tab, at.steady);
                actions.push(Action::Tell);
            }
            _ => {}
        }
    }

    pub(super) fn lead(&self) -> Said {
        Said::Lead(Lead {
            term: self.latest_term,
            stream: self.told,
            sent: self.sent,
            link: self.connection.link().clone(),
            carried: self.group.carried(),
        })
    }

    pub(super) fn step_back(&mut self, at: Moment, actions: &mut Vec<Action>) {
        self.group.drop_all(&mut self.follows);
        self.gather_until = None;
        self.role = Role::Waiting(Watch::new(at.steady));
        actions.push(Action::Queue);
        self.connection(Input::Yield, at, actions);
    }
}
