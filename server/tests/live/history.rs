//! Whatever happens to streams and polls, a viewer is only ever shown what was true, in the order in
//! which it was, and ends on what is true now.

use super::support::{Frame, Script, World, facts, parse, world};
use super::{topic, viewer};
use model::live::{Apply, Change, ChangeSet, Cursor, Snapshot, TopicState};
use model::{AppFacts, AppView, InstanceFacts, InstanceId};
use proptest::prelude::*;
use serde_json::Value;
use server::live::Viewer;
use server::live::stream::Stream;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What the app consists of at one moment: for each of three instances, its restarts if it is there.
type Moment = [Option<u32>; 3];

#[derive(Clone, Debug)]
enum Step {
    /// The app changes and the watch sees it.
    Change(Moment),
    /// The watch looks and finds the same.
    Same,
    /// Time passes.
    Wait(u16),
    /// A viewer reads at most so many events.
    Read(usize, u8),
    /// A viewer's stream breaks, and it goes on where it was.
    Resume(usize),
    /// A viewer goes on from a place that is no use.
    ResumeFrom(usize, &'static str),
    /// A viewer asks by long poll instead.
    Poll(usize),
}

const VIEWERS: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    let moment = proptest::array::uniform3(proptest::option::weighted(0.8, 0..4_u32));
    let who = 0..VIEWERS;
    prop_oneof![
        4 => moment.prop_map(Step::Change),
        1 => Just(Step::Same),
        2 => (0..400_u16).prop_map(Step::Wait),
        4 => (who.clone(), 1..5_u8).prop_map(|(who, count)| Step::Read(who, count)),
        2 => who.clone().prop_map(Step::Resume),
        1 => (who.clone(), prop_oneof![Just("other-3"), Just("test-0"), Just("test-999999")])
            .prop_map(|(who, place)| Step::ResumeFrom(who, place)),
        2 => who.prop_map(Step::Poll),
    ]
}

fn app(moment: Moment) -> AppFacts {
    let Topic(name) = Topic::name();
    let one = facts(name.clone(), Some(0)).instances.remove(0).instance;
    let instances = moment.iter().enumerate().filter_map(|(number, restarts)| {
        let mut instance = one.clone();
        instance.id = InstanceId::new(format!("e80d7fb{number}")).unwrap();
        instance.restarts = (*restarts)?;
        // Two cells of a row that always move together.
        instance.state = format!("state-{}", instance.restarts).into();
        Some(InstanceFacts::of(instance))
    });
    AppFacts { instances: instances.collect(), ..facts(name, None) }
}

/// The app's name, out of the topic.
struct Topic(model::AppName);

impl Topic {
    fn name() -> Self {
        let model::live::Topic::App(name) = topic() else { panic!("not an app") };
        Self(name)
    }
}

type Cells = BTreeMap<String, String>;

/// What a page shows, cell by cell.
fn cells(view: &AppView) -> Cells {
    let Value::Object(parts) = serde_json::to_value(view).unwrap() else { panic!("a view is an object") };
    let mut cells = Cells::new();
    for (part, value) in parts {
        if part != "instances" {
            cells.insert(part, value.to_string());
            continue;
        }
        for row in value.as_array().unwrap() {
            for (field, value) in row.as_object().unwrap() {
                cells.insert(format!("{} {field}", row["id"]), value.to_string());
            }
        }
    }
    cells
}

/// Everything that was ever true, in order.
#[derive(Default)]
struct History(Vec<Cells>);

impl History {
    fn keys(&self) -> BTreeSet<&String> {
        self.0.iter().flat_map(BTreeMap::keys).collect()
    }
}

/// One viewer: what it is shown, and how far into the history that is, cell by cell.
struct Reader {
    viewer: Viewer,
    stream: Option<Stream>,
    place: Option<Cursor>,
    view: Option<AppView>,
    shown: BTreeMap<String, usize>,
}

impl Reader {
    fn new(number: usize) -> Self {
        // Two of them have the same token.
        let viewer = viewer(["fo1_a", "fo1_b", "fo1_a"][number]);
        Self { viewer, stream: None, place: None, view: None, shown: BTreeMap::new() }
    }

    async fn connect(&mut self, world: &World, place: Option<Cursor>) -> Stream {
        let (hub, viewer) = (world.hub.clone(), self.viewer.clone());
        Stream::begin(hub, viewer, vec![topic()], place, "build".into()).await.unwrap()
    }

    async fn resume(&mut self, world: &World, place: Option<Cursor>) {
        self.stream = None;
        self.stream = Some(self.connect(world, place).await);
    }

