//! A paused simulator and a client for it.

use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response, StatusCode, body::Bytes, header::HeaderMap};
use hyper_util::{
    client::legacy::{Client, Error},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use simulator::{Options, Simulator, Story, StoryTime, tokens};

pub(crate) const V14: &str = "crimson-wildflower-1711";

/// An answer with its body as text.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) fn demo() -> String {
    format!("Bearer {}", tokens::DEMO)
}

pub(crate) fn read_only() -> String {
    format!("FlyV1 {}", tokens::READ_ONLY)
}

pub(crate) fn app_scoped() -> String {
    format!("FlyV1 {}", tokens::APP_SCOPED)
}

pub(crate) fn other_org() -> String {
    format!("FlyV1 {}", tokens::OTHER_ORG)
}

pub(crate) async fn paused(story: &str) -> Simulator {
    start(story, false).await
}

pub(crate) async fn start(story: &str, rate_limits: bool) -> Simulator {
    let story = Story::embedded(story).unwrap();
    let options = Options { story, paused: true, rate_limits, ..Options::default() };
    Simulator::start(options).await.unwrap()
}

pub(crate) async fn v14_at(time: &str) -> Simulator {
    let simulator = paused("failed-deploy-v14").await;
    simulator.jump(StoryTime::parse(&format!("2021-09-22T{time}Z")).unwrap());
    simulator
}

pub(crate) async fn try_send(
    request: Request<Full<Bytes>>,
) -> Result<Response<hyper::body::Incoming>, Error> {
    Client::builder(TokioExecutor::new()).build_http().request(request).await
}

pub(crate) async fn send(request: Request<Full<Bytes>>) -> Answer {
    let (parts, body) = try_send(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, text }
}

pub(crate) fn get_request(url: &str, authorization: &str) -> Request<Full<Bytes>> {
    Request::get(url).header("authorization", authorization).body(Full::default()).unwrap()
}

pub(crate) async fn get(url: &str, authorization: &str) -> Answer {
    send(get_request(url, authorization)).await
}

/// A request with any method, perhaps the nonce of a lease and perhaps a body.
pub(crate) async fn ask_to(
    method: &str,
    url: &str,
    authorization: &str,
    nonce: Option<&str>,
    body: Option<Value>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(url).header("authorization", authorization);
    if let Some(nonce) = nonce {
        request = request.header("fly-machine-lease-nonce", nonce);
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    send(request.body(Full::from(body)).unwrap()).await
}

pub(crate) async fn post(url: &str) -> Answer {
    send(Request::post(url).body(Full::default()).unwrap()).await
}

pub(crate) fn graphql_request(
    simulator: &Simulator,
    authorization: &str,
    body: &Value,
) -> Request<Full<Bytes>> {
    Request::post(format!("{}/graphql", simulator.api_url()))
        .header("authorization", authorization)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap()
}

/// Asks as the demo user and takes only the data: an error fails the test.
pub(crate) async fn data(
    simulator: &Simulator,
    query: &str,
    operation: Option<&str>,
    variables: Value,
) -> Value {
    let body = json!({"query": query, "operationName": operation, "variables": variables});
    let mut answer = send(graphql_request(simulator, &demo(), &body)).await.json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].take()
}
