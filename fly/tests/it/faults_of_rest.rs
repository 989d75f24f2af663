//! Each way an answer of the REST APIs can be wrong, or not come. See also `faults`, where the same
//! is shown of GraphQL.

use crate::samples::machine;
use crate::support::{
    CANARY, SMALL_BODY, app, client, client_with, count, machine_id, machines_say, ok, raw_server, token,
};
use fly::{FlyClient, FlyError, Limits, LogQuery};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

const MACHINE: &str = "/v1/apps/harbor-web/machines/73d8d46dbee589";

async fn machine_error(client: &FlyClient) -> FlyError {
    client.machine(&token(), &app(), &machine_id()).await.unwrap_err()
}

async fn error_of(answer: ResponseTemplate) -> (FlyError, usize) {
    let server = MockServer::start().await;
    machines_say(&server, MACHINE, answer.insert_header("fly-request-id", "01JREQUEST")).await;
    let error = machine_error(&client(&server.uri())).await;
    (error, count(&server, MACHINE).await)
}

/// Status, body; what it is, whether the person is shown Fly's words, and how often it is tried.
#[tokio::test]
async fn every_status_has_a_meaning_of_its_own_in_every_kind_of_body() {
    type Is = fn(&FlyError) -> bool;
    let table: [(u16, Is, bool, usize); 15] = [
        (301, |e| matches!(e, FlyError::Redirected { status: 301, .. }), false, 1),
        (400, |e| matches!(e, FlyError::Rejected { .. }), true, 1),
        (401, |e| matches!(e, FlyError::Refused { .. }), false, 1),
        (403, |e| matches!(e, FlyError::Forbidden { .. }), false, 1),
        (404, |e| matches!(e, FlyError::NotFound { .. }), false, 1),
        (408, |e| matches!(e, FlyError::Unavailable { status: 408, .. }), false, 1),
        (409, |e| matches!(e, FlyError::Conflict { .. }), true, 1),
        (412, |e| matches!(e, FlyError::Conflict { .. }), true, 1),
        (422, |e| matches!(e, FlyError::Rejected { .. }), true, 1),
        (429, |e| matches!(e, FlyError::RateLimited { retry_after: None, .. }), false, 1),
        (500, |e| matches!(e, FlyError::Unavailable { status: 500, .. }), false, 1),
        (502, |e| matches!(e, FlyError::Unavailable { status: 502, .. }), false, 3),
        (503, |e| matches!(e, FlyError::Unavailable { status: 503, .. }), false, 3),
        (504, |e| matches!(e, FlyError::Unavailable { status: 504, .. }), false, 3),
        (599, |e| matches!(e, FlyError::Unavailable { status: 599, .. }), false, 1),
    ];
    for (status, is, shown, tries) in table {
        let words = "machine is held by jo";
        for answer in [
            ResponseTemplate::new(status).set_body_json(json!({"error": words, "status": "unknown"})),
            ResponseTemplate::new(status).set_body_string(words),
        ] {
            let (error, tried) = error_of(answer).await;
            assert!(is(&error), "{status}: {error:?}");
            assert_eq!(error.person().contains(words), shown, "{status}: {}", error.person());
            assert_eq!(tried, tries, "{status}");
            assert_eq!(error.request_id(), Some("01JREQUEST"), "{status}");
        }
    }
}

#[tokio::test]
async fn a_page_is_never_shown_to_a_person_whatever_its_status() {
    for status in [400, 401, 403, 404, 408, 409, 412, 418, 422, 429, 500, 503] {
        let page = " <!DOCTYPE html><html><script>alert(1)</script>nginx</html>";
        let (error, _) = error_of(ResponseTemplate::new(status).set_body_string(page)).await;
        assert!(!error.person().contains("nginx") && !error.person().contains('<'), "{}", error.person());
    }
}

#[tokio::test]
async fn odd_error_bodies_are_no_trouble() {
    let deep = "[".repeat(100_000);
    let bodies: [Vec<u8>; 8] = [
        b"".to_vec(),
        b"null".to_vec(),
        b"{\"error\": 7}".to_vec(),
        b"{\"error\": \"\"}".to_vec(),
        b"{\"error\": \"cut".to_vec(),
        vec![0xff, 0xfe, 0x00],
        b"\x1b[31m\x00".to_vec(),
        deep.into_bytes(),
    ];
    for body in bodies {
        let (error, _) = error_of(ResponseTemplate::new(422).set_body_bytes(body.clone())).await;
        assert!(
            matches!(error, FlyError::Malformed { .. } | FlyError::Rejected { .. }),
            "{:?}: {error:?}",
            String::from_utf8_lossy(&body[..body.len().min(20)])
        );
        assert!(!error.person().contains('\u{1b}') && error.to_string().len() < 1_000);
    }
}

