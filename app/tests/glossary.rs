//! Every status word that a page can show stands in `docs/glossary.md`, in the section of its kind.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use model::AppHealth;
use model::diagnosis::Certainty;
use model::state::{
    AppStatus, CheckStatus, DeploymentState, DesiredState, HostStatus, InstanceState, ReleaseStatus,
    Strategy, word,
};

const GLOSSARY: &str = include_str!("../../docs/glossary.md");

/// The text below a heading.
fn section(heading: &str) -> &'static str {
    let (_, rest) = GLOSSARY.split_once(&format!("\n## {heading}\n")).unwrap();
    rest.split("\n## ").next().unwrap()
}

/// The words of a section's tables: the first cells, taken apart at commas.
fn words_of(heading: &str) -> Vec<&'static str> {
    let rows = section(heading).lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split(" |").next()).flat_map(|cell| cell.split(", ")).collect()
}

fn assert_all(heading: &str, words: impl IntoIterator<Item = String>) {
    let known = words_of(heading);
    for wanted in words {
        assert!(known.contains(&wanted.as_str()), "\"{wanted}\" is not in \"{heading}\": {known:?}");
    }
}

fn shown(words: &[&str]) -> Vec<String> {
    words.iter().map(|text| word(text)).collect()
}

#[test]
fn every_state_of_fly_that_is_known_stands_in_the_glossary() {
    assert_all("Status of an app", shown(AppStatus::KNOWN));
    assert_all("State of an instance", shown(InstanceState::KNOWN));
    assert_all("Deployment", shown(DeploymentState::KNOWN));
    assert_all("Release", shown(ReleaseStatus::KNOWN));
}

#[test]
fn words_that_are_shown_as_fly_writes_them_stand_in_the_glossary() {
    assert_all("Desired", DesiredState::KNOWN.iter().map(ToString::to_string));
    assert_all("Health checks", CheckStatus::KNOWN.iter().map(ToString::to_string));
    for strategy in Strategy::KNOWN {
        assert!(section("Deployment").contains(&format!("\"{strategy}\"")), "{strategy} is missing");
    }
    for host in HostStatus::KNOWN {
        assert!(
            section("State of an instance").contains(&format!("\"{}\"", word(host))),
            "{host} is missing"
        );
    }
}

/// Of each health, so that a new one does not compile until it is here.
fn all_healths() -> [AppHealth; 10] {
    use AppHealth::{
        Degraded, DeployFailed, Deploying, Healthy, NoInstances, Pending, Resting, Suspended, Unhealthy,
        Unknown,
    };
    match Healthy {
        Unhealthy | Degraded | DeployFailed | Deploying | Pending | Unknown | Healthy | Resting
        | Suspended | NoInstances => {}
    }
    [Unhealthy, Degraded, DeployFailed, Deploying, Pending, Unknown, Healthy, Resting, Suspended, NoInstances]
}

#[test]
fn every_health_of_an_app_stands_in_the_glossary_in_the_order_of_the_list() {
    assert_all("Health of an app", all_healths().map(|health| health.word().to_owned()));
    let words = words_of("Health of an app");
    let places: Vec<usize> =
        all_healths().map(|health| words.iter().position(|word| *word == health.word()).unwrap()).to_vec();
    assert!(places.is_sorted(), "the list sorts otherwise: {words:?}");
}

#[test]
fn how_sure_a_finding_is_stands_in_the_glossary() {
    let all = [Certainty::Proven, Certainty::Likely, Certainty::Possible];
    assert_all("How sure a finding is", all.map(|one| one.word().to_owned()));
}
