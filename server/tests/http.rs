//! What the console answers over HTTP, with a simulated Fly.io behind it.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;
#[path = "http/design.rs"]
mod design;
#[path = "http/palette.rs"]
mod palette;
#[path = "http/windows.rs"]
mod windows;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use axum::http::{Request, StatusCode};
use console::{Console, cookie_of, get};
use http_body_util::BodyExt;
use simulator::{Affected, Outage, tokens};

const APP: &str = "/apps/crimson-wildflower-1711";
/// The captured state: two restarts done, the third signalled, the deployment failed.
const FAILED: &str = "2021-09-22T20:25:59Z";

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_sign_in_and_keeps_where_you_wanted_to_go() {
    let console = Console::start().await;
    let answer = console.get("/apps/tidewater-api?x=1", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?next=/apps/tidewater-api%3Fx%3D1");

    let form = format!("token={}&next=/apps/tidewater-api%3Fx%3D1", tokens::DEMO);
    let signed_in = console.post("/sign-in", &form, "").await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER);
    assert_eq!(signed_in.header("location"), "/apps/tidewater-api?x=1");
    let cookie = cookie_of(&signed_in);
    assert_eq!(console.get("/apps/tidewater-api?x=1", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn both_kinds_of_token_sign_in_as_they_were_copied() {
    let console = Console::start().await;
    for token in [tokens::DEMO, tokens::READ_ONLY] {
        console.signed_in(token).await;
    }
    console.signed_in(&format!("FlyV1%20{}", tokens::READ_ONLY)).await;
    console.signed_in(&format!("Bearer%20{}%0A", tokens::DEMO)).await;
}

#[tokio::test]
async fn a_wrong_token_is_refused_with_what_fly_said_and_the_form_stays() {
    let console = Console::start().await;
    let answer = console.post("/sign-in", "token=fo1_wrong&next=/apps/tidewater-api", "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("Fly refused the token"), "{}", answer.text);
    assert!(answer.text.contains("role=\"alert\""));
    assert!(answer.text.contains("value=\"/apps/tidewater-api\""), "where you wanted to go was lost");
    assert!(!answer.text.contains("fo1_wrong"), "the token came back");

    let empty = console.post("/sign-in", "token=", "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn while_fly_is_down_a_sign_in_says_so_instead_of_blaming_the_token() {
    let console = Console::start().await;
    console.simulator.outage(Affected::All, Outage::Unavailable);
    let answer = console.post("/sign-in", &format!("token={}", tokens::DEMO), "").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("HTTP 503"), "{}", answer.text);
}

#[tokio::test]
async fn the_first_load_is_the_whole_page_without_script() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    console.at(FAILED).await;
    let page = console.get(APP, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "crimson-wildflower-1711",
        "Deployment status",
        "1 desired, 1 placed, 0 healthy",
        "Failed due to unhealthy allocations",
        "Why v14 failed",
        "The app listens on port 8080. Fly checks port 4000.",
        "internal_port = 4000",
        "fly deploy -a crimson-wildflower-1711 -e PORT=4000",
        "e80d7fbd",
        "1 total, 1 critical",
        "Process groups",
        "1 instance",
        "Timeline",
    ] {
        assert!(page.text.contains(shown), "{shown:?} is not on the page");
    }
}

#[tokio::test]
async fn a_quiet_app_on_machines_shows_no_diagnosis() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let page = console.get("/apps/tidewater-api", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("v42") && page.text.contains("Healthy") && page.text.contains("no checks"));
    assert!(!page.text.contains("Diagnosis") && !page.text.contains("What is wrong"));
}

#[tokio::test]
async fn the_list_shows_every_app_of_the_access_and_no_other() {
    let console = Console::start().await;
    let all = console.get("/apps", &console.signed_in(tokens::DEMO).await).await;
    for name in ["crimson-wildflower-1711", "tidewater-api", "new-venture", "night-owl"] {
        assert!(all.text.contains(name), "{name} is not on the list");
    }
    let other = console.get("/apps", &console.signed_in(tokens::OTHER_ORG).await).await;
    assert!(!other.text.contains("tidewater-api"), "an app of another access was shown");
}

#[tokio::test]
async fn a_token_of_one_app_is_told_to_open_it_by_name_and_can() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::APP_SCOPED).await;
    let list = console.get("/apps", &cookie).await;
    assert_eq!(list.status, StatusCode::FORBIDDEN);
    assert!(list.text.contains("open the app by its name"), "{}", list.text);
    let opened = console.get("/open?name=tidewater-api", &cookie).await;
    assert_eq!(opened.header("location"), "/apps/tidewater-api");
}

