//! Tokens, topics and ways in.

use crate::console::{Console, get};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use simulator::tokens;
use std::time::Duration;

/// Stands in every state of every app of this organization, as its slug or its name.
const DATA: [&str; 3] = ["harbor-works", "Harbor Works", IMAGES];
/// Stands in every release of the apps below, whose states do not name the organization.
const IMAGES: &str = "registry.fly.io/";

const API: &str = "instance:tidewater-api:3d8d9014b32e68";
const OWL: &str = "instance:night-owl:9080e5f6a41d87";
/// There is such an instance, but not in this app.
const OWL_IN_API: &str = "instance:tidewater-api:9080e5f6a41d87";
const NOBODYS: &str = "instance:no-such-app:9080e5f6a41d87";

const RELEASES: &str = "releases:tidewater-api";
const RELEASE: &str = "release:tidewater-api:42";
const OWLS_RELEASES: &str = "releases:night-owl";
const OWLS_RELEASE: &str = "release:night-owl:8";

const UNHEALTHY: &str = "apps?health=unhealthy";
const SEARCHED: &str = "apps?q=tide&sort=name";

const TOPICS: [&str; 17] = [
    "apps",
    UNHEALTHY,
    SEARCHED,
    "app:crimson-wildflower-1711",
    "app:tidewater-api",
    "app:night-owl",
    "app:no-such-app",
    API,
    OWL,
    OWL_IN_API,
    NOBODYS,
    RELEASES,
    RELEASE,
    OWLS_RELEASES,
    OWLS_RELEASE,
    "releases:no-such-app",
    "release:no-such-app:8",
];

/// The topics that show data of `harbor-works` to whoever may see all of it.
const ALL: &[&str] = &[
    "apps",
    UNHEALTHY,
    SEARCHED,
    "app:crimson-wildflower-1711",
    "app:tidewater-api",
    "app:night-owl",
    API,
    OWL,
    RELEASES,
    RELEASE,
    OWLS_RELEASES,
    OWLS_RELEASE,
];

