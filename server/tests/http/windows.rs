//! A reader of a window of the list over HTTP sees rows enter it and leave it.

use super::*;
use app::live::event_stream::{EventStream, Frame};
use app::live::message::{Message, read};
use app::live::{AppsStore, TopicEvent};
use leptos::prelude::Owner;
use model::live::{Cursor, Snapshot};
use std::time::Duration;

/// Of the story "crash-loop": before its release, while it is made, and when it has failed.
const QUIET: &str = "2021-09-22T20:00:01Z";
const DEPLOYING: &str = "2021-09-22T20:00:07Z";
const CRASHING: &str = "2021-09-22T20:00:25Z";
const CRASHES: &str = "rusty-hinge";

/// A page that shows a window, and reads its stream.
struct Reader {
    body: Body,
    parser: EventStream,
    owner: Owner,
    store: Option<AppsStore>,
    place: Option<Cursor>,
}

impl Reader {
    async fn of(console: &Console, cookie: &str, topic: &str, since: Option<&Cursor>) -> Self {
        let since = since.map_or(String::new(), |since| format!("&since={since}"));
        let path = format!("/events?topics={}{since}", topic.replace('&', "%26"));
        let (status, _, body) = console.head_of(get(&path, cookie)).await;
        assert_eq!(status, StatusCode::OK);
        Self { body, parser: EventStream::new(), owner: Owner::new(), store: None, place: None }
    }

    /// Reads up to the next news of the window.
    async fn news(&mut self) -> TopicEvent {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame());
            let bytes = frame.await.unwrap().unwrap().unwrap().into_data().unwrap();
            for frame in self.parser.feed(&bytes).unwrap() {
                if let Frame::Event { .. } = &frame
                    && let Message::News(_, at, event) = read(frame).unwrap()
                {
                    self.place = at.or(self.place.take());
                    self.receive(&event);
                    return event;
                }
            }
        }
    }

    fn receive(&mut self, event: &TopicEvent) {
        let store = self.store;
        let made = self.owner.with(|| match (store, event) {
            (None, TopicEvent::Snapshot(snapshot)) => {
                Some(AppsStore::new(&Snapshot::clone(snapshot).into_apps().unwrap()))
            }
            (Some(store), event) => {
                store.receive(event);
                None
            }
            (None, event) => panic!("no state yet: {event:?}"),
        });
        self.store = store.or(made);
    }

    /// The names of the rows, in order.
    fn rows(&self) -> Vec<String> {
        let rows = self.owner.with(|| self.store.unwrap().apps.get_all_untracked());
        rows.iter().map(|app| app.name.to_string()).collect()
    }

    /// Reads until the app is in the window, or is not.
    async fn until(&mut self, app: &str, is_there: bool) {
        while self.rows().iter().any(|row| row == app) != is_there {
            self.news().await;
        }
    }
}

#[tokio::test]
async fn a_reader_of_a_window_sees_a_row_enter_it_and_leave_it() {
    let console = Console::telling("crash-loop", &[]).await;
    let cookie = console.signed_in(tokens::DEMO).await;
    console.at(QUIET).await;
    let mut deploying = Reader::of(&console, &cookie, "apps?health=deploying", None).await;
    let mut searched = Reader::of(&console, &cookie, "apps?q=rusty", None).await;
    for reader in [&mut deploying, &mut searched] {
        assert!(matches!(reader.news().await, TopicEvent::Snapshot(_)));
    }
    assert_eq!((deploying.rows(), searched.rows()), (vec![], vec![CRASHES.to_owned()]));

    console.at(DEPLOYING).await;
    deploying.until(CRASHES, true).await;
    console.at(CRASHING).await;
    deploying.until(CRASHES, false).await;
    assert_eq!(deploying.rows(), Vec::<String>::new());
    searched.news().await;
    assert_eq!(searched.rows(), [CRASHES], "what one searches for stays, whatever becomes of it");
}

#[tokio::test]
async fn a_reader_who_comes_back_to_a_window_gets_what_entered_and_left_it_meanwhile() {
    let console = Console::telling("crash-loop", &[]).await;
    let cookie = console.signed_in(tokens::DEMO).await;
    console.at(DEPLOYING).await;
    let topic = "apps?health=deploying";
    let mut reader = Reader::of(&console, &cookie, topic, None).await;
    reader.news().await;
    assert_eq!(reader.rows(), [CRASHES]);
    let Reader { body, owner, store, place, .. } = reader;
    drop(body);

    console.at(CRASHING).await;
    let again = Reader::of(&console, &cookie, topic, place.as_ref()).await;
    let mut again = Reader { owner, store, ..again };
    let event = again.news().await;
    assert!(matches!(event, TopicEvent::Changes(_)), "{event:?}");
    again.until(CRASHES, false).await;
}
