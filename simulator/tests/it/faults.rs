//! Every fault as a client meets it: over HTTP, on a connection.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::common::*;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use simulator::{
    FaultRule, Options, Preset, Simulator, Story,
    clock::RealTime,
    faults::{ErrorBody, Fault, Garble, RetryAfter},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const MACHINES: &str = "/v1/apps/tidewater-api/machines";

async fn with(rule: Value) -> Simulator {
    let simulator = paused("calm").await;
    add(&simulator, rule);
    simulator
}

fn add(simulator: &Simulator, rule: Value) {
    let rule: FaultRule = serde_json::from_value(rule).unwrap();
    simulator.add_fault(rule).unwrap();
}

fn everywhere(fault: &Value) -> Value {
    json!({"fault": fault})
}

async fn machines(simulator: &Simulator) -> Answer {
    get(&format!("{}{MACHINES}", simulator.machines_url()), &demo()).await
}

async fn query(simulator: &Simulator, query: &str) -> Answer {
    send(graphql_request(simulator, &demo(), &json!({"query": query}))).await
}

/// Everything a connection brings after one request, and how it ends.
async fn raw(simulator: &Simulator) -> (Vec<u8>, std::io::Result<usize>) {
    let address = simulator.machines_url();
    let address = address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {MACHINES} HTTP/1.1\r\nhost: fly\r\nauthorization: {}\r\n\r\n", demo());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    (bytes, end)
}

async fn control(simulator: &Simulator, method: Method, path: &str, body: &Value) -> Answer {
    let url = format!("{}/_story/faults{path}", simulator.control_url());
    let request = Request::builder().method(method).uri(url).body(Full::from(body.to_string())).unwrap();
    send(request).await
}

#[tokio::test]
async fn latency_delays_an_answer_that_is_otherwise_whole() {
    let simulator = with(everywhere(&json!({"kind": "latency", "ms": 40, "jitter_ms": 10}))).await;
    let since = Instant::now();
    let answer = machines(&simulator).await;
    assert!(since.elapsed() >= Duration::from_millis(40));
    assert!(answer.json().is_array(), "{}", answer.text);
}

#[tokio::test]
async fn a_status_comes_for_the_next_requests_and_then_the_answer() {
    let fault = json!({"kind": "status", "status": 502, "body": "html"});
    let simulator = with(json!({"fault": fault, "next": 2})).await;
    for _ in 0..2 {
        let answer = machines(&simulator).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert!(answer.header("content-type").starts_with("text/html"));
        assert!(answer.text.contains("<h1>502 bad gateway</h1>"), "{}", answer.text);
        assert!(!answer.header("fly-request-id").is_empty());
    }
    assert_eq!(machines(&simulator).await.status, StatusCode::OK);
    let counted = simulator.requests();
    assert_eq!(counted.of("GET /v1/apps/{app}/machines"), 3);
    assert_eq!(simulator.faults()[0].hits, 2);
}

/// Real time that a test moves.
#[derive(Default)]
struct Hand(Mutex<Duration>);

impl RealTime for Hand {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

#[tokio::test]
async fn a_window_of_time_ends_by_itself() {
    let hand = Arc::new(Hand::default());
    let real_time = Arc::clone(&hand) as Arc<dyn RealTime>;
    let story = Story::embedded("calm").unwrap();
    let simulator = Simulator::start(Options { story, paused: true, real_time, ..Options::default() });
    let simulator = simulator.await.unwrap();
    add(&simulator, json!({"fault": {"kind": "status", "status": 500}, "after_ms": 1000, "for_ms": 5000}));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(machines(&simulator).await.status.as_u16());
        *hand.0.lock().unwrap() += Duration::from_secs(2);
    }
    assert_eq!(seen, [200, 500, 500, 200]);
}

