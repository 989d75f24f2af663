use super::super::connection::StreamInput;
use super::super::link::Link;
use super::simulation::{World, topic};
use super::*;
use proptest::prelude::*;

/// Until every tab that somebody looks at shows what is, after whatever happened.
const RECOVERED_MS: u64 = 2_000;

fn world(tabs: usize) -> World {
    let mut world = World::new();
    for number in 0..tabs {
        world.open(&[number % 3]);
    }
    world.pass(500);
    world
}

/// Each topic changes, and `RECOVERED_MS` later everybody shows it.
fn recovers(world: &mut World) {
    for number in 0..4 {
        world.change(number);
    }
    world.pass(RECOVERED_MS);
    assert_eq!(world.behind(), [""; 0]);
}

fn link_of(world: &World, tab: usize) -> &Link {
    &world.tab(tab).link
}

#[test]
fn eight_tabs_have_one_stream() {
    let mut world = world(8);
    recovers(&mut world);
    assert_eq!((world.leaders().len(), world.streams()), (1, 1));
    for tab in world.living() {
        assert_eq!(link_of(&world, tab), &Link::Live);
    }
}

#[test]
fn a_change_reaches_a_tab_that_does_not_lead_as_fast_as_the_one_that_does() {
    let mut world = world(3);
    world.change(2);
    world.pass(60);
    assert_eq!(world.behind(), [""; 0]);
}

#[test]
fn an_idle_day_costs_no_second_request() {
    let mut world = world(4);
    let requests = world.requests;
    world.pass(20 * 60 * 1_000);
    assert_eq!(world.requests, requests);
    recovers(&mut world);
}

#[test]
fn when_the_leader_is_closed_another_takes_over_and_misses_nothing() {
    let mut world = world(4);
    world.close(world.leaders()[0]);
    world.change(1);
    world.change(2);
    world.pass(300);
    assert_eq!(world.behind(), [""; 0]);
    assert_eq!(world.leaders().len(), 1);
    assert_eq!(world.streams(), 1);
}

#[test]
fn when_the_leader_crashes_another_takes_over_and_misses_nothing() {
    let mut world = world(4);
    world.crash(world.leaders()[0]);
    world.change(1);
    world.pass(300);
    assert_eq!(world.behind(), [""; 0]);
}

#[test]
fn nobody_sees_more_of_a_change_of_leaders_than_that_all_stays_live() {
    let mut world = world(4);
    world.close(world.leaders()[0]);
    for _ in 0..50 {
        world.pass(10);
        for tab in world.living() {
            assert_eq!(link_of(&world, tab), &Link::Live);
        }
    }
}

#[test]
fn when_the_leader_is_frozen_another_takes_the_lock_away_within_two_seconds() {
    let mut world = world(4);
    let old = world.leaders()[0];
    world.tabs[old].as_mut().unwrap().frozen = true;
    recovers(&mut world);
    assert_eq!(world.leaders().len(), 1);
    assert_ne!(world.leaders()[0], old);
}

#[test]
fn a_leader_that_thaws_learns_that_it_leads_no_more() {
    let mut world = world(4);
    let old = world.leaders()[0];
    world.tabs[old].as_mut().unwrap().frozen = true;
    recovers(&mut world);
    world.change(0);
    world.tabs[old].as_mut().unwrap().frozen = false;
    recovers(&mut world);
    assert_ne!(world.leaders(), [old]);
    assert_eq!(world.streams(), 1);
    assert_eq!(link_of(&world, old), &Link::Live);
}

#[test]
fn a_leader_that_is_hidden_for_thirty_seconds_gives_the_lead_away() {
    let mut world = world(3);
    let old = world.leaders()[0];
    world.give(old, Input::Hidden);
    world.pass(29_000);
    assert_eq!(world.leaders(), [old]);
    world.pass(1_500);
    assert_eq!(world.leaders().len(), 1);
    assert_ne!(world.leaders(), [old]);
    recovers(&mut world);
}