#[tokio::test]
async fn a_429_tells_its_wait_in_seconds_or_as_a_date() {
    let limited = ResponseTemplate::new(429).set_body_json(json!({"error": "rate limit exceeded"}));
    let dated = limited
        .clone()
        .insert_header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .insert_header("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT");
    // Without a `Date` of the answer the client's own clock counts.
    let undated = limited.clone().insert_header("retry-after", "Mon, 23 Nov 2026 00:00:20 GMT");
    for (answer, wait) in [
        (limited.clone().insert_header("retry-after", "7"), 7),
        (dated, 10),
        (undated.insert_header("date", "x"), 20),
    ] {
        let (error, tries) = error_of(answer).await;
        assert_eq!(error.retry_after(), Some(Duration::from_secs(wait)));
        assert_eq!(tries, 1);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_by_any_question() {
    let elsewhere = MockServer::start().await;
    let here = MockServer::start().await;
    for status in [301, 302, 303, 307, 308] {
        here.reset().await;
        let answer = ResponseTemplate::new(status).insert_header("location", elsewhere.uri().as_str());
        Mock::given(method("GET")).respond_with(answer).mount(&here).await;
        let client = client(&here.uri());
        let slug = "harbor-works".parse().unwrap();
        let errors = [
            machine_error(&client).await,
            client.lease(&token(), &app(), &machine_id()).await.unwrap_err(),
            client.volumes(&token(), &app()).await.unwrap_err(),
            client.organization_machines(&token(), &slug, &fly::OrgQuery::default()).await.unwrap_err(),
            client.token_scope(&token()).await.unwrap_err(),
            client.logs(&token(), &app(), &LogQuery::default()).await.unwrap_err(),
            client.releases_without_graphql(&token(), &app(), 5).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, FlyError::Redirected { .. }), "{error:?}");
        }
    }
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_burst_of_failures_passes_within_three_tries() {
    for failures in [1, 2, 3] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(503).set_body_string("<html>"))
            .up_to_n_times(failures)
            .mount(&server)
            .await;
        Mock::given(method("GET")).respond_with(ok(&machine("73d8d46dbee589", "cdg"))).mount(&server).await;
        let answer = client(&server.uri()).machine(&token(), &app(), &machine_id()).await;
        assert_eq!(answer.is_ok(), failures < 3, "{answer:?}");
    }
}

/// A server whose first connections are cut without an answer, and whose later ones are answered
/// well. Gives its address and the number of its connections.
async fn resetting_server(cuts: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = seen.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let at = counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve_or_cut(stream, at < cuts));
        }
    });
    (base, seen)
}

async fn serve_or_cut(mut stream: TcpStream, cut: bool) {
    let mut request = [0; 8 * 1024];
    let _ = stream.read(&mut request).await;
    if cut {
        return;
    }
    let body = machine("73d8d46dbee589", "cdg").to_string();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

#[tokio::test]
async fn a_connection_that_is_reset_before_an_answer_is_tried_again() {
    for (cuts, works) in [(1, true), (2, true), (3, false)] {
        let (base, seen) = resetting_server(cuts).await;
        let answer = client(&base).machine(&token(), &app(), &machine_id()).await;
        assert_eq!(answer.is_ok(), works, "{cuts}: {answer:?}");
        assert!(works || matches!(answer, Err(FlyError::Connect { .. })), "{answer:?}");
        assert_eq!(seen.load(Ordering::SeqCst), 3.min(cuts + 1));
    }
}

#[tokio::test]
async fn a_body_that_drips_without_end_is_left_when_the_time_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8 * 1024];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[").await;
        // A byte for each turn of the runtime: there is always more to read, and never an end.
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let limits = Limits { total: Duration::from_millis(80), ..Limits::default() };
    assert_eq!(machine_error(&client_with(&base, limits)).await, FlyError::Timeout);
    // The connection is closed with that, and so the dripping ends.
    server.await.unwrap();
}

