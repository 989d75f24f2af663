//! Each way an answer can be wrong, or not come.

use crate::support::{
    CANARY, SMALL_BODY, app, client, client_with, count, graphql_says, ok, raw_server, token,
};
use fly::{FlyError, Limits};
use serde_json::{Value, json};
use std::io::Write;
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn viewer_error(answer: ResponseTemplate) -> FlyError {
    let server = graphql_says(answer).await;
    client(&server.uri()).viewer(&token()).await.unwrap_err()
}

#[tokio::test]
async fn a_401_is_a_refused_token_whatever_its_body() {
    let bodies = [
        ResponseTemplate::new(401).set_body_string("unauthorized"),
        ResponseTemplate::new(401).set_body_json(json!({"error": "Authenticate: token validation error"})),
        ResponseTemplate::new(401).set_body_json(
            json!({"errors": [{"message": "Unauthorized", "extensions": {"code": "UNAUTHORIZED"}}]}),
        ),
        ResponseTemplate::new(401),
    ];
    for answer in bodies {
        let error = viewer_error(answer.insert_header("fly-request-id", "01JREQUEST")).await;
        assert!(error.is_refused() && error.is_access_denied(), "{error:?}");
        assert_eq!(error.request_id(), Some("01JREQUEST"));
    }
}

#[tokio::test]
async fn an_unauthorized_question_with_http_200_is_a_refused_token() {
    let error =
        viewer_error(ok(&json!({"errors": [{"message": "no", "extensions": {"code": "UNAUTHORIZED"}}]})))
            .await;
    assert!(error.is_refused(), "{error:?}");
    assert_eq!(error.request_id(), Some("01JREQUEST"));
}

#[tokio::test]
async fn an_unauthorized_field_is_forbidden_and_does_not_end_the_session() {
    let error = viewer_error(ok(&json!({"data": null, "errors": [
        {"message": "no", "path": ["viewer"], "extensions": {"code": "UNAUTHORIZED"}}]})))
    .await;
    assert!(matches!(error, FlyError::Forbidden { .. }), "{error:?}");
    assert!(!error.is_refused());
}

#[tokio::test]
async fn a_403_is_forbidden_and_a_404_of_plain_text_not_found() {
    let forbidden = viewer_error(ResponseTemplate::new(403).set_body_string("forbidden")).await;
    assert!(matches!(forbidden, FlyError::Forbidden { .. }), "{forbidden:?}");
    let not_found = viewer_error(ResponseTemplate::new(404).set_body_string("not found\n")).await;
    assert!(matches!(not_found, FlyError::NotFound { .. }), "{not_found:?}");
    assert!(forbidden.is_access_denied() && not_found.is_access_denied());
}

#[tokio::test]
async fn a_429_is_reported_with_its_wait_and_not_tried_again() {
    let limited = |answer: ResponseTemplate| async {
        let server = graphql_says(answer).await;
        let error = client(&server.uri()).viewer(&token()).await.unwrap_err();
        assert!(matches!(error, FlyError::RateLimited { .. }), "{error:?}");
        assert_eq!(count(&server, "/graphql").await, 1);
        error.retry_after()
    };
    let plain = ResponseTemplate::new(429).set_body_string("slow down");
    assert_eq!(limited(plain.clone()).await, None);
    assert_eq!(limited(plain.clone().insert_header("retry-after", "7")).await, Some(Duration::from_secs(7)));
    let dated = plain
        .insert_header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .insert_header("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT");
    assert_eq!(limited(dated).await, Some(Duration::from_secs(10)));
}

#[tokio::test]
async fn a_read_survives_two_bad_answers_and_not_three() {
    for (failures, works) in [(1, true), (2, true), (3, false)] {
        for status in [502, 503, 504] {
            let server = MockServer::start().await;
            Mock::given(method("POST"))
                .and(path("/graphql"))
                .respond_with(ResponseTemplate::new(status).set_body_string("<html>bad gateway</html>"))
                .up_to_n_times(failures)
                .mount(&server)
                .await;
            let good = ok(
                &json!({"data": {"viewer": {"__typename": "User", "email": "a@b.example", "name": null}}}),
            );
            Mock::given(method("POST")).respond_with(good).mount(&server).await;
            let result = client(&server.uri()).viewer(&token()).await;
            assert_eq!(result.is_ok(), works, "{failures} times {status}: {result:?}");
            assert_eq!(count(&server, "/graphql").await, 3.min(usize::try_from(failures).unwrap() + 1));
        }
    }
}

#[tokio::test]
async fn a_500_is_not_tried_again_and_its_page_is_not_shown_to_a_person() {
    let html = "<html><script>alert(1)</script>\u{1b}[31m Something went wrong</html>";
    let server = graphql_says(ResponseTemplate::new(500).set_body_string(html)).await;
    let error = client(&server.uri()).viewer(&token()).await.unwrap_err();
    assert_eq!(count(&server, "/graphql").await, 1);
    assert_eq!(error.person(), "Fly has a problem of its own (HTTP 500).");
    assert!(!error.to_string().contains('\u{1b}'), "{error}");
}

#[tokio::test]
async fn the_log_gets_at_most_two_hundred_characters_of_a_body() {
    let error = viewer_error(ResponseTemplate::new(500).set_body_string("x".repeat(50_000))).await;
    assert!(error.to_string().chars().count() < 300, "{error}");
}