#[test]
fn nobody_streams_when_all_tabs_are_hidden_for_thirty_seconds() {
    let mut world = world(3);
    for tab in world.living() {
        world.give(tab, Input::Hidden);
    }
    world.pass(31_000);
    assert_eq!((world.leaders().len(), world.streams()), (0, 0));
    let requests = world.requests;
    world.change(1);
    world.pass(10 * 60 * 1_000);
    assert_eq!(world.requests, requests);
    world.give(1, Input::Visible);
    recovers(&mut world);
    assert_eq!(world.leaders(), [1]);
}

#[test]
fn what_a_tab_needs_no_more_is_not_asked_for_any_more() {
    let mut world = world(3);
    world.close(2);
    world.pass(5_000);
    let leader = world.leaders()[0];
    assert_eq!(world.tab(leader).sharing.follows.topics(), [topic(1), topic(0)]);
    world.crash(1);
    world.pass(60_000);
    assert_eq!(world.tab(leader).sharing.follows.topics(), [topic(0)]);
}

#[test]
fn a_tab_that_goes_to_another_page_follows_that_page() {
    let mut world = world(3);
    world.navigate(2, &[3, 1]);
    recovers(&mut world);
    assert_eq!((world.leaders().len(), world.streams()), (1, 1));
}

#[test]
fn a_broken_stream_is_told_to_all_and_missed_by_none() {
    let mut world = world(3);
    world.cut();
    world.change(1);
    world.pass(60);
    for tab in world.living() {
        assert!(matches!(link_of(&world, tab), Link::Reconnecting { .. }), "{:?}", link_of(&world, tab));
    }
    recovers(&mut world);
}

#[test]
fn a_server_that_is_gone_is_asked_by_one_tab_only() {
    let mut world = world(6);
    for _ in 0..200 {
        world.cut();
        world.pass(100);
    }
    assert!(world.requests < 30, "{} requests in 20 s", world.requests);
    world.pass(30_000);
    recovers(&mut world);
}

#[test]
fn an_app_that_is_gone_is_told_by_its_own_tab_only_and_the_others_share_again() {
    let mut world = world(3);
    world.gone = Some(topic(2));
    world.cut();
    world.pass(3_000);
    assert!(matches!(link_of(&world, 2), Link::Failed(why) if why.contains("your token cannot see it")));
    for tab in [0, 1] {
        assert_eq!(link_of(&world, tab), &Link::Live);
    }
    world.close(2);
    recovers(&mut world);
    world.pass(40_000);
    assert_eq!(world.streams(), 1);
    recovers(&mut world);
}

#[test]
fn that_the_session_ended_is_told_to_all_and_nobody_asks_again() {
    let mut world = world(3);
    world.stream_says(StreamInput::SignedOut);
    world.pass(100);
    let requests = world.requests;
    for tab in world.living() {
        assert_eq!(link_of(&world, tab), &Link::SignedOut);
        world.give(tab, Input::Visible);
    }
    world.pass(60_000);
    assert_eq!((world.requests, world.streams()), (requests, 0));
}

#[test]
fn that_the_stream_is_held_back_is_told_to_all_at_once_because_the_first_poll_does_not_wait_for_news() {
    let mut world = World::new();
    world.held_back = true;
    world.open(&[0]);
    world.open(&[1]);
    world.pass(1_000);
    for tab in world.living() {
        assert_eq!(link_of(&world, tab), &Link::Polling);
    }
    world.pass(2_000);
    let next = world.last_request.clone().unwrap();
    assert!(next.poll && next.since.is_some(), "{next:?}");
}

#[test]
fn without_locks_each_tab_has_its_own_stream() {
    let mut world = World::new();
    world.has_locks = false;
    world.open(&[0]);
    world.open(&[1]);
    recovers(&mut world);
    assert_eq!(world.streams(), 2);
}

#[test]
fn tabs_that_need_more_topics_than_a_stream_carries_have_their_own() {
    let mut world = World::new();
    for number in 0..20 {
        world.open(&[number]);
    }
    recovers(&mut world);
    assert_eq!((world.leaders().len(), world.streams()), (1, 5));
    world.pass(120_000);
    recovers(&mut world);
    assert_eq!(world.leaders().len(), 1);
}

