//! A client without patience, servers of one answer, and the parts of tests that repeat.

use fly::{Clock, Endpoints, FlyClient, FlyToken, Limits, RetryPolicy};
use model::{AppName, InstanceId};
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) const CANARY: &str = "fo1_CANARY_7d1f";
pub(crate) const SMALL_BODY: usize = 64 * 1024;

pub(crate) fn token() -> FlyToken {
    FlyToken::parse(CANARY).unwrap()
}

pub(crate) fn app() -> AppName {
    AppName::new("harbor-web").unwrap()
}

pub(crate) fn client(base: &str) -> FlyClient {
    client_with(base, Limits { body: SMALL_BODY, ..Limits::default() })
}

pub(crate) fn client_with(base: &str, limits: Limits) -> FlyClient {
    clocked_client(base, limits).0
}

/// The same with the clock it lives by.
pub(crate) fn clocked_client(base: &str, limits: Limits) -> (FlyClient, Arc<TestClock>) {
    let endpoints = Endpoints { api: base.to_owned(), machines: base.to_owned() };
    let retries = RetryPolicy { attempts: 2, base: Duration::from_secs(1) };
    let clock = Arc::new(TestClock::default());
    (FlyClient::with_limits(endpoints, limits, retries).unwrap().with_clock(clock.clone()), clock)
}

/// A clock that stands still until it is slept by, which takes no time at all.
#[derive(Debug, Default)]
pub(crate) struct TestClock {
    slept: Mutex<Vec<Duration>>,
}

impl TestClock {
    /// Its time of day at its beginning: 2026-11-23T00:00:00Z.
    pub(crate) const BEGINNING: Duration = Duration::from_secs(1_795_392_000);

    /// The sleeps so far.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for TestClock {
    fn elapsed(&self) -> Duration {
        self.slept().iter().sum()
    }

    fn utc(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Self::BEGINNING + self.elapsed()
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.slept.lock().unwrap().push(wait);
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn machine_id() -> InstanceId {
    InstanceId::new("73d8d46dbee589").unwrap()
}

/// A server that gives every GraphQL query this answer.
pub(crate) async fn graphql_says(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/graphql")).respond_with(answer).mount(&server).await;
    server
}

/// A server that gives every GraphQL query this data.
pub(crate) async fn graphql_data(data: Value) -> MockServer {
    graphql_says(ok(&json!({ "data": data }))).await
}

pub(crate) fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("fly-request-id", "01JREQUEST").set_body_json(body)
}

/// Adds an answer of the Machines API.
pub(crate) async fn machines_say(server: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(server).await;
}

pub(crate) async fn count(server: &MockServer, of: &str) -> usize {
    server.received_requests().await.unwrap().iter().filter(|request| request.url.path() == of).count()
}

/// A server of bytes: to each connection it writes `head`, then `rest` again and again until the
/// other side has gone, or never where it is empty. Gives its address and, at its end, the number
/// of bytes it got rid of on its first connection.
pub(crate) async fn raw_server(head: Vec<u8>, rest: Vec<u8>) -> (String, JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8 * 1024];
        let _ = stream.read(&mut request).await;
        let mut sent = 0;
        if stream.write_all(&head).await.is_ok() {
            while !rest.is_empty() && stream.write_all(&rest).await.is_ok() {
                sent += rest.len();
            }
        }
        sent
    });
    (base, task)
}