#[tokio::test]
async fn retry_after_comes_as_seconds_and_as_a_date() {
    let simulator = paused("calm").await;
    let status = |retry_after| Fault::Status { status: 429, retry_after, body: ErrorBody::Text };
    let on = |fault| FaultRule { next: Some(1), ..FaultRule::on("list-machines".parse().unwrap(), fault) };
    simulator.add_fault(on(status(Some(RetryAfter::Seconds(7))))).unwrap();
    let answer = machines(&simulator).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "7"));
    assert_eq!(answer.text, "too many requests");
    simulator.add_fault(on(status(Some(RetryAfter::DateIn(60))))).unwrap();
    let answer = machines(&simulator).await;
    let form = time::format_description::well_known::Rfc2822;
    let date = |name: &str| time::OffsetDateTime::parse(&answer.header(name).replace("GMT", "+0000"), &form);
    let wait = date("retry-after").unwrap() - date("date").unwrap();
    assert!((59..=61).contains(&wait.whole_seconds()), "{wait}");
    assert!(answer.header("retry-after").ends_with(" GMT"), "{}", answer.header("retry-after"));
}

#[tokio::test]
async fn an_error_is_worded_as_its_api_words_errors() {
    let simulator = with(everywhere(&json!({"kind": "status", "status": 503}))).await;
    assert_eq!(machines(&simulator).await.json(), json!({"error": "service unavailable"}));
    let answer = query(&simulator, "{ viewer { id } }").await.json();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE");
    simulator.clear_faults();
    add(&simulator, everywhere(&json!({"kind": "status", "status": 504, "body": "empty"})));
    let empty = machines(&simulator).await;
    assert_eq!((empty.status.as_u16(), empty.text.as_str()), (504, ""));
}

