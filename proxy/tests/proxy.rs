//! A proxy as a browser meets it: over sockets. Nothing here sleeps: tests wait for events.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "an integration test is a test throughout")]

use std::{
    io::{ErrorKind, Read as _},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::HeaderMap,
    routing::get,
};
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, Response, StatusCode, body::Frame};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use proxy::{Conditions, Cut, How, Options, Proxy, StartError, StatusWindow};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};

/// A Windsock that a test speaks for.
struct Console {
    /// What the stream of events is to bring.
    events: mpsc::UnboundedSender<&'static str>,
    /// True when the reader of the stream is gone.
    gone: watch::Receiver<bool>,
    proxy: Proxy,
}

const PAGE: &str = "<!doctype html><p>0123456789012345678901234567890123456789";

impl Console {
    async fn start(conditions: Conditions) -> Self {
        let (events, receiver) = mpsc::unbounded_channel();
        let (left, gone) = watch::channel(false);
        let stream = std::sync::Arc::new(std::sync::Mutex::new(Some(Events { receiver, left })));
        let router = Router::new()
            .route("/page", get(|| async { PAGE }))
            .route("/heads", get(|headers: HeaderMap| async move { format!("{headers:?}") }))
            .route(
                "/events",
                get(|State(stream): State<std::sync::Arc<std::sync::Mutex<Option<Events>>>>| async move {
                    let events = stream.lock().unwrap().take().expect("one test reads one stream");
                    ([("content-type", "text/event-stream"), ("x-accel-buffering", "no")], Body::new(events))
                }),
            )
            .with_state(stream);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let proxy = Proxy::start(Options { conditions, ..Options::to(to) }).await.unwrap();
        Self { events, gone, proxy }
    }

    async fn ask(&self, path: &str) -> Response<hyper::body::Incoming> {
        ask(&format!("{}{path}", self.proxy.url())).await
    }

    async fn text(&self, path: &str) -> String {
        text(self.ask(path).await).await
    }

    /// A connection on which a path was asked for, to see how it ends.
    async fn raw(&self, path: &str) -> TcpStream {
        let address = self.proxy.url();
        let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: windsock\r\n\r\n").as_bytes()).await.unwrap();
        stream
    }
}

/// A body that ends when the test drops its sender, and tells when its reader is gone.
struct Events {
    receiver: mpsc::UnboundedReceiver<&'static str>,
    left: watch::Sender<bool>,
}

impl Drop for Events {
    fn drop(&mut self) {
        self.left.send_replace(true);
    }
}

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.receiver
            .poll_recv(context)
            .map(|event| event.map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes())))))
    }
}

async fn send(request: Request<Full<Bytes>>) -> Response<hyper::body::Incoming> {
    Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap()
}

async fn ask(url: &str) -> Response<hyper::body::Incoming> {
    send(Request::get(url).body(Full::default()).unwrap()).await
}

async fn text(answer: Response<hyper::body::Incoming>) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The next piece of a body.
async fn piece(body: &mut hyper::body::Incoming) -> String {
    let data = body.frame().await.unwrap().unwrap().into_data().unwrap();
    String::from_utf8(data.to_vec()).unwrap()
}

/// Whether a body brings nothing however often everything else had its turn.
async fn nothing_comes(body: &mut hyper::body::Incoming) -> bool {
    tokio::select! {
        biased;
        _ = body.frame() => false,
        () = turns() => true,
    }
}

/// Lets everything that can go on go on, sockets among it.
async fn turns() {
    for _ in 0..5_000 {
        tokio::task::yield_now().await;
    }
}

fn cut(after_bytes: u64, how: How) -> Conditions {
    let cut = Cut { after_bytes: Some(after_bytes), after_ms: None, how };
    Conditions { cut: Some(cut), ..Conditions::default() }
}