/// One thing that happens to the browser. Tabs are counted among those that live.
#[derive(Clone, Debug)]
enum Event {
    Open(usize),
    Close(usize),
    Crash(usize),
    Freeze(usize),
    Thaw(usize),
    Hide(usize),
    Show(usize),
    Leave(usize),
    Return(usize),
    Navigate(usize, usize),
    Change(usize),
    Cut,
    Delay(u64),
    Pass(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0_usize..4).prop_map(Event::Open),
        (0_usize..8).prop_map(Event::Close),
        (0_usize..8).prop_map(Event::Crash),
        (0_usize..8).prop_map(Event::Freeze),
        (0_usize..8).prop_map(Event::Thaw),
        (0_usize..8).prop_map(Event::Hide),
        (0_usize..8).prop_map(Event::Show),
        (0_usize..8).prop_map(Event::Leave),
        (0_usize..8).prop_map(Event::Return),
        (0_usize..8, 0_usize..4).prop_map(|(tab, page)| Event::Navigate(tab, page)),
        (0_usize..4).prop_map(Event::Change),
        (0_usize..4).prop_map(Event::Change),
        Just(Event::Cut),
        (0_u64..40).prop_map(Event::Delay),
        (0_u64..400).prop_map(Event::Pass),
        (0_u64..3_000).prop_map(Event::Pass),
        Just(Event::Pass(31_000)),
    ]
}

fn happen(world: &mut World, event: &Event) {
    let living = world.living();
    let one = |tab: usize| living.get(tab % living.len().max(1)).copied();
    match *event {
        Event::Open(page) => drop(world.open(&[page])),
        Event::Change(page) => world.change(page),
        Event::Cut => world.cut(),
        Event::Delay(millis) => world.delay = millis,
        Event::Pass(millis) => world.pass(millis),
        Event::Close(tab) => one(tab).into_iter().for_each(|tab| world.close(tab)),
        Event::Crash(tab) => one(tab).into_iter().for_each(|tab| world.crash(tab)),
        Event::Freeze(tab) => freeze(world, one(tab), true),
        Event::Thaw(tab) => freeze(world, one(tab), false),
        Event::Hide(tab) => act(world, one(tab), Input::Hidden),
        Event::Show(tab) => act(world, one(tab), Input::Visible),
        Event::Leave(tab) => act(world, one(tab), Input::PageHide),
        Event::Return(tab) => act(world, one(tab), Input::PageShow),
        Event::Navigate(tab, page) => {
            if let Some(tab) = one(tab).filter(|tab| !world.tab(*tab).frozen) {
                world.navigate(tab, &[page]);
            }
        }
    }
}

fn freeze(world: &mut World, tab: Option<usize>, frozen: bool) {
    if let Some(tab) = tab {
        world.tabs[tab].as_mut().unwrap().frozen = frozen;
    }
}

/// A frozen page does nothing.
fn act(world: &mut World, tab: Option<usize>, input: Input) {
    if let Some(tab) = tab.filter(|tab| !world.tab(*tab).frozen) {
        world.give(tab, input);
    }
}

/// Pages that were left show nothing; the rest of the test is about those that show something.
fn all_return(world: &mut World) {
    for tab in world.living() {
        act(world, Some(tab), Input::PageShow);
    }
}

fn has_viewer(world: &World) -> bool {
    world.living().iter().any(|tab| !world.tab(*tab).hidden && !world.tab(*tab).frozen)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// At most one tab leads (asserted at each step of the world), no shown value goes back (at each
    /// value), and two seconds after the last thing that happened everybody shows what is.
    #[test]
    fn whatever_happens_to_the_tabs_all_that_are_looked_at_are_current_two_seconds_later(
        events in proptest::collection::vec(event(), 1..40),
    ) {
        let mut world = world(3);
        for event in events.iter().filter(|event| !matches!(event, Event::Cut)) {
            happen(&mut world, event);
        }
        all_return(&mut world);
        recovers(&mut world);
        prop_assert!(world.leaders().len() == 1 || !has_viewer(&world));
    }

    #[test]
    fn whatever_happens_to_tabs_and_streams_all_converge(
        events in proptest::collection::vec(event(), 1..40),
    ) {
        let mut world = world(3);
        for event in &events {
            happen(&mut world, event);
        }
        all_return(&mut world);
        world.pass(60_000);
        recovers(&mut world);
        prop_assert_eq!(world.streams(), usize::from(has_viewer(&world)));
    }
}