#[tokio::test]
async fn a_fault_is_for_one_action_one_operation_and_one_token() {
    let down = json!({"kind": "status", "status": 500});
    let simulator = with(json!({"fault": down, "route": "get-machine", "token": "read-only"})).await;
    add(&simulator, json!({"fault": down, "route": "graphql:viewer"}));
    let machine = machines(&simulator).await.json()[0]["id"].as_str().unwrap().to_owned();
    let url = format!("{}{MACHINES}/{machine}", simulator.machines_url());
    assert_eq!(get(&url, &demo()).await.status, StatusCode::OK);
    assert_eq!(get(&url, &read_only()).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(query(&simulator, "{ viewer { id } }").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(query(&simulator, "{ apps { nodes { id } } }").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cut_body_stops_after_so_many_bytes_although_more_were_promised() {
    let simulator = with(everywhere(&json!({"kind": "cut", "after_bytes": 10}))).await;
    let (bytes, end) = raw(&simulator).await;
    assert!(end.is_ok(), "{end:?}");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), 10);
    assert!(promised.parse::<usize>().unwrap() > 10);
}

#[tokio::test]
async fn a_dripping_body_comes_in_pieces_and_whole() {
    let simulator = with(json!({"fault": {"kind": "drip", "bytes": 64, "every_ms": 1}, "next": 1})).await;
    let url = format!("{}{MACHINES}", simulator.machines_url());
    let mut body = try_send(get_request(&url, &demo())).await.unwrap().into_body();
    let (mut pieces, mut text) = (0, Vec::new());
    while let Some(frame) = body.frame().await {
        pieces += 1;
        text.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    assert!(pieces > 3, "{pieces}");
    assert_eq!(String::from_utf8(text).unwrap(), machines(&simulator).await.text);
}

#[tokio::test]
async fn a_garbled_body_is_no_json_of_the_promised_kind() {
    let simulator = paused("calm").await;
    for shape in [Garble::Half, Garble::Html, Garble::Empty, Garble::Binary, Garble::Deep, Garble::Number] {
        simulator.clear_faults();
        simulator.add_fault(FaultRule::on("all".parse().unwrap(), Fault::Garbled { shape })).unwrap();
        let (bytes, _) = raw_closed(&simulator).await;
        let start = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        assert!(bytes.starts_with(b"HTTP/1.1 200 OK"), "{shape:?}");
        let read = serde_json::from_slice::<Vec<Value>>(&bytes[start..]);
        assert!(read.is_err() || shape == Garble::Deep, "{shape:?}");
    }
}

/// As [`raw`], with a connection that ends after the answer.
async fn raw_closed(simulator: &Simulator) -> (Vec<u8>, std::io::Result<usize>) {
    let address = simulator.machines_url();
    let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!(
        "GET {MACHINES} HTTP/1.1\r\nhost: fly\r\nconnection: close\r\nauthorization: {}\r\n\r\n",
        demo()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    (bytes, end)
}

#[tokio::test]
async fn a_partial_answer_keeps_its_good_parts_and_names_the_failed_one() {
    let fault = json!({"kind": "partial", "path": "apps.nodes.status", "code": "TIMEOUT"});
    let simulator = with(everywhere(&fault)).await;
    let answer = query(&simulator, "{ apps { nodes { name status } } }").await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    assert!(answer["data"]["apps"]["nodes"][0]["name"].is_string());
    assert!(answer["data"]["apps"]["nodes"][0]["status"].is_null());
    assert_eq!(answer["errors"][0]["path"], json!(["apps", "nodes", 0, "status"]));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMEOUT");
}

#[tokio::test]
async fn a_graphql_error_has_no_data_and_touches_no_other_api() {
    let fault = json!({"kind": "graphql-error", "message": "no", "code": "BROKEN"});
    let simulator = with(everywhere(&fault)).await;
    let answer = query(&simulator, "{ viewer { id } }").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json(),
        json!({"data": null, "errors": [{"message": "no", "extensions": {"code": "BROKEN"}}]})
    );
    assert!(machines(&simulator).await.json().is_array());
}

#[tokio::test]
async fn fields_are_lost_or_of_another_type() {
    let simulator = with(everywhere(&json!({"kind": "null-field", "field": "deploymentStatus"}))).await;
    let asked = "{ apps { nodes { name deploymentStatus { status } } } }";
    let answer = query(&simulator, asked).await.json();
    assert_eq!(answer.get("errors"), None);
    let nodes = answer["data"]["apps"]["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["deploymentStatus"].is_null()));
    add(&simulator, everywhere(&json!({"kind": "wrong-type", "field": "state"})));
    assert!(machines(&simulator).await.json()[0]["state"].is_number());
}

#[tokio::test]
async fn a_region_that_fails_is_named_and_its_machines_are_left_out() {
    let simulator = paused("calm").await;
    let url = format!("{}/v1/orgs/harbor-works/machines", simulator.machines_url());
    let before = get(&url, &demo()).await.json();
    let count = |answer: &Value, region: &str| {
        let machines = answer["machines"].as_array().unwrap();
        machines.iter().filter(|machine| machine["region"] == region).count()
    };
    assert!(count(&before, "ams") > 0);
    add(&simulator, everywhere(&json!({"kind": "error-regions", "regions": ["ams"]})));
    let after = get(&url, &demo()).await.json();
    assert_eq!((count(&after, "ams"), &after["error_regions"]), (0, &json!(["ams"])));
    assert_eq!(count(&after, "iad"), count(&before, "iad"));
}

#[tokio::test]
async fn a_redirect_points_to_another_host() {
    let simulator = with(everywhere(&json!({"kind": "redirect", "to": "http://127.0.0.1:9/x"}))).await;
    let answer = machines(&simulator).await;
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.header("location"), "http://127.0.0.1:9/x");
}

#[tokio::test]
async fn a_closed_connection_ends_in_order_and_a_reset_one_does_not() {
    let simulator = with(json!({"fault": {"kind": "close"}, "next": 1})).await;
    let (bytes, end) = raw(&simulator).await;
    assert!(bytes.is_empty() && end.is_ok(), "{end:?}");
    add(&simulator, everywhere(&json!({"kind": "reset"})));
    let (bytes, end) = raw(&simulator).await;
    assert!(bytes.is_empty());
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(simulator.requests().total, 2);
}

#[tokio::test]
async fn a_request_that_hangs_ends_when_its_fault_is_taken_away() {
    let simulator = with(everywhere(&json!({"kind": "hang"}))).await;
    let hanging =
        tokio::spawn(try_send(get_request(&format!("{}{MACHINES}", simulator.machines_url()), &demo())));
    while simulator.faults()[0].hits == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!hanging.is_finished());
    simulator.clear_faults();
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn an_oversized_body_and_a_bomb_are_as_large_as_they_say() {
    let simulator = with(json!({"fault": {"kind": "oversized"}, "next": 1})).await;
    let answer = machines(&simulator).await;
    assert!(answer.text.len() > 8 * 1024 * 1024);
    assert!(answer.json()["padding"].is_string());
    add(&simulator, everywhere(&json!({"kind": "gzip-bomb", "bytes": 100_000_000})));
    let url = format!("{}{MACHINES}", simulator.machines_url());
    let answer = try_send(get_request(&url, &demo())).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let sent = answer.into_body().collect().await.unwrap().to_bytes().len();
    assert!(sent < 1_000_000, "{sent}");
}

#[tokio::test]
async fn faults_add_up_and_the_first_that_answers_wins() {
    let simulator = with(everywhere(&json!({"kind": "null-field", "field": "region"}))).await;
    add(&simulator, everywhere(&json!({"kind": "null-field", "field": "state"})));
    let machine = machines(&simulator).await.json()[0].take();
    assert!(machine["region"].is_null() && machine["state"].is_null() && machine["id"].is_string());
    add(&simulator, everywhere(&json!({"kind": "status", "status": 500})));
    add(&simulator, everywhere(&json!({"kind": "close"})));
    assert_eq!(machines(&simulator).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn the_control_adds_lists_removes_and_clears() {
    let simulator = paused("calm").await;
    let one = json!({"fault": {"kind": "close"}, "route": "list-machines"});
    assert_eq!(control(&simulator, Method::POST, "", &one).await.json(), json!({"added": [1]}));
    let several = json!([{"fault": {"kind": "hang"}}, {"fault": {"kind": "reset"}, "token": "demo"}]);
    assert_eq!(control(&simulator, Method::POST, "", &several).await.json(), json!({"added": [2, 3]}));
    let listed = control(&simulator, Method::GET, "", &Value::Null).await.json();
    assert_eq!(listed["faults"][0]["rule"]["route"], "list-machines");
    assert_eq!(listed["faults"][0]["hits"], 0);
    assert_eq!(listed["presets"].as_array().map(Vec::len), Some(Preset::ALL.len()));
    let removed = control(&simulator, Method::DELETE, "/2", &Value::Null).await;
    assert_eq!(removed.status, StatusCode::OK);
    assert_eq!(control(&simulator, Method::DELETE, "/2", &Value::Null).await.status, StatusCode::NOT_FOUND);
    let left = control(&simulator, Method::DELETE, "", &Value::Null).await.json();
    assert_eq!(left["faults"], json!([]));
}

#[tokio::test]
async fn the_control_adds_presets_by_their_names() {
    let simulator = paused("calm").await;
    control(&simulator, Method::POST, "", &json!({"preset": "machines-429"})).await;
    let answer = machines(&simulator).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").ends_with("GMT"));
}

#[tokio::test]
async fn what_the_control_cannot_use_is_refused_with_what_is_allowed() {
    let simulator = paused("calm").await;
    for (asked, told) in [
        (json!({"preset": "fly-explodes"}), "slow-fly"),
        (json!({"fault": {"kind": "explode"}}), "gzip-bomb"),
        (json!({"fault": {"kind": "close"}, "route": "machine"}), "list-machines"),
        (json!({"fault": {"kind": "close"}, "token": "nobody"}), "read-only"),
        (json!({"fault": {"kind": "status", "status": 700}}), "200 to 599"),
        (json!({"fault": {"kind": "close"}, "often": 1}), "period_ms"),
    ] {
        let refused = control(&simulator, Method::POST, "", &asked).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{asked}");
        assert!(refused.text.contains(told), "{asked}: {}", refused.text);
    }
    assert!(simulator.faults().is_empty());
}

#[tokio::test]
async fn an_outage_wins_over_faults_and_clearing_faults_leaves_it() {
    let simulator = with(everywhere(&json!({"kind": "status", "status": 418}))).await;
    simulator.outage(simulator::Affected::Machines, simulator::Outage::Unavailable);
    assert_eq!(machines(&simulator).await.status, StatusCode::SERVICE_UNAVAILABLE);
    simulator.clear_faults();
    assert_eq!(machines(&simulator).await.status, StatusCode::SERVICE_UNAVAILABLE);
    simulator.outage(simulator::Affected::All, simulator::Outage::Off);
    assert_eq!(machines(&simulator).await.status, StatusCode::OK);
}