#[tokio::test]
async fn without_conditions_everything_passes_as_it_is() {
    let console = Console::start(Conditions::default()).await;
    assert_eq!(console.text("/page").await, PAGE);
    let heads = console.text("/heads?a=1").await;
    assert!(heads.contains("\"x-forwarded-for\": \"127.0.0.1\""), "{heads}");
    assert_eq!(console.ask("/nothing").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(console.proxy.counts().requests, 3);
}

#[tokio::test]
async fn events_pass_as_they_come() {
    let console = Console::start(Conditions::default()).await;
    let mut body = console.ask("/events").await.into_body();
    for event in ["data: 1\n\n", "data: 2\n\n"] {
        console.events.send(event).unwrap();
        assert_eq!(piece(&mut body).await, event);
    }
}

#[tokio::test]
async fn a_browser_that_leaves_is_gone_for_windsock_too() {
    let console = Console::start(Conditions::default()).await;
    let mut gone = console.gone.clone();
    drop(console.ask("/events").await);
    gone.wait_for(|gone| *gone).await.unwrap();
}

#[tokio::test]
async fn latency_holds_each_request_back() {
    let console = Console::start(Conditions { latency_ms: 40, ..Conditions::default() }).await;
    let since = Instant::now();
    assert_eq!(console.text("/page").await, PAGE);
    assert!(since.elapsed() >= Duration::from_millis(40));
}

#[tokio::test]
async fn a_narrow_line_takes_its_time() {
    let rate = 1_000;
    let console = Console::start(Conditions { bytes_per_second: Some(rate), ..Conditions::default() }).await;
    let since = Instant::now();
    assert_eq!(console.text("/page").await, PAGE);
    let least = Duration::from_millis(1_000 * PAGE.len() as u64 / rate);
    assert!(since.elapsed() >= least, "{:?}", since.elapsed());
}

#[tokio::test]
async fn a_narrow_line_that_heals_is_wide_for_a_body_that_is_under_way() {
    let console = Console::start(Conditions { bytes_per_second: Some(1_000), ..Conditions::default() }).await;
    let mut body = console.ask("/events").await.into_body();
    console.events.send("data: 1\n\n").unwrap();
    assert_eq!(piece(&mut body).await, "data: 1\n\n");
    console.proxy.heal();
    // A thousand seconds on the narrow line.
    let much = "x".repeat(1_000_000);
    console.events.send(Box::leak(much.into_boxed_str())).unwrap();
    let mut came = 0;
    while came < 1_000_000 {
        came += piece(&mut body).await.len();
    }
}

#[tokio::test]
async fn a_cut_that_has_not_come_does_not_come_once_all_is_well() {
    let after = |after_bytes, after_ms| Some(Cut { after_bytes, after_ms, how: How::Silent });
    for cut in [after(Some(10), None), after(None, Some(100))] {
        let console = Console::start(Conditions { cut, ..Conditions::default() }).await;
        let mut body = console.ask("/events").await.into_body();
        console.proxy.heal();
        tokio::time::sleep(Duration::from_millis(150)).await;
        console.events.send("data: more than ten bytes\n\n").unwrap();
        assert_eq!(piece(&mut body).await, "data: more than ten bytes\n\n");
    }
}

#[tokio::test]
async fn a_buffering_proxy_holds_events_back_until_its_buffer_is_full() {
    let console = Console::start(Conditions { buffer_bytes: Some(20), ..Conditions::default() }).await;
    let mut body = console.ask("/events").await.into_body();
    console.events.send("data: 1\n\n").unwrap();
    assert!(nothing_comes(&mut body).await);
    console.events.send("data: 22\n\n").unwrap();
    assert!(nothing_comes(&mut body).await);
    console.events.send("data: 3\n\n").unwrap();
    assert_eq!(piece(&mut body).await, "data: 1\n\ndata: 22\n\ndata: 3\n\n");
}

#[tokio::test]
async fn what_a_buffer_still_holds_comes_once_all_is_well_and_the_rest_at_once() {
    let console = Console::start(Conditions { buffer_bytes: Some(1_000), ..Conditions::default() }).await;
    let mut body = console.ask("/events").await.into_body();
    console.events.send("data: 1\n\n").unwrap();
    assert!(nothing_comes(&mut body).await);
    console.proxy.change(Conditions::default()).unwrap();
    assert!(nothing_comes(&mut body).await, "what is under way keeps what it began with");
    console.proxy.heal();
    for text in ["data: 1\n\n", "data: 2\n\n"] {
        assert_eq!(piece(&mut body).await, text);
        console.events.send("data: 2\n\n").unwrap();
    }
}

#[tokio::test]
async fn what_a_buffer_still_holds_comes_at_the_end_of_the_body() {
    let console = Console::start(Conditions { buffer_bytes: Some(1_000_000), ..Conditions::default() }).await;
    assert_eq!(console.text("/page").await, PAGE);
}

#[tokio::test]
async fn a_body_is_cut_after_so_many_bytes_in_order_or_by_a_reset() {
    let console = Console::start(cut(10, How::Close)).await;
    let mut bytes = Vec::new();
    console.raw("/page").await.read_to_end(&mut bytes).await.unwrap();
    assert!(String::from_utf8(bytes).unwrap().ends_with(&format!("\r\n\r\n{}", &PAGE[..10])));
    console.proxy.change(cut(10, How::Reset)).unwrap();
    let end = console.raw("/page").await.read_to_end(&mut Vec::new()).await;
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_body_is_cut_after_a_time_although_it_goes_on() {
    let after = Cut { after_bytes: None, after_ms: Some(20), how: How::Close };
    let console = Console::start(Conditions { cut: Some(after), ..Conditions::default() }).await;
    let mut gone = console.gone.clone();
    let mut bytes = Vec::new();
    console.raw("/events").await.read_to_end(&mut bytes).await.unwrap();
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK"));
    gone.wait_for(|gone| *gone).await.unwrap();
}

#[tokio::test]
async fn a_body_that_is_cut_silently_leaves_its_connection_open() {
    let console = Console::start(cut(9, How::Silent)).await;
    let mut body = console.ask("/events").await.into_body();
    console.events.send("data: 1\n\ndata: 2\n\n").unwrap();
    assert_eq!(piece(&mut body).await, "data: 1\n\n");
    console.events.send("data: 3\n\n").unwrap();
    assert!(nothing_comes(&mut body).await);
    assert_eq!(console.proxy.counts().connections, 1);
    assert!(!*console.gone.borrow());
}

#[tokio::test]
async fn silence_holds_what_is_under_way_and_lets_it_go_on() {
    let console = Console::start(Conditions::default()).await;
    let mut body = console.ask("/events").await.into_body();
    console.events.send("data: 1\n\n").unwrap();
    assert_eq!(piece(&mut body).await, "data: 1\n\n");
    console.proxy.change(Conditions { silent: true, ..Conditions::default() }).unwrap();
    console.events.send("data: 2\n\n").unwrap();
    assert!(nothing_comes(&mut body).await);
    console.proxy.change(Conditions::default()).unwrap();
    assert_eq!(piece(&mut body).await, "data: 2\n\n");
}

#[tokio::test]
async fn all_connections_end_at_once_and_new_ones_are_taken() {
    let console = Console::start(Conditions::default()).await;
    for how in [How::Close, How::Reset] {
        let mut stream = console.raw("/page").await;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        console.proxy.end_connections(how);
        let end = stream.read_to_end(&mut Vec::new()).await;
        match how {
            How::Reset => assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset),
            _ => assert!(end.is_ok(), "{end:?}"),
        }
    }
    assert_eq!(console.text("/page").await, PAGE);
}

#[tokio::test]
async fn connections_end_in_the_midst_of_a_silence_too() {
    let console = Console::start(Conditions::default()).await;
    let mut body = console.ask("/events").await.into_body();
    console.proxy.change(Conditions { silent: true, ..Conditions::default() }).unwrap();
    console.proxy.end_connections(How::Close);
    assert!(body.frame().await.unwrap().is_err());
    let mut gone = console.gone.clone();
    gone.wait_for(|gone| *gone).await.unwrap();
}

#[tokio::test]
async fn a_status_comes_for_the_next_requests_and_then_the_page() {
    let window = StatusWindow { status: 503, for_ms: None, next: Some(2), retry_after: Some(7) };
    let console = Console::start(Conditions { status: Some(window), ..Conditions::default() }).await;
    for _ in 0..2 {
        let answer = console.ask("/page").await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (503, &"7".parse().unwrap())
        );
        assert!(text(answer).await.contains("503 Service Unavailable"));
    }
    assert_eq!(console.text("/page").await, PAGE);
}

