//! The token goes into one header and nowhere else.

use crate::samples::machines_app;
use crate::support::{CANARY, app, client, graphql_data, graphql_says, machine_id, machines_say, ok, token};
use fly::{FlyClient, FlyError, FlyToken, LogQuery};
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_token_is_in_no_error_and_no_log_even_if_fly_repeats_it() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    // For all threads: what the other tests of this program do meanwhile is searched as well.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let echo = format!("no such token: {CANARY}");
    let answers = [
        ResponseTemplate::new(401).set_body_string(&echo),
        ResponseTemplate::new(403).set_body_json(json!({ "error": echo })),
        ResponseTemplate::new(400).set_body_json(json!({"errors": [{"message": echo}]})),
        ResponseTemplate::new(422).set_body_string(&echo),
        ResponseTemplate::new(502).set_body_string(&echo),
        ResponseTemplate::new(302).insert_header("location", format!("https://x.example/?t={CANARY}")),
        ResponseTemplate::new(200).set_body_string(&echo),
        ResponseTemplate::new(200).set_body_json(json!({ "data": echo })),
        ResponseTemplate::new(200).set_body_json(json!({"data": {"viewer": {"__typename": {"x": echo}}}})),
        ResponseTemplate::new(200).set_body_json(json!({"data": null, "errors": [{"message": echo}]})),
        ResponseTemplate::new(401).insert_header("fly-request-id", "01J").set_body_string(CANARY.repeat(40)),
    ];
    for answer in answers {
        let server = graphql_says(answer.clone()).await;
        Mock::given(method("GET")).respond_with(answer).mount(&server).await;
        let client = client(&server.uri());
        shows_nothing(&client.machine(&token(), &app(), &machine_id()).await.unwrap_err());
        shows_nothing(&client.secret_names(&token(), &app()).await.unwrap_err());
        shows_nothing(&client.token_scope(&token()).await.unwrap_err());
        shows_nothing(&client.logs(&token(), &app(), &LogQuery::default()).await.unwrap_err());
        shows_nothing(&client.releases_without_graphql(&token(), &app(), 5).await.unwrap_err());
        shows_nothing(&client.viewer(&token()).await.unwrap_err());
        shows_nothing(&client.can_see(&token(), &app()).await.unwrap_err());
        shows_nothing(&client.apps(&token()).await.unwrap_err());
        shows_nothing(&client.app_facts(&token(), &app()).await.unwrap_err());
        assert!(!format!("{client:?}").contains("CANARY"));
    }
    let unreachable = client("http://127.0.0.1:1").viewer(&token()).await.unwrap_err();
    shows_nothing(&unreachable);
    assert!(log.text().contains("Fly answered"), "the log was not read: {}", log.text());
    assert!(!log.text().contains("CANARY"), "{}", log.text());
}

fn shows_nothing(error: &FlyError) {
    let all = format!("{error} {error:?} {error:#?} {} {:?}", error.person(), error.request_id());
    assert!(!all.contains("CANARY"), "{all}");
}

async fn headers_of(token: &str) -> (Vec<String>, Vec<String>) {
    let server = graphql_data(json!({"app": machines_app()})).await;
    machines_say(&server, "/v1/apps/harbor-web/machines", ok(&json!([]))).await;
    let client: FlyClient = client(&server.uri());
    client.app_facts(&FlyToken::parse(token).unwrap(), &app()).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let all = |name: &str| {
        requests.iter().map(|request| request.headers[name].to_str().unwrap().to_owned()).collect()
    };
    for request in &requests {
        assert!(!request.url.as_str().contains(token), "a token in a URL");
    }
    (all("authorization"), all("user-agent"))
}

#[tokio::test]
async fn each_api_gets_the_header_that_flyctl_sends_it() {
    let (personal, agents) = headers_of("fo1_abc").await;
    assert_eq!(personal, ["Bearer fo1_abc", "Bearer fo1_abc"]);
    assert!(agents.iter().all(|agent| agent.starts_with("windsock/")), "{agents:?}");
    let (macaroon, _) = headers_of("FlyV1 fm2_a,fm2_b").await;
    assert_eq!(macaroon, ["FlyV1 fm2_a,fm2_b", "FlyV1 fm2_a,fm2_b"]);
    let (mixed, _) = headers_of("fo1_c,fm2_a").await;
    assert_eq!(mixed, ["FlyV1 fm2_a,fo1_c", "FlyV1 fm2_a"]);
}
