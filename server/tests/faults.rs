//! What the console shows under each fault that `windsock demo --fault` can play: never a blank page,
//! the last data with its age, and a sentence that names what failed.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

#[path = "support/console.rs"]
mod console;

use axum::http::StatusCode;
use console::{Answer, Console};
use simulator::{Preset, tokens};

/// An app whose instances GraphQL tells of, one whose instances the Machines API tells of, and the list.
const ALLOCATIONS: &str = "/apps/crimson-wildflower-1711";
const MACHINES: &str = "/apps/tidewater-api";
const LIST: &str = "/apps";
/// The captured state of the failed deployment.
const FAILED: &str = "2021-09-22T20:25:59Z";
/// An instance of each app, to see that its page still shows data.
const ALLOCATION: &str = "e80d7fbd";
const MACHINE: &str = "3d8d9014b32e68";

/// What is said when nothing can be loaded at all.
const NOTHING: [(&str, &str); 8] = [
    ("fly-down", "Fly could not be reached"),
    ("fly-resets", "Fly could not be reached"),
    ("garbage", "Fly's answer could not be understood"),
    ("captive-portal", "Fly's answer could not be understood"),
    ("huge-answers", "Fly's answer was larger than Windsock reads"),
    ("gzip-bomb", "Fly's answer was larger than Windsock reads"),
    ("redirected", "The address of Fly's API answers with a redirect"),
    ("flapping", "Fly has a problem of its own (HTTP 503)"),
];
/// What is said where GraphQL fails and the Machines API does not, or only in what is long: that one tells
/// of an app then.
const GRAPHQL: [(&str, &str); 3] = [
    ("graphql-503", "Fly has a problem of its own (HTTP 503)"),
    ("graphql-errors", "Fly has a problem of its own (HTTP 500)"),
    ("cut-answers", "The connection to Fly broke off"),
];
/// Those with a test of their own.
const OTHERS: [&str; 12] = [
    "slow-fly",
    "fly-hangs",
    "slow-answers",
    "rate-limited",
    "machines-429",
    "machines-down",
    "half-answers",
    "no-deployment-status",
    "wrong-types",
    "region-missing",
    "one-in-three",
    "token-revoked",
];

#[test]
fn every_preset_has_a_test() {
    let mut tested: Vec<&str> = NOTHING.iter().chain(&GRAPHQL).map(|(name, _)| *name).chain(OTHERS).collect();
    let mut known: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name).collect();
    tested.sort_unstable();
    known.sort_unstable();
    assert_eq!(tested, known);
}

/// The console and somebody who is signed in.
struct Visit {
    console: Console,
    cookie: String,
    /// The rows of the list before it went wrong.
    rows_before: String,
}

impl Visit {
    /// Everything is fine so far, and no page was looked at.
    async fn new() -> Self {
        let console = Console::start().await;
        let cookie = console.signed_in(tokens::DEMO).await;
        Self { console, cookie, rows_before: String::new() }
    }

    /// Every page has its data, and then it goes wrong.
    async fn broken_later(preset: &str) -> Self {
        let mut visit = Self::new().await;
        visit.console.at(FAILED).await;
        for page in [ALLOCATIONS, MACHINES] {
            assert_eq!(visit.told(page).await.status, StatusCode::OK);
        }
        rows(&visit.told(LIST).await).clone_into(&mut visit.rows_before);
        visit.breaks(preset);
        visit.poll().await;
        visit
    }

    /// It goes wrong before a page was looked at.
    async fn broken_before(preset: &str) -> Self {
        let visit = Self::new().await;
        visit.breaks(preset);
        visit
    }

    fn breaks(&self, preset: &str) {
        self.console.simulator.add_preset(Preset::named(preset).unwrap());
    }

    async fn poll(&self) {
        self.console.state.hub.poll_now().await;
    }

    /// The page, once Fly's answer is there or has failed: a page waits 3 seconds for that, which may not
    /// be enough on a busy machine, and whoever reads it asks again.
    async fn told(&self, page: &str) -> Answer {
        for _ in 0..20 {
            let answer = self.get(page).await;
            if !answer.text.contains("Fly has not answered within 3 seconds") {
                return answer;
            }
        }
        self.get(page).await
    }

    async fn get(&self, page: &str) -> Answer {
        self.console.get(page, &self.cookie).await
    }
}

/// The text of the part of this name; nothing where it is not on the page.
fn part<'a>(page: &'a Answer, name: &str) -> &'a str {
    let start = page.text.split_once(&format!("data-part=\"{name}\"")).map_or("", |(_, rest)| rest);
    start.split("</div>").next().unwrap_or_default()
}