#[tokio::test]
async fn a_status_window_of_no_length_is_over_and_one_without_end_stays() {
    let window = |for_ms| StatusWindow { status: 502, for_ms, next: None, retry_after: None };
    let console = Console::start(Conditions { status: Some(window(Some(0))), ..Conditions::default() }).await;
    assert_eq!(console.ask("/page").await.status(), StatusCode::OK);
    console.proxy.change(Conditions { status: Some(window(None)), ..Conditions::default() }).unwrap();
    for _ in 0..3 {
        assert_eq!(console.ask("/page").await.status(), StatusCode::BAD_GATEWAY);
    }
}

#[tokio::test]
async fn conditions_can_be_for_some_paths_only() {
    let window = StatusWindow { status: 502, for_ms: None, next: None, retry_after: None };
    let only = Some("/events".to_owned());
    let console = Console::start(Conditions { only, status: Some(window), ..Conditions::default() }).await;
    assert_eq!(console.ask("/page").await.status(), StatusCode::OK);
    assert_eq!(console.ask("/events?topics=apps").await.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn a_proxy_of_http_1_does_not_understand_http_2() {
    let console = Console::start(Conditions { http1_only: true, ..Conditions::default() }).await;
    let url = format!("{}/page", console.proxy.url());
    let client = || Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Full<Bytes>>();
    assert!(client().get(url.parse().unwrap()).await.is_err());
    console.proxy.change(Conditions::default()).unwrap();
    let answer = client().get(url.parse().unwrap()).await.unwrap();
    assert_eq!((answer.version(), answer.status()), (hyper::Version::HTTP_2, StatusCode::OK));
    assert_eq!(text(answer).await, PAGE);
}

#[tokio::test]
async fn named_headers_are_not_passed_on() {
    let strip = Conditions {
        strip_request_headers: vec!["Last-Event-ID".into()],
        strip_response_headers: vec!["X-Accel-Buffering".into()],
        ..Conditions::default()
    };
    let console = Console::start(strip).await;
    let url = format!("{}/heads", console.proxy.url());
    let request = Request::get(url).header("last-event-id", "7").header("x-kept", "1").body(Full::default());
    let heads = text(send(request.unwrap()).await).await;
    assert!(heads.contains("x-kept") && !heads.contains("last-event-id"), "{heads}");
    let answer = console.ask("/events").await;
    assert!(!answer.headers().contains_key("x-accel-buffering"));
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
}

#[tokio::test]
async fn a_recompressing_middlebox_compresses_pages_and_holds_events_back() {
    let console = Console::start(Conditions { recompress: true, ..Conditions::default() }).await;
    let gzip = |path: &str| {
        let url = format!("{}{path}", console.proxy.url());
        send(Request::get(url).header("accept-encoding", "gzip, br").body(Full::default()).unwrap())
    };
    let answer = gzip("/page").await;
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert!(!answer.headers().contains_key("content-length"));
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let mut page = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut page).unwrap();
    assert_eq!(page, PAGE);
    let mut events = gzip("/events").await.into_body();
    console.events.send("data: 1\n\n").unwrap();
    let first = events.frame();
    // The head of the format may pass; the event does not.
    let first = tokio::select! {
        biased;
        frame = first => frame.unwrap().unwrap().into_data().unwrap().len(),
        () = turns() => 0,
    };
    assert!(first <= 10, "{first}");
    assert_eq!(console.text("/page").await, PAGE);
}

#[tokio::test]
async fn a_prefix_is_taken_off_and_told() {
    let console =
        Console::start(Conditions { prefix: Some("/console".into()), ..Conditions::default() }).await;
    assert_eq!(console.text("/console/page").await, PAGE);
    assert!(console.text("/console/heads").await.contains("\"x-forwarded-prefix\": \"/console\""));
    assert_eq!(console.ask("/page").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_windsock_behind_it_the_answer_is_502() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let proxy = Proxy::start(Options::to(free.to_string())).await.unwrap();
    assert_eq!(ask(&format!("{}/page", proxy.url())).await.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn the_control_changes_tells_and_clears_the_conditions() {
    let console = Console::start(Conditions::default()).await;
    let control = |method: Method, path: &str, body: &'static str| {
        let url = format!("{}/_proxy/{path}", console.proxy.control_url());
        send(Request::builder().method(method).uri(url).body(Full::from(body)).unwrap())
    };
    let changed = control(Method::PUT, "conditions", r#"{"status": {"status": 429}, "silent": false}"#).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(console.ask("/page").await.status(), StatusCode::TOO_MANY_REQUESTS);
    let state = text(control(Method::GET, "state", "").await).await;
    assert!(state.contains("\"requests\":1") && state.contains("429"), "{state}");
    for (wrong, told) in [("{\"status\": {\"status\": 9}}", "200 to 599"), ("{\"often\": 1}", "latency_ms")] {
        let refused = control(Method::PUT, "conditions", wrong).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let refused = text(refused).await;
        assert!(refused.contains(told), "{refused}");
    }
    control(Method::DELETE, "conditions", "").await;
    assert_eq!(console.proxy.conditions(), Conditions::default());
    let mut body = console.ask("/events").await.into_body();
    control(Method::POST, "end?how=reset", "").await;
    assert!(body.frame().await.unwrap().is_err());
}

#[tokio::test]
async fn what_cannot_be_started_is_refused_with_what_is_allowed() {
    let refused = async |options: Options| match Proxy::start(options).await {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    assert!(refused(Options::to("windsock")).await.contains("HOST:PORT"));
    let control = "0.0.0.0:0".parse().unwrap();
    assert!(refused(Options { control, ..Options::to("127.0.0.1:1") }).await.contains("loopback only"));
    let status = Some(StatusWindow { status: 1, for_ms: None, next: None, retry_after: None });
    let wrong = Conditions { status, ..Conditions::default() };
    let error = Proxy::start(Options { conditions: wrong, ..Options::to("127.0.0.1:1") }).await.err();
    assert!(matches!(error, Some(StartError::Conditions(_))));
}

#[tokio::test]
async fn an_answer_that_asks_not_to_be_buffered_is_not_where_the_proxy_heeds_that() {
    let nginx = Conditions { buffer_bytes: Some(8192), heeds_accel_buffering: true, ..Conditions::default() };
    let console = Console::start(nginx).await;
    let mut events = console.ask("/events").await.into_body();
    console.events.send("event: hello\n\n").unwrap();
    assert_eq!(events.frame().await.unwrap().unwrap().into_data().unwrap(), "event: hello\n\n");
}

#[tokio::test]
async fn a_body_of_which_nothing_comes_for_the_idle_time_is_cut() {
    let console = Console::start(Conditions { idle_ms: Some(50), ..Conditions::default() }).await;
    let mut events = console.ask("/events").await.into_body();
    console.events.send("event: hello\n\n").unwrap();
    assert!(events.frame().await.unwrap().is_ok());
    assert!(events.frame().await.is_none_or(|end| end.is_err()), "it went on");
    assert_eq!(console.text("/page").await, PAGE);
}

#[tokio::test]
async fn windsock_can_be_asked_with_http_1_0() {
    let console = Console::start(Conditions { upstream_http10: true, ..Conditions::default() }).await;
    assert_eq!(console.text("/page").await, PAGE);
    let mut events = console.ask("/events").await.into_body();
    console.events.send("event: hello\n\n").unwrap();
    assert_eq!(events.frame().await.unwrap().unwrap().into_data().unwrap(), "event: hello\n\n");
}
