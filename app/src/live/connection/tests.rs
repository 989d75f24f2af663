use super::*;

/// A machine with a clock that only the test moves.
pub(super) struct Bench {
    pub(super) machine: Connection,
    pub(super) now: u64,
    pub(super) random: f64,
    pub(super) effects: Vec<Effect>,
}

pub(super) const APPS: &str = "apps";
pub(super) const APP: &str = "app:crimson-wildflower-1711";
/// The server's time is the steady clock's and this.
const EPOCH: i64 = 1_632_342_281_764;

impl Bench {
    pub(super) fn new() -> Self {
        Self { machine: Connection::new(true, None), now: 1_000, random: 0.5, effects: Vec::new() }
    }

    pub(super) fn live() -> Self {
        let mut bench = Self::new();
        bench.follow(&[APP]);
        bench.greet();
        bench
    }

    pub(super) fn give(&mut self, input: Input) -> &[Effect] {
        let at = Moment { steady: self.now, server: self.server_time(), random: self.random };
        self.effects = self.machine.handle(input, at);
        &self.effects
    }

    fn server_time(&self) -> Timestamp {
        Timestamp(EPOCH + i64::try_from(self.now).unwrap())
    }

    pub(super) fn follow(&mut self, topics: &[&str]) -> &[Effect] {
        self.follow_as(topics, true)
    }

    fn follow_as(&mut self, topics: &[&str], newcomer: bool) -> &[Effect] {
        let topics = topics.iter().map(|topic| topic.parse().unwrap()).collect();
        self.give(Input::Follow { topics, newcomer })
    }

    pub(super) fn stream(&mut self, input: StreamInput) -> &[Effect] {
        let stream = self.machine.stream;
        self.give(Input::Stream(stream, input))
    }

    pub(super) fn greet(&mut self) {
        self.stream(StreamInput::Answered(Answer::Stream));
        self.stream(StreamInput::Greeted);
        assert_eq!(self.machine.link, Link::Live);
    }

    pub(super) fn status(&mut self, code: u16, retry_after: Option<u64>) -> &[Effect] {
        self.stream(StreamInput::Answered(Answer::Status { code, retry_after }))
    }

    pub(super) fn connects(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Connect(_)))
    }

    fn closes(&self) -> bool {
        self.effects.contains(&Effect::Close)
    }

    /// Lets time pass, waking the machine whenever it wants to be. How often did it connect?
    pub(super) fn pass(&mut self, millis: u64) -> u32 {
        let end = self.now + millis;
        let mut connects = 0;
        while let Some(at) = self.machine.wakes_at().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.give(Input::Tick);
            connects += u32::from(self.connects());
        }
        self.now = end;
        connects
    }

    /// The same for a server that answers each attempt with this status.
    fn pass_with_status(&mut self, millis: u64, code: u16, retry_after: Option<u64>) -> u32 {
        let end = self.now + millis;
        let mut connects = 0;
        while let Some(at) = self.machine.wakes_at().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.give(Input::Tick);
            if self.connects() {
                connects += 1;
                self.status(code, retry_after);
            }
        }
        self.now = end;
        connects
    }

    fn pings(&mut self, seconds: u64) {
        for _ in 0..seconds / 15 {
            assert_eq!(self.pass(15_000), 0);
            self.stream(StreamInput::Heard);
        }
    }
}

#[test]
fn a_page_that_follows_nothing_stays_static() {
    let mut bench = Bench::new();
    assert_eq!(bench.follow_as(&[], false), []);
    assert_eq!(bench.machine.wakes_at(), None);
}

#[test]
fn a_page_that_follows_something_connects_and_is_live_at_the_first_word() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    assert!(bench.connects());
    assert_eq!(bench.machine.link, Link::Connecting);
    bench.stream(StreamInput::Answered(Answer::Stream));
    assert_eq!(bench.machine.link, Link::Connecting, "an open stream may still be mute");
    assert_eq!(bench.stream(StreamInput::Greeted), [Effect::Show(Link::Live)]);
}

#[test]
fn a_stream_that_gives_signs_of_life_stays() {
    let mut bench = Bench::live();
    bench.pings(24 * 60 * 60);
    assert_eq!(bench.machine.link, Link::Live);
}

