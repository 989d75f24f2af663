//! The token of a person who signed in is in no page, no header, no stream and no log.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;

use console::{Console, get};
use http_body_util::BodyExt;
use simulator::{Affected, Outage, tokens};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;
    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn the_token_is_in_no_page_no_header_no_stream_and_no_log() {
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;

    let mut seen = vec![];
    for path in ["/apps", "/apps/crimson-wildflower-1711", "/apps/no-such-app", "/sign-in", "/"] {
        let answer = console.get(path, &cookie).await;
        seen.push(format!("{:?}{}", answer.headers, answer.text));
    }
    let (_, headers, mut stream) = console.head_of(get("/events?topics=app:tidewater-api", &cookie)).await;
    let first = stream.frame().await.unwrap().unwrap().into_data().unwrap();
    seen.push(format!("{headers:?}{}", String::from_utf8_lossy(&first)));
    console.simulator.outage(Affected::All, Outage::Down);
    console.state.hub.poll_now().await;
    let down = console.get("/apps/crimson-wildflower-1711", &cookie).await;
    seen.push(format!("{:?}{}", down.headers, down.text));

    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.contains("request"), "the log of this test is empty");
    let value = cookie.split_once('=').unwrap().1.to_owned();
    for text in seen.iter().chain(std::iter::once(&logged)) {
        assert!(!text.contains(tokens::DEMO), "the token leaked");
        assert!(!text.contains(&value), "the session's id leaked");
    }
}
