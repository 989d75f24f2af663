//! The promise of the live protocol: a snapshot and the changes since make the present state, and
//! a change that comes twice changes nothing.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

use model::app::{AppSummary, InstanceCounts};
use model::deployment::GroupCount;
use model::diagnosis::{self, Cause, Certainty, Evidence, Finding, GoBack, Segment, Source, Stance, Subject};
use model::instance_view::{Cell, InstanceHead, Line, LogTail, Part, PartKind};
use model::list::AppsTotals;
use model::live::{
    AppChange, Apply, Change, ChangeKey, diff_app, diff_apps, diff_instance, diff_release, diff_releases,
};
use model::samples::{self, organization};
use model::timeline::{Entry, EntryKind, Timeline};
use model::{
    App, AppHealth, AppName, AppView, AppsWindow, CheckCounts, Deployment, Diagnosis, Instance, InstanceId,
    InstanceView, LogLine, NotLoaded, RegionCode, Release, ReleaseFacts, ReleaseVersion, ReleaseView,
    ReleasesView, Timestamp,
};
use proptest::prelude::*;
use std::collections::HashSet;

fn instances() -> impl Strategy<Value = Vec<Instance>> {
    let one = (
        0..6_u32,
        0..3_u32,
        0..3_u32,
        prop_oneof!["app", "worker"],
        prop_oneof!["started", "stopped", "odd"],
        0..2_u32,
    );
    prop::collection::vec(one, 0..6).prop_map(|rows| {
        let mut seen = HashSet::new();
        rows.into_iter()
            .filter(|row| seen.insert(row.0))
            .map(|(id, version, restarts, group, state, critical)| Instance {
                process_group: group,
                version: (version > 0).then_some(ReleaseVersion(version)),
                region: RegionCode::new(if version == 1 { "ams" } else { "sjc" }).unwrap(),
                state: state.into(),
                checks: CheckCounts { total: 1, passing: 1 - critical, warning: 0, critical },
                restarts,
                updated_at: Timestamp(i64::from(restarts)),
                ..samples::instance(&format!("73d8d46dbee58{id}"))
            })
            .collect()
    })
}

fn releases() -> impl Strategy<Value = Vec<Release>> {
    prop::collection::btree_map(1..6_u32, prop_oneof!["running", "complete", "failed"], 0..5).prop_map(
        |rows| rows.into_iter().rev().map(|(version, status)| samples::release(version, &status)).collect(),
    )
}

fn timeline() -> impl Strategy<Value = Timeline> {
    let entry = (0..4_i64, 0..3_u32, prop_oneof!["a", "b"]).prop_map(|(at, id, text)| Entry {
        at: Timestamp(at),
        kind: if at == 1 { EntryKind::Log } else { EntryKind::Event },
        nth: id,
        instance: (id > 0).then(|| InstanceId::new(format!("73d8d46dbee58{id}")).unwrap()),
        text,
    });
    (1..3_u32, 0..3_u32, prop::collection::vec(entry, 0..8)).prop_map(|(version, left_out, entries)| {
        let mut timeline =
            Timeline { version: Some(ReleaseVersion(version)), left_out, ..Timeline::default() };
        for entry in entries {
            timeline.put(entry);
        }
        timeline
    })
}

fn deployment() -> impl Strategy<Value = Option<Deployment>> {
    let progress = (prop_oneof!["running", "failed"], prop::option::of("n"), prop::option::of(0..2_i64));
    let counts = (0..3_u32, 0..3_u32, 0..2_u32, any::<bool>());
    let one = (1..3_u32, progress, counts);
    prop::option::of(one.prop_map(
        |(version, (status, note, ended_at), (desired, healthy, groups, mixed))| {
            let group = |name| GroupCount { name, desired, healthy, ..GroupCount::default() };
            Deployment {
                version: ReleaseVersion(version),
                description: status.clone(),
                status: status.into(),
                note,
                desired,
                placed: desired.min(1),
                healthy,
                outgoing: groups,
                groups: (0..groups).map(|name| group(name.to_string())).collect(),
                ended_at: ended_at.map(Timestamp),
                mixed_versions: mixed,
                ..samples::deployment()
            }
        },
    ))
}