#[test]
fn two_missed_signs_of_life_mean_dead() {
    let mut bench = Bench::live();
    let heard = bench.server_time();
    assert_eq!(bench.pass(34_999), 0);
    assert_eq!(bench.machine.link, Link::Live);
    bench.pass(1);
    assert!(bench.closes());
    assert_eq!(bench.machine.link, Link::Reconnecting { attempt: 0, shown_from: heard });
    assert_eq!(bench.pass(1_000), 1);
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.pass(20_000);
    assert!(bench.closes());
    assert!(matches!(bench.machine.link, Link::Reconnecting { attempt: 1, .. }));
}

#[test]
fn the_link_says_from_when_the_shown_state_is() {
    let mut bench = Bench::live();
    bench.pass(9_000);
    bench.stream(StreamInput::Heard);
    let heard = bench.server_time();
    bench.pass(3_000);
    bench.stream(StreamInput::Ended);
    bench.pass(1_000);
    bench.stream(StreamInput::Ended);
    assert_eq!(bench.machine.link, Link::Reconnecting { attempt: 1, shown_from: heard });
}

#[test]
fn a_server_that_fails_for_a_minute_is_asked_at_most_twelve_times() {
    for random in [0.3, 0.5, 0.99] {
        let mut bench = Bench { random, ..Bench::live() };
        bench.pass(10_000);
        bench.stream(StreamInput::Ended);
        let asked = bench.pass_with_status(60_000, 504, None);
        assert!((1..=12).contains(&asked), "{asked} times");
    }
}

#[test]
fn luck_does_not_make_a_loop_without_pause() {
    let mut bench = Bench { random: 0.0, ..Bench::live() };
    bench.stream(StreamInput::Ended);
    assert!(bench.pass_with_status(10_000, 500, None) <= 40);
}

#[test]
fn the_bound_of_the_waits_grows_to_thirty_seconds() {
    let mut bench = Bench { random: 1.0, ..Bench::live() };
    bench.pass(10_000);
    bench.stream(StreamInput::Ended);
    let mut waits = Vec::new();
    for _ in 0..7 {
        let asleep = bench.machine.wakes_at().unwrap() - bench.now;
        waits.push(asleep);
        assert_eq!(bench.pass(asleep), 1);
        bench.status(502, None);
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
}

#[test]
fn a_server_that_greets_and_ends_at_once_is_not_asked_without_pause() {
    let mut bench = Bench { random: 1.0, ..Bench::live() };
    let mut waits = Vec::new();
    for _ in 0..4 {
        bench.stream(StreamInput::Ended);
        waits.push(bench.machine.wakes_at().unwrap() - bench.now);
        bench.pass(waits[waits.len() - 1]);
        bench.greet();
    }
    assert_eq!(waits, [2_000, 4_000, 8_000, 16_000]);
}

#[test]
fn a_proxy_that_cuts_every_ten_seconds_costs_one_attempt_each() {
    let mut bench = Bench { random: 1.0, ..Bench::live() };
    for _ in 0..30 {
        bench.pass(10_000);
        bench.stream(StreamInput::Ended);
        assert_eq!(bench.pass(1_000), 1);
        bench.greet();
    }
}

#[test]
fn retry_after_is_honoured_to_the_millisecond() {
    for code in [429, 503] {
        let mut bench = Bench { random: 0.0, ..Bench::new() };
        bench.follow(&[APP]);
        bench.status(code, Some(40_000));
        assert_eq!(bench.pass(39_999), 0);
        assert_eq!(bench.pass(1), 1);
    }
}

#[test]
fn nothing_shortens_retry_after() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.status(429, Some(40_000));
    for input in [Input::Hidden, Input::Visible, Input::Offline, Input::Online] {
        bench.give(input);
        assert!(!bench.connects());
    }
    bench.follow(&[APPS]);
    assert!(!bench.connects());
    assert_eq!(bench.pass(41_000), 1);
}

