//! Whose token it is, and what it may see.

use crate::support::{app, client, graphql_data, graphql_says, ok, token};
use fly::{FlyError, Viewer, ViewerKind};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

async fn viewer(principal: Value) -> Viewer {
    let server = graphql_data(json!({ "viewer": principal })).await;
    client(&server.uri()).viewer(&token()).await.unwrap()
}

#[tokio::test]
async fn a_person_is_shown_by_name_and_without_one_by_mail() {
    let named = viewer(json!({"__typename": "User", "email": "jo@example.com", "name": "Jo"})).await;
    assert_eq!(named, Viewer { label: "Jo".into(), kind: ViewerKind::User });
    let unnamed = viewer(json!({"__typename": "User", "email": "jo@example.com", "name": " "})).await;
    assert_eq!(unnamed.label, "jo@example.com");
}

#[tokio::test]
async fn a_macaroon_is_nobody_and_still_a_viewer() {
    let macaroon = viewer(json!({"__typename": "Macaroon", "email": "", "name": null})).await;
    assert_eq!(macaroon, Viewer { label: "a token without a name".into(), kind: ViewerKind::Macaroon });
}

#[tokio::test]
async fn a_principal_nobody_knew_yet_is_a_viewer_of_another_kind() {
    let robot = viewer(json!({"__typename": "Robot", "email": "r@example.com", "name": null})).await;
    assert_eq!(robot.kind, ViewerKind::Other);
}

#[tokio::test]
async fn an_app_that_fly_shows_can_be_seen() {
    let server = graphql_data(json!({"app": {"id": "harbor-web"}})).await;
    assert_eq!(client(&server.uri()).can_see(&token(), &app()).await, Ok(()));
    let request = &server.received_requests().await.unwrap()[0];
    assert_eq!(request.body_json::<Value>().unwrap()["variables"], json!({"name": "harbor-web"}));
}

#[tokio::test]
async fn an_app_of_others_and_one_that_is_not_there_are_the_same_answer() {
    let forbidden =
        json!({"errors": [{"message": "no", "path": ["app"], "extensions": {"code": "FORBIDDEN"}}]});
    let unknown = json!({"data": {"app": null}, "errors": [{"message": "Could not find App"}]});
    for answer in [
        ok(&json!({"data": {"app": null}})),
        ok(&unknown),
        ok(&forbidden),
        ResponseTemplate::new(403).set_body_string("forbidden"),
        ResponseTemplate::new(404).set_body_string("not found"),
    ] {
        let server = graphql_says(answer).await;
        let error = client(&server.uri()).can_see(&token(), &app()).await.unwrap_err();
        assert!(matches!(error, FlyError::NotFound { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_refused_token_stays_refused_when_asked_for_an_app() {
    let server = graphql_says(ResponseTemplate::new(401)).await;
    assert!(client(&server.uri()).can_see(&token(), &app()).await.unwrap_err().is_refused());
}

#[tokio::test]
async fn fly_out_of_reach_is_no_denial() {
    let server = graphql_says(ResponseTemplate::new(503)).await;
    assert!(!client(&server.uri()).can_see(&token(), &app()).await.unwrap_err().is_access_denied());
}