fn assert_says(page: &Answer, sentences: &[&str]) {
    for sentence in sentences {
        assert!(page.text.contains(sentence), "{sentence}: {}", page.text);
    }
}

fn assert_says_none_of(page: &Answer, sentences: &[&str]) {
    for sentence in sentences {
        assert!(!page.text.contains(sentence), "{sentence}: {}", page.text);
    }
}

/// The rows of the list.
fn rows(list: &Answer) -> &str {
    let body = list.text.split_once("<tbody>").and_then(|(_, rest)| rest.split_once("</tbody>"));
    body.map(|(rows, _)| rows).unwrap()
}

/// What must not be said of what was never loaded.
const NONE: [&str; 6] =
    ["No instances", "Nothing was deployed", "No releases", "There are none", "Never deployed", "0 desired"];

/// Tries presets side by side: most of their time is waiting before a retry.
async fn for_each(presets: &[(&'static str, &'static str)], act: impl AsyncFn(&'static str, &'static str)) {
    futures::future::join_all(presets.iter().map(|(preset, said)| act(preset, said))).await;
}

/// The same where the list of apps and a sign-in have nothing.
async fn for_each_without_graphql(act: impl AsyncFn(&'static str, &'static str)) {
    for_each(&[NOTHING.as_slice(), &GRAPHQL].concat(), act).await;
}

#[tokio::test]
async fn where_nothing_could_be_loaded_a_page_says_why_and_when_it_tries_again() {
    for_each(&NOTHING, async |preset, said| {
        let visit = Visit::broken_before(preset).await;
        visit.console.at(FAILED).await;
        for (page, name) in [(ALLOCATIONS, "crimson-wildflower-1711"), (MACHINES, "tidewater-api")] {
            let page = visit.told(page).await;
            assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{preset}");
            assert_says(
                &page,
                &["role=\"alert\"", said, name, "Windsock tries again by itself, next at 20:2"],
            );
        }
    })
    .await;
}