#[test]
fn signed_out_is_the_end() {
    let unauthorized = StreamInput::Answered(Answer::Status { code: 401, retry_after: None });
    for input in [unauthorized, StreamInput::SignedOut] {
        let mut bench = Bench::live();
        bench.stream(input);
        assert!(bench.closes());
        assert_eq!(bench.machine.link, Link::SignedOut);
        for input in [Input::Hidden, Input::Visible, Input::Offline, Input::Online, Input::PageShow] {
            assert_eq!(bench.give(input), []);
        }
        assert_eq!(bench.follow(&[APPS]), []);
        assert_eq!(bench.pass(24 * 60 * 60 * 1_000), 0);
    }
}

#[test]
fn what_one_may_not_see_is_not_asked_for_again_until_something_else_is_followed() {
    for code in [403, 404] {
        let mut bench = Bench::live();
        bench.status(code, None);
        assert!(matches!(&bench.machine.link, Link::Failed(why) if why.contains("your token cannot see it")));
        assert_eq!(bench.pass(60 * 60 * 1_000), 0);
        bench.follow_as(&[], false);
        bench.follow(&[APPS]);
        assert!(bench.connects());
    }
}

#[test]
fn a_proxy_that_wants_a_sign_in_is_named() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.stream(StreamInput::Answered(Answer::Redirect));
    assert!(matches!(&bench.machine.link, Link::Failed(why) if why.contains("proxy")));
    assert_eq!(bench.machine.wakes_at(), None);
}

#[test]
fn another_protocol_ends_the_stream_for_good() {
    let mut bench = Bench::live();
    bench.stream(StreamInput::ForeignProtocol);
    assert!(bench.closes());
    assert!(matches!(&bench.machine.link, Link::Failed(why) if why.contains("Reload")));
}

#[test]
fn after_bye_one_returns_when_the_server_said() {
    let mut bench = Bench { random: 0.0, ..Bench::live() };
    bench.pass(10_000);
    bench.stream(StreamInput::Retry(3_700));
    bench.stream(StreamInput::Bye);
    assert_eq!(bench.pass(3_699), 0);
    assert_eq!(bench.pass(1), 1);
}

#[test]
fn after_bye_not_all_tabs_return_in_the_same_instant() {
    let mut waits = [0.1, 0.9].map(|random| {
        let mut bench = Bench { random, ..Bench::live() };
        bench.pass(10_000);
        bench.stream(StreamInput::Retry(1_000));
        bench.stream(StreamInput::Bye);
        bench.machine.wakes_at().unwrap() - bench.now
    });
    waits.sort_unstable();
    assert_eq!(waits, [1_100, 1_900]);
}

#[test]
fn after_bye_without_a_time_one_returns_within_a_second() {
    let mut bench = Bench { random: 1.0, ..Bench::live() };
    bench.pass(10_000);
    bench.stream(StreamInput::Bye);
    assert_eq!(bench.pass(1_000), 1);
}

#[test]
fn what_an_older_stream_still_says_is_ignored() {
    let mut bench = Bench::live();
    let old = bench.machine.stream;
    bench.follow(&[APPS]);
    bench.greet();
    for input in [StreamInput::Ended, StreamInput::SignedOut, StreamInput::Bye, StreamInput::Heard] {
        assert_eq!(bench.give(Input::Stream(old, input)), []);
    }
    assert_eq!(bench.machine.link, Link::Live);
}

#[test]
fn another_page_makes_one_new_stream_and_the_link_stays_live() {
    let mut bench = Bench::live();
    assert_eq!(bench.follow_as(&[], false), [], "the old page left");
    bench.pass(300);
    let effects = bench.follow(&[APPS]);
    assert!(matches!(effects, [Effect::Connect(_)]), "{effects:?}");
    bench.pass(500);
    bench.greet();
    assert_eq!(bench.pass(10_000), 0);
}

#[test]
fn a_new_stream_that_takes_long_is_admitted() {
    let mut bench = Bench::live();
    bench.follow(&[APPS]);
    bench.pass(2_000);
    assert!(matches!(bench.machine.link, Link::Reconnecting { attempt: 0, .. }));
}

#[test]
fn a_page_without_live_parts_closes_the_stream_after_a_moment() {
    let mut bench = Bench::live();
    bench.follow_as(&[], false);
    bench.pass(1_999);
    assert_eq!(bench.machine.link, Link::Live);
    bench.pass(1);
    assert!(bench.closes());
    assert_eq!(bench.machine.link, Link::Static);
}

