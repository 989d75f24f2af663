//! How many bytes of the stream a change takes, over stories of each kind of deployment and of trouble:
//! what `cargo xtask bench paint` weighs, here without a browser.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;

use console::Console;
use fly::FlyToken;
use model::AppName;
use model::live::{Cursor, Topic, event_name};
use serde_json::Value;
use server::live::Viewer;
use server::live::outgoing::Outgoing;
use server::live::stream::Stream;
use simulator::tokens;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Stories whose changes are weighed, each with its app.
const WEIGHED: [(&str, &str); 10] = [
    ("failed-deploy-v14", "crimson-wildflower-1711"),
    ("rolling-deploy", "ember-notes"),
    ("rolling-deploy-fails-halfway", "paper-lantern"),
    ("bluegreen-deploy", "blue-heron"),
    ("canary-deploy", "copper-kettle"),
    ("immediate-deploy", "quick-silver"),
    ("crash-loop", "rusty-hinge"),
    ("out-of-memory", "heavy-freight"),
    ("wrong-port", "crooked-pier"),
    ("autostop", "sleepy-fox"),
];
const MOST_BYTES: usize = 150;
/// Steps of a story that are weighed at most.
const MOST_STEPS: usize = 60;

/// What the changes took.
#[derive(Default)]
struct Weight {
    bytes: usize,
    /// By kind, how many there were and their bytes without what is around them.
    kinds: BTreeMap<String, (usize, usize)>,
}

impl Weight {
    fn add(&mut self, event: &Outgoing) {
        self.bytes += event.frame().len();
        let data: Value = serde_json::from_str(&event.data).unwrap();
        for change in data["changes"].as_array().unwrap() {
            let sum = self.kinds.entry(kind_of(change)).or_default();
            *sum = (sum.0 + 1, sum.1 + change.to_string().len());
        }
    }

    fn mean(&self) -> usize {
        self.bytes.div_ceil(self.kinds.values().map(|(count, _)| count).sum())
    }
}

fn kind_of(change: &Value) -> String {
    change.as_object().unwrap().keys().next().unwrap().clone()
}

async fn weigh(story: &str, app: &str, weight: &mut Weight) {
    let console = Console::telling(story, &[]).await;
    let viewer = Viewer::new(FlyToken::parse(tokens::DEMO).unwrap(), CancellationToken::new());
    let topic = Topic::App(AppName::new(app).unwrap());
    let hub = &console.state.hub;
    let begin = async |since: Option<Cursor>| {
        Stream::begin(hub.clone(), viewer.clone(), vec![topic.clone()], since, "build".into()).await.unwrap()
    };
    let last_id = |events: &[Outgoing]| events.iter().rev().find_map(|event| event.id.clone());
    // The reader that stays keeps the topic watched.
    let staying = begin(None).await;
    let mut since = last_id(&begin(None).await.until_news(Duration::from_secs(20)).await);
    assert!(since.is_some(), "{story}: no snapshot came");
    for _ in 0..MOST_STEPS {
        if console.simulator.step().is_none() {
            break;
        }
        hub.poll_now().await;
        let events = begin(since.clone()).await.until_news(Duration::ZERO).await;
        assert!(events.iter().all(|event| event.name != event_name::SNAPSHOT), "{story}: a snapshot came");
        events.iter().filter(|event| event.name == event_name::CHANGE).for_each(|event| weight.add(event));
        since = last_id(&events).or(since);
    }
    drop(staying);
}

#[tokio::test]
async fn a_change_takes_150_bytes_of_the_stream_at_most_on_average() {
    let mut weight = Weight::default();
    for (story, app) in WEIGHED {
        weigh(story, app, &mut weight).await;
    }
    assert!(weight.kinds.len() > 10, "too little happened: {:?}", weight.kinds);
    assert!(weight.mean() <= MOST_BYTES, "{} bytes; by kind {:?}", weight.mean(), weight.kinds);
}