/// Each token with the topics that show data of `harbor-works` to it.
const TOKENS: [(&str, &[&str]); 4] = [
    (tokens::DEMO, ALL),
    (tokens::READ_ONLY, ALL),
    (tokens::APP_SCOPED, &["app:tidewater-api", API, RELEASES, RELEASE]),
    (tokens::OTHER_ORG, &[]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Page,
    Function,
    Stream,
    Poll,
}

const WAYS: [Way; 4] = [Way::Page, Way::Function, Way::Stream, Way::Poll];

/// What stands in a topic that is named in the query of a request.
fn encoded(topic: &str) -> String {
    topic.replace('%', "%25").replace('&', "%26")
}

/// The page that shows a topic.
fn page_of(topic: &str) -> String {
    if let Some(query) = topic.strip_prefix("apps?") {
        return format!("/apps?{query}");
    }
    match topic.split(':').collect::<Vec<_>>()[..] {
        ["apps"] => "/apps".to_owned(),
        ["app", name] => format!("/apps/{name}"),
        ["releases", name] => format!("/apps/{name}/releases"),
        ["release", name, version] => format!("/apps/{name}/releases/{version}"),
        ["instance", name, id] => format!("/apps/{name}/machines/{id}"),
        _ => panic!("no page shows {topic}"),
    }
}

/// What a way in brings: the status, and all text that comes within a moment.
async fn ask(console: &Console, way: Way, topic: &str, cookie: &str) -> (StatusCode, String) {
    let request = match way {
        Way::Page => get(&page_of(topic), cookie),
        Way::Function => Request::post("/api/topic")
            .header(HOST, "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/json")
            .header(COOKIE, cookie)
            .body(Body::from(format!(r#"{{"topic":"{topic}"}}"#)))
            .unwrap(),
        Way::Stream => get(&format!("/events?topics={}", encoded(topic)), cookie),
        Way::Poll => get(&format!("/poll?topics={}", encoded(topic)), cookie),
    };
    let asking = console.head_of(request);
    // A poll that has nothing to tell does not even begin its answer.
    let Ok((status, _, mut body)) = tokio::time::timeout(Duration::from_secs(3), asking).await else {
        return (StatusCode::NO_CONTENT, String::new());
    };
    let mut text = String::new();
    let silence = if way == Way::Stream { Duration::from_millis(300) } else { Duration::from_secs(5) };
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(silence, body.frame()).await {
        text.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
    }
    (status, text)
}

fn shows_data(text: &str) -> bool {
    DATA.iter().any(|data| text.contains(data))
}

/// Streams of the token that sees everything: their watches hold the data of every topic.
async fn watched_by_the_owner(console: &Console) -> Vec<Body> {
    let cookie = console.signed_in(tokens::DEMO).await;
    let mut streams = vec![];
    for topic in TOPICS.iter().filter(|topic| !topic.contains("no-such-app")) {
        let (status, _, body) =
            console.head_of(get(&format!("/events?topics={}", encoded(topic)), &cookie)).await;
        assert_eq!(status, StatusCode::OK);
        streams.push(body);
    }
    streams
}

#[tokio::test]
async fn every_token_sees_by_every_way_in_what_fly_shows_it_and_nothing_else() {
    let console = Console::start().await;
    let _owner = watched_by_the_owner(&console).await;
    for (token, visible) in TOKENS {
        let cookie = console.signed_in(token).await;
        for topic in TOPICS {
            for way in WAYS {
                let (status, text) = ask(&console, way, topic, &cookie).await;
                let expected = visible.contains(&topic);
                assert_eq!(shows_data(&text), expected, "{token} {topic} {way:?}: {status} {text}");
                if expected {
                    assert_eq!(status, StatusCode::OK, "{token} {topic} {way:?}");
                }
            }
        }
    }
}

/// Ways in that have no topic in their address: what each shows of an app, and to whom.
#[tokio::test]
async fn the_palette_and_the_text_of_a_diagnosis_show_each_token_what_its_topics_do() {
    let console = Console::start().await;
    let _owner = watched_by_the_owner(&console).await;
    for (token, visible) in TOKENS {
        let cookie = console.signed_in(token).await;
        let sees = |topic: String| visible.contains(&topic.as_str());
        for app in ["tidewater-api", "night-owl", "crimson-wildflower-1711", "no-such-app"] {
            let (is_visible, name) = (sees(format!("app:{app}")), format!("{token} {app}"));
            let text = console.get(&format!("/apps/{app}/diagnosis.md"), &cookie).await;
            let expected = if is_visible { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(text.status, expected, "{name}: {}", text.text);
            assert_eq!(text.text.contains(app), is_visible, "{name}: {}", text.text);

            // What was typed comes back in the field and in the way to an app by its name.
            let found = console.get(&format!("/palette?part=options&at=/apps/{app}"), &cookie).await;
            assert_eq!(found.status, StatusCode::OK, "{name}");
            let instances = format!("Instances of {app}");
            // At the beginning of the story the others have none.
            let is_there = is_visible && ["tidewater-api", "night-owl"].contains(&app);
            assert_eq!(found.text.contains(&instances), is_there, "{name}: {}", found.text);
            let listed = found.text.contains(&format!("href=\"/apps/{app}\""));
            assert_eq!(listed, is_visible && sees("apps".to_owned()), "{name}: {}", found.text);
        }
    }
    for path in ["/palette?part=options", "/apps/tidewater-api/diagnosis.md"] {
        let nobody = console.get(path, "").await;
        assert!(
            !shows_data(&nobody.text) && !nobody.text.contains("tidewater-api\""),
            "{path}: {}",
            nobody.text
        );
    }
}

#[tokio::test]
async fn an_app_of_others_and_one_that_is_not_there_are_answered_alike() {
    let console = Console::start().await;
    let _owner = watched_by_the_owner(&console).await;
    let cookie = console.signed_in(tokens::OTHER_ORG).await;
    for (of_others, of_nobody) in [
        ("app:night-owl", "app:no-such-app"),
        (OWL, NOBODYS),
        (OWLS_RELEASES, "releases:no-such-app"),
        (OWLS_RELEASE, "release:no-such-app:8"),
    ] {
        for way in WAYS {
            let (theirs, text) = ask(&console, way, of_others, &cookie).await;
            let (nobodys, other) = ask(&console, way, of_nobody, &cookie).await;
            assert_eq!((theirs, nobodys), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{way:?}");
            if matches!(way, Way::Stream | Way::Poll) {
                assert_eq!(text, other);
            }
        }
    }
}

#[tokio::test]
async fn one_topic_among_many_that_a_token_may_not_see_shows_none_of_them() {
    let console = Console::start().await;
    let _owner = watched_by_the_owner(&console).await;
    let cookie = console.signed_in(tokens::APP_SCOPED).await;
    for way in [Way::Stream, Way::Poll] {
        for other in ["app:night-owl", OWL, OWLS_RELEASES, OWLS_RELEASE] {
            let (status, text) = ask(&console, way, &format!("app:tidewater-api,{other}"), &cookie).await;
            assert_eq!((status, shows_data(&text)), (StatusCode::NOT_FOUND, false), "{way:?}: {text}");
        }
    }
}

#[tokio::test]
async fn after_a_sign_out_no_way_in_shows_anything_though_the_watches_go_on() {
    let console = Console::start().await;
    let _owner = watched_by_the_owner(&console).await;
    let cookie = console.signed_in(tokens::READ_ONLY).await;
    assert!(shows_data(&ask(&console, Way::Stream, "app:night-owl", &cookie).await.1));
    console.post("/sign-out", "", &cookie).await;
    for topic in TOPICS {
        for way in WAYS {
            let (status, text) = ask(&console, way, topic, &cookie).await;
            assert!(!shows_data(&text) && status != StatusCode::OK, "{topic} {way:?}: {status} {text}");
        }
    }
}

#[tokio::test]
async fn after_a_revocation_no_way_in_shows_anything_and_others_go_on() {
    let console = Console::start().await;
    let revoked = console.signed_in(tokens::READ_ONLY).await;
    let other = console.signed_in(tokens::APP_SCOPED).await;
    let (_, _, mut tab) = console.head_of(get("/events?topics=apps,app:night-owl", &revoked)).await;
    let (_, _, mut other_tab) = console.head_of(get("/events?topics=app:tidewater-api", &revoked)).await;
    assert!(console.simulator.revoke("read-only", true));
    console.state.hub.poll_now().await;
    for stream in [&mut tab, &mut other_tab] {
        let mut text = String::new();
        let ending = async {
            while let Some(Ok(frame)) = stream.frame().await {
                text.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
            }
        };
        tokio::time::timeout(Duration::from_secs(1), ending).await.expect("a stream outlived its token");
        assert!(text.contains("event: signed-out"), "{text}");
    }
    for topic in TOPICS {
        for way in WAYS {
            let (status, text) = ask(&console, way, topic, &revoked).await;
            assert!(!shows_data(&text) && status != StatusCode::OK, "{topic} {way:?}: {status} {text}");
        }
    }
    assert!(shows_data(&ask(&console, Way::Stream, "app:tidewater-api", &other).await.1));
}

#[tokio::test]
async fn no_answer_of_the_live_routes_may_be_stored_by_anything_on_the_way() {
    let console = Console::start().await;
    let cookie = console.signed_in(tokens::DEMO).await;
    for path in
        ["/events?topics=apps", "/poll?topics=apps", "/events?topics=app:no-such-app", "/poll?topics="]
    {
        for cookie in [cookie.as_str(), ""] {
            let (_, headers, _) = console.head_of(get(path, cookie)).await;
            assert!(headers["cache-control"].to_str().unwrap().contains("no-store"), "{path}");
        }
    }
    let (_, headers, _) = console.head_of(get("/events?topics=apps", &cookie)).await;
    assert_eq!(
        (&headers["content-type"], &headers["x-accel-buffering"]),
        (&"text/event-stream".parse().unwrap(), &"no".parse().unwrap())
    );
}
