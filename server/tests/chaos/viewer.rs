//! A viewer: reads the stream with the page's own parser, breaks off, stalls, polls, and writes down
//! what it was shown.

use crate::console::get;
use crate::oracle::{APP, CELLS, Cells, INSTANCE, Shown};
use crate::rng::Rng;
use app::live::TopicEvent;
use app::live::event_stream::{EventStream, Frame};
use app::live::message::{Message, read};
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt as _;
use model::AppView;
use model::live::{Apply as _, Change, Cursor, SourceHealth, TopicState};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt as _;

/// What the world is up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Anything may fail.
    Faults,
    /// Nothing fails any more, the story stands still, and the watch has seen it.
    Calm,
}

pub struct Viewer {
    rng: Rng,
    router: watch::Receiver<Router>,
    phase: watch::Receiver<Phase>,
    place: Option<Cursor>,
    view: Option<AppView>,
    source: SourceHealth,
    checked_at: i64,
    shown: Vec<Shown>,
}

impl Viewer {
    pub fn new(seed: u64, router: watch::Receiver<Router>, phase: watch::Receiver<Phase>) -> Self {
        Self {
            rng: Rng::new(seed),
            router,
            phase,
            place: None,
            view: None,
            source: SourceHealth::Fine,
            checked_at: 0,
            shown: Vec::new(),
        }
    }

    /// Views until nothing fails any more, and then goes on from its place once.
    pub async fn run(mut self) -> Vec<Shown> {
        while !self.is_calm() {
            let poll = self.rng.chance(3);
            if let Some(body) = self.ask(if poll { "poll" } else { "events" }).await {
                if poll { self.read_poll(body).await } else { self.read_stream(body).await }
            }
            tokio::time::sleep(Duration::from_millis(20 + self.rng.up_to(100))).await;
        }
        loop {
            if let Some(body) = self.ask("events").await {
                self.catch_up(body).await;
                return self.shown;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn is_calm(&self) -> bool {
        *self.phase.borrow() == Phase::Calm
    }

    async fn ask(&mut self, way: &str) -> Option<Body> {
        let since = self.place.as_ref().map_or(String::new(), |place| format!("&since={place}"));
        let router = self.router.borrow_and_update().clone();
        let asking = router.oneshot(get(&format!("/{way}?topics=app:{APP}{since}"), ""));
        // A poll that is given up before its answer begins was no use, and does no harm.
        let response = tokio::time::timeout(Duration::from_secs(5), asking).await.ok()?.unwrap();
        response.status().is_success().then(|| response.into_body())
    }

    /// Everything there is to tell now: what comes until it is silent.
    async fn catch_up(&mut self, mut body: Body) {
        let mut parser = EventStream::new();
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(Duration::from_secs(1), body.frame()).await {
            for frame in parser.feed(&frame.into_data().unwrap()).unwrap() {
                self.take(frame);
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
                self.place = at.or(self.place.take());
                self.apply(event);
            }
            Message::Ping(_, ping) => {
                for (_, checked_at) in ping.checked_at {
                    self.checked_at = checked_at.0;
                }
            }
            _ => return,
        }
        self.write_down();
    }

    fn apply(&mut self, event: TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                self.checked_at = snapshot.checked_at.0;
                self.source = snapshot.source.clone();
                let TopicState::App(view) = snapshot.state else { panic!("not an app") };
                self.view = Some(*view);
            }
            TopicEvent::Changes(set) => {
                self.checked_at = set.checked_at.0;
                let view = self.view.as_mut().expect("a change before a state");
                for change in set.changes {
                    let Change::App(change) = change else { panic!("a change of the list") };
                    view.apply(change);
                }
            }
            TopicEvent::Source(state) => {
                self.source = state.source;
                // Before the first state there is nothing that was checked.
                self.checked_at = state.checked_at.0.max(self.checked_at);
            }
            TopicEvent::Checked(at) => self.checked_at = at.0,
        }
    }

    fn write_down(&mut self) {
        let Some(view) = &self.view else { return };
        let instance = view.instances.iter().find(|instance| instance.id.as_str() == INSTANCE);
        let checks = instance.map(|instance| instance.checks);
        let values = [
            json!(instance.map(|instance| instance.restarts)),
            json!(checks.map(|checks| checks.total)),
            json!(checks.map(|checks| checks.passing)),
            json!(checks.map(|checks| checks.warning)),
            json!(checks.map(|checks| checks.critical)),
        ];
        let cells: Cells = CELLS.into_iter().zip(values).collect();
        let partial = matches!(self.source, SourceHealth::Partial { .. });
        self.shown.push(Shown { cells, as_of: (!partial).then_some(self.checked_at) });
    }
}