#[test]
fn a_topic_nobody_follows_any_more_is_shed_after_a_moment() {
    let mut bench = Bench::new();
    bench.follow(&[APP, APPS]);
    bench.greet();
    bench.follow_as(&[APPS], false);
    assert!(!bench.connects());
    assert_eq!(bench.pass(2_000), 1);
    bench.greet();
}

#[test]
fn a_tab_that_is_hidden_for_thirty_seconds_closes_and_resumes_at_once() {
    let mut bench = Bench::live();
    bench.give(Input::Hidden);
    bench.pass(29_999);
    assert_eq!(bench.machine.link, Link::Live);
    bench.pass(1);
    assert!(bench.closes());
    assert_eq!(bench.machine.link, Link::Paused);
    assert_eq!(bench.pass(60 * 60 * 1_000), 0);
    bench.give(Input::Visible);
    assert!(bench.connects());
    assert!(matches!(bench.machine.link, Link::Reconnecting { attempt: 0, .. }));
}

#[test]
fn a_tab_that_is_opened_in_the_background_does_not_hold_a_stream() {
    let mut bench = Bench { machine: Connection::new(true, Some(1_000)), ..Bench::new() };
    bench.follow(&[APP]);
    bench.greet();
    bench.pass(30_000);
    assert_eq!(bench.machine.link, Link::Paused);
}

#[test]
fn a_hidden_tab_does_not_try_again_for_ever() {
    let mut bench = Bench::live();
    bench.give(Input::Hidden);
    bench.stream(StreamInput::Ended);
    bench.pass_with_status(30_000, 500, None);
    assert_eq!(bench.machine.link, Link::Paused);
    assert_eq!(bench.machine.wakes_at(), None);
}

#[test]
fn a_short_look_elsewhere_changes_nothing() {
    let mut bench = Bench::live();
    bench.give(Input::Hidden);
    bench.pass(10_000);
    assert_eq!(bench.give(Input::Visible), []);
    bench.pings(60);
}

#[test]
fn who_returns_to_a_silent_stream_gets_a_new_one() {
    let mut bench = Bench::live();
    bench.give(Input::Hidden);
    bench.now += 21_000;
    bench.give(Input::Visible);
    assert!(bench.connects());
}

#[test]
fn who_returns_while_waiting_does_not_wait_any_longer() {
    let mut bench = Bench::live();
    bench.stream(StreamInput::Ended);
    bench.give(Input::Visible);
    assert!(bench.connects());
}

#[test]
fn without_network_the_link_says_so_once_the_stream_breaks() {
    let mut bench = Bench::live();
    let heard = bench.server_time();
    assert_eq!(bench.give(Input::Offline), [], "a server on this machine is still there");
    bench.stream(StreamInput::Ended);
    assert_eq!(bench.machine.link, Link::Offline { shown_from: heard });
    bench.give(Input::Online);
    assert!(bench.connects());
    bench.greet();
}

#[test]
fn without_network_a_silence_is_believed_sooner() {
    let mut bench = Bench::live();
    bench.give(Input::Offline);
    bench.pass(20_000);
    assert!(matches!(bench.machine.link, Link::Offline { .. }));
}

#[test]
fn the_back_button_finds_a_live_page() {
    let mut bench = Bench::live();
    bench.give(Input::PageHide);
    assert!(bench.closes());
    assert_eq!(bench.machine.wakes_at(), None);
    bench.now += 3_600_000;
    bench.give(Input::PageShow);
    assert!(bench.connects());
    bench.greet();
}

#[test]
fn the_first_show_of_a_page_connects_nothing_twice() {
    let mut bench = Bench::live();
    assert_eq!(bench.give(Input::PageShow), []);
}

#[test]
fn hundred_failures_leave_one_timer() {
    let mut bench = Bench::live();
    for _ in 0..100 {
        bench.stream(StreamInput::Ended);
        let at = bench.machine.wakes_at().unwrap();
        let asleep = at - bench.now;
        assert_eq!(bench.pass(asleep), 1);
    }
    bench.greet();
    assert_eq!(bench.machine.link, Link::Live);
}
