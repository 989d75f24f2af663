//! The server begins anew while a part of Fly fails: what it has never loaded is not "none".

use super::support::{Frame, Frames, Script, World, world};
use super::{begin, viewer};
use app::live::event_stream::Frame as Event;
use app::live::message::{Message, read};
use app::live::{AppStore, TopicEvent};
use fly::FlyError;
use leptos::prelude::Owner;
use model::Timestamp;
use model::live::{Snapshot, SourceHealth};
use std::time::Duration;

/// A page that reads the console's stream.
struct Page {
    owner: Owner,
    store: Option<AppStore>,
}

impl Page {
    fn take(&mut self, frame: Frame) {
        let frame = Event::Event { name: frame.event, data: frame.data, id: frame.id.unwrap_or_default() };
        let Message::News(_, _, event) = read(frame).unwrap() else { return };
        let store = &mut self.store;
        self.owner.with(|| match (store, event) {
            (Some(store), event) => store.receive(&event),
            (store, TopicEvent::Snapshot(snapshot)) => {
                *store = Some(AppStore::new(&Snapshot::into_app(*snapshot).unwrap()));
            }
            (None, other) => panic!("{other:?} before a state"),
        });
    }

    /// How often the one instance was restarted, from when that is, and how Fly is.
    fn shows(&self) -> (Vec<u32>, SourceHealth) {
        let store = self.store.unwrap();
        self.owner.with(|| {
            let instances = store.instances.get_all_untracked();
            let restarts = instances.iter().map(|instance| instance.restarts).collect();
            (restarts, store.freshness.source.get_untracked())
        })
    }

    async fn reads(&mut self, frames: &mut Frames, events: usize) {
        for _ in 0..events {
            let frame = frames.news().await.unwrap();
            self.take(frame);
        }
    }
}

/// Not at the beginning of time, which means that nothing was ever checked.
async fn opened(world: &World) -> Frames {
    tokio::time::advance(Duration::from_secs(5)).await;
    let mut frames = begin(world, &viewer("fo1_a"), None).await.unwrap();
    assert_eq!(frames.next().await.unwrap().event, "hello");
    frames
}

#[tokio::test(start_paused = true)]
async fn a_page_keeps_the_instances_that_a_restarted_server_could_not_load_and_says_how_old_they_are() {
    let mut page = Page { owner: Owner::new(), store: None };
    let before = world(Script::Restarts(3));
    page.reads(&mut opened(&before).await, 1).await;
    assert_eq!(page.shows(), (vec![3], SourceHealth::Fine));

    let after = world(Script::WithoutInstances);
    let mut frames = opened(&after).await;
    page.reads(&mut frames, 1).await;
    let (restarts, source) = page.shows();
    assert_eq!(restarts, [3], "not loaded is not none");
    assert!(matches!(source, SourceHealth::Partial { shown_from: Some(_), .. }), "{source:?}");

    after.fly.set(Script::Restarts(4));
    page.reads(&mut frames, 2).await;
    assert_eq!(page.shows(), (vec![4], SourceHealth::Fine));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_opens_after_the_restart_says_that_the_instances_are_not_loaded() {
    let world = world(Script::WithoutInstances);
    let page = world.hub.read(&super::topic(), &viewer("fo1_a")).await.unwrap().into_app().unwrap();
    assert!(page.state.instances.is_empty());
    assert!(page.state.app.not_loaded.has(model::NotLoaded::INSTANCES));
    assert!(matches!(page.source, SourceHealth::Partial { shown_from: None, .. }), "{:?}", page.source);
}

/// A page whose instances are older than the rest, and from when they are.
async fn with_older_instances() -> (World, Frames, Page, Timestamp) {
    let world = world(Script::Restarts(1));
    let mut frames = opened(&world).await;
    let mut page = Page { owner: Owner::new(), store: None };
    page.reads(&mut frames, 1).await;
    world.fly.set(Script::WithoutInstances);
    page.reads(&mut frames, 1).await;
    let from = page.shows().1.shown_from().expect("the instances are older than the rest");
    (world, frames, page, from)
}

#[tokio::test(start_paused = true)]
async fn parts_that_are_older_than_the_rest_are_still_called_so_once_nothing_answers() {
    let (world, mut frames, mut page, from) = with_older_instances().await;
    for (error, limited) in
        [(FlyError::Timeout, false), (FlyError::RateLimited { retry_after: None, request_id: None }, true)]
    {
        world.fly.set(Script::Fails(error));
        page.reads(&mut frames, 1).await;
        let source = page.shows().1;
        assert_eq!(matches!(source, SourceHealth::RateLimited { .. }), limited, "{source:?}");
        assert_eq!(source.shown_from(), Some(from), "{source:?}");
    }
    assert_eq!(page.shows().0, [1]);
}

#[tokio::test(start_paused = true)]
async fn parts_that_were_older_before_a_restart_stay_so_while_the_new_server_gets_no_answer() {
    let (_before, _frames, mut page, from) = with_older_instances().await;

    let after = world(Script::Fails(FlyError::Timeout));
    page.reads(&mut opened(&after).await, 1).await;
    let (restarts, source) = page.shows();
    assert!(matches!(source, SourceHealth::Failing { .. }), "{source:?}");
    assert_eq!((restarts, source.shown_from()), (vec![1], Some(from)));
}
