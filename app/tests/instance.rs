//! The page of one instance, rendered as the server renders it: what people read with JavaScript off.
#![cfg(feature = "ssr")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use app::AppError;
use model::instance_view::{Cell, Line, LogTail, Part, PartKind};
use model::live::{SourceHealth, Topic, TopicState};
use model::{InstanceHead, InstanceId, InstanceView, Tone};
use support::*;

const ID: &str = "73d8d46dbee589";
const PAGE: &str = "/apps/crimson-wildflower-1711/machines/73d8d46dbee589";

fn id(text: &str) -> InstanceId {
    InstanceId::new(text).unwrap()
}

fn table(lines: &[&[Cell]]) -> Part {
    let line = |cells: &&[Cell]| Line { key: cells[0].text.clone(), cells: cells.to_vec() };
    Part { lines: lines.iter().map(line).collect(), note: String::new() }
}

fn machine() -> InstanceView {
    let mut lines = LogTail::default();
    lines.extend(&[log("\u{1b}[0;31mrefused\u{1b}[0m <b>"), log("listening")]);
    let text = Cell::text;
    let parts = PartKind::ALL.map(|kind| match kind {
        PartKind::Checks => table(&[&[
            text("servicecheck-00-http-8080"),
            Cell::status(Tone::Bad, "Critical"),
            Cell::age(NOW.plus(-60_000)),
            text("connect: refused\n<script>alert('x')</script>"),
        ]]),
        PartKind::Events => table(&[&[
            Cell::age(NOW.plus(-120_000)),
            Cell::status(Tone::Bad, "Exit"),
            text("stopped: exit code 137, out of memory"),
            text("flyd"),
        ]]),
        PartKind::Log => Part { lines: lines.lines(), note: String::new() },
        PartKind::Processes => table(&[&[text("server"), text("tcp 0.0.0.0:8080"), text("1 %, 92 MB")]]),
        PartKind::About => table(&[&[text("Private IP"), text("fdaa::3")]]),
        PartKind::Configuration => table(&[&[text("Environment"), text("PORT"), text("8080")]]),
    });
    InstanceView {
        head: InstanceHead {
            app: facts(vec![release(14, "complete")], vec![]).app,
            instance: instance(ID, 14),
            previous: Some(id("73d8d46dbee588")),
            next: None,
            gone_since: None,
        },
        parts: parts.into(),
    }
}

fn showing(view: InstanceView) -> Fake {
    let topic = Topic::Instance(view.head.app.name.clone(), view.head.instance.id.clone());
    let state = TopicState::Instance(Box::new(view));
    Fake { apps: Err(AppError::Internal), app: Ok(snapshot(topic, state)), list: None }
}

async fn main_of(view: InstanceView) -> String {
    let (status, html) = page(PAGE, showing(view)).await;
    assert_eq!(status, 200);
    html[html.find("<main").unwrap()..html.find("</main>").unwrap()].to_owned()
}

#[tokio::test]
async fn a_machine_is_told_whole() {
    let html = main_of(machine()).await;
    for expected in [
        "<h1 tabindex=\"-1\">73d8d46dbee589</h1>",
        "aria-labelledby=\"checks\"",
        "aria-labelledby=\"events\"",
        "aria-labelledby=\"logs\"",
        "aria-labelledby=\"config\"",
        "aria-labelledby=\"processes\"",
        "id=\"check-servicecheck-00-http-8080\"",
        "aria-label=\"Health checks\"",
        "connect: refused\n&lt;script&gt;",
        "stopped: exit code 137, out of memory",
        "flyd",
        "listening",
        "fdaa::3",
        "1 min ago",
        "datetime=\"2021-09-22T20:24:41Z\"",
        "8080",
        "tcp 0.0.0.0:8080",
        "app · v14 · sjc (San Jose) · 1 total, 1 passing",
    ] {
        assert!(html.contains(expected), "{expected:?} is missing in {html}");
    }
    assert!(!html.contains("<script>alert"), "{html}");
}