#[tokio::test]
async fn a_server_that_says_nothing_and_one_that_never_ends_its_head_are_left() {
    for head in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-type: "] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 8 * 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(head).await;
            let mut rest = Vec::new();
            // Until the client goes.
            let _ = stream.read_to_end(&mut rest).await;
        });
        let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
        assert_eq!(machine_error(&client_with(&base, limits)).await, FlyError::Timeout);
        server.await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_no_connection() {
    let (base, _server) = raw_server(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), Vec::new()).await;
    let error = machine_error(&client(&base)).await;
    assert!(matches!(error, FlyError::Connect { .. }), "{error:?}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_left_packed_or_not() {
    let plain = ResponseTemplate::new(200).set_body_string(format!("[{}]", " ".repeat(SMALL_BODY)));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&vec![b' '; 16 * 1024 * 1024]).unwrap();
    let packed = gzip.finish().unwrap();
    assert!(packed.len() < SMALL_BODY);
    let bomb = ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(packed);
    for answer in [plain, bomb] {
        let (error, _) = error_of(answer).await;
        assert!(matches!(error, FlyError::TooLarge { limit: SMALL_BODY, .. }), "{error:?}");
        assert_eq!(error.request_id(), Some("01JREQUEST"));
    }
}

#[tokio::test]
async fn what_claims_to_be_packed_and_is_not_is_an_error() {
    let lie = ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_string("{}");
    let (error, _) = error_of(lie).await;
    assert!(matches!(error, FlyError::BrokenOff { .. } | FlyError::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn deep_nesting_anywhere_is_an_error_or_passed_over_and_no_overflow() {
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let in_a_machine =
        format!(r#"{{"id":"73d8d46dbee589","state":"started","region":"cdg","config":{{"env":{deep}}}}}"#);
    for (at, body) in [
        (MACHINE, in_a_machine.clone()),
        ("/v1/apps/harbor-web/volumes", deep.clone()),
        ("/v1/tokens/current", format!(r#"{{"tokens":{deep}}}"#)),
        ("/api/v1/apps/harbor-web/logs", format!(r#"{{"data":[{{"attributes":{deep}}}]}}"#)),
    ] {
        let server = MockServer::start().await;
        machines_say(&server, at, ResponseTemplate::new(200).set_body_string(body)).await;
        let client = client(&server.uri());
        // In a list one object costs only itself.
        match at {
            MACHINE => assert!(matches!(machine_error(&client).await, FlyError::Malformed { .. })),
            "/v1/tokens/current" => assert_eq!(client.token_scope(&token()).await.unwrap().grants, []),
            "/v1/apps/harbor-web/volumes" => {
                let fetched = client.volumes(&token(), &app()).await.unwrap();
                assert_eq!(fetched.missing, ["1 volume that could not be read"]);
            }
            _ => {
                let page = client.logs(&token(), &app(), &LogQuery::default()).await.unwrap();
                assert_eq!((page.lines.len(), page.unreadable), (0, 1));
            }
        }
    }
    let server = crate::support::graphql_data(json!({"app": crate::samples::machines_app()})).await;
    let list = format!("[{in_a_machine}, {}]", machine("73d8d46dbee580", "ams"));
    machines_say(&server, "/v1/apps/harbor-web/machines", ResponseTemplate::new(200).set_body_string(list))
        .await;
    let client = client_with(&server.uri(), Limits::default());
    let fetched = client.app_facts(&token(), &app()).await.unwrap();
    assert_eq!(fetched.value.instances.len(), 1);
    assert_eq!(fetched.missing, ["1 instance that could not be read"]);
}

#[tokio::test]
async fn an_error_that_repeats_the_token_is_told_without_it() {
    for status in [400, 401, 403, 404, 408, 409, 412, 422, 429, 500, 503] {
        let echo = format!("lease held by {CANARY} and fm2_lJPEother=");
        for answer in [
            ResponseTemplate::new(status).set_body_string(&echo),
            ResponseTemplate::new(status).set_body_json(json!({ "error": echo })),
        ] {
            let (error, _) = error_of(answer).await;
            let all = format!("{error} {error:?} {}", error.person());
            assert!(!all.contains("CANARY") && !all.contains("lJPEother"), "{all}");
        }
    }
}