#[tokio::test]
async fn an_unknown_app_is_404_and_a_name_that_is_none_is_400_with_what_is_allowed() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let unknown = console.get("/apps/no-such-app", &cookie).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.text.contains("no-such-app"), "{}", unknown.text);

    let invalid = console.get("/apps/No.Such%20App", &cookie).await;
    assert_eq!(invalid.status, StatusCode::BAD_REQUEST);
    assert!(invalid.text.contains("lower-case letters"), "{}", invalid.text);

    let nowhere = console.get("/nowhere", &cookie).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_app_of_another_organization_is_as_unknown_as_one_that_is_not_there() {
    let console = Console::start().await;
    let owner = console.signed_in(tokens::DEMO).await;
    assert_eq!(console.get("/apps/tidewater-api", &owner).await.status, StatusCode::OK);
    let stranger = console.signed_in(tokens::OTHER_ORG).await;
    let page = console.get("/apps/tidewater-api", &stranger).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.text);
    assert!(!page.text.contains("v42"), "data of another access was shown");
    let (status, ..) = console.head_of(get("/events?topics=app:tidewater-api", &stranger)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn fly_down_at_the_first_load_is_a_page_that_says_so() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    console.simulator.outage(Affected::All, Outage::Unavailable);
    let page = console.get(APP, &cookie).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.text.contains("HTTP 503"), "{}", page.text);
    assert_eq!(console.get("/readyz", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(console.get("/healthz", "").await.text, "ok");
}

#[tokio::test]
async fn fly_down_later_keeps_the_last_data_on_the_page() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    console.at(FAILED).await;
    assert_eq!(console.get(APP, &cookie).await.status, StatusCode::OK);
    console.simulator.outage(Affected::All, Outage::Unavailable);
    console.state.hub.poll_now().await;
    let page = console.get(APP, &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("e80d7fbd") && page.text.contains("HTTP 503"), "{}", page.text);
}

