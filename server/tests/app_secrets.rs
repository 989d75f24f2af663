//! What an app prints, its checks answer and its deployer writes down may hold secrets. They are in no
//! page and no stream: they were hidden when the text came in.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;

use console::{Console, get};
use http_body_util::BodyExt;
use simulator::{Story, tokens};

const SECRETS: [&str; 5] =
    ["s3cr3t-of-the-db", "of-the-log", "0123456789abcdef0123", "words-of-flyctl", "MIIEvQIBADANBgkq"];

const STORY: &str = r#"
name = "loose-talk"
title = "A deployment that says too much"
about = "Every text of the app's own holds a secret."
start = "2021-09-22T20:00:00Z"
worlds = ["quiet", "one-machine"]
defaults = { app = "${app}", origin = "invented" }

[let]
app = "loose-talk"
number = 240199
m1 = "3287d19c651508"
machine = "${m1}"
previous = 11
current = 12
next = 13
image = "registry.fly.io/loose-talk:deployment-01FG0130HKV6TDT7DX0G50"
command = "node server.js --api-key=0123456789abcdef0123"
code = 1

[[facts]]
at = "+5s"
scene = "release-begins"

[[facts]]
at = "+8s"
scene = "machine-replaced"

[[facts]]
at = "+13s"
change = "log"
instance = "${m1}"
level = "error"
message = "KeyError: 'DATABASE_URL' is not postgres://app:s3cr3t-of-the-db@db/app"

[[facts]]
at = "+13s"
change = "log"
instance = "${m1}"
level = "error"
message = "password=\u001b[31mhunter-\u001b[33mof-the-log\u001b[0m"

[[facts]]
at = "+13s"
change = "log"
instance = "${m1}"
level = "error"
message = "-----BEGIN PRIVATE KEY-----"

[[facts]]
at = "+13s"
change = "log"
instance = "${m1}"
level = "error"
message = "MIIEvQIBADANBgkq"

[[facts]]
at = "+13s"
change = "log"
instance = "${m1}"
level = "error"
message = "-----END PRIVATE KEY-----"

[[facts]]
at = "+14s"
scene = "check-fails"
with = { output = "GET /?api_key=0123456789abcdef0123: 500 Internal Server Error" }

[[facts]]
at = "+30s"
scene = "release-ends"
with = { status = "failed", stable = false, error = "checks failed, token: words-of-flyctl" }
"#;

#[tokio::test]
async fn what_an_app_says_too_much_is_in_no_page_and_no_stream() {
    let console = Console::playing(Story::parse(STORY).unwrap(), &[]).await;
    let cookie = console.signed_in(tokens::DEMO).await;
    let mut seen = String::new();
    for moment in ["2021-09-22T20:00:20Z", "2021-09-22T20:01:00Z"] {
        console.at(moment).await;
        seen.push_str(&console.get("/apps/loose-talk", &cookie).await.text);
        let (_, _, mut stream) = console.head_of(get("/events?topics=app:loose-talk", &cookie)).await;
        for _ in 0..2 {
            let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            seen.push_str(&String::from_utf8_lossy(&frame));
        }
    }
    for shown in ["KeyError", "password=", "checks failed", "BEGIN PRIVATE KEY"] {
        assert!(seen.contains(shown), "{shown:?} is not shown: the test looks at nothing");
    }
    for secret in SECRETS {
        assert!(!seen.contains(secret), "{secret} is shown");
    }
    assert!(seen.contains("[masked]"));
}
