//! A viewer: reads the stream with the page's own parser, breaks off, stalls, polls, and writes down
//! what it was shown.

use crate::console::get;
use crate::oracle::{APP, CELLS, Cells, INSTANCE, Shown};
use crate::rng::Rng;
use app::live::event_stream::{EventStream, Frame};
use app::live::message::{Message, read};
use app::live::{AppStore, TopicEvent};
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt as _;
use leptos::prelude::Owner;
use model::live::{Cursor, Snapshot, TopicState};
use model::{Instance, NotLoaded};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt as _;

/// What the world is up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Anything may fail.
    Faults,
    /// Nothing fails any more, the story stands still, and the watch has seen that this is the end.
    Calm(Cells),
}

pub struct Viewer {
    rng: Rng,
    router: watch::Receiver<Router>,
    phase: watch::Receiver<Phase>,
    place: Option<Cursor>,
    /// The page's own store, once there was a state.
    store: Option<AppStore>,
    owner: Owner,
    shown: Vec<Shown>,
}

impl Viewer {
    pub fn new(seed: u64, router: watch::Receiver<Router>, phase: watch::Receiver<Phase>) -> Self {
        Self {
            rng: Rng::new(seed),
            router,
            phase,
            place: None,
            store: None,
            owner: Owner::new(),
            shown: Vec::new(),
        }
    }

    /// Views until nothing fails any more, and then goes on from its place until it shows the end.
    pub async fn run(mut self) -> Vec<Shown> {
        while !self.is_calm() {
            let poll = self.rng.chance(3);
            if let Some(body) = self.ask(if poll { "poll" } else { "events" }).await {
                if poll { self.read_poll(body).await } else { self.read_stream(body).await }
            }
            tokio::time::sleep(Duration::from_millis(20 + self.rng.up_to(100))).await;
        }
        let Phase::Calm(end) = self.phase.borrow().clone() else { unreachable!("it is calm") };
        loop {
            if let Some(body) = self.ask("events").await {
                self.catch_up(body, &end).await;
                if self.shows(&end) {
                    return self.shown;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn is_calm(&self) -> bool {
        *self.phase.borrow() != Phase::Faults
    }

    async fn ask(&mut self, way: &str) -> Option<Body> {
        let since = self.place.as_ref().map_or(String::new(), |place| format!("&since={place}"));
        let router = self.router.borrow_and_update().clone();
        let asking = router.oneshot(get(&format!("/{way}?topics=app:{APP}{since}"), ""));
        // A poll that is given up before its answer begins was no use, and does no harm.
        let response = tokio::time::timeout(Duration::from_secs(5), asking).await.ok()?.unwrap();
        response.status().is_success().then(|| response.into_body())
    }

    fn shows(&self, end: &Cells) -> bool {
        self.shown.last().is_some_and(|shown| shown.cells == *end)
    }

    /// Reads at least one piece of the stream, and goes on until the end is shown.
    async fn catch_up(&mut self, mut body: Body, end: &Cells) {
        let mut parser = EventStream::new();
        while let Some(Ok(frame)) = body.frame().await {
            for frame in parser.feed(&frame.into_data().unwrap()).unwrap() {
                self.take(frame);
            }
            if self.shows(end) {
                return;
            }
        }
    }

    async fn read_stream(&mut self, mut body: Body) {
        let mut parser = EventStream::new();
        let mut frames_left = self.rng.up_to(12);
        while !self.is_calm() {
            let next = tokio::time::timeout(Duration::from_secs(1), body.frame()).await;
            let Ok(Some(Ok(frame))) = next else { return };
            for frame in parser.feed(&frame.into_data().unwrap()).unwrap() {
                self.take(frame);
            }
            if self.rng.chance(6) {
                tokio::time::sleep(Duration::from_millis(self.rng.up_to(700))).await;
            }
            let Some(left) = frames_left.checked_sub(1) else { return };
            frames_left = left;
        }
    }

    async fn read_poll(&mut self, body: Body) {
        let collecting = tokio::time::timeout(Duration::from_secs(1), body.collect());
        let Ok(Ok(bytes)) = collecting.await else { return };
        let events: Vec<Value> = serde_json::from_slice(&bytes.to_bytes()).unwrap();
        for event in events {
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            self.take(Frame::Event { name: text("event"), data: event["data"].to_string(), id: text("id") });
        }
    }

    fn take(&mut self, frame: Frame) {
        match read(frame).unwrap() {
            Message::News(_, at, event) => {
                self.apply(&event);
                // What is sent together is painted together: only the last of it has a new place.
                if at.is_some() && at != self.place {
                    self.place = at;
                    self.write_down();
                }
            }
            Message::Ping(_, ping) => {
                for (_, checked_at) in ping.checked_at {
                    self.apply(&TopicEvent::Checked(checked_at));
                }
                self.write_down();
            }
            _ => {}
        }
    }

    fn apply(&mut self, event: &TopicEvent) {
        let store = &mut self.store;
        self.owner.with(|| match (store, event) {
            (Some(store), event) => store.receive(event),
            (store, TopicEvent::Snapshot(snapshot)) => {
                let snapshot: Snapshot<TopicState> = Snapshot::clone(snapshot);
                *store = Some(AppStore::new(&snapshot.into_app().expect("not an app")));
            }
            (_, TopicEvent::Changes(_)) => panic!("a change before a state"),
            // Before the first state there is nothing whose age could be told.
            (_, TopicEvent::Source(_) | TopicEvent::Checked(_)) => {}
        });
    }

    fn write_down(&mut self) {
        let Some(store) = self.store else { return };
        let shown = self.owner.with(|| {
            let instances = store.instances.get_all_untracked();
            let unknown = store.app.with_untracked(|app| app.not_loaded.has(NotLoaded::INSTANCES));
            let newest = store.freshness.checked_at.get_untracked().0;
            let oldest = store.freshness.source.get_untracked().shown_from();
            Shown {
                cells: if unknown && instances.is_empty() { Cells::new() } else { cells(&instances) },
                as_of: (oldest.map_or(newest, |at| at.0), newest),
            }
        });
        self.shown.push(shown);
    }
}

/// The cells of the one instance.
pub fn cells(instances: &[Instance]) -> Cells {
    let instance = instances.iter().find(|instance| instance.id.as_str() == INSTANCE);
    let checks = instance.map(|instance| instance.checks);
    let values = [
        json!(instance.map(|instance| instance.restarts)),
        json!(checks.map(|checks| checks.total)),
        json!(checks.map(|checks| checks.passing)),
        json!(checks.map(|checks| checks.warning)),
        json!(checks.map(|checks| checks.critical)),
    ];
    CELLS.into_iter().zip(values).collect()
}
