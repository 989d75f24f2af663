//! The command palette finds what its viewer may see, and nothing else.

use super::*;

const OPTIONS: &str = "/palette?part=options";

#[tokio::test]
async fn the_palette_finds_apps_by_letters_and_the_instances_of_the_app_one_is_at() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let found = console.get(&format!("{OPTIONS}&q=TIDE"), &cookie).await;
    assert_eq!(found.status, StatusCode::OK);
    assert_eq!(found.header("windsock-options"), "1");
    assert!(found.text.contains("href=\"/apps/tidewater-api\""), "{}", found.text);
    assert!(!found.text.contains("night-owl"), "{}", found.text);

    console.at(FAILED).await;
    let at = console.get(&format!("{OPTIONS}&at={APP}"), &cookie).await;
    assert!(at.text.contains("Instances of crimson-wildflower-1711"), "{}", at.text);
    assert!(at.text.contains("data-press=\"form[action='/sign-out'] button\""), "{}", at.text);
}

#[tokio::test]
async fn the_palette_shows_no_app_of_another_access() {
    let console = Console::start().await;
    let owner = console.signed_in(tokens::DEMO).await;
    console.get("/apps/tidewater-api", &owner).await;
    let stranger = console.signed_in(tokens::OTHER_ORG).await;
    let found = console.get(&format!("{OPTIONS}&at=/apps/tidewater-api"), &stranger).await;
    assert!(!found.text.contains("tidewater-api"), "{}", found.text);
}

#[tokio::test]
async fn a_token_of_one_app_is_told_why_there_is_no_list_and_opens_the_app_by_its_name() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::APP_SCOPED).await;
    let found = console.get(&format!("{OPTIONS}&q=tidewater-api"), &cookie).await;
    assert!(found.text.contains("open the app by its name"), "{}", found.text);
    assert!(found.text.contains("href=\"/apps/tidewater-api\""), "{}", found.text);
}

#[tokio::test]
async fn the_palette_of_a_page_of_another_session_is_refused() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let mut request = get(OPTIONS, &cookie);
    request.headers_mut().insert("windsock-session", "of-somebody-else".parse().unwrap());
    let refused = console.send(request).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.text.contains("You are signed out."), "{}", refused.text);
    assert!(!refused.text.contains("tidewater-api"), "{}", refused.text);
}

#[tokio::test]
async fn the_palette_is_a_page_where_there_is_no_script_and_needs_a_session() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let page = console.get("/palette?q=tide", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("<title>Find · Windsock</title>"), "{}", page.text);
    assert!(page.text.contains("href=\"/apps/tidewater-api\""), "{}", page.text);
    assert!(!page.text.contains("role=\"option\""), "{}", page.text);
    let answer = console.get("/palette?q=tide", "").await;
    assert_eq!(answer.header("location"), "/sign-in?next=/palette%3Fq%3Dtide");
}

#[tokio::test]
async fn what_was_typed_is_shown_as_text() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    for part in ["options", "page"] {
        let found = console.get(&format!("/palette?part={part}&q=%22%3E%3Cscript%3Ealert(1)"), &cookie).await;
        assert!(!found.text.contains("<script>alert"), "{}", found.text);
        assert!(found.text.contains("script&gt;alert(1)"), "{}", found.text);
    }
}
