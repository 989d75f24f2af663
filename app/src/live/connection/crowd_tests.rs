//! What a tab does, and says, where there is no place for its stream; and streams that are hard to have.

use super::tests::{APP, Bench};
use super::*;
use crate::live::event_stream::{EventStream, Frame};

impl Bench {
    /// A tab of a browser whose tabs cannot share a stream.
    fn alone() -> Self {
        let mut bench = Self::new();
        bench.machine.stay_alone();
        bench.follow(&[APP]);
        bench
    }

    fn crowd(&self) -> Option<Crowd> {
        match self.machine.link {
            Link::Crowded { of, .. } => Some(of),
            _ => None,
        }
    }
}

#[test]
fn a_tab_whose_request_gets_no_connection_says_so_after_five_seconds_until_it_has_one() {
    let mut bench = Bench::alone();
    bench.pass(4_999);
    assert_eq!(bench.machine.link, Link::Connecting);
    bench.pass(1);
    assert_eq!(bench.crowd(), Some(Crowd::Connections));
    // It goes on trying, and goes on saying why.
    bench.pass(120_000);
    assert_eq!(bench.crowd(), Some(Crowd::Connections));
    while !matches!(bench.machine.phase, Phase::Connecting { .. }) {
        bench.pass(100);
    }
    bench.greet();
    bench.pass(10_000);
    assert_eq!(bench.machine.link, Link::Live);
}

#[test]
fn a_tab_that_shares_its_stream_does_not_blame_other_tabs_for_a_slow_answer() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.pass(19_999);
    assert_eq!(bench.machine.link, Link::Connecting);
}

#[test]
fn a_tab_that_cannot_share_holds_no_connection_while_nobody_looks_at_it() {
    let mut bench = Bench::alone();
    bench.greet();
    bench.give(Input::Hidden);
    bench.pass(999);
    assert_eq!(bench.machine.link, Link::Live, "a short look elsewhere changes nothing");
    bench.pass(1);
    assert_eq!(bench.machine.link, Link::Paused);
    bench.give(Input::Visible);
    assert!(bench.connects());
    bench.greet();
}

#[test]
fn a_stream_that_has_no_place_is_said_to_have_none_and_tried_again() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.status(429, Some(10_000));
    assert_eq!(bench.crowd(), Some(Crowd::Streams));
    assert_eq!(bench.pass(9_999), 0);
    bench.pass(10_000);
    assert_eq!(bench.crowd(), Some(Crowd::Streams));
    bench.greet();
}

#[test]
fn a_tab_without_a_network_says_that_and_nothing_of_other_tabs() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.status(429, None);
    bench.give(Input::Offline);
    assert!(matches!(bench.machine.link, Link::Offline { .. }), "{:?}", bench.machine.link);
}

#[test]
fn a_proxy_that_cuts_every_two_seconds_is_asked_more_and_more_rarely() {
    let mut bench = Bench { random: 1.0, ..Bench::new() };
    bench.follow(&[APP]);
    let mut waits = Vec::new();
    for _ in 0..8 {
        bench.greet();
        assert_eq!(bench.pass(2_000), 0);
        bench.stream(StreamInput::Ended);
        let cut = bench.now;
        while !matches!(bench.machine.phase, Phase::Connecting { .. }) {
            bench.pass(100);
        }
        waits.push((bench.now - cut) / 1_000);
    }
    assert_eq!(waits, [2, 4, 8, 16, 30, 30, 30, 30]);
    // One that lets a stream live is forgiven.
    bench.greet();
    bench.pass(6_000);
    bench.stream(StreamInput::Ended);
    bench.pass(1_000);
    assert!(matches!(bench.machine.phase, Phase::Connecting { .. }));
}

#[test]
fn a_state_of_twenty_megabytes_over_a_slow_line_comes_with_one_stream() {
    let mut bench = Bench::new();
    bench.follow(&[APP]);
    bench.greet();
    let data = format!("\"{}\"", "x".repeat(20_000_000));
    let event = format!("event: snapshot\ndata: {data}\n\n");
    let mut parser = EventStream::new();
    let mut frames = Vec::new();
    // 125 kB a second, each in one piece: no whole event for minutes.
    for piece in event.as_bytes().chunks(125_000) {
        assert_eq!(bench.pass(1_000), 0, "it was given up after {} s", bench.now / 1_000);
        bench.stream(StreamInput::Heard);
        frames.extend(parser.feed(piece).unwrap());
    }
    assert!(bench.now > 160_000);
    assert!(matches!(&frames[..], [Frame::Event { data: told, .. }] if *told == data));
    assert_eq!(bench.machine.link, Link::Live);
}

#[test]
fn a_state_that_is_too_large_to_be_read_is_not_asked_for_again_and_again() {
    let mut bench = Bench::live();
    // Long enough that the stream counts as a success.
    bench.pass(20_000);
    let stream = bench.machine.stream;
    for said in [StreamInput::TooLong, StreamInput::Ended] {
        bench.give(Input::Stream(stream, said));
    }
    assert!(matches!(&bench.machine.link, Link::Failed(why) if why.contains("larger")));
    assert_eq!(bench.pass(60 * 60 * 1_000), 0);
}
