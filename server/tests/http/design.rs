//! The page of the components belongs to the demo.

use super::*;
use server::config::Config;
use server::router::router;
use server::state::{DemoSettings, build};
use tower::ServiceExt;

#[tokio::test]
async fn the_demo_shows_its_components_without_a_sign_in() {
    let settings = DemoSettings { token: Some(tokens::DEMO.to_owned()), ..DemoSettings::default() };
    let state = build(&Config::from_lookup(&|_| None).unwrap(), settings).unwrap();
    let response = router(state).oneshot(get("/design", "")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let html = String::from_utf8_lossy(&bytes).into_owned();
    for shown in ["Deployment bar", "Key-value list", "Diff", "data-theme=\"dark\"", "data-theme=\"light\""] {
        assert!(html.contains(shown), "{shown:?} is not on the page");
    }
}

#[tokio::test]
async fn a_console_has_no_such_page() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    assert_eq!(console.get("/design", &cookie).await.status, StatusCode::NOT_FOUND);
}
