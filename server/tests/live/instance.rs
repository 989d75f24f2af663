//! The topic of one instance: what its stream tells, and to whom.

use super::support::{Frames, Script, World, facts, world};
use super::{DOWN, viewer};
use fly::FlyError;
use model::instance_view::{PartKind, Row, Section};
use model::live::{Apply, Change, ChangeSet, Cursor, SourceHealth, Topic};
use model::machine::{ConfigurationGiven, MachineDetail};
use model::{AppLogLine, InstanceId, InstanceView, LogLine, Process, Timestamp};
use server::live::Viewer;
use server::live::hub::ReadError;
use server::live::stream::Stream;
use std::time::Duration;

const ONE: &str = "instance:web:e80d7fbd";

fn topic(text: &str) -> Topic {
    text.parse().unwrap()
}

pub(super) async fn follow(
    world: &World,
    viewer: &Viewer,
    topics: &[&str],
    since: Option<Cursor>,
) -> Result<Frames, ReadError> {
    let topics = topics.iter().map(|text| topic(text)).collect();
    let stream = Stream::begin(world.hub.clone(), viewer.clone(), topics, since, "build".into()).await?;
    let mut frames = Frames::of(stream);
    assert_eq!(frames.next().await.unwrap().event, "hello");
    Ok(frames)
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_an_instance_begins_with_its_state_and_goes_on_with_the_sections_that_change() {
    let world = world(Script::Restarts(0));
    let mut frames = follow(&world, &viewer("fo1_a"), &[ONE], None).await.unwrap();
    let snapshot = frames.next().await.unwrap();
    assert_eq!(snapshot.event, "snapshot");
    assert!(snapshot.data.contains(r#""topic":"instance:web:e80d7fbd""#), "{}", snapshot.data);
    assert!(snapshot.data.contains(r#""state":{"instance":{"head":{"#), "{}", snapshot.data);

    world.fly.set(Script::Restarts(3));
    world.hub.poll_now().await;
    let change = frames.news().await.unwrap();
    assert_eq!(change.event, "change");
    assert!(change.data.contains(r#""changes":[{"head":{"#), "{}", change.data);
    assert!(change.data.contains(r#""restarts":3"#), "{}", change.data);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_an_instance_goes_on_from_its_own_snapshot() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let page = world.hub.read(&topic(ONE), &me).await.unwrap();
    world.fly.set(Script::Restarts(1));
    world.hub.poll_now().await;
    let mut frames = follow(&world, &me, &[ONE], Some(page.cursor)).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "change");
}

#[tokio::test(start_paused = true)]
async fn one_proof_serves_all_topics_of_an_app() {
    let world = world(Script::Restarts(0));
    let owner = viewer("fo1_owner");
    let all = ["app:web", ONE];
    let mut owners = follow(&world, &owner, &all, None).await.unwrap();
    for _ in all {
        assert_eq!(owners.next().await.unwrap().event, "snapshot");
    }
    let _other = follow(&world, &viewer("fo1_other"), &all, None).await.unwrap();
    assert_eq!(world.fly.questions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_loses_the_app_loses_the_streams_of_everything_in_it_at_once() {
    let world = world(Script::Restarts(0));
    let me = viewer("fo1_a");
    let mut of_instance = follow(&world, &me, &[ONE], None).await.unwrap();
    assert_eq!(of_instance.next().await.unwrap().event, "snapshot");
    world.fly.deny(&me.token);
    // The poll of another topic finds out, before the instance's own.
    assert!(matches!(world.hub.read(&topic("app:web"), &me).await, Err(ReadError::NotFound)));
    tokio::time::timeout(Duration::from_secs(2), async { while of_instance.next().await.is_some() {} })
        .await
        .expect("the stream outlived the access");
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_the_app_does_not_have_is_told_so_and_shown_once_it_is_there() {
    let world = world(Script::WithoutInstances);
    let me = viewer("fo1_a");
    let empty = facts("web".parse().unwrap(), None);
    world.fly.set(Script::Facts(Box::new(empty)));
    assert!(matches!(world.hub.read(&topic(ONE), &me).await, Err(ReadError::Absent)));
    let mut frames = follow(&world, &me, &[ONE], None).await.unwrap();
    world.fly.set(Script::Restarts(0));
    assert_eq!(frames.news().await.unwrap().event, "snapshot");
}

#[tokio::test(start_paused = true)]
async fn instances_that_could_not_be_loaded_are_no_absence() {
    let world = world(Script::WithoutInstances);
    let me = viewer("fo1_a");
    assert!(matches!(world.hub.read(&topic(ONE), &me).await, Err(ReadError::Upstream(_))));
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_goes_away_is_kept_and_said_to_be_gone() {
    let world = world(Script::Restarts(0));
    let mut frames = follow(&world, &viewer("fo1_a"), &[ONE], None).await.unwrap();
    assert!(!frames.next().await.unwrap().data.contains("gone_since"));
    world.fly.set(Script::Facts(Box::new(facts("web".parse().unwrap(), None))));
    let change = frames.news().await.unwrap();
    assert!(change.data.contains(r#""gone_since":"#), "{}", change.data);
    world.fly.set(Script::Restarts(0));
    let change = frames.news().await.unwrap();
    assert!(!change.data.contains("gone_since"), "{}", change.data);
}

pub(super) const MACHINE: &str = "instance:web:73d8d46dbee589";

pub(super) fn line(at: i64, message: &str) -> AppLogLine {
    AppLogLine {
        line: LogLine { at: Timestamp(at), level: "info".into(), message: message.into() },
        instance: InstanceId::new("73d8d46dbee589").ok(),
        region: None,
        provider: "app".into(),
        code: None,
    }
}

pub(super) fn machine(state: &str) -> MachineDetail {
    let mut facts = facts("web".parse().unwrap(), Some(0)).instances.remove(0);
    facts.instance.id = InstanceId::new("73d8d46dbee589").unwrap();
    facts.instance.state = state.into();
    MachineDetail {
        facts,
        name: "quirky-machine".into(),
        instance_version: None,
        private_ip: Some("fdaa::3".into()),
        cordoned: None,
        size: None,
        configuration: ConfigurationGiven::Whole,
        settings: vec![Section { title: "Environment".into(), rows: vec![Row::of("PORT", "8080")] }],
    }
}

pub(super) fn set_machine(world: &World, answer: Result<MachineDetail, FlyError>) {
    let id = InstanceId::new("73d8d46dbee589").unwrap();
    world.fly.of_machines.machines.lock().unwrap().insert(id, answer);
}

/// An app with one machine, whose log has a line.
pub(super) fn with_machine() -> World {
    let world = world(Script::Restarts(0));
    let mut known = facts("web".parse().unwrap(), None);
    known.instances = vec![machine("started").facts];
    world.fly.set(Script::Facts(Box::new(known)));
    set_machine(&world, Ok(machine("started")));
    *world.fly.of_machines.log.lock().unwrap() = Ok(vec![line(5, "listening")]);
    world
}

/// What a column of a part says.
pub(super) fn texts(view: &InstanceView, kind: PartKind, column: usize) -> Vec<String> {
    view.part(kind).unwrap().lines.iter().map(|line| line.cells[column].text.clone()).collect()
}

pub(super) fn note(view: &InstanceView, kind: PartKind) -> &str {
    &view.part(kind).unwrap().note
}

pub(super) async fn view(world: &World) -> InstanceView {
    let page = world.hub.read(&topic(MACHINE), &viewer("fo1_a")).await.unwrap();
    page.into_instance().unwrap().state
}

#[tokio::test(start_paused = true)]
async fn a_page_of_a_machine_has_its_configuration_its_log_and_what_runs_in_it() {
    let world = with_machine();
    let process = Process {
        pid: 321,
        command: "server".into(),
        directory: "/".into(),
        cpu_percent: 1,
        rss_bytes: 1 << 20,
        listen_sockets: vec![],
    };
    *world.fly.of_machines.processes.lock().unwrap() = Ok(vec![process]);
    let view = view(&world).await;
    for (kind, column, said) in [
        (PartKind::About, 1, "quirky-machine"),
        (PartKind::Configuration, 2, "8080"),
        (PartKind::Log, 2, "listening"),
        (PartKind::Processes, 0, "server"),
    ] {
        assert!(texts(&view, kind, column).contains(&said.to_owned()), "{:?}", view.part(kind));
    }
}

#[tokio::test(start_paused = true)]
async fn each_part_of_a_machine_is_asked_for_at_its_own_pace_however_many_look() {
    let costs = async |viewers: usize| {
        let world = with_machine();
        let mut all = vec![];
        for _ in 0..viewers {
            all.push(follow(&world, &viewer("fo1_a"), &[MACHINE], None).await.unwrap());
        }
        tokio::time::sleep(Duration::from_secs(120)).await;
        let count = |what| world.fly.of_machines.count(what);
        (world.fly.polls(), count("machine"), count("logs"), count("processes"), count("lease"))
    };
    let one = costs(1).await;
    let (app, machine, logs, processes, lease) = one;
    assert!((5..=9).contains(&app), "the app {one:?}");
    assert!((20..=96).contains(&machine), "the machine {one:?}");
    assert!((6..=12).contains(&logs) && (5..=9).contains(&processes) && (5..=9).contains(&lease), "{one:?}");
    assert_eq!(costs(50).await, one);
}

#[tokio::test(start_paused = true)]
async fn lines_are_appended_and_none_comes_twice() {
    let world = with_machine();
    let me = viewer("fo1_a");
    let page = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    let mut shown = page.clone().into_instance().unwrap().state;
    for (at, text) in [(6, "one"), (7, "two"), (8, "three")] {
        world.fly.of_machines.log.lock().unwrap().as_mut().unwrap().push(line(at, text));
        world.hub.poll_now().await;
    }
    // From the page's own place, twice: as after a reconnect.
    for _ in 0..2 {
        let mut frames = follow(&world, &me, &[MACHINE], Some(page.cursor.clone())).await.unwrap();
        let changes = frames.news().await.unwrap();
        let set: ChangeSet = serde_json::from_str(&changes.data).unwrap();
        for change in set.changes {
            let Change::Instance(change) = change else { panic!("not of an instance") };
            shown.apply(change);
        }
        assert_eq!(texts(&shown, PartKind::Log, 2), ["listening", "one", "two", "three"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_of_a_machine_that_fails_is_named_and_the_others_are_shown() {
    let world = with_machine();
    *world.fly.of_machines.log.lock().unwrap() = Err(DOWN);
    let first = view(&world).await;
    assert!(note(&first, PartKind::Log).contains("not loaded"));
    assert!(!note(&first, PartKind::Processes).contains("not loaded"));
    world.hub.poll_now().await;
    let page = world.hub.read(&topic(MACHINE), &viewer("fo1_a")).await.unwrap();
    assert!(matches!(&page.source, SourceHealth::Partial { missing, .. } if missing == &["log"]));

    *world.fly.of_machines.log.lock().unwrap() = Ok(vec![line(5, "listening")]);
    world.hub.poll_now().await;
    world.hub.poll_now().await;
    assert_eq!(texts(&view(&world).await, PartKind::Log, 2), ["listening"]);
    // What was there stays, and is said to be old.
    *world.fly.of_machines.log.lock().unwrap() = Err(DOWN);
    world.hub.poll_now().await;
    let kept = view(&world).await;
    assert_eq!(texts(&kept, PartKind::Log, 2), ["listening"]);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_cannot_be_asked_is_shown_as_its_app_tells_it() {
    let world = with_machine();
    set_machine(&world, Err(DOWN));
    let page = world.hub.read(&topic(MACHINE), &viewer("fo1_a")).await.unwrap();
    assert!(matches!(&page.source, SourceHealth::Partial { missing, .. } if missing == &["machine"]));
    let view = page.into_instance().unwrap().state;
    assert!(note(&view, PartKind::Configuration).contains("not loaded"));
    assert_eq!(view.head.gone_since, None);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_never_could_be_asked_is_as_old_as_its_app_told_it() {
    let world = with_machine();
    set_machine(&world, Err(DOWN));
    tokio::time::advance(Duration::from_secs(5)).await;
    let me = viewer("fo1_a");
    let first = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    let _frames = follow(&world, &me, &[MACHINE], Some(first.cursor)).await.unwrap();
    // Its app is asked each 15 s only.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let page = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    assert!(page.checked_at > first.checked_at);
    assert_eq!(page.source.shown_from(), Some(first.checked_at));
    tokio::time::sleep(Duration::from_secs(10)).await;
    let from = world.hub.read(&topic(MACHINE), &me).await.unwrap().source.shown_from();
    assert!(from > Some(first.checked_at), "its app was asked again: {from:?}");
}

#[tokio::test(start_paused = true)]
async fn the_app_around_a_machine_is_as_old_as_its_own_last_answer() {
    let world = with_machine();
    tokio::time::advance(Duration::from_secs(5)).await;
    let me = viewer("fo1_a");
    let first = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    let _frames = follow(&world, &me, &[MACHINE], Some(first.cursor)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    world.fly.set(Script::Fails(DOWN));
    tokio::time::sleep(Duration::from_secs(15)).await;
    let page = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    assert!(matches!(&page.source, SourceHealth::Partial { missing, .. } if missing == &["app web"]));
    assert_eq!(page.source.shown_from(), Some(first.checked_at));
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_only_its_app_tells_is_shown_as_the_app_tells_it() {
    let world = with_machine();
    assert_eq!(view(&world).await.head.instance.state, "started".into());
    set_machine(&world, Err(FlyError::NotFound { request_id: None }));
    let mut known = facts("web".parse().unwrap(), None);
    known.instances = vec![machine("stopped").facts];
    world.fly.set(Script::Facts(Box::new(known)));
    // The first may be of the same moment as the answers before.
    tokio::time::advance(Duration::from_secs(1)).await;
    world.hub.poll_now().await;
    let page = world.hub.read(&topic(MACHINE), &viewer("fo1_a")).await.unwrap();
    assert!(matches!(&page.source, SourceHealth::Partial { missing, .. } if missing == &["machine"]));
    let view = page.into_instance().unwrap().state;
    assert_eq!((view.head.instance.state, view.head.gone_since), ("stopped".into(), None));
}

#[tokio::test(start_paused = true)]
async fn an_app_that_cannot_be_asked_leaves_its_machine_shown() {
    let world = with_machine();
    let mut frames = follow(&world, &viewer("fo1_a"), &[MACHINE], None).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "snapshot");
    world.fly.set(Script::Fails(DOWN));
    world.hub.poll_now().await;
    let told = frames.news().await.unwrap();
    assert!(told.data.contains(r#""partial":{"missing":["app web"]"#), "{}", told.data);
}

#[tokio::test(start_paused = true)]
async fn a_machine_and_an_app_that_do_not_answer_are_an_outage_before_the_app_is_due_and_one_answer_ends_it()
{
    let world = with_machine();
    tokio::time::advance(Duration::from_secs(5)).await;
    let me = viewer("fo1_a");
    let first = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    let _frames = follow(&world, &me, &[MACHINE], Some(first.cursor)).await.unwrap();
    set_machine(&world, Err(DOWN));
    world.fly.set(Script::Fails(DOWN));
    // Its app is asked each 15 s only, unless the machine gives reason to.
    tokio::time::sleep(Duration::from_secs(12)).await;
    let page = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    assert!(matches!(page.source, SourceHealth::Failing { .. }), "{:?}", page.source);
    assert!(page.source.shown_from().unwrap() <= first.checked_at, "{:?}", page.source);
    assert_eq!(texts(&page.into_instance().unwrap().state, PartKind::Log, 2), ["listening"]);
    set_machine(&world, Ok(machine("started")));
    world.hub.poll_now().await;
    let page = world.hub.read(&topic(MACHINE), &me).await.unwrap();
    assert!(matches!(&page.source, SourceHealth::Partial { missing, .. } if missing == &["app web"]));
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_fly_forgets_is_gone_and_what_was_known_of_it_stays() {
    let world = with_machine();
    assert_eq!(view(&world).await.head.gone_since, None);
    set_machine(&world, Err(FlyError::NotFound { request_id: None }));
    world.fly.set(Script::Facts(Box::new(facts("web".parse().unwrap(), None))));
    world.hub.poll_now().await;
    let gone = view(&world).await;
    assert!(gone.head.gone_since.is_some());
    assert_eq!(texts(&gone, PartKind::Log, 2), ["listening"]);
    assert_eq!(texts(&gone, PartKind::Configuration, 2), ["8080"]);
}

#[tokio::test(start_paused = true)]
async fn a_machine_alone_is_no_proof_that_its_app_may_be_seen() {
    let world = with_machine();
    let me = viewer("fo1_a");
    world.fly.deny(&me.token);
    assert!(matches!(world.hub.read(&topic(MACHINE), &me).await, Err(ReadError::NotFound)));
}