#[tokio::test]
async fn a_503_that_names_a_wait_is_not_tried_again_before() {
    let server = graphql_says(ResponseTemplate::new(503).insert_header("retry-after", "30")).await;
    let error = client(&server.uri()).viewer(&token()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!(count(&server, "/graphql").await, 1);
}

#[tokio::test]
async fn html_where_json_was_promised_is_malformed() {
    let error = viewer_error(ResponseTemplate::new(200).set_body_string("<html>hello</html>")).await;
    assert!(matches!(error, FlyError::Malformed { .. }), "{error:?}");
    assert_eq!(error.person(), "Fly's answer could not be understood.");
}

#[tokio::test]
async fn answers_of_other_shapes_are_malformed_and_never_a_panic() {
    let deep = "[".repeat(10_000);
    let shapes: [String; 8] = [
        String::new(),
        "null".into(),
        "{}".into(),
        "[]".into(),
        "{\"data\": 3}".into(),
        "{\"data\": {\"viewer\": {\"__typename\": 1}}}".into(),
        "{\"data\": {\"viewer\": {\"__typename\": \"User\"".into(),
        format!("{{\"data\": {{\"viewer\": {{\"__typename\": \"User\", \"email\": {deep}}}}}}}"),
    ];
    for body in shapes {
        let error = viewer_error(ResponseTemplate::new(200).set_body_string(&*body)).await;
        assert!(matches!(error, FlyError::Malformed { .. }), "{body:.60}: {error:?}");
    }
}

#[tokio::test]
async fn deeply_nested_json_inside_of_a_configuration_is_malformed_and_no_overflow() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let body =
        format!("{{\"data\": {{\"app\": {{\"name\": \"a\", \"config\": {{\"definition\": {deep}}}}}}}}}");
    let server = graphql_says(ResponseTemplate::new(200).set_body_string(body)).await;
    let error = client(&server.uri()).app_facts(&token(), &app()).await.unwrap_err();
    assert!(matches!(error, FlyError::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn a_rejection_shows_fly_s_own_message_and_no_more() {
    let error = viewer_error(ResponseTemplate::new(400).set_body_json(
        json!({"errors": [{"message": "A single error\u{1b}[1m happened!", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]}),
    ))
    .await;
    assert_eq!(error.person(), "Fly says: A single error happened!");
}

#[tokio::test]
async fn errors_of_odd_shapes_are_still_errors() {
    for errors in [
        json!([{"message": null}]),
        json!([{"message": "x", "path": [1, null, {}], "extensions": []}]),
        json!([{"extensions": {"code": 7}}]),
    ] {
        let error = viewer_error(ok(&json!({"data": null, "errors": errors}))).await;
        assert!(matches!(error, FlyError::Rejected { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_left_at_the_limit() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec();
    let (base, server) = raw_server(head, vec![b' '; 64 * 1024]).await;
    let client = client_with(&base, Limits::default());
    let error = client.viewer(&token()).await.unwrap_err();
    assert!(matches!(error, FlyError::TooLarge { limit: 8_388_608, .. }), "{error:?}");
    assert!(server.await.unwrap() < 32 * 1024 * 1024, "the connection was read on and on");
}

#[tokio::test]
async fn a_small_body_that_unfolds_into_a_large_one_is_left_at_the_limit() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&vec![b' '; 4 * 1024 * 1024]).unwrap();
    let bomb = gzip.finish().unwrap();
    assert!(bomb.len() < SMALL_BODY);
    let error = viewer_error(
        ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(bomb),
    )
    .await;
    assert!(matches!(error, FlyError::TooLarge { limit: SMALL_BODY, .. }), "{error:?}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_apart_from_one_that_is_wrong() {
    let head = b"HTTP/1.1 200 OK\r\nfly-request-id: 01JX\r\ncontent-length: 1000\r\n\r\n{\"data\":".to_vec();
    let (base, _server) = raw_server(head, Vec::new()).await;
    let error = client(&base).viewer(&token()).await.unwrap_err();
    assert!(matches!(error, FlyError::BrokenOff { .. }), "{error:?}");
    assert_eq!(error.request_id(), Some("01JX"));
}

#[tokio::test]
async fn a_server_that_never_answers_ends_in_a_timeout() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
    let error = client_with(&base, limits).viewer(&token()).await.unwrap_err();
    assert_eq!(error, FlyError::Timeout);
}

#[tokio::test]
async fn a_port_where_nobody_listens_cannot_be_reached() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&base).viewer(&token()).await.unwrap_err();
    assert!(matches!(error, FlyError::Connect { .. }), "{error:?}");
    assert_eq!(error.person(), "Fly could not be reached.");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_carries_the_token_nowhere() {
    let elsewhere = MockServer::start().await;
    for status in [301, 302, 303, 307, 308] {
        let target = format!("{}/graphql", elsewhere.uri());
        let error =
            viewer_error(ResponseTemplate::new(status).insert_header("location", target.as_str())).await;
        assert!(matches!(error, FlyError::Redirected { .. }), "{error:?}");
    }
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_message_that_repeats_the_token_is_told_without_it() {
    let said = format!("token {CANARY} is unknown, as is fm2_lJPEother=");
    let body: Value = json!({"errors": [{"message": said}]});
    let error = viewer_error(ok(&body)).await;
    assert_eq!(error.person(), "Fly says: token [token] is unknown, as is [token].");
}