fn finding() -> impl Strategy<Value = Finding> {
    let segment = ("[ab]", any::<bool>()).prop_map(|(text, marked)| Segment { text, marked });
    let evidence = (prop::option::of(0..2_i64), prop::collection::vec(segment, 0..3), prop::option::of("n"));
    let evidence = evidence.prop_map(|(at, text, note)| Evidence {
        at: at.map(Timestamp),
        source: if at.is_some() { Source::Proxy } else { Source::Configuration },
        text,
        stance: if note.is_some() { Stance::Contradicts } else { Stance::Supports },
        note,
    });
    let causes = vec![Cause::WrongPort, Cause::CrashLoop];
    let one = (prop::sample::select(causes), prop::collection::vec(evidence, 1..4), any::<bool>());
    one.prop_map(|(cause, evidence, is_proven)| Finding {
        cause,
        headline: "It fails.".into(),
        certainty: if is_proven { Certainty::Proven } else { Certainty::Likely },
        evidence,
        advice: "Mend it.".into(),
        command: None,
        reference: None,
    })
}

/// The last lines of a log that goes on, of which some are of the same moment and some are the same.
fn tail() -> impl Strategy<Value = diagnosis::LogTail> {
    (0..8_usize, 0..14_usize).prop_map(|(from, count)| diagnosis::LogTail {
        instance: InstanceId::new("e80d7fbd").unwrap(),
        lines: (from..from + count.min(12))
            .map(|number| LogLine {
                at: Timestamp(i64::try_from(number / 2).unwrap()),
                level: "info".into(),
                message: format!("line {}", number / 3),
            })
            .collect(),
    })
}

fn diagnosis() -> impl Strategy<Value = Option<Diagnosis>> {
    let findings = prop::collection::vec(finding(), 0..3);
    let one = (any::<bool>(), prop::option::of(1..3_u32), findings, prop::option::of(tail()));
    prop::option::of(one.prop_map(|(has_failed, before, findings, log_tail)| Diagnosis {
        subject: if has_failed { Subject::WhyFailed(ReleaseVersion(3)) } else { Subject::WhatIsWrong },
        findings,
        go_back:
            before.map(|number| GoBack { version: ReleaseVersion(number), command: "fly deploy".into() }),
        log_tail,
        not_loaded: if has_failed { vec!["The log could not be had.".into()] } else { vec![] },
    }))
}

prop_compose! {
    fn app_view()(mut instances in instances(), releases in releases(), timeline in timeline(), deployment in deployment(), diagnosis in diagnosis(), status in prop_oneof!["running", "dead"]) -> AppView {
        instances.sort_by(|a, b| (&a.process_group, &a.region, &a.id).cmp(&(&b.process_group, &b.region, &b.id)));
        AppView {
            app: App {
                name: AppName::new("a").unwrap(),
                organization: organization(),
                status: status.into(),
                hostname: None,
                image: None,
                version: None,
                not_loaded: model::NotLoaded::default(),
            },
            health: AppHealth::of(instances.iter().map(Instance::health), None),
            deployment,
            diagnosis,
            timeline,
            process_groups: vec![],
            instances,
            releases,
        }
    }
}

fn apps_window() -> impl Strategy<Value = AppsWindow> {
    let rows = prop::collection::btree_map("[a-d]", 0..3_u32, 0..5);
    (rows, any::<bool>(), 0..2_u32).prop_map(|(rows, backwards, fitting)| {
        let mut apps: Vec<AppSummary> = rows.into_iter().map(|(name, up)| summary(&name, up)).collect();
        if backwards {
            apps.reverse();
        }
        AppsWindow { apps, totals: AppsTotals { fitting, ..AppsTotals::default() } }
    })
}

fn summary(name: &str, up: u32) -> AppSummary {
    AppSummary {
        instances: Some(InstanceCounts { total: 3, up, unhealthy: 0, pending: 0 }),
        ..samples::summary(name)
    }
}