#[tokio::test]
async fn lines_of_the_log_keep_their_colours_and_are_text() {
    let html = main_of(machine()).await;
    assert!(html.contains("<span class=\"c31\">refused</span> &lt;b&gt;"), "{html}");
}

#[tokio::test]
async fn the_neighbors_are_links_and_keys_and_the_end_of_the_row_has_none() {
    let html = main_of(machine()).await;
    assert!(html.contains("rel=\"prev\""), "{html}");
    assert!(html.contains("href=\"/apps/crimson-wildflower-1711/machines/73d8d46dbee588\""), "{html}");
    assert!(!html.contains("rel=\"next\""), "{html}");
}

#[tokio::test]
async fn a_part_without_lines_says_why() {
    let mut view = machine();
    for part in &mut view.parts {
        *part = Part { lines: vec![], note: "The log is not loaded.".into() };
    }
    let html = main_of(view).await;
    assert_eq!(html.matches("The log is not loaded.").count(), 6, "{html}");
}

#[tokio::test]
async fn an_instance_that_is_gone_says_since_when_and_keeps_what_was_known() {
    let mut view = machine();
    view.head.gone_since = Some(NOW);
    let html = main_of(view).await;
    assert!(html.contains("Fly has not known this instance since 20:24:41 UTC"), "{html}");
    assert!(html.contains(">Gone<") && html.contains("listening"), "{html}");
}

#[tokio::test]
async fn a_part_that_could_not_be_loaded_is_named_above_the_rest() {
    let mut fake = showing(machine());
    let source = SourceHealth::partial(vec!["log".into()], None, None, None);
    fake.app = fake.app.map(|snapshot| model::live::Snapshot { source, ..snapshot });
    let (_, html) = page(PAGE, fake).await;
    assert!(html.contains("Could not be loaded: log."), "{html}");
}

#[tokio::test]
async fn an_instance_that_the_app_does_not_have_is_a_404_that_leads_to_the_app() {
    let message = "crimson-wildflower-1711 has no instance 73d8d46dbee589.".to_owned();
    let (status, html) = page(PAGE, Fake::failing(AppError::Absent { message: message.clone() })).await;
    assert_eq!(status, 404);
    assert!(html.contains(&message) && html.contains("No such instance"), "{html}");
    assert!(html.contains(">Open "), "{html}");
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_before_anybody_is_asked() {
    let (status, html) = page("/apps/web/machines/Not%20An%20Id", showing(machine())).await;
    assert_eq!(status, 400);
    assert!(html.contains("14 hex digits of a machine"), "{html}");
    let (status, html) = page("/apps/No%20App/machines/73d8d46dbee589", showing(machine())).await;
    assert_eq!(status, 400);
    assert!(html.contains("lower-case letters"), "{html}");
}

#[tokio::test]
async fn the_evidence_leads_to_where_it_was_found() {
    let (_, html) = page("/apps/crimson-wildflower-1711", Fake::with_app(view(&failed_v14()))).await;
    let link = "<a href=\"/apps/crimson-wildflower-1711/machines/e80d7fbd#logs\">log e80d7fbd</a>";
    assert!(html.contains(link), "{html}");
}

#[tokio::test]
async fn the_bar_leads_back_to_the_app() {
    let (_, html) = page(PAGE, showing(machine())).await;
    let bar = &html[..html.find("<main").unwrap()];
    assert!(bar.contains("<a href=\"/apps/crimson-wildflower-1711\">"), "{bar}");
}

#[tokio::test]
async fn the_instances_table_leads_to_each_instance() {
    let view = view(&facts(vec![release(14, "complete")], vec![instance(ID, 14)]));
    let (_, html) = page("/apps/crimson-wildflower-1711", Fake::with_app(view)).await;
    assert!(html.contains(&format!("href=\"{PAGE}\"")), "{html}");
}
