//! What the page of one release concludes from what is known of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use model::releases::Running;
use model::secret::SecretName;
use model::{
    AppName, Release, ReleaseFacts, ReleaseFailure, ReleaseReport, ReleaseVersion, ReleaseView, Timestamp,
};
use serde_json::json;

fn release(version: u32, status: &str) -> Release {
    Release {
        description: "Deploy image".into(),
        reason: "deploy".into(),
        strategy: Some("rolling".into()),
        user: Some("Ryan".into()),
        image: Some(format!("registry.fly.io/a:{version}")),
        created_at: Timestamp(i64::from(version) * 1_000),
        updated_at: Timestamp(i64::from(version) * 1_000 + 700),
        ..model::samples::release(version, status)
    }
}

fn facts(version: u32, status: &str) -> ReleaseFacts {
    ReleaseFacts {
        release: Some(release(version, status)),
        config: Some(json!({"env": {"PORT": "8080"}})),
        before: (version > 1).then(|| release(version - 1, "complete")),
        config_before: (version > 1).then(|| json!({"env": {"PORT": "4000"}})),
        newest: Some(release(14, "failed")),
        running: Some(vec![]),
        secrets: Some(vec![]),
        ..ReleaseFacts::of(AppName::new("a").unwrap(), ReleaseVersion(version))
    }
}

fn report(facts: &ReleaseFacts) -> ReleaseReport {
    *ReleaseView::of(facts).report.unwrap()
}

fn without(part: &str) -> ReleaseFacts {
    let known = facts(14, "failed");
    ReleaseFacts {
        config: known.config.clone().filter(|_| part != ReleaseFacts::CONFIGURATION),
        running: known.running.clone().filter(|_| part != ReleaseFacts::INSTANCES),
        secrets: known.secrets.clone().filter(|_| part != ReleaseFacts::SECRETS),
        ..known
    }
}

#[test]
fn image_and_configuration_are_compared_with_the_release_before() {
    let report = report(&facts(14, "failed"));
    assert_eq!(report.before, Some(ReleaseVersion(13)));
    let lines: Vec<_> = report.differences.iter().map(|line| (line.what.as_str(), &line.before)).collect();
    assert_eq!(
        lines,
        [("image", &Some("registry.fly.io/a:13".to_owned())), ("env.PORT", &Some("\"4000\"".to_owned()))]
    );
    assert_eq!(report.notes, [""; 0]);
}

#[test]
fn what_is_the_same_is_said() {
    let mut known = facts(14, "complete");
    known.before.as_mut().unwrap().image = Some("registry.fly.io/a:14".into());
    known.config_before.clone_from(&known.config);
    let report = report(&known);
    assert_eq!(report.differences, []);
    assert_eq!(report.notes, ["The image is the same.", "The configuration is the same."]);
}

#[test]
fn the_first_release_and_one_whose_predecessor_is_forgotten_have_nothing_before_them() {
    assert_eq!(
        report(&facts(1, "complete")).notes,
        ["This is the first release: there was nothing before it."]
    );
    let mut forgotten = ReleaseFacts { before: None, ..facts(14, "failed") };
    assert_eq!(
        report(&forgotten).notes,
        ["Fly does not tell of v13 any more, so there is nothing to compare with."]
    );
    forgotten.missing.push(ReleaseFacts::BEFORE.into());
    assert_eq!(report(&forgotten).notes, ["The release before is not loaded."]);
}

#[test]
fn not_told_by_fly_not_loaded_and_none_are_three_texts() {
    let known = report(&facts(14, "failed"));
    assert_eq!((known.running.as_str(), known.secrets.as_str()), ("none", "none"));
    for (part, shown) in [
        (ReleaseFacts::INSTANCES, (|report| report.running) as fn(ReleaseReport) -> String),
        (ReleaseFacts::SECRETS, |report| report.secrets),
    ] {
        assert_eq!(shown(report(&without(part))), "not told by Fly", "{part}");
        let missing = ReleaseFacts { missing: vec![part.to_owned()], ..without(part) };
        assert_eq!(shown(report(&missing)), "not loaded", "{part}");
    }
    let notes = |facts: &ReleaseFacts| report(facts).notes.join(" ");
    let untold = without(ReleaseFacts::CONFIGURATION);
    assert_eq!(notes(&untold), "Fly does not tell the configuration of this release.");
    let missing = ReleaseFacts { missing: vec![ReleaseFacts::CONFIGURATION.into()], ..untold };
    assert_eq!(notes(&missing), "The configuration is not loaded.");
}