fn over_the_wire(changes: Vec<AppChange>) -> Vec<AppChange> {
    let wire = serde_json::to_string(&changes.into_iter().map(Change::App).collect::<Vec<_>>()).unwrap();
    let read: Vec<Change> = serde_json::from_str(&wire).unwrap();
    read.into_iter()
        .map(|change| match change {
            Change::App(change) => change,
            other => panic!("a change of one app was read as {other:?}"),
        })
        .collect()
}

proptest! {
    #[test]
    fn a_snapshot_and_the_changes_since_make_the_present_state(old in app_view(), new in app_view()) {
        let mut state = old.clone();
        for change in over_the_wire(diff_app(&old, &new)) {
            state.apply(change.clone());
            state.apply(change);
        }
        prop_assert_eq!(state, new);
    }

    #[test]
    fn the_newest_change_of_each_key_is_enough(a in app_view(), b in app_view(), c in app_view()) {
        let all: Vec<Change> = diff_app(&a, &b).into_iter().chain(diff_app(&b, &c)).map(Change::App).collect();
        let mut covered: HashSet<ChangeKey> = HashSet::new();
        let mut newest: Vec<Change> = Vec::new();
        for change in all.into_iter().rev() {
            let key = change.key();
            if !key.is_covered(&covered) {
                covered.insert(key);
                newest.push(change);
            }
        }
        let mut state = a;
        for change in newest.into_iter().rev() {
            if let Change::App(change) = change {
                state.apply(change);
            }
        }
        prop_assert_eq!(state, c);
    }

    #[test]
    fn old_changes_that_come_again_before_the_new_ones_do_no_harm(a in app_view(), b in app_view(), c in app_view()) {
        let mut state = c.clone();
        for change in diff_app(&a, &b).into_iter().chain(diff_app(&b, &c)) {
            state.apply(change);
        }
        prop_assert_eq!(state, c);
    }

    #[test]
    fn equal_states_have_no_changes_between_them(view in app_view(), apps in apps_window()) {
        prop_assert!(diff_app(&view, &view).is_empty());
        prop_assert!(diff_apps(&apps, &apps).is_empty());
    }

    #[test]
    fn what_is_shown_of_the_list_follows_its_changes(old in apps_window(), new in apps_window()) {
        let mut state = old.clone();
        let wire = serde_json::to_string(&diff_apps(&old, &new).into_iter().map(Change::Apps).collect::<Vec<_>>()).unwrap();
        for change in serde_json::from_str::<Vec<Change>>(&wire).unwrap() {
            let Change::Apps(change) = change else { panic!("a change of the list was read as one of an app") };
            state.apply(change.clone());
            state.apply(change);
        }
        prop_assert_eq!(state, new);
    }

    #[test]
    fn a_page_of_releases_follows_its_changes(
        old in releases(), new in releases(), places in prop::array::uniform2(prop::option::of("[a-c]"))
    ) {
        let [before, after] = places.map(|place| place.map(|place| place.parse().unwrap()));
        let page = |releases, older| ReleasesView { app: AppName::new("a").unwrap(), releases, older };
        let (mut state, new) = (page(old, before), page(new, after));
        let wire = serde_json::to_string(&diff_releases(&state, &new).into_iter().map(Change::Releases).collect::<Vec<_>>()).unwrap();
        for change in serde_json::from_str::<Vec<Change>>(&wire).unwrap() {
            let Change::Releases(change) = change else { panic!("a change of releases was read as another") };
            state.apply(change.clone());
            state.apply(change);
        }
        prop_assert_eq!(&state, &new);
        prop_assert!(diff_releases(&state, &new).is_empty());
    }

    #[test]
    fn a_release_follows_its_changes(old in releases(), new in releases()) {
        let view = |known: &[Release]| ReleaseView::of(&ReleaseFacts {
            release: known.first().cloned(),
            before: known.get(1).cloned(),
            newest: known.last().cloned(),
            ..ReleaseFacts::of(AppName::new("a").unwrap(), ReleaseVersion(5))
        });
        let (mut state, new) = (view(&old), view(&new));
        let wire = serde_json::to_string(&diff_release(&state, &new).into_iter().map(Change::Release).collect::<Vec<_>>()).unwrap();
        for change in serde_json::from_str::<Vec<Change>>(&wire).unwrap() {
            let Change::Release(change) = change else { panic!("a change of a release was read as another") };
            state.apply(change.clone());
            state.apply(change);
        }
        prop_assert_eq!(state, new);
    }
}

