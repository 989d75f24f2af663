//! The fleet: as many as it says, always the same, some in trouble, something each second.

use std::{collections::BTreeSet, sync::LazyLock};

use crate::common::*;
use simulator::{Story, StoryTime, Timeline, world::CheckStatus};

/// Made once: so many apps take a second without optimization.
static FLEET: LazyLock<Story> = LazyLock::new(|| Story::embedded("fleet").unwrap());

/// A small one, for what does not depend on its size.
fn small(seed: u64) -> Story {
    Story::parse(&format!(
        "name = \"small\"\ntitle = \"t\"\nabout = \"a\"\nstart = \"2021-09-22T20:00:00Z\"\n\
         [fleet]\nseed = {seed}\napps = 100\nmachines = 400\norganizations = 3\nunhealthy = 12\nseconds = 120\n"
    ))
    .unwrap()
}

#[test]
fn the_fleet_has_5000_apps_and_20000_machines_in_eight_organizations_of_its_own() {
    let story = &*FLEET;
    let quiet = Story::embedded("calm").unwrap().world;
    let machines =
        |world: &simulator::world::World| world.apps.iter().map(|app| app.machines.len()).sum::<usize>();
    assert_eq!(story.world.apps.len() - quiet.apps.len(), 5000);
    assert_eq!(machines(&story.world) - machines(&quiet), 20_000);
    assert_eq!(story.world.organizations.len() - quiet.organizations.len(), 8);
}

#[test]
fn names_and_identifiers_are_unique() {
    let world = &FLEET.world;
    let names: BTreeSet<&str> = world.apps.iter().map(|app| app.name.as_str()).collect();
    assert_eq!(names.len(), world.apps.len());
    let all = || world.apps.iter().flat_map(|app| &app.machines);
    let ids: BTreeSet<&str> = all().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), all().count());
}

#[test]
fn the_same_seed_gives_the_same_fleet_and_another_seed_another() {
    assert_eq!(small(7), small(7));
    assert_ne!(small(7).world, small(8).world);
}

#[test]
fn some_are_in_trouble_some_are_asleep_some_have_no_machines() {
    let world = &FLEET.world;
    let machines: Vec<_> = world.apps.iter().flat_map(|app| &app.machines).collect();
    let sick = machines.iter().filter(|one| {
        one.host_status != "ok"
            || one.state == "failed"
            || one.checks.iter().any(|check| check.status == CheckStatus::Critical)
            || one
                .events
                .last()
                .is_some_and(|event| event.request["exit_event"]["exit_code"].as_i64() > Some(0))
    });
    assert_eq!(sick.count(), 60);
    assert!(machines.iter().filter(|one| one.state == "suspended").count() > 100);
    assert!(machines.iter().filter(|one| one.state == "stopped").count() > 1000);
    assert!(world.apps.iter().filter(|app| app.machines.is_empty()).count() > 100);
    assert!(world.apps.iter().any(|app| app.releases.is_empty()));
    assert!(world.apps.iter().map(|app| app.machines.len()).max() > Some(8));
}

#[test]
fn each_fact_of_the_fleet_can_be_told_and_something_happens_each_second() {
    let story = &*FLEET;
    let mut world = story.world.clone();
    for fact in &story.facts {
        world.apply(fact.at, &fact.change).unwrap_or_else(|refused| panic!("{refused}: {fact:?}"));
    }
    let moments: BTreeSet<StoryTime> = story.facts.iter().map(|fact| fact.at).collect();
    assert_eq!(moments.len(), 600);
}

#[test]
fn in_a_restless_fleet_every_machine_changes_its_state_each_second() {
    let timeline = Timeline::of(&Story::embedded("restless-fleet").unwrap());
    let states = |second: usize| -> Vec<String> {
        let step = timeline.step(second).unwrap();
        let world = timeline.world_at(step.at);
        let restless = world.apps.iter().find(|app| app.machines.len() == 200).unwrap();
        restless.machines.iter().map(|machine| machine.state.clone()).collect()
    };
    for second in 1..120 {
        let (before, after) = (states(second), states(second + 1));
        assert!(before.iter().zip(&after).all(|(one, other)| one != other), "second {second}");
    }
}

#[tokio::test]
async fn the_lists_of_the_fleet_can_be_read_to_their_ends() {
    let simulator = paused("fleet").await;
    simulator.jump(StoryTime::parse("2021-09-22T20:05:00Z").unwrap());
    let (mut apps, mut after) = (0, serde_json::Value::Null);
    loop {
        let query = "query($after: String) { apps(first: 400, after: $after) {
            nodes { name status organization { slug } } pageInfo { hasNextPage endCursor } } }";
        let page = data(&simulator, query, None, serde_json::json!({"after": after})).await["apps"].take();
        apps += page["nodes"].as_array().unwrap().len();
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert!(apps > 5000, "{apps}");
    let (mut ids, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let url = format!("{}/v1/orgs/atlas-freight/machines?cursor={cursor}", simulator.machines_url());
        let page = get(&url, &demo()).await.json();
        for machine in page["machines"].as_array().unwrap() {
            assert!(ids.insert(machine["id"].as_str().unwrap().to_owned()));
        }
        cursor = page["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    assert!((2000..3000).contains(&ids.len()), "{}", ids.len());
}
