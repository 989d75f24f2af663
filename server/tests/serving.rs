//! The accept loop, over real connections.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::routing::get;
use console::Console;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use server::serve::{Limits, serve};
use simulator::tokens;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

async fn serving(
    router: Router,
    shutdown: CancellationToken,
    limits: Limits,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (addr, tokio::spawn(serve(listener, router, shutdown, limits)))
}

/// Everything the server sends until it closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = vec![];
    stream.read_to_end(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(wanted) {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "the connection ended before {wanted:?}: {seen}");
        seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    seen
}

#[tokio::test]
async fn a_stop_says_bye_to_open_streams_and_ends_within_five_seconds() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let shutdown = console.state.shutdown.clone();
    let (addr, server) = serving(console.router.clone(), shutdown.clone(), Limits::default()).await;
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request =
        format!("GET /events?topics=app:tidewater-api HTTP/1.1\r\nhost: {addr}\r\ncookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    until(&mut stream, "event: snapshot").await;

    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(5), server).await.expect("the server did not end").unwrap();
    assert!(rest(&mut stream).await.contains("event: bye"));
}

#[tokio::test]
async fn a_client_that_never_finishes_its_request_is_cut_off() {
    let router = Router::new().route("/", get(|| async { "hello" }));
    let limits = Limits { header_timeout: Duration::from_millis(50), ..Limits::default() };
    let (addr, _server) = serving(router, CancellationToken::new(), limits).await;
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    let answer =
        tokio::time::timeout(Duration::from_secs(5), rest(&mut stream)).await.expect("it was not cut off");
    assert!(!answer.contains("hello"));
}

#[tokio::test]
async fn a_client_that_says_nothing_or_next_to_nothing_is_cut_off() {
    let router = Router::new().route("/", get(|| async { "hello" }));
    let limits = Limits { header_timeout: Duration::from_millis(50), ..Limits::default() };
    let (addr, _server) = serving(router, CancellationToken::new(), limits).await;
    for word in ["", "P", "PRI * HT"] {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(word.as_bytes()).await.unwrap();
        let end = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 1])).await;
        assert!(matches!(end, Ok(Ok(0) | Err(_))), "{word:?} holds a connection");
    }
}

#[tokio::test]
async fn a_connection_over_the_limit_waits_for_its_turn() {
    let router = Router::new().route("/", get(|| async { "hello" }));
    let limits = Limits { connections: 1, ..Limits::default() };
    let (addr, _server) = serving(router, CancellationToken::new(), limits).await;
    let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut first = TcpStream::connect(addr).await.unwrap();
    first.write_all(request).await.unwrap();
    until(&mut first, "hello").await;

    let mut second = TcpStream::connect(addr).await.unwrap();
    second.write_all(request).await.unwrap();
    let early = tokio::time::timeout(Duration::from_millis(100), second.read(&mut [0; 1])).await;
    assert!(early.is_err(), "the second connection was served beside the first");
    drop(first);
    until(&mut second, "hello").await;
}

/// Tells when it is dropped.
struct Dropped(CancellationToken);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[tokio::test]
async fn a_reader_who_takes_nothing_is_cut_off_and_what_it_was_sent_is_let_go() {
    let dropped = CancellationToken::new();
    let told = dropped.clone();
    let endless = move || {
        let guard = Dropped(told.clone());
        async move {
            let chunks = futures::stream::unfold(guard, |guard| async move {
                Some((Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024]), guard))
            });
            axum::body::Body::from_stream(chunks)
        }
    };
    let router = Router::new().route("/", get(endless));
    let limits = Limits { write_timeout: Duration::from_millis(100), ..Limits::default() };
    let (addr, _server) = serving(router, CancellationToken::new(), limits).await;
    let mut stalled = TcpStream::connect(addr).await.unwrap();
    stalled.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let waiting = tokio::time::timeout(Duration::from_secs(10), dropped.cancelled());
    waiting.await.expect("a stalled reader kept its stream");
}

/// A browser that makes all its requests on one connection, as over HTTPS.
struct OneConnection {
    client: Client<HttpConnector, Body>,
    addr: SocketAddr,
    cookie: String,
}

impl OneConnection {
    async fn to(console: &Console, cookie: String) -> Self {
        let shutdown = console.state.shutdown.clone();
        let (addr, _) = serving(console.router.clone(), shutdown, Limits::default()).await;
        Self { client: Client::builder(TokioExecutor::new()).http2_only(true).build_http(), addr, cookie }
    }

    /// The head of the answer; one that does not come at all fails the test.
    async fn get(&self, path: &str) -> Response<hyper::body::Incoming> {
        let request = Request::get(format!("http://{}{path}", self.addr)).header("cookie", &self.cookie);
        let answer = self.client.request(request.body(Body::empty()).unwrap());
        tokio::time::timeout(Duration::from_secs(60), answer).await.expect("the request stalls").unwrap()
    }
}

const EVENTS: &str = "/events?topics=app:tidewater-api";

#[tokio::test]
async fn all_streams_of_a_session_on_one_http2_connection_leave_room_for_pages_and_one_more_is_told_why() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let browser = OneConnection::to(&console, cookie).await;
    let mut streams = vec![];
    for _ in 0..64 {
        streams.push(browser.get(EVENTS).await);
    }
    assert!(streams.iter().all(|stream| stream.status() == StatusCode::OK));
    let refused = browser.get(EVENTS).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let said = refused.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&said).contains("Close a tab"));
    assert_eq!(browser.get("/apps").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_hundred_streams_on_one_http2_connection_do_not_stall_the_next_request() {
    let console = Console::with(&[("FLY_API_TOKEN", tokens::READ_ONLY)]).await;
    let browser = OneConnection::to(&console, String::new()).await;
    let mut streams = vec![];
    for _ in 0..120 {
        streams.push(browser.get(EVENTS).await);
    }
    assert!(streams.iter().all(|stream| stream.status() == StatusCode::OK));
    assert_eq!(browser.get("/apps").await.status(), StatusCode::OK);
}