#[test]
fn a_failed_release_has_its_reason_with_secrets_hidden_or_says_that_there_is_none() {
    let mut known = facts(14, "failed");
    assert_eq!(
        report(&known).no_reason.unwrap(),
        "Fly keeps no reason for it: whoever deployed it left none."
    );
    known.missing = vec![ReleaseFacts::REASON.into()];
    assert_eq!(report(&known).no_reason.unwrap(), "The reason is not loaded.");
    let error = "release command failed\npassword=hunter22".to_owned();
    known.release.as_mut().unwrap().failure = Some(ReleaseFailure { error, flyctl_version: None });
    let report = report(&known);
    assert_eq!(report.no_reason, None);
    assert_eq!(report.release.failure.unwrap().error, "release command failed\npassword=[masked]");
    assert_eq!(self::report(&facts(13, "complete")).no_reason, None);
}

#[test]
fn instances_that_run_it_are_counted_for_each_process_group() {
    let one = |group: &str, version: u32| Running {
        process_group: group.into(),
        version: Some(ReleaseVersion(version)),
    };
    let running = Some(vec![one("worker", 14), one("web", 14), one("web", 13), one("web", 14)]);
    assert_eq!(
        report(&ReleaseFacts { running, ..facts(14, "failed") }).running,
        "2 instances of web, 1 of worker"
    );
}

#[test]
fn secrets_are_named_that_were_last_set_between_the_two_releases() {
    let secret = |name: &str, created_at: Option<i64>, updated_at: Option<i64>| SecretName {
        name: name.into(),
        digest: None,
        created_at: created_at.map(Timestamp),
        updated_at: updated_at.map(Timestamp),
        user: None,
    };
    let secrets = vec![
        secret("OLD", Some(12_000), None),
        secret("SET", Some(13_500), None),
        secret("AGAIN", Some(1_000), Some(14_000)),
        secret("LATER", Some(13_500), Some(15_000)),
        secret("AT_ONCE_WITH_V13", Some(13_000), None),
    ];
    let known = ReleaseFacts { secrets: Some(secrets), ..facts(14, "failed") };
    assert_eq!(report(&known).secrets, "AGAIN, SET");
    let timeless = Some(vec![secret("A", None, None)]);
    assert_eq!(report(&ReleaseFacts { secrets: timeless, ..facts(14, "failed") }).secrets, "not told by Fly");
}

#[test]
fn the_command_goes_back_to_this_release_or_it_is_said_why_there_is_none() {
    let good = report(&facts(13, "complete"));
    assert_eq!(good.go_back.unwrap(), "fly deploy -a a --image registry.fly.io/a:13");
    let bad = report(&facts(14, "failed"));
    assert_eq!(bad.go_back, None);
    assert_eq!(bad.go_back_note, "v14 was not deployed well, so going back to it is not advised.");
}

#[test]
fn a_release_that_is_not_there_is_told_apart_from_one_that_fly_has_forgotten() {
    let none = |version: u32, newest: Option<Release>| {
        let facts = ReleaseFacts { release: None, newest, ..facts(version, "complete") };
        ReleaseView::of(&facts).why_none()
    };
    assert_eq!(none(15, Some(release(14, "failed"))), "a has no v15 yet: its newest release is v14.");
    assert_eq!(
        none(2, Some(release(14, "failed"))),
        "Fly does not tell of v2 of a any more. Its newest release is v14."
    );
    assert_eq!(none(2, None), "Fly tells of no v2 of a.");
}

#[test]
fn a_release_leads_to_its_neighbours() {
    let view = ReleaseView::of(&facts(13, "complete"));
    assert_eq!(
        (view.next(), report(&facts(13, "complete")).before),
        (Some(ReleaseVersion(14)), Some(ReleaseVersion(12)))
    );
    assert_eq!(ReleaseView::of(&facts(14, "failed")).next(), None);
    assert!(view.is_over());
    assert!(!ReleaseView::of(&facts(14, "running")).is_over());
}

#[test]
fn how_long_it_took_is_known_only_when_it_is_over() {
    assert_eq!(release(14, "failed").took(), Some(700));
    assert_eq!(release(14, "running").took(), None);
    let from_the_web = Release { updated_at: Timestamp(14_000), ..release(14, "failed") };
    assert_eq!(from_the_web.took(), None, "the list without GraphQL does not tell the end");
}
