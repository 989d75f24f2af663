//! The log of one machine: what is told of it however fast it grows, and when it is asked for.

use super::instance::{MACHINE, follow, line, machine, note, set_machine, texts, view, with_machine};
use super::support::{Frames, World};
use super::{DOWN, viewer};
use model::InstanceView;
use model::instance_view::{MOST_LINES, PartKind};
use model::live::{Apply, Change, ChangeSet, Snapshot, TopicState};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A machine writes so many lines, the first of them at this moment, one each millisecond.
fn write(world: &World, from: i64, count: i64) {
    let mut log = world.fly.of_machines.log.lock().unwrap();
    log.as_mut().unwrap().extend((from..from + count).map(|at| line(at, &format!("line {at}"))));
}

fn asked(world: &World) -> usize {
    world.fly.of_machines.count("logs")
}

fn log(view: &InstanceView) -> Vec<String> {
    texts(view, PartKind::Log, 2)
}

/// What a page shows that follows a stream.
struct Page {
    frames: Frames,
    shown: InstanceView,
}

impl Page {
    async fn open(world: &World) -> Self {
        let mut frames = follow(world, &viewer("fo1_a"), &[MACHINE], None).await.unwrap();
        let first: Snapshot<TopicState> = serde_json::from_str(&frames.next().await.unwrap().data).unwrap();
        Self { frames, shown: first.into_instance().unwrap().state }
    }

    /// Takes in what comes until the log ends with a line.
    async fn until(&mut self, last: &str) {
        while log(&self.shown).last().map(String::as_str) != Some(last) {
            let news = self.frames.news().await.expect("the stream ended");
            if news.event != "change" {
                continue;
            }
            let set: ChangeSet = serde_json::from_str(&news.data).unwrap();
            for change in set.changes {
                let Change::Instance(change) = change else { panic!("not of an instance") };
                self.shown.apply(change);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_lines_is_read_to_its_end_and_what_is_left_out_of_it_is_counted() {
    let world = with_machine();
    let mut page = Page::open(&world).await;
    let before = asked(&world);
    write(&world, 1_000, 650);
    page.until("line 1649").await;
    let shown = log(&page.shown);
    assert_eq!(shown.len(), MOST_LINES);
    assert!(shown[0].starts_with("451 lines are left out here"), "{}", shown[0]);
    assert_eq!(shown[1], "line 1451");
    assert_eq!(asked(&world) - before, 7, "as many answers as it takes");
}

#[tokio::test(start_paused = true)]
async fn lines_that_come_faster_than_they_are_read_go_on_with_the_newest_after_a_gap_that_says_so() {
    let world = with_machine();
    let mut page = Page::open(&world).await;
    let before = asked(&world);
    write(&world, 1_000, 5_000);
    page.until("line 5999").await;
    let shown = log(&page.shown);
    assert_eq!(shown[0], "listening", "what was there stays");
    assert!(shown[1].starts_with("At least 1000 lines are left out here"), "{}", shown[1]);
    assert_eq!((shown[2].as_str(), shown.len()), ("line 5900", 102));
    assert_eq!(asked(&world) - before, 11, "and no more questions than that");
    // It goes on from there, without a gap.
    write(&world, 6_000, 20);
    page.until("line 6019").await;
    assert_eq!(log(&page.shown).iter().filter(|text| text.contains("left out")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_log_without_lines_starts_by_itself_when_the_first_line_is_written() {
    let world = with_machine();
    set_machine(&world, Ok(machine("created")));
    world.fly.of_machines.log.lock().unwrap().as_mut().unwrap().clear();
    let mut page = Page::open(&world).await;
    assert!(note(&page.shown, PartKind::Log).starts_with("No lines yet"));
    tokio::time::sleep(Duration::from_secs(600)).await;
    set_machine(&world, Ok(machine("started")));
    write(&world, 7, 1);
    let began = tokio::time::Instant::now();
    page.until("line 7").await;
    assert!(began.elapsed() <= Duration::from_secs(31), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_log_of_a_machine_that_has_stopped_is_read_to_its_end_and_then_left_alone() {
    let world = with_machine();
    let mut page = Page::open(&world).await;
    assert_eq!(note(&page.shown, PartKind::Log), "");
    set_machine(&world, Ok(machine("stopped")));
    world.hub.poll_now().await;
    // The last lines of a machine come later than the word that it has stopped.
    write(&world, 9, 1);
    page.until("line 9").await;
    assert!(note(&page.shown, PartKind::Log).starts_with("The log ends here"), "{:?}", page.shown.parts);
    tokio::time::sleep(Duration::from_secs(120)).await;
    let before = asked(&world);
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!(asked(&world), before, "asked for again and again");

    set_machine(&world, Ok(machine("started")));
    write(&world, 10_000, 1);
    page.until("line 10000").await;
    assert_eq!(log(&page.shown), ["listening", "line 9", "line 10000"]);
    assert_eq!(note(&page.shown, PartKind::Log), "");
}

#[tokio::test(start_paused = true)]
async fn following_a_log_goes_on_after_an_hour_of_errors_and_misses_nothing() {
    let world = with_machine();
    let mut page = Page::open(&world).await;
    let lines = std::mem::replace(&mut *world.fly.of_machines.log.lock().unwrap(), Err(DOWN));
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let source = world.hub.read(&MACHINE.parse().unwrap(), &viewer("fo1_a")).await.unwrap().source;
    assert!(format!("{source:?}").contains("log"), "the page names what does not come: {source:?}");
    *world.fly.of_machines.log.lock().unwrap() = lines;
    write(&world, 10, 3);
    page.until("line 12").await;
    assert_eq!(log(&page.shown), ["listening", "line 10", "line 11", "line 12"]);
}

#[tokio::test(start_paused = true)]
async fn answers_that_do_not_tell_where_to_go_on_repeat_no_line() {
    let world = with_machine();
    world.fly.of_machines.tells_no_place.store(true, Ordering::SeqCst);
    let mut page = Page::open(&world).await;
    write(&world, 6, 2);
    page.until("line 7").await;
    world.hub.poll_now().await;
    world.hub.poll_now().await;
    assert_eq!(log(&view(&world).await), ["listening", "line 6", "line 7"]);
}
