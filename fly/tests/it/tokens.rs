//! Tokens that cannot be used, told apart, each with a sentence that helps.

use crate::support::{TestClock, app, client, graphql_says, machine_id, machines_say, ok};
use fly::{FlyError, FlyToken, LogQuery};
use model::Timestamp;
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A macaroon whose last second is this, made by hand: nonce, location, one caveat, tail.
fn macaroon(until: u32) -> FlyToken {
    let head = [0x94, 0x93, 0xc4, 1, 7, 0xc4, 1, 9, 0xc2, 0xa3, b'f', b'l', b'y', 0x92, 4, 0x92, 0, 0xce];
    let bytes = [&head[..], &until.to_be_bytes(), &[0xc4, 1, 1]].concat();
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let encoded = bits.chunks(6).map(|chunk| {
        let six = (0..6).fold(0, |six, bit| six << 1 | chunk.get(bit).copied().unwrap_or(0));
        char::from(digits[usize::from(six)])
    });
    FlyToken::parse(&format!("FlyV1 fm2_{}", encoded.collect::<String>())).unwrap()
}

fn now() -> u32 {
    u32::try_from(TestClock::BEGINNING.as_secs()).unwrap()
}

fn refused() -> ResponseTemplate {
    ResponseTemplate::new(401)
        .insert_header("fly-request-id", "01JREQUEST")
        .set_body_json(json!({"error": "Authenticate: token validation error"}))
}

#[tokio::test]
async fn a_refused_macaroon_that_has_ended_is_expired_and_says_when_it_ended() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(refused()).mount(&server).await;
    Mock::given(method("GET")).respond_with(refused()).mount(&server).await;
    let client = client(&server.uri());
    let token = macaroon(now() - 60);
    let ended = Timestamp((i64::from(now()) - 60) * 1_000);
    let errors = [
        client.viewer(&token).await.unwrap_err(),
        client.can_see(&token, &app()).await.unwrap_err(),
        client.apps(&token).await.unwrap_err(),
        client.app_facts(&token, &app()).await.unwrap_err(),
        client.machine(&token, &app(), &machine_id()).await.unwrap_err(),
        client.logs(&token, &app(), &LogQuery::default()).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, FlyError::Expired { at: Some(at), .. } if at == ended), "{error:?}");
        assert!(error.is_refused() && error.request_id() == Some("01JREQUEST"));
        assert!(error.person().starts_with("The token expired on 2026-11-22 23:59:00 UTC."), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_inside_of_an_answer_with_http_200_is_read_in_the_same_way() {
    let body = json!({"errors": [{"message": "no", "extensions": {"code": "UNAUTHORIZED"}}]});
    let server = graphql_says(ok(&body)).await;
    let client = client(&server.uri());
    for (until, expired) in [(now() - 1, true), (now() + 1, false)] {
        let token = macaroon(until);
        let errors = [
            client.viewer(&token).await.unwrap_err(),
            client.can_see(&token, &app()).await.unwrap_err(),
            client.app_facts(&token, &app()).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(matches!(error, FlyError::Expired { .. }), expired, "{error:?}");
            assert!(error.is_refused());
        }
    }
}

#[tokio::test]
async fn fly_s_own_words_for_an_expired_token_are_believed() {
    for words in ["token expired", "Macaroon has EXPIRED", "unauthorized: expired discharge"] {
        let server = graphql_says(ResponseTemplate::new(401).set_body_json(json!({"error": words}))).await;
        let error = client(&server.uri()).viewer(&crate::support::token()).await.unwrap_err();
        assert!(matches!(error, FlyError::Expired { at: None, .. }), "{words}: {error:?}");
        let inside = json!({"errors": [{"message": words, "extensions": {"code": "UNAUTHENTICATED"}}]});
        let server = graphql_says(ok(&inside)).await;
        let error = client(&server.uri()).viewer(&crate::support::token()).await.unwrap_err();
        assert!(matches!(error, FlyError::Expired { at: None, .. }), "{words}: {error:?}");
    }
}

#[tokio::test]
async fn an_ended_macaroon_that_fly_takes_is_good() {
    let answer = ok(&json!({"data": {"viewer": {"__typename": "Macaroon", "email": "", "name": null}}}));
    let server = graphql_says(answer).await;
    assert!(client(&server.uri()).viewer(&macaroon(1)).await.is_ok());
}

#[tokio::test]
async fn each_unusable_token_has_a_sentence_of_its_own() {
    let malformed = FlyToken::parse("fo1_a b").unwrap_err().to_string();
    let server = graphql_says(refused()).await;
    machines_say(&server, "/v1/tokens/current", refused()).await;
    let client = client(&server.uri());
    let refused = client.viewer(&crate::support::token()).await.unwrap_err().person();
    let expired = client.viewer(&macaroon(1)).await.unwrap_err().person();
    let scope = FlyError::WrongScope { apps: vec![app()], request_id: None }.person();
    let forbidden = FlyError::Forbidden { detail: String::new(), request_id: None }.person();
    let all = [malformed, refused, expired, scope, forbidden];
    for (at, one) in all.iter().enumerate() {
        assert!(one.ends_with(['.', 's']), "{one}");
        assert!(all.iter().skip(at + 1).all(|other| other != one), "{one}");
    }
}
