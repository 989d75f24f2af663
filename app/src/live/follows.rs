//! Who on this page follows what, and from which place in the stream each must go on.
//!
//! One stream serves all followers, so it begins at the earliest place that any of them needs.
//! Receiving a change again does no harm; missing one would.

use model::live::{Cursor, Topic};

/// Names one follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerId(u32);

#[derive(Debug)]
struct Follower<S> {
    id: FollowerId,
    topic: Topic,
    place: Option<Cursor>,
    carried: bool,
    sink: S,
}

/// The followers of a page. `S` is what receives their events.
#[derive(Debug)]
pub struct Follows<S> {
    next: u32,
    followers: Vec<Follower<S>>,
}

impl<S> Default for Follows<S> {
    fn default() -> Self {
        Self { next: 0, followers: Vec::new() }
    }
}

impl<S: Clone> Follows<S> {
    /// Adds a follower. `since` is the place of the state it already has.
    pub fn add(&mut self, topic: Topic, since: Option<Cursor>, sink: S) -> FollowerId {
        let id = FollowerId(self.next);
        self.next = self.next.wrapping_add(1);
        self.followers.push(Follower { id, topic, place: since, carried: false, sink });
        id
    }

    /// Removes a follower, if it is still there.
    pub fn remove(&mut self, id: FollowerId) {
        self.followers.retain(|one| one.id != id);
    }

    /// What is followed, each once, in a stable order.
    pub fn topics(&self) -> Vec<Topic> {
        let mut topics: Vec<Topic> = Vec::new();
        for follower in &self.followers {
            let name = follower.topic.to_string();
            if let Err(place) = topics.binary_search_by_key(&name, ToString::to_string) {
                topics.insert(place, follower.topic.clone());
            }
        }
        topics
    }

    /// Whether somebody follows who came after the stream was begun.
    pub fn has_newcomer(&self) -> bool {
        self.followers.iter().any(|one| !one.carried)
    }

    /// A stream for all followers begins: what to ask for.
    pub fn begin_stream(&mut self) -> (Vec<Topic>, Option<Cursor>) {
        for follower in &mut self.followers {
            follower.carried = true;
        }
        (self.topics(), self.earliest())
    }

    /// The earliest place; none where a follower has no state yet, or where places are of
    /// different server processes: then the stream begins with snapshots.
    fn earliest(&self) -> Option<Cursor> {
        let mut places = self.followers.iter().map(|one| one.place.as_ref());
        let first = places.next()??;
        places
            .try_fold(first, |earliest, place| {
                let place = place.filter(|place| place.epoch == earliest.epoch)?;
                Some(if place.seq < earliest.seq { place } else { earliest })
            })
            .cloned()
    }

    /// News of a topic arrived with the id `at`: who receives it. Those go on from there.
    pub fn deliver(&mut self, topic: &Topic, at: Option<&Cursor>) -> Vec<S> {
        let mut sinks = Vec::new();
        for follower in self.followers.iter_mut().filter(|one| one.topic == *topic) {
            if let Some(at) = at {
                follower.moves_to(at);
            }
            sinks.push(follower.sink.clone());
        }
        sinks
    }

    /// A snapshot of a topic arrived: who receives it. Those go on from there.
    pub fn deliver_snapshot(&mut self, topic: &Topic, at: &Cursor) -> Vec<S> {
        let mut sinks = Vec::new();
        for follower in self.followers.iter_mut().filter(|one| one.topic == *topic) {
            follower.place = Some(at.clone());
            sinks.push(follower.sink.clone());
        }
        sinks
    }

    /// The stream says, long after its beginning, that it is at `at`: quiet topics are, too.
    pub fn reached(&mut self, at: &Cursor) {
        for follower in self.followers.iter_mut().filter(|one| one.carried) {
            follower.moves_to(at);
        }
    }

    /// Something could not be read: the next stream begins with snapshots.
    pub fn forget_places(&mut self) {
        for follower in &mut self.followers {
            follower.place = None;
        }
    }
}