    /// Reads what there is, but no more than so many events.
    async fn read(&mut self, world: &World, most: usize, history: &History) {
        if self.stream.is_none() {
            self.resume(world, self.place.clone()).await;
        }
        for _ in 0..most {
            let Some(stream) = &mut self.stream else { return };
            match tokio::time::timeout(Duration::from_millis(150), stream.next()).await {
                Ok(Some(event)) => self.take(&parse(std::str::from_utf8(&event.frame()).unwrap()), history),
                Ok(None) => self.stream = None,
                Err(_) => return,
            }
        }
    }

    async fn poll(&mut self, world: &World, history: &History) {
        self.stream = None;
        let stream = self.connect(world, self.place.clone()).await;
        for event in stream.until_news(Duration::from_millis(200)).await {
            self.take(&parse(std::str::from_utf8(&event.frame()).unwrap()), history);
        }
    }

    fn take(&mut self, frame: &Frame, history: &History) {
        match frame.event.as_str() {
            "snapshot" => {
                let snapshot: Snapshot<TopicState> = serde_json::from_str(&frame.data).unwrap();
                self.view = Some(snapshot.into_app().unwrap().state);
            }
            "change" => {
                let set: ChangeSet = serde_json::from_str(&frame.data).unwrap();
                let view = self.view.as_mut().expect("a change before a state");
                for change in set.changes {
                    let Change::App(change) = change else { panic!("a change of the list") };
                    // Twice is as good as once.
                    view.apply(change.clone());
                    view.apply(change);
                }
            }
            _ => {}
        }
        if let Some(id) = &frame.id {
            self.place = Some(id.parse().unwrap());
        }
        self.check(history);
    }

    fn check(&mut self, history: &History) {
        let Some(view) = &self.view else { return };
        let shown = cells(view);
        for key in history.keys() {
            let at = self.shown.entry(key.clone()).or_default();
            let later = history.0[*at..].iter().position(|moment| moment.get(key) == shown.get(key));
            let later = later.unwrap_or_else(|| {
                panic!("{key} shows {:?}, which was not true at or after moment {at}", shown.get(key))
            });
            *at += later;
        }
    }
}

async fn play(steps: Vec<Step>) {
    let world = world(Script::Facts(Box::new(app([Some(0), None, None]))));
    let mut history = History::default();
    let mut readers: Vec<Reader> = (0..VIEWERS).map(Reader::new).collect();
    let see = async |history: &mut History, moment: Option<Moment>| {
        if let Some(moment) = moment {
            world.fly.set(Script::Facts(Box::new(app(moment))));
        }
        world.hub.poll_now().await;
        let state = world.hub.read(&topic(), &viewer("fo1_a")).await.unwrap().into_app().unwrap().state;
        history.0.push(cells(&state));
        state
    };
    see(&mut history, None).await;
    for step in steps {
        match step {
            Step::Change(moment) => drop(see(&mut history, Some(moment)).await),
            Step::Same => drop(see(&mut history, None).await),
            Step::Wait(millis) => tokio::time::sleep(Duration::from_millis(millis.into())).await,
            Step::Read(who, most) => readers[who].read(&world, most.into(), &history).await,
            Step::Resume(who) => {
                let place = readers[who].place.clone();
                readers[who].resume(&world, place).await;
            }
            Step::ResumeFrom(who, place) => {
                let place = Some(place.parse().unwrap());
                readers[who].resume(&world, place).await;
            }
            Step::Poll(who) => readers[who].poll(&world, &history).await,
        }
    }
    let last = see(&mut history, None).await;
    for reader in &mut readers {
        reader.read(&world, 50, &history).await;
        assert_eq!(reader.view.as_ref(), Some(&last), "a viewer did not end on what is true");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_mix_of_changes_slow_readers_resumes_and_polls_shows_only_what_was_true_in_order(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(play(steps));
    }
}

#[test]
fn the_check_of_the_history_finds_what_was_never_true_or_comes_back() {
    let moment = |restarts| app_view(&app([Some(restarts), None, None]));
    let history = History([0, 1, 2].map(|restarts| cells(&moment(restarts))).into());
    let fails = |shown: &[u32]| {
        let mut reader = Reader::new(0);
        let showing = || {
            for restarts in shown {
                reader.view = Some(moment(*restarts));
                reader.check(&history);
            }
        };
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(showing)).is_err()
    };
    assert!(!fails(&[0, 2, 2]));
    assert!(fails(&[3]), "a value that never was");
    assert!(fails(&[2, 1]), "a value that came back");
}

fn app_view(facts: &AppFacts) -> AppView {
    AppView::of(facts, model::Timestamp(0))
}