#[tokio::test]
async fn fifty_viewers_with_one_token_cost_fly_what_one_costs() {
    let costs = async |viewers: usize| {
        let console = Console::start().await;
        let cookie = console.signed_in(tokens::DEMO).await;
        console.simulator.reset_requests();
        let mut streams = vec![];
        for _ in 0..viewers {
            assert_eq!(console.get(APP, &cookie).await.status, StatusCode::OK);
            let (status, _, body) =
                console.head_of(get("/events?topics=app:crimson-wildflower-1711", &cookie)).await;
            assert_eq!(status, StatusCode::OK);
            streams.push(body);
        }
        for _ in 0..3 {
            console.state.hub.poll_now().await;
        }
        console.simulator.requests().total
    };
    // The watch may poll once more by its own pace while fifty pages are rendered.
    let (one, fifty) = (costs(1).await, costs(50).await);
    assert!(fifty <= one + 5, "one viewer: {one} requests, fifty: {fifty}");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_its_streams() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let (status, _, mut stream) = console.head_of(get("/events?topics=app:tidewater-api", &cookie)).await;
    assert_eq!(status, StatusCode::OK);
    let answer = console.post("/sign-out", "", &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("clear-site-data"), "\"cache\"");
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    let mut seen = String::new();
    while let Some(frame) = stream.frame().await {
        seen.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
    }
    assert!(seen.contains("event: signed-out"), "{seen}");
    assert_eq!(console.get("/apps", &cookie).await.status, StatusCode::SEE_OTHER);
    let (status, ..) = console.head_of(get("/events?topics=apps", &cookie)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let console = Console::start().await;
    let before = console.signed_in(tokens::DEMO).await;
    let form = format!("token={}", tokens::READ_ONLY);
    let after = cookie_of(&console.post("/sign-in", &form, &before).await);
    assert_eq!(console.get("/apps", &before).await.status, StatusCode::SEE_OTHER);
    assert_eq!(console.get("/apps", &after).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_of_another_session_than_the_cookies_follows_nothing() {
    let console = Console::start().await;
    let mine = console.signed_in(tokens::DEMO).await;
    let theirs = console.signed_in(tokens::READ_ONLY).await;
    let (tag, other) = (tag_of(&console.get(APP, &mine).await), tag_of(&console.get(APP, &theirs).await));
    assert_ne!(tag, other);
    assert!(!mine.contains(&tag), "the tag is a part of the cookie");
    for (tag, expected) in [(&tag, StatusCode::OK), (&other, StatusCode::UNAUTHORIZED)] {
        let mut request = get("/events?topics=app:tidewater-api", &mine);
        request.headers_mut().insert(app::session::TAG_HEADER, tag.parse().unwrap());
        assert_eq!(console.head_of(request).await.0, expected);
    }
}

#[tokio::test]
async fn a_page_of_another_session_than_the_cookies_is_told_nothing_when_it_goes_to_another_page() {
    let console = Console::start().await;
    let mine = console.signed_in(tokens::DEMO).await;
    let theirs = console.signed_in(tokens::READ_ONLY).await;
    let (tag, other) = (tag_of(&console.get(APP, &mine).await), tag_of(&console.get(APP, &theirs).await));
    for (tag, expected) in [(&tag, StatusCode::OK), (&other, StatusCode::UNAUTHORIZED)] {
        let request = Request::post("/api/topic")
            .header(HOST, "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/json")
            .header(COOKIE, &mine)
            .header(app::session::TAG_HEADER, tag)
            .body(Body::from(r#"{"topic":"app:tidewater-api"}"#))
            .unwrap();
        let answer = console.send(request).await;
        assert_eq!(answer.status, expected);
        assert_eq!(answer.text.contains("tidewater-api"), expected == StatusCode::OK, "{}", answer.text);
    }
}

/// The name of its session that a page is rendered with.
fn tag_of(page: &console::Answer) -> String {
    let (_, rest) = page.text.split_once(r#"\"tag\":\""#).unwrap();
    rest[..16].to_owned()
}

#[tokio::test]
async fn a_revoked_token_signs_its_sessions_out() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    console.get(APP, &cookie).await;
    assert!(console.simulator.revoke("demo", true));
    console.state.hub.poll_now().await;
    assert_eq!(console.get(APP, &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_token_for_everybody_needs_no_sign_in_and_offers_no_sign_out() {
    let console = Console::with(&[("FLY_API_TOKEN", tokens::READ_ONLY)]).await;
    let page = console.get("/apps", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("tidewater-api") && !page.text.contains("action=\"/sign-out\""));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_every_script_the_nonce() {
    let console = Console::start().await;
    let page = console.get("/sign-in", "").await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    for tag in page.text.split("<script").skip(1) {
        let tag = tag.split('>').next().unwrap();
        assert!(tag.contains(nonce), "a script without the nonce: <script{tag}>");
    }
    assert!(!page.text.contains(" style=\"") && !page.text.contains("<style"), "inline style");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.header(name), value);
        assert_eq!(console.get("/no/such", "").await.header(name), value);
    }
    assert_ne!(
        console.get("/sign-in", "").await.header("content-security-policy"),
        policy,
        "the nonce came twice"
    );
}

#[tokio::test]
async fn on_https_cookies_are_secure_and_browsers_are_told_to_stay_there() {
    let console = Console::with(&[("WINDSOCK_PUBLIC_URL", "https://console.example")]).await;
    let answer = console.post("/sign-in", &format!("token={}", tokens::DEMO), "").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-windsock_session=") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").starts_with("max-age=31536000"));
}

#[tokio::test]
async fn another_sites_page_can_neither_act_nor_listen() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let cross = |method: &str, path: &str, name: &str, value: &str| {
        let request = Request::builder().method(method).uri(path).header(HOST, "127.0.0.1:8080");
        request.header(COOKIE, &cookie).header(name, value).body(Body::empty()).unwrap()
    };
    for request in [
        cross("POST", "/sign-out", "sec-fetch-site", "cross-site"),
        cross("POST", "/sign-out", ORIGIN.as_str(), "http://evil.example"),
        cross("POST", "/api/topic", "sec-fetch-site", "same-site"),
        cross("GET", "/events?topics=apps", "sec-fetch-site", "cross-site"),
        cross("POST", "/sign-out", "accept", "*/*"),
    ] {
        let uri = request.uri().clone();
        assert_eq!(console.head_of(request).await.0, StatusCode::FORBIDDEN, "{uri}");
    }
    assert_eq!(console.get("/apps", &cookie).await.status, StatusCode::OK, "the session was ended");
}

#[tokio::test]
async fn a_foreign_host_is_misdirected_but_for_the_probes() {
    let console = Console::start().await;
    let foreign =
        |path: &str| Request::get(path).header(HOST, "rebound.example").body(Body::empty()).unwrap();
    assert_eq!(console.send(foreign("/sign-in")).await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(console.send(foreign("/healthz")).await.text, "ok");
    assert_eq!(console.send(foreign("/readyz")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_console_under_a_path_says_that_it_cannot_be_mounted_so_but_for_the_probes() {
    let console = Console::start().await;
    let under = |path: &str, prefix: &str| {
        let request = Request::get(path).header(HOST, "127.0.0.1:8080");
        request.header("x-forwarded-prefix", prefix).body(Body::empty()).unwrap()
    };
    let answer = console.send(under("/sign-in", "/console")).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(answer.text.contains("/console") && answer.text.contains("host name"), "{}", answer.text);
    assert_eq!(console.send(under("/healthz", "/console")).await.text, "ok");
    for none in ["", "/"] {
        assert_eq!(console.send(under("/sign-in", none)).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let console = Console::start().await;
    let answer = console.post("/sign-in", &format!("token={}", "a".repeat(100_000)), "").await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn a_stream_names_what_is_wrong_with_its_address() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    for (query, said) in [
        ("", "topics"),
        ("?topics=stars", "app:NAME"),
        ("?topics=app:../x", "valid app name"),
        ("?topics=apps&since=x", "since"),
    ] {
        let answer = console.get(&format!("/events{query}"), &cookie).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text.contains(said), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_missing_file_is_404_and_not_a_page() {
    let console = Console::start().await;
    let answer = console.get("/pkg/windsock-0000.js", "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.text.contains("<html"));
}
