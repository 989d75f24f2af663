//! What a story file may hold, and how a mistake is told.

use simulator::{Origin, Story, StoryError, StoryTime, Timeline};

const HEAD: &str = r#"
name = "small"
title = "A small story"
about = "For tests."
start = "2021-09-22T20:00:00Z"
worlds = ["quiet"]
"#;

fn with(facts: &str) -> Result<Story, StoryError> {
    Story::parse(&format!("{HEAD}\n{facts}"))
}

fn mistake(facts: &str) -> String {
    with(facts).unwrap_err().to_string()
}

const SUSPEND: &str = r#"
[[facts]]
at = "2021-09-22T20:00:05Z"
origin = "invented"
change = "app-changed"
app = "night-owl"
set = { status = "suspended" }
"#;

#[test]
fn every_built_in_story_is_sound() {
    for name in Story::names() {
        assert_eq!(Story::embedded(name).unwrap().name, name);
    }
}

#[test]
fn an_unknown_story_is_told_with_the_names_there_are() {
    let error = Story::embedded("drama").unwrap_err().to_string();
    assert!(error.contains("`drama`") && error.contains("failed-deploy-v14"), "{error}");
}

#[test]
fn a_fact_changes_the_world_from_its_moment_on_and_not_before() {
    let story = with(SUSPEND).unwrap();
    assert_eq!(story.facts[0].origin, Origin::Invented);
    let timeline = Timeline::of(&story);
    let status = |time: &str| {
        let world = timeline.world_at(StoryTime::parse(time).unwrap());
        world.app("night-owl").unwrap().status.clone()
    };
    assert_eq!(status("2021-09-22T20:00:04.999Z"), "deployed");
    assert_eq!(status("2021-09-22T20:00:05Z"), "suspended");
    assert_eq!(status("2021-09-22T20:00:04Z"), "deployed");
}

#[test]
fn facts_of_one_instant_are_one_step() {
    let timeline = Timeline::of(&with(&SUSPEND.repeat(2)).unwrap());
    assert_eq!(timeline.len(), 1);
    assert_eq!(timeline.step(1).unwrap().applied.len(), 2);
}

#[test]
fn an_unknown_app_is_told_with_story_fact_and_what_there_is() {
    let error = mistake(&SUSPEND.replace("night-owl", "night-howl"));
    for part in ["`small`", "fact 1", "20:00:05", "`night-howl`", "tidewater-api"] {
        assert!(error.contains(part), "{part} is missing: {error}");
    }
}

#[test]
fn an_unknown_change_is_told_with_the_ones_there_are() {
    let error = mistake(&SUSPEND.replace("app-changed", "app-exploded"));
    assert!(error.contains("app-exploded") && error.contains("machine-changed"), "{error}");
}

#[test]
fn a_misspelt_key_is_refused() {
    let error = mistake(&SUSPEND.replace("status =", "statsu ="));
    assert!(error.contains("statsu"), "{error}");
}

#[test]
fn a_fact_without_origin_is_refused() {
    let error = mistake(&SUSPEND.replace("origin = \"invented\"", ""));
    assert!(error.contains("`origin` is missing"), "{error}");
}

#[test]
fn a_bad_time_is_refused() {
    let error = mistake(&SUSPEND.replace("2021-09-22T20:00:05Z", "soon"));
    assert!(error.contains("`soon`") && error.contains("fact 1"), "{error}");
}

#[test]
fn facts_out_of_order_are_refused() {
    let later = SUSPEND.replace("20:00:05", "20:00:09");
    let error = mistake(&format!("{later}{SUSPEND}"));
    assert!(error.contains("fact 2") && error.contains("order of time"), "{error}");
}

#[test]
fn an_unknown_world_is_told_with_the_ones_there_are() {
    let error = Story::parse(&HEAD.replace("quiet", "loud")).unwrap_err().to_string();
    assert!(error.contains("`loud`") && error.contains("quiet"), "{error}");
}
