//! The apps list of one page: it shows what is asked of it, and follows that.
//!
//! What is asked for changes with each key. Each time the window is read at once, and what was asked
//! before is given up; the stream goes over to the new window when nobody has typed for a moment.

use super::{AppsStore, Live};
use crate::prelude::*;
use model::AppsWindow;
use model::live::Snapshot;

/// How it stands with what a person asked of the list after the page was there.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Whether what is asked for is on its way, so that the rows are still the old ones.
    pub busy: RwSignal<bool>,
    /// Whether it could not be loaded. The stream brings it as soon as it can be.
    pub failed: RwSignal<bool>,
    /// How many answers came.
    pub answers: RwSignal<u32>,
}

impl Live {
    /// Keeps the store at what `asked` names, a topic of the list, as long as the current reactive
    /// owner lives. `first` is what the store shows.
    pub fn follow_apps(&self, store: AppsStore, asked: Memo<String>, first: &Snapshot<AppsWindow>) -> Asked {
        self.begin_at(first.now);
        let state =
            Asked { busy: RwSignal::new(false), failed: RwSignal::new(false), answers: RwSignal::new(0) };
        #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
        in_browser::follow(*self, store, asked, state, first);
        #[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
        let _ = (store, asked);
        state
    }
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod in_browser {
    use super::Asked;
    use crate::api::read_then;
    use crate::erase::effect;
    use crate::handed::Answer;
    use crate::live::{AppsStore, Live, TopicEvent};
    use crate::prelude::*;
    use model::AppsWindow;
    use model::live::{Cursor, Snapshot};
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::time::Duration;

    /// Nobody types this slowly: what stays asked for so long is followed.
    const SETTLED: Duration = Duration::from_millis(400);

    struct Place {
        live: Live,
        store: AppsStore,
        asked: Memo<String>,
        state: Asked,
        page: Owner,
        /// The topic whose window the store shows.
        shown: RefCell<String>,
        /// The topic that is followed, and what follows it.
        followed: RefCell<(String, Option<Owner>)>,
    }

    pub(super) fn follow(
        live: Live,
        store: AppsStore,
        asked: Memo<String>,
        state: Asked,
        first: &Snapshot<AppsWindow>,
    ) {
        let Some(page) = Owner::current() else { return };
        let topic = first.topic.to_string();
        let (shown, followed) = (RefCell::new(topic.clone()), RefCell::default());
        let place = Rc::new(Place { live, store, asked, state, page, shown, followed });
        place.follow(topic, Some(first.cursor.clone()));
        effect(move || {
            let topic = asked.get();
            if *place.shown.borrow() == topic {
                place.state.busy.set(false);
            } else {
                place.ask(topic);
            }
        });
    }

    impl Place {
        /// Reads what is asked for. Ends without a word when something else is.
        fn ask(self: &Rc<Self>, topic: String) {
            self.state.busy.set(true);
            let place = self.clone();
            let taken = move |topic: String, answer: Answer| {
                if let Ok(snapshot) = answer {
                    let cursor = snapshot.cursor.clone();
                    place.live.begin_at(snapshot.now);
                    place.take(&topic, &TopicEvent::Snapshot(Box::new(snapshot)));
                    place.follow_once_settled(topic, cursor);
                } else {
                    // The link says why, if it is the link; and the stream goes on trying.
                    place.state.failed.set(true);
                    place.follow(topic, None);
                }
            };
            read_then(topic, Box::new(taken));
        }

        /// Takes in what concerns the window that is shown, and the first state of the one that is
        /// asked for.
        fn take(&self, topic: &str, event: &TopicEvent) {
            let is_new = *self.shown.borrow() != topic;
            if is_new {
                let is_asked = self.asked.try_with_untracked(|asked| asked == topic) == Some(true);
                if !is_asked || !matches!(event, TopicEvent::Snapshot(_)) {
                    return;
                }
                topic.clone_into(&mut self.shown.borrow_mut());
            }
            self.store.receive(event);
            if is_new {
                // A person asked for other rows: they need not wait.
                self.store.settle();
                let Asked { busy, failed, answers } = self.state;
                busy.set(false);
                failed.set(false);
                answers.update(|count| *count += 1);
            }
        }

        fn follow_once_settled(self: &Rc<Self>, topic: String, cursor: Cursor) {
            let place = self.clone();
            let follow = move || {
                if place.asked.try_with_untracked(|asked| *asked == topic) == Some(true) {
                    place.follow(topic, Some(cursor));
                }
            };
            set_timeout(follow, SETTLED);
        }

        /// Follows a topic in place of the one before.
        fn follow(self: &Rc<Self>, topic: String, since: Option<Cursor>) {
            let Ok(name) = topic.parse() else { return };
            if self.followed.borrow().0 == topic {
                return;
            }
            let (place, owner) = (Rc::downgrade(self), self.page.child());
            let taken = topic.clone();
            owner.with(|| {
                self.live.follow(name, since, move |event| {
                    if let Some(place) = place.upgrade() {
                        place.take(&taken, event);
                    }
                });
            });
            let (_, before) = self.followed.replace((topic, Some(owner)));
            if let Some(before) = before {
                before.cleanup();
            }
        }
    }
}
