//! Pages, rendered as the server renders them: what people read with JavaScript off.
#![cfg(feature = "ssr")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use app::AppError;
use app::session::{Refusal, Session};
use support::*;

const APP: &str = "/apps/crimson-wildflower-1711";

/// The text of a page without its tags and markers: what people read.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn healthy() -> Fake {
    let facts = facts(vec![release(14, "complete")], vec![instance("91857336", 14)]);
    Fake::with_app(view(&facts))
}

#[tokio::test]
async fn the_diagnosis_region_is_absent_while_nothing_is_wrong() {
    let (status, html) = page(APP, healthy()).await;
    assert_eq!(status, 200);
    assert!(html.contains("Deployment status"), "{html}");
    assert!(!html.contains("aria-label=\"Diagnosis\""), "{html}");
}

#[tokio::test]
async fn a_failed_deployment_says_why_with_its_evidence_and_the_command() {
    let (_, html) = page(APP, Fake::with_app(view(&failed_v14()))).await;
    let text = text(&html);
    for expected in [
        "Why v14 failed · proven",
        "The app listens on port 8080. Fly checks port 4000.",
        "fly deploy -a crimson-wildflower-1711 -e PORT=4000",
        "20:24:41",
        "log e80d7fbd",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    assert!(html.contains("<mark>:::8080</mark>"), "{html}");
}

#[tokio::test]
async fn a_failure_that_no_rule_knows_shows_the_log_and_says_so() {
    let mut facts = failed_v14();
    facts.instances[0].logs.remove(0);
    facts.config.services.clear();
    let (_, html) = page(APP, Fake::with_app(view(&facts))).await;
    assert!(
        text(&html).contains(
            "None of the known causes matches what was seen. These are the last lines of e80d7fbd."
        )
    );
    assert!(html.contains("<details open class=\"log\">"), "{html}");
}

#[tokio::test]
async fn what_an_app_logs_is_text_and_never_markup() {
    let (_, html) = page(APP, Fake::with_app(view(&failed_v14()))).await;
    assert!(!html.contains("<script>alert"), "{html}");
    assert!(html.contains("  &lt;script&gt;alert('x')&lt;/script&gt;"), "{html}");
}

#[tokio::test]
async fn evidence_leads_to_where_it_stands_and_all_of_it_can_be_had_as_text() {
    let mut facts = failed_v14();
    facts.evidence_not_loaded = vec!["Logs not loaded: Fly does not let this token see that.".into()];
    let (_, html) = page(APP, Fake::with_app(view(&facts))).await;
    for href in [
        "/apps/crimson-wildflower-1711/machines/e80d7fbd#logs",
        "/apps/crimson-wildflower-1711/diagnosis.md",
        "https://fly.io/apps/crimson-wildflower-1711",
        "https://fly.io/docs/getting-started/troubleshooting/",
    ] {
        assert!(html.contains(&format!("href=\"{href}\"")), "no link to {href} in {html}");
    }
    assert!(text(&html).contains("Logs not loaded: Fly does not let this token see that."));
}

#[tokio::test]
async fn the_deployment_says_who_and_counts_each_process_group_and_explains_what_misleads() {
    let mut worker = instance("73d8d46dbee589", 14);
    worker.process_group = "worker".into();
    let mut facts = facts(vec![release(14, "failed")], vec![instance("91857336", 14), worker]);
    facts.deployment = Some(model::deployment::FlyDeployment {
        version: model::ReleaseVersion(14),
        status: "failed".into(),
        description: "Failed due to unhealthy allocations - no stable job version to auto revert to".into(),
        desired: 2,
        placed: 2,
        healthy: 1,
        unhealthy: 1,
    });
    let (_, html) = page(APP, Fake::with_app(view(&facts))).await;
    let text = text(&html);
    for expected in [
        "by Ryan",
        "app 1 desired, 1 placed, 1 healthy, 0 unhealthy",
        "worker 1 desired, 1 placed, 1 healthy, 0 unhealthy",
        "Nothing was rolled back, because no earlier version was stable.",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
}

/// The entries of how the deployment went, as a person reads them.
fn went(html: &str) -> Vec<String> {
    let list = html.split("aria-label=\"How it went\">").nth(1).unwrap().split("</ol>").next().unwrap();
    list.split("</li>").map(text).filter(|entry| !entry.is_empty()).collect()
}

#[tokio::test]
async fn how_a_deployment_went_is_told_in_order_and_chosen_by_the_address() {
    let mut facts = failed_v14();
    facts.instances[0].checks = vec![model::CheckResult {
        name: "alive".into(),
        status: "critical".into(),
        output: "refused <b>".into(),
        updated_at: Some(NOW.plus(-60_000)),
    }];
    let (_, html) = page(APP, Fake::with_app(view(&facts))).await;
    assert!(text(&html).contains("How v14 went: 6 entries"), "{html}");
    assert!(
        html.contains("<details id=\"how-it-went\" class=\"went\">"),
        "closed until somebody asks: {html}"
    );
    assert_eq!(
        went(&html),
        [
            "20:21:21releasev14 was made by Ryan, rolling",
            "20:22:41e80d7fbdplacedruns v14 in sjc",
            "20:23:41e80d7fbdcheckalive is critical: refused &lt;b&gt;",
            "20:24:41e80d7fbdlogRunning FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)",
            "20:24:41e80d7fbdlog  &lt;script&gt;alert('x')&lt;/script&gt;",
            "20:24:41releasev14 failed: The deployment failed",
        ]
    );
    let (_, html) = page(&format!("{APP}?went=checks"), Fake::with_app(view(&facts))).await;
    assert_eq!(went(&html), ["20:23:41e80d7fbdcheckalive is critical: refused &lt;b&gt;"]);
    assert!(html.contains("<details id=\"how-it-went\" open class=\"went\">"), "{html}");
    assert!(html.contains("aria-current=\"true\""), "{html}");
    let (_, html) = page(&format!("{APP}?went=nonsense"), Fake::with_app(view(&facts))).await;
    assert!(text(&html).contains("Nothing of that kind happened."), "{html}");
}

#[tokio::test]
async fn a_log_keeps_its_colours_as_classes_and_nothing_else_of_its_escapes() {
    let mut facts = failed_v14();
    facts.instances[0].logs[1] =
        log("\u{1b}[1;91mfatal\u{1b}[0m \u{1b}[38;5;39m<b>\u{1b}[2J\u{1b}]0;x\u{7} password=hunter22");
    let (_, html) = page(APP, Fake::with_app(view(&facts))).await;
    assert!(html.contains("<span class=\"c1 c31\">fatal</span>"), "{html}");
    assert!(html.contains("<span class=\"c36\">&lt;b&gt; password=[masked]</span>"), "{html}");
    assert!(!html.contains('\u{1b}') && !html.contains("hunter22"), "{html}");
}

#[tokio::test]
async fn a_state_nobody_knew_is_shown_as_it_came_and_escaped() {
    let mut odd = instance("91857336", 14);
    odd.state = "<b>hibernating".into();
    let (_, html) = page(APP, Fake::with_app(view(&facts(vec![release(14, "complete")], vec![odd])))).await;
    assert!(html.contains("&lt;b&gt;hibernating"), "{html}");
    assert!(!html.contains("<b>hibernating"), "{html}");
}

#[tokio::test]
async fn the_instances_table_is_a_table_with_a_body_and_labelled_cells() {
    let (_, html) = page(APP, Fake::with_app(view(&failed_v14()))).await;
    assert!(html.contains("<table aria-label=\"Instances\" class=\"instances-table\">"), "{html}");
    assert!(html.contains("<tbody>"), "{html}");
    assert!(html.contains("data-instance=\"e80d7fbd\""), "{html}");
    assert!(html.contains("data-cell=\"checks\" data-label=\"Health checks\""), "{html}");
    let text = text(&html);
    assert!(text.contains("1 total, 1 critical"), "{text}");
    assert!(text.contains("older than the newest release"), "{text}");
}

#[tokio::test]
async fn destroyed_instances_are_shown_when_asked_for() {
    let mut gone = instance("91857336", 14);
    gone.state = "destroyed".into();
    let fake = Fake::with_app(view(&facts(vec![release(14, "complete")], vec![gone])));
    let (_, html) = page(APP, fake.clone()).await;
    assert!(!html.contains("data-instance"), "{html}");
    assert!(text(&html).contains("Show 1 destroyed"));
    let (_, html) = page(&format!("{APP}?destroyed=show"), fake).await;
    assert!(html.contains("data-instance=\"91857336\""), "{html}");
}

#[tokio::test]
async fn ages_are_told_from_the_snapshot_with_the_exact_time_beside() {
    let (_, html) = page(APP, healthy()).await;
    assert!(text(&html).contains("2 min ago"), "{html}");
    assert!(html.contains("title=\"2021-09-22 20:22:41 UTC\""), "{html}");
    assert!(text(&html).contains("As of 20:24:41 UTC"));
}

#[tokio::test]
async fn a_status_that_windsock_computed_says_so() {
    let (_, html) = page(APP, healthy()).await;
    assert!(text(&html).contains("computed by Windsock"));
}

#[tokio::test]
async fn more_instances_than_can_be_counted_become_proportions_without_inline_style() {
    let instances = (0..100).map(|i| instance(&format!("{i:08x}"), 14)).collect();
    let (_, html) = page(APP, Fake::with_app(view(&facts(vec![release(14, "complete")], instances)))).await;
    assert!(html.contains("aria-label=\"100 healthy\" viewBox"), "{html}");
    assert!(!html.contains("style="), "{html}");
}

#[tokio::test]
async fn every_inline_script_carries_the_nonce_and_nothing_is_styled_inline() {
    let (_, html) = page(APP, Fake::with_app(view(&failed_v14()))).await;
    let scripts: Vec<&str> = html.match_indices("<script").map(|(at, _)| &html[at..]).collect();
    assert!(scripts.len() >= 3, "{html}");
    for script in scripts {
        let tag = &script[..script.find('>').unwrap()];
        assert!(tag.contains("nonce=\"test-nonce\""), "{tag}");
    }
    assert!(!html.contains(" style="), "{html}");
    assert!(!html.contains("<style"), "{html}");
}

#[tokio::test]
async fn an_app_that_is_not_there_is_a_404_that_says_what_to_do() {
    let fake = Fake::failing(AppError::NotFound { name: "nothing-here".into() });
    let (status, html) = page("/apps/nothing-here", fake).await;
    assert_eq!(status, 404);
    assert!(html.contains("role=\"alert\""), "{html}");
    assert!(text(&html).contains("All apps your token can see"));
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_before_anybody_is_asked() {
    let (status, html) = page("/apps/Not%20A%20Name", healthy()).await;
    assert_eq!(status, 400);
    assert!(text(&html).contains("lower-case letters"), "{html}");
}

#[tokio::test]
async fn a_silent_fly_is_named_with_its_request_and_when_it_is_tried_again() {
    let fake = Fake::failing(AppError::Upstream {
        message: "Fly did not answer within 10 s.".into(),
        request_id: Some("01HREQUEST".into()),
        retry_at: Some(NOW),
    });
    let (status, html) = page(APP, fake).await;
    assert_eq!(status, 502);
    let text = text(&html);
    for expected in ["Fly did not answer within 10 s.", "01HREQUEST", "next at 20:24:41 UTC"] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
}

#[tokio::test]
async fn the_apps_are_listed_worst_first() {
    let apps = vec![summary("alpha", "complete", 3), summary("beta", "failed", 3)];
    let (status, html) = page("/apps", Fake::with_apps(apps)).await;
    assert_eq!(status, 200);
    let at = |name: &str| html.find(&format!("data-app=\"{name}\"")).unwrap();
    assert!(at("beta") < at("alpha"));
    let text = text(&html);
    assert!(text.contains("3 / 3 started"), "{text}");
    assert!(text.contains("Deployment failed"), "{text}");
}

#[tokio::test]
async fn a_search_in_the_address_filters_without_javascript() {
    let apps = vec![summary("alpha", "complete", 3), summary("beta", "complete", 3)];
    let (_, html) = page("/apps?q=alp", Fake::with_apps(apps.clone())).await;
    assert!(html.contains("data-app=\"alpha\"") && !html.contains("data-app=\"beta\""), "{html}");
    assert!(html.contains("value=\"alp\""), "{html}");
    let (_, html) = page("/apps?q=nowhere", Fake::with_apps(apps)).await;
    assert!(
        text(&html).contains("No app matches &quot;nowhere&quot;.")
            || text(&html).contains("No app matches \"nowhere\".")
    );
}

#[tokio::test]
async fn no_apps_at_all_says_how_to_make_one() {
    let (_, html) = page("/apps", Fake::with_apps(vec![])).await;
    assert!(text(&html).contains("fly launch"));
}

#[tokio::test]
async fn a_token_that_cannot_list_apps_can_still_open_one_by_name() {
    let fake =
        Fake::failing(AppError::WrongScope { message: "An app-scoped token cannot list apps.".into() });
    let (status, html) = page("/apps", fake).await;
    assert_eq!(status, 403);
    assert!(text(&html).contains("An app-scoped token cannot list apps."));
    assert!(
        html.contains(&format!("action=\"{}\"", app::routes::OPEN_APP)),
        "{}",
        &html[html.find("<main").unwrap()..]
    );
}

#[tokio::test]
async fn the_sign_in_form_works_without_javascript_and_keeps_where_one_wanted_to_go() {
    let session = Session { next: Some("/apps/web?a=\"b\"".into()), ..Session::default() };
    let (status, html) = page_of("/sign-in", healthy(), session).await;
    assert_eq!(status, 200);
    assert!(html.contains("method=\"post\" action=\"/sign-in\""), "{html}");
    assert!(html.contains("value=\"/apps/web?a=&quot;b&quot;\""), "{html}");
    assert!(html.contains("type=\"password\""), "{html}");
}

#[tokio::test]
async fn a_refused_sign_in_is_tied_to_its_field() {
    let refusal =
        Refusal { message: "Fly does not know this token.".into(), request_id: Some("01HREQ".into()) };
    let session = Session { refusal: Some(refusal), ..Session::default() };
    let (_, html) = page_of("/sign-in", healthy(), session).await;
    assert!(html.contains("aria-invalid=\"true\""), "{html}");
    assert!(html.contains("aria-describedby=\"token-refusal token-hint\""), "{html}");
    assert!(text(&html).contains("Fly does not know this token.") && html.contains("01HREQ"), "{html}");
}

#[tokio::test]
async fn an_address_that_is_no_page_is_a_404() {
    let (status, html) = page("/nowhere", healthy()).await;
    assert_eq!(status, 404);
    assert!(text(&html).contains("There is no such page"));
}