impl<S> Follower<S> {
    /// Only a stream that took this follower's place into account tells it where it is. Backwards
    /// as well: a state that is newer than the stream receives the old changes, then the new ones
    /// again.
    fn moves_to(&mut self, at: &Cursor) {
        if let Some(place) = &mut self.place
            && place.epoch == at.epoch
            && (self.carried || at.seq < place.seq)
        {
            place.seq = at.seq;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(name: &str) -> Topic {
        name.parse().unwrap()
    }

    fn at(seq: u64) -> Cursor {
        Cursor { epoch: "k".into(), seq }
    }

    #[test]
    fn a_topic_that_two_follow_is_asked_for_once() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(1)), 'a');
        follows.add(topic("apps"), Some(at(1)), 'b');
        assert_eq!(follows.topics(), [topic("apps")]);
        assert_eq!(follows.deliver(&topic("apps"), None), ['a', 'b']);
    }

    #[test]
    fn a_stream_begins_at_the_earliest_place() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(9)), ());
        follows.add(topic("app:a"), Some(at(4)), ());
        assert_eq!(follows.begin_stream(), (vec![topic("app:a"), topic("apps")], Some(at(4))));
    }

    #[test]
    fn a_follower_without_state_makes_the_stream_begin_with_snapshots() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(9)), ());
        follows.add(topic("app:a"), None, ());
        assert_eq!(follows.begin_stream().1, None);
        follows.deliver_snapshot(&topic("app:a"), &at(12));
        follows.deliver_snapshot(&topic("apps"), &at(12));
        assert_eq!(follows.begin_stream().1, Some(at(12)));
    }

    #[test]
    fn places_of_two_server_processes_cannot_be_compared() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(9)), ());
        follows.add(topic("app:a"), Some(Cursor { epoch: "other".into(), seq: 2 }), ());
        assert_eq!(follows.begin_stream().1, None);
    }

    #[test]
    fn a_snapshot_of_one_topic_does_not_move_another_that_still_waits_for_its_own() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(2)), ());
        follows.add(topic("app:a"), Some(at(2)), ());
        follows.begin_stream();
        follows.deliver_snapshot(&topic("apps"), &at(50));
        follows.deliver(&topic("apps"), Some(&at(51)));
        assert_eq!(follows.begin_stream().1, Some(at(2)));
    }

    #[test]
    fn a_sign_of_life_moves_quiet_topics_forward() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(2)), ());
        follows.add(topic("app:a"), Some(at(2)), ());
        follows.begin_stream();
        follows.deliver(&topic("app:a"), Some(&at(70)));
        follows.reached(&at(70));
        assert_eq!(follows.begin_stream().1, Some(at(70)));
    }

    #[test]
    fn a_newcomer_is_not_moved_forward_by_the_stream_that_does_not_carry_it() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(2)), ());
        follows.begin_stream();
        follows.add(topic("app:a"), Some(at(100)), ());
        assert!(follows.has_newcomer());
        follows.deliver(&topic("apps"), Some(&at(103)));
        follows.reached(&at(103));
        assert_eq!(follows.begin_stream().1, Some(at(100)));
        assert!(!follows.has_newcomer());
    }

    #[test]
    fn a_newcomer_whose_state_is_newer_than_the_stream_receives_the_changes_again() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(2)), 'a');
        follows.begin_stream();
        follows.add(topic("apps"), Some(at(6)), 'b');
        assert_eq!(follows.deliver(&topic("apps"), Some(&at(5))), ['a', 'b']);
        assert_eq!(follows.begin_stream().1, Some(at(5)));
    }

    #[test]
    fn who_left_receives_nothing() {
        let mut follows = Follows::default();
        let id = follows.add(topic("apps"), None, ());
        follows.remove(id);
        follows.remove(id);
        assert_eq!(follows.deliver(&topic("apps"), None), []);
        assert_eq!(follows.begin_stream(), (vec![], None));
    }

    #[test]
    fn forgotten_places_make_the_next_stream_begin_with_snapshots() {
        let mut follows = Follows::default();
        follows.add(topic("apps"), Some(at(2)), ());
        follows.forget_places();
        assert_eq!(follows.begin_stream().1, None);
    }
}