#[tokio::test]
async fn where_there_was_data_it_stays_with_its_age_and_what_failed() {
    for_each(&NOTHING, async |preset, said| {
        let visit = Visit::broken_later(preset).await;
        for (page, instance) in [(ALLOCATIONS, ALLOCATION), (MACHINES, MACHINE)] {
            let page = visit.told(page).await;
            assert_eq!(page.status, StatusCode::OK, "{preset}");
            assert_says(&page, &[instance]);
            let notice = part(&page, "source");
            assert!(notice.contains(said), "{preset}: {notice}");
            assert!(notice.contains("What is shown is from 20:25:59 UTC"), "{preset}: {notice}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_graphql_an_app_is_told_by_the_machines_api_and_the_rest_is_named() {
    for_each(&GRAPHQL, async |preset, said| {
        let before = Visit::broken_before(preset).await;
        let page = before.told(MACHINES).await;
        assert_eq!(page.status, StatusCode::OK, "{preset}");
        // The list of machines is longer than what comes before the cut.
        assert_says(
            &page,
            &[if preset == "cut-answers" { "The instances are not loaded." } else { MACHINE }],
        );
        assert_says_none_of(&page, &NONE);
        let notice = part(&page, "source");
        for named in ["Could not be loaded: configuration, host issues", "GraphQL failed", said] {
            assert!(notice.contains(named), "{preset}: {notice}");
        }
        let page = before.told(ALLOCATIONS).await;
        assert_says(&page, &["The instances are not loaded.", "The process groups are not loaded."]);
        assert_says_none_of(&page, &NONE);
        let later = Visit::broken_later(preset).await;
        for (page, instance) in [(ALLOCATIONS, ALLOCATION), (MACHINES, MACHINE)] {
            let page = later.told(page).await;
            assert_says(&page, &[instance, "fly.dev"]);
            let notice = part(&page, "source");
            assert!(notice.contains(said) && notice.contains("is from 20:25:59 UTC"), "{preset}: {notice}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_list_says_it_as_the_page_of_an_app_does() {
    for_each_without_graphql(async |preset, said| {
        let before = Visit::broken_before(preset).await.told(LIST).await;
        assert_eq!(before.status, StatusCode::BAD_GATEWAY, "{preset}");
        assert_says(&before, &["role=\"alert\"", said]);
        let later = Visit::broken_later(preset).await.told(LIST).await;
        assert_says(&later, &["tidewater-api"]);
        assert!(part(&later, "source").contains(said), "{preset}: {}", later.text);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_blames_fly_and_not_the_token() {
    for_each_without_graphql(async |preset, said| {
        let console = Console::start().await;
        console.simulator.add_preset(Preset::named(preset).unwrap());
        let answer = console.post("/sign-in", &format!("token={}", tokens::DEMO), "").await;
        if preset == "cut-answers" {
            // The answer to the question who signs in is shorter than what comes before the cut.
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            return;
        }
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{preset}");
        assert_says(&answer, &[said, "role=\"alert\""]);
    })
    .await;
}

// In the next three tests time stands still and goes on by itself whenever everything waits for it.

#[tokio::test(start_paused = true)]
async fn a_fly_that_hangs_does_not_hold_a_page_and_is_told() {
    let page = Visit::broken_before("fly-hangs").await.get(MACHINES).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert_says(&page, &["Fly has not answered within 3 seconds", "tidewater-api"]);
    let later = Visit::broken_later("fly-hangs").await;
    for (page, instance) in [(ALLOCATIONS, ALLOCATION), (MACHINES, MACHINE)] {
        let page = later.get(page).await;
        assert_says(&page, &[instance]);
        let notice = part(&page, "source");
        assert!(notice.contains("Fly did not answer in time") && notice.contains("20:25:59"), "{notice}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_fly_makes_a_page_late_and_nothing_else() {
    let later = Visit::broken_later("slow-fly").await;
    for (page, instance) in [(ALLOCATIONS, ALLOCATION), (MACHINES, MACHINE)] {
        let page = later.get(page).await;
        assert_eq!((page.status, part(&page, "source")), (StatusCode::OK, ""));
        assert_says(&page, &[instance]);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_drip_are_given_up_and_told() {
    let page = Visit::broken_later("slow-answers").await.get(MACHINES).await;
    assert_says(&page, &[MACHINE]);
    assert!(part(&page, "source").contains("Fly did not answer in time"), "{}", page.text);
}

#[tokio::test]
async fn a_limit_is_told_with_the_time_at_which_it_ends() {
    let before = Visit::broken_before("rate-limited").await.get(MACHINES).await;
    assert_eq!(before.status, StatusCode::BAD_GATEWAY);
    assert_says(&before, &["Fly limits how often it may be asked. It can be asked again in 20 s."]);
    let later = Visit::broken_later("rate-limited").await;
    for (page, instance) in [(ALLOCATIONS, ALLOCATION), (MACHINES, MACHINE)] {
        let page = later.get(page).await;
        assert_says(&page, &[instance]);
        let notice = part(&page, "source");
        assert!(notice.contains("Fly asked to wait until 20:26:"), "{notice}");
        assert!(notice.contains("What is shown is from 20:25:59 UTC"), "{notice}");
    }
}

#[tokio::test]
async fn without_the_machines_api_the_instances_that_were_known_stay_and_are_named_as_missing() {
    for (preset, why) in [
        ("machines-429", "The Machines API failed: Fly limits how often it may be asked."),
        ("machines-down", "The Machines API failed: Fly could not be reached."),
    ] {
        let visit = Visit::broken_later(preset).await;
        let page = visit.get(MACHINES).await;
        assert_says(&page, &[MACHINE]);
        let notice = part(&page, "source");
        let age = "What is shown of it is from 20:25:59 UTC.";
        for said in ["Could not be loaded: instances", why, age] {
            assert!(notice.contains(said), "{preset}: {notice}");
        }
        assert_eq!(notice.contains("Next try at 20:26:"), preset == "machines-429", "{notice}");
        let untouched = visit.get(ALLOCATIONS).await;
        assert_says(&untouched, &[ALLOCATION]);
        assert_eq!(part(&untouched, "source"), "", "{preset}");
        let list = visit.get(LIST).await;
        assert!(part(&list, "source").contains("machines of harbor-works"), "{preset}: {}", list.text);
        assert!(part(&list, "source").contains(why), "{preset}: {}", list.text);
        assert_eq!(rows(&list), visit.rows_before, "{preset}");
    }
}

#[tokio::test]
async fn what_was_never_loaded_is_not_called_none() {
    for preset in ["machines-429", "machines-down"] {
        let page = Visit::broken_before(preset).await.get(MACHINES).await;
        assert_says(
            &page,
            &["The instances are not loaded.", "The process groups are not loaded.", "Unknown"],
        );
        assert_says_none_of(&page, &NONE);
    }
    let visit = Visit::broken_before("half-answers").await;
    let page = visit.get(ALLOCATIONS).await;
    assert_says(&page, &["The instances are not loaded.", "The releases are not loaded."]);
    assert_says_none_of(&page, &NONE);
    let page = visit.get(MACHINES).await;
    assert_says(&page, &[MACHINE, "The releases are not loaded."]);
    assert_says_none_of(&page, &NONE);
    let list = visit.get(LIST).await;
    assert!(rows(&list).contains("not loaded") && !rows(&list).contains("Never deployed"), "{}", list.text);
    let visit = Visit::broken_before("wrong-types").await;
    visit.console.at(FAILED).await;
    for page in [ALLOCATIONS, MACHINES] {
        let page = visit.get(page).await;
        assert_says(&page, &["not loaded"]);
        assert_says_none_of(&page, &NONE);
    }
    let list = visit.get(LIST).await;
    assert!(rows(&list).contains("not loaded"), "{}", list.text);
    assert_eq!(rows(&list).matches("Never deployed").count(), 1, "new-venture, and no other");
}

#[tokio::test]
async fn releases_that_the_list_could_not_load_stay_and_are_named() {
    let visit = Visit::broken_later("half-answers").await;
    let list = visit.get(LIST).await;
    assert_eq!(rows(&list), visit.rows_before);
    let notice = part(&list, "source");
    assert!(notice.contains(". What is shown of them is from 20:25:59 UTC or later."), "{notice}");
    assert_eq!(notice.matches("last release of").count(), 6, "{notice}");
}

#[tokio::test]
async fn half_an_answer_is_shown_and_the_other_half_is_named() {
    let visit = Visit::broken_later("half-answers").await;
    let page = visit.get(ALLOCATIONS).await;
    assert_says(&page, &[ALLOCATION, "Why v14 failed"]);
    assert!(part(&page, "source").contains("Could not be loaded: releases, instances"), "{}", page.text);
    let page = visit.get(MACHINES).await;
    assert_says(&page, &[MACHINE]);
    assert!(part(&page, "source").contains("Could not be loaded: releases"), "{}", page.text);
}

#[tokio::test]
async fn without_a_deployment_status_windsock_computes_its_own_and_says_so() {
    let page = Visit::broken_later("no-deployment-status").await.get(ALLOCATIONS).await;
    assert_says(&page, &["computed by Windsock", "1 desired, 1 placed, 0 healthy", ALLOCATION]);
    assert_eq!(part(&page, "source"), "");
}

#[tokio::test]
async fn values_of_a_wrong_type_are_told_and_the_last_data_stays() {
    let visit = Visit::broken_later("wrong-types").await;
    for (page, shown) in [(ALLOCATIONS, ALLOCATION), (MACHINES, MACHINE), (LIST, "tidewater-api")] {
        let page = visit.get(page).await;
        assert_says(&page, &[shown]);
        let notice = part(&page, "source");
        assert!(notice.contains("Could not be loaded: "), "{notice}");
        assert!(notice.contains("from 20:25:59 UTC"), "{notice}");
    }
}

#[tokio::test]
async fn regions_that_are_missing_are_named_in_the_list() {
    let visit = Visit::broken_later("region-missing").await;
    let list = visit.get(LIST).await;
    let notice = part(&list, "source");
    assert!(notice.contains("machines of harbor-works in ams, iad"), "{notice}");
    assert_eq!(rows(&list), visit.rows_before);
    let page = visit.get(MACHINES).await;
    assert_says(&page, &[MACHINE]);
    assert_eq!(part(&page, "source"), "");
}

#[tokio::test]
async fn single_failures_never_empty_a_page_and_the_next_answer_ends_the_notice() {
    let visit = Visit::broken_later("one-in-three").await;
    let (mut fine, mut failing) = (0, 0);
    for _ in 0..24 {
        visit.poll().await;
        let page = visit.get(MACHINES).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_says(&page, &[MACHINE]);
        if part(&page, "source").is_empty() { fine += 1 } else { failing += 1 }
    }
    assert!(fine > 0 && failing > 0, "{fine} fine, {failing} failing");
}

#[tokio::test]
async fn a_token_that_is_revoked_signs_out_and_leads_to_the_sign_in() {
    let visit = Visit::broken_later("token-revoked").await;
    for _ in 0..20 {
        visit.poll().await;
    }
    let page = visit.get(MACHINES).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.header("location").starts_with("/sign-in"), "{}", page.header("location"));
}
