use super::tests::{APP, APPS, Bench};
use super::*;

impl Bench {
    /// The stream is opened, and its first word does not come.
    fn held_back() -> Self {
        let mut bench = Self::new();
        bench.follow(&[APP]);
        bench.stream(StreamInput::Answered(Answer::Stream));
        bench.pass(5_000);
        bench
    }

    fn poll(&mut self) {
        assert!(self.machine.is_polling());
        self.stream(StreamInput::Answered(Answer::Stream));
        self.stream(StreamInput::Heard);
        self.stream(StreamInput::Greeted);
        self.stream(StreamInput::Polled);
    }
}

#[test]
fn a_stream_that_is_opened_and_held_back_for_five_seconds_is_replaced_by_polls() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.pass(3_000);
    bench.stream(StreamInput::Answered(Answer::Stream));
    assert_eq!(bench.pass(4_999), 0);
    assert!(!bench.machine.is_polling());
    assert_eq!(bench.pass(1), 1);
    assert!(bench.machine.is_polling());
}

#[test]
fn the_page_says_that_it_polls_once_a_poll_was_answered() {
    let mut bench = Bench::held_back();
    assert_eq!(bench.machine.link, Link::Connecting);
    bench.poll();
    assert_eq!(bench.machine.link, Link::Polling);
    bench.pass(2_000);
    assert_eq!(bench.machine.link, Link::Polling, "also while the next poll waits for news");
}

#[test]
fn polls_follow_each_other_with_a_pause() {
    let mut bench = Bench::held_back();
    for _ in 0..10 {
        bench.poll();
        assert_eq!(bench.pass(1_999), 0);
        assert_eq!(bench.pass(1), 1);
    }
}

#[test]
fn a_success_that_is_no_stream_is_replaced_by_polls_at_once() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.stream(StreamInput::Answered(Answer::NotAStream));
    assert!(bench.connects());
    bench.poll();
    assert_eq!(bench.machine.link, Link::Polling);
}

#[test]
fn a_poll_that_brings_something_else_is_tried_again_later_and_later() {
    let mut bench = Bench { random: 1.0, ..Bench::held_back() };
    for wait in [2_000, 4_000, 8_000] {
        bench.stream(StreamInput::Answered(Answer::NotAStream));
        assert!(matches!(bench.machine.link, Link::Reconnecting { .. }));
        assert_eq!(bench.pass(wait - 1), 0);
        assert_eq!(bench.pass(1), 1);
        assert!(bench.machine.is_polling());
    }
}

#[test]
fn a_poll_whose_answer_does_not_come_is_given_up_after_forty_seconds() {
    let mut bench = Bench::held_back();
    bench.poll();
    bench.pass(2_000);
    bench.pass(39_999);
    assert_eq!(bench.machine.link, Link::Polling);
    bench.pass(1);
    assert!(matches!(bench.machine.link, Link::Reconnecting { attempt: 1, .. }));
}

#[test]
fn a_stream_is_tried_again_after_five_minutes_and_the_page_stays_honest_meanwhile() {
    let mut bench = Bench::held_back();
    let began = bench.now;
    while bench.now < began + 5 * 60 * 1_000 {
        bench.poll();
        assert_eq!(bench.pass(2_000), 1);
    }
    assert!(!bench.machine.is_polling());
    bench.stream(StreamInput::Answered(Answer::Stream));
    assert_eq!(bench.machine.link, Link::Polling);
    bench.pass(5_000);
    bench.poll();
    assert_eq!(bench.machine.link, Link::Polling);
}

#[test]
fn a_stream_that_flows_again_takes_the_place_of_polls() {
    let mut bench = Bench::held_back();
    bench.poll();
    bench.give(Input::Online);
    bench.pass(2_000);
    assert!(!bench.machine.is_polling(), "another network may hold nothing back");
    bench.greet();
    assert_eq!(bench.pass(30_000), 0);
}

#[test]
fn somebody_new_is_polled_for_at_once() {
    let mut bench = Bench::held_back();
    bench.poll();
    bench.follow(&[APPS]);
    assert!(bench.connects() && bench.machine.is_polling());
    bench.follow(&[APP, APPS]);
    assert!(bench.connects(), "also while a poll waits for news");
}

#[test]
fn a_poll_that_is_refused_because_one_is_signed_out_is_the_end() {
    let mut bench = Bench::held_back();
    bench.status(401, None);
    assert_eq!(bench.machine.link, Link::SignedOut);
    assert_eq!(bench.pass(60 * 60 * 1_000), 0);
}

#[test]
fn nobody_polls_for_a_hidden_tab() {
    let mut bench = Bench::held_back();
    bench.poll();
    bench.give(Input::Hidden);
    bench.pass_with_polls(30_000);
    assert_eq!(bench.machine.link, Link::Paused);
    assert_eq!(bench.pass(60 * 60 * 1_000), 0);
}

impl Bench {
    fn pass_with_polls(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.now < end {
            if self.machine.is_polling() {
                self.poll();
            }
            self.pass(1_000);
        }
    }
}