/// An instance whose log was told up to a line, in a state by a few numbers.
fn instance_view(log: &LogTail, (first, second, restarts): (usize, usize, u32)) -> InstanceView {
    let part = |count: usize| Part {
        lines: (0..count).map(|at| Line { key: at.to_string(), cells: vec![Cell::text("x")] }).collect(),
        note: if count == 0 { "none".into() } else { String::new() },
    };
    let app = App {
        name: AppName::new("web").unwrap(),
        organization: organization(),
        status: "deployed".into(),
        hostname: None,
        image: None,
        version: None,
        not_loaded: NotLoaded::default(),
    };
    let instance = Instance {
        id: InstanceId::new("73d8d46dbee589").unwrap(),
        process_group: "app".into(),
        version: None,
        region: RegionCode::new("ams").unwrap(),
        desired: "run".into(),
        judged: None,
        state: "started".into(),
        host: "ok".into(),
        checks: CheckCounts::default(),
        restarts,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    };
    let lines = log.lines();
    let note = if lines.is_empty() { "no lines".into() } else { String::new() };
    let parts = PartKind::ALL.map(|kind| match kind {
        PartKind::Log => Part { lines: lines.clone(), note: note.clone() },
        PartKind::Checks | PartKind::About => part(first),
        _ => part(second),
    });
    let gone_since = (restarts > 1).then_some(Timestamp(5));
    let head = InstanceHead { app, instance, previous: None, next: None, gone_since };
    InstanceView { head, parts: parts.into() }
}

fn lines(log: &mut LogTail, count: i64, from: i64) {
    let line = |at| LogLine { at: Timestamp(from + at), level: "info".into(), message: "x".into() };
    log.extend(&(0..count).map(line).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn the_changes_of_an_instance_lead_from_any_state_to_any_later_one(
        (before, after) in (0_i64..260, 0_i64..260),
        one in (0_usize..3, 0_usize..3, 0_u32..3),
        other in (0_usize..3, 0_usize..3, 0_u32..3),
        fresh_log in any::<bool>(),
    ) {
        let mut log = LogTail::default();
        lines(&mut log, before, 0);
        let old = instance_view(&log, one);
        if fresh_log {
            log = LogTail::default();
        }
        lines(&mut log, after, before);
        let new = instance_view(&log, other);
        let changes = diff_instance(&old, &new);
        let wire = serde_json::to_string(&changes.into_iter().map(Change::Instance).collect::<Vec<_>>()).unwrap();
        let changes: Vec<Change> = serde_json::from_str(&wire).unwrap();
        let mut shown = old.clone();
        for _ in 0..2 {
            for change in &changes {
                let Change::Instance(change) = change else { panic!("{change:?} was read as another topic's") };
                shown.apply(change.clone());
            }
            prop_assert_eq!(&shown, &new);
        }
        prop_assert_eq!(diff_instance(&new, &new), vec![]);
    }
}

#[test]
fn lines_of_a_log_are_superseded_by_a_whole_log_only() {
    use model::live::InstanceChange::Lines;
    let mut log = LogTail::default();
    lines(&mut log, 2, 0);
    let all = log.lines();
    let one = Change::Instance(Lines(all[..1].to_vec())).key();
    let other = Change::Instance(Lines(all[1..].to_vec())).key();
    let log = Part { lines: all, note: String::new() };
    let whole = Change::Instance(model::live::InstanceChange::Part(PartKind::Log, log)).key();
    assert!(one != other && one != whole);
    assert_eq!((one.covered_by(), other.covered_by()), (Some(whole.clone()), Some(whole)));
}
