//! A stream behind each of the proxies of docs/live.md, as they are set by default or as it says there.
//!
//! `windsock-proxy` behaves as the documentation of each of them says; the clock is moved by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;

use axum::body::Body;
use axum::http::Request;
use console::Console;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use proxy::{Conditions, Cut, How, Options, Proxy};
use server::serve::{Limits, serve};
use simulator::tokens;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const ALLOCATION: &str = "/events?topics=app:crimson-wildflower-1711";
/// How long it goes well, or not.
const MINUTES: u64 = 5;
/// A page that hears nothing for so many seconds gives its stream up. Signs of life come every 15.
const SILENCE: u64 = 30;

/// What one reader got, who comes back whenever the stream ends, as a page does.
struct Reader {
    heard: UnboundedReceiver<String>,
    text: String,
}

impl Reader {
    /// Reads over the proxy from now on.
    fn begin(url: &str) -> Self {
        let (say, heard) = unbounded_channel();
        let url = format!("{url}{ALLOCATION}");
        tokio::spawn(async move {
            let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
            let mut last = String::new();
            loop {
                let mut request = Request::get(&url).header("accept-encoding", "gzip");
                if !last.is_empty() {
                    request = request.header("last-event-id", &last);
                }
                let mut body =
                    client.request(request.body(Body::empty()).unwrap()).await.unwrap().into_body();
                while let Some(Ok(frame)) = body.frame().await {
                    let text = String::from_utf8_lossy(&frame.into_data().unwrap_or_default()).into_owned();
                    if let Some(id) = text.lines().filter_map(|line| line.strip_prefix("id: ")).next_back() {
                        id.clone_into(&mut last);
                    }
                    if say.send(text).is_err() {
                        return;
                    }
                }
            }
        });
        Self { heard, text: String::new() }
    }

    fn words(&mut self) -> usize {
        self.count("ping") + self.count("hello")
    }

    fn count(&mut self, event: &str) -> usize {
        while let Ok(text) = self.heard.try_recv() {
            self.text.push_str(&text);
        }
        self.text.matches(&format!("event: {event}\n")).count()
    }

    /// Lets everything happen that needs no time until that many events came.
    async fn until(&mut self, event: &str, count: usize) {
        for _ in 0..200 {
            if self.count(event) >= count {
                return;
            }
            settle().await;
        }
        panic!("no {event} came: {:?}", self.text);
    }
}

/// Bytes that are under way arrive; no time passes. Nothing is idle meanwhile, so that the clock, which
/// is paused, stands still.
async fn settle() {
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
}

/// What is held back or cut by this proxy? `streams` is how many streams are needed.
async fn behind(conditions: Conditions, streams: usize) {
    let console = Console::with(&[("FLY_API_TOKEN", tokens::READ_ONLY)]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap().to_string();
    tokio::spawn(serve(listener, console.router.clone(), console.state.shutdown.clone(), Limits::default()));
    let proxy = Proxy::start(Options { conditions, ..Options::to(to) }).await.unwrap();
    let mut reader = Reader::begin(&proxy.url());
    tokio::time::timeout(Duration::from_secs(60), async {
        while reader.count("snapshot") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("the first state is held back");

    tokio::time::pause();
    let (mut heard, mut heard_at) = (reader.words(), 0);
    for second in 1..=MINUTES * 60 {
        tokio::time::advance(Duration::from_secs(1)).await;
        settle().await;
        if reader.words() > heard {
            (heard, heard_at) = (reader.words(), second);
        }
        assert!(second - heard_at < SILENCE, "after {second} s: nothing since {heard_at} s");
    }
    assert_eq!(reader.count("hello"), streams, "streams");
    assert_eq!(reader.count("snapshot"), 1, "what was known came again");
    // What happens now is told now.
    let before = reader.count("change");
    console.simulator.jump_to_step(4).unwrap();
    console.state.hub.poll_now().await;
    reader.until("change", before + 1).await;
}

#[tokio::test]
async fn a_stream_lives_behind_nginx_as_it_is_set_by_default() {
    let nginx = Conditions {
        buffer_bytes: Some(8 * 1024),
        heeds_accel_buffering: true,
        upstream_http10: true,
        idle_ms: Some(60_000),
        ..Conditions::default()
    };
    behind(nginx, 1).await;
}

#[tokio::test]
async fn a_stream_lives_behind_caddy_and_traefik_as_they_are_set_by_default() {
    behind(Conditions::default(), 1).await;
}

#[tokio::test]
async fn a_stream_lives_behind_haproxy_with_a_time_out_just_above_thirty_seconds() {
    behind(Conditions { idle_ms: Some(31_000), ..Conditions::default() }, 1).await;
}

#[tokio::test]
async fn a_stream_lives_behind_a_load_balancer_of_aws_as_it_is_set_by_default() {
    behind(Conditions { idle_ms: Some(60_000), http1_only: true, ..Conditions::default() }, 1).await;
}

#[tokio::test]
async fn a_stream_lives_behind_a_proxy_that_compresses_and_heeds_no_transform() {
    behind(Conditions { recompress: true, heeds_no_transform: true, ..Conditions::default() }, 1).await;
}

#[tokio::test]
async fn what_a_proxy_ends_after_a_hundred_seconds_goes_on_where_it_was() {
    let cut = Some(Cut { after_ms: Some(100_000), how: How::Close, ..Cut::default() });
    behind(Conditions { cut, ..Conditions::default() }, 3).await;
}
