//! What one client may take.

use crate::console::{Console, get};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use simulator::tokens;
use std::net::SocketAddr;

const EVENTS: &str = "/events?topics=app:tidewater-api";

/// The same request, as it comes from this address.
fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = format!("{address}:40000").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

fn sign_in(address: &str, token: &str) -> Request<Body> {
    let request = Request::post("/sign-in")
        .header(HOST, "127.0.0.1:8080")
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={token}&next=/apps/night-owl")))
        .unwrap();
    from(address, request)
}

async fn refused(answer: (StatusCode, HeaderMap, Body), said: &str) {
    let (status, headers, body) = answer;
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{text}");
    assert!(headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
    assert!(text.contains(said), "{text}");
}

#[tokio::test]
async fn a_session_has_a_bounded_number_of_streams_and_one_that_ends_makes_room() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let mut streams = vec![];
    for _ in 0..64 {
        let (status, _, body) = console.head_of(get(EVENTS, &cookie)).await;
        assert_eq!(status, StatusCode::OK);
        streams.push(body);
    }
    refused(console.head_of(get(EVENTS, &cookie)).await, "This session has 64 live streams open").await;
    refused(console.head_of(get("/poll?topics=apps", &cookie)).await, "Close a tab").await;
    let other = console.signed_in(tokens::DEMO).await;
    assert_eq!(console.head_of(get(EVENTS, &other)).await.0, StatusCode::OK, "another session pays");
    streams.pop();
    assert_eq!(console.head_of(get(EVENTS, &cookie)).await.0, StatusCode::OK);
    drop(streams);
    assert_eq!(console.state.clients.open_streams(), 0, "a place was kept");
}

#[tokio::test]
async fn an_address_has_a_bounded_number_of_streams_and_a_proxy_of_ours_is_not_its_clients() {
    let console = Console::with(&[("WINDSOCK_TRUSTED_PROXY", "10.0.0.1")]).await;
    let mut streams = vec![];
    for _ in 0..4 {
        let cookie = console.signed_in(tokens::DEMO).await;
        for _ in 0..64 {
            let (status, _, body) = console.head_of(from("192.0.2.7", get(EVENTS, &cookie))).await;
            assert_eq!(status, StatusCode::OK);
            streams.push(body);
        }
    }
    let cookie = console.signed_in(tokens::DEMO).await;
    let crowded = "Your address has 256 live streams open";
    refused(console.head_of(from("192.0.2.7", get(EVENTS, &cookie))).await, crowded).await;
    assert_eq!(console.head_of(from("192.0.2.8", get(EVENTS, &cookie))).await.0, StatusCode::OK);

    let through_proxy = |client: &str| {
        let mut request = from("10.0.0.1", get(EVENTS, &cookie));
        request.headers_mut().insert("x-forwarded-for", client.parse().unwrap());
        request
    };
    refused(console.head_of(through_proxy("192.0.2.7")).await, crowded).await;
    assert_eq!(console.head_of(through_proxy("192.0.2.9")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn an_address_that_tries_tokens_is_slowed_down_and_the_form_stays() {
    let console = Console::start().await;
    for _ in 0..10 {
        let (status, ..) = console.head_of(sign_in("192.0.2.7", "fo1_wrong")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let requests = console.simulator.requests().total;
    let answer = console.head_of(sign_in("192.0.2.7", tokens::DEMO)).await;
    refused(answer, "Too many sign-ins from your address").await;
    let (_, _, body) = console.head_of(sign_in("192.0.2.7", tokens::DEMO)).await;
    let page = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(page.contains("value=\"/apps/night-owl\""), "where one wanted to go was lost");
    assert_eq!(console.simulator.requests().total, requests, "Fly was asked");
    let (status, ..) = console.head_of(sign_in("192.0.2.8", tokens::DEMO)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "another address pays");
}

#[tokio::test]
async fn sign_ins_that_succeed_are_not_limited() {
    let console = Console::start().await;
    for _ in 0..30 {
        let (status, ..) = console.head_of(sign_in("192.0.2.7", tokens::DEMO)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn the_token_that_all_share_has_no_limit_of_a_session() {
    let console = Console::with(&[("FLY_API_TOKEN", tokens::READ_ONLY)]).await;
    let mut streams = vec![];
    for number in 0..70 {
        let request = from(&format!("192.0.2.{number}"), get(EVENTS, ""));
        let (status, _, body) = console.head_of(request).await;
        assert_eq!(status, StatusCode::OK);
        streams.push(body);
    }
}
