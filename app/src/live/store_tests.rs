//! The promise of the stores: a snapshot and the changes since show the present state, a change
//! that comes twice changes nothing, and only what differs is set.

use super::*;
use leptos::reactive::effect::ImmediateEffect;
use model::app::InstanceCounts;
use model::diagnosis::Subject;
use model::instance_view::{Cell, Line, Part, PartKind};
use model::list::AppsTotals;
use model::live::{
    AppsChange, Change, ChangeSet, SourceHealth, SourceState, diff_app, diff_apps, diff_instance,
};
use model::samples::{self, release};
use model::{
    App, AppHealth, AppSummary, AppsWindow, Deployment, Diagnosis, Instance, InstanceHead, InstanceView,
    LogLine, NotLoaded, ProcessGroup, RegionCode, Release, ReleaseVersion,
};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

fn instance(id: u32, region: &str, restarts: u32) -> Instance {
    Instance {
        region: RegionCode::new(region).unwrap(),
        restarts,
        updated_at: Timestamp(i64::from(restarts)),
        ..samples::instance(&format!("73d8d46dbee58{id}"))
    }
}

fn view(mut instances: Vec<Instance>, releases: Vec<Release>) -> AppView {
    instances.sort_by(|a, b| (&a.process_group, &a.region, &a.id).cmp(&(&b.process_group, &b.region, &b.id)));
    AppView {
        app: App {
            status: "running".into(),
            version: releases.first().map(|release| release.version),
            ..samples::app("a")
        },
        health: AppHealth::of(instances.iter().map(Instance::health), None),
        deployment: None,
        diagnosis: None,
        timeline: model::Timeline::default(),
        process_groups: vec![],
        instances,
        releases,
    }
}

fn summary(name: &str, up: u32) -> AppSummary {
    AppSummary {
        instances: Some(InstanceCounts { total: 3, up, unhealthy: 0, pending: 0 }),
        ..samples::summary(name)
    }
}

fn snapshot<T>(topic: &str, state: T) -> Snapshot<T> {
    Snapshot {
        topic: topic.parse().unwrap(),
        cursor: Cursor { epoch: "k".into(), seq: 1 },
        now: Timestamp(1_000),
        checked_at: Timestamp(900),
        source: SourceHealth::Fine,
        state,
    }
}

/// What the store shows; `track` subscribes to all of it.
fn read(store: &AppStore, track: bool) -> AppView {
    let read = || AppView {
        app: store.app.get(),
        health: store.health.get(),
        deployment: store.deployment.get(),
        diagnosis: store.diagnosis.get(),
        process_groups: store.process_groups.get(),
        instances: store.instances.get_all_untracked(),
        releases: store.releases.get_untracked(),
        timeline: store.timeline.get(),
    };
    if track { read() } else { untrack(read) }
}

fn shown(store: &AppStore) -> AppView {
    read(store, false)
}

fn views() -> impl Strategy<Value = AppView> {
    let instances = prop::collection::btree_map(0..6_u32, (prop_oneof!["sjc", "ams"], 0..3_u32), 0..6);
    let releases = prop::collection::btree_map(1..6_u32, prop_oneof!["running", "failed"], 0..5);
    let deployment = prop::option::of((14..16_u32, 0..3_u32));
    let diagnosis = prop::option::of((0..3_i64, any::<bool>()));
    (instances, releases, deployment, diagnosis).prop_map(|(instances, releases, deployment, diagnosis)| {
        AppView {
            deployment: deployment.map(|(version, placed)| Deployment {
                version: ReleaseVersion(version),
                placed,
                ..samples::deployment()
            }),
            diagnosis: diagnosis.map(|(lines, has_failed)| failing(lines, has_failed)),
            ..view(
                instances
                    .into_iter()
                    .map(|(id, (region, restarts))| instance(id, &region, restarts))
                    .collect(),
                releases.into_iter().rev().map(|(version, status)| release(version, &status)).collect(),
            )
        }
    })
}

/// What is wrong with an instance that wrote so many lines.
fn failing(lines: i64, has_failed: bool) -> Diagnosis {
    let mut diagnosis = samples::diagnosis();
    if has_failed {
        diagnosis.subject = Subject::WhyFailed(ReleaseVersion(14));
    }
    let line = |at| LogLine { at: Timestamp(at), level: "info".into(), message: "x".into() };
    diagnosis.log_tail.as_mut().unwrap().lines = (0..lines).map(line).collect();
    diagnosis
}

fn lists() -> impl Strategy<Value = AppsWindow> {
    let rows = prop::collection::btree_map("[a-e]", 0..3_u32, 0..6);
    (rows, any::<bool>()).prop_map(|(rows, backwards)| {
        let mut apps: Vec<AppSummary> = rows.iter().map(|(name, up)| summary(name, *up)).collect();
        if backwards {
            apps.reverse();
        }
        window(apps)
    })
}

fn window(apps: Vec<AppSummary>) -> AppsWindow {
    let fitting = u32::try_from(apps.len()).unwrap();
    AppsWindow { apps, totals: AppsTotals { fitting, ..AppsTotals::default() } }
}

fn list(changes: Vec<AppsChange>) -> TopicEvent {
    let changes = changes.into_iter().map(Change::Apps).collect();
    TopicEvent::Changes(ChangeSet { topic: Topic::apps(), checked_at: Timestamp(900), changes })
}

fn names(store: &AppsStore) -> Vec<String> {
    store.apps.order().get_untracked().iter().map(ToString::to_string).collect()
}

proptest! {
    #[test]
    fn the_app_store_follows_its_changes(old in views(), new in views()) {
        Owner::new().with(|| {
            let store = AppStore::new(&snapshot("app:a", old.clone()));
            for change in diff_app(&old, &new) {
                store.apply(&change);
                store.apply(&change);
            }
            prop_assert_eq!(shown(&store), new);
            Ok(())
        })?;
    }

    #[test]
    fn old_changes_that_come_again_before_the_new_ones_do_no_harm(a in views(), b in views(), c in views()) {
        Owner::new().with(|| {
            let store = AppStore::new(&snapshot("app:a", c.clone()));
            for change in diff_app(&a, &b).into_iter().chain(diff_app(&b, &c)) {
                store.apply(&change);
            }
            prop_assert_eq!(shown(&store), c);
            Ok(())
        })?;
    }

    #[test]
    fn a_snapshot_replaces_everything(old in views(), new in views()) {
        Owner::new().with(|| {
            let store = AppStore::new(&snapshot("app:a", old));
            store.load(&new);
            prop_assert_eq!(shown(&store), new);
            Ok(())
        })?;
    }

    #[test]
    fn the_apps_store_follows_its_changes(old in lists(), new in lists()) {
        Owner::new().with(|| {
            let store = AppsStore::new(&snapshot("apps", old.clone()));
            for _ in 0..2 {
                store.receive(&list(diff_apps(&old, &new)));
                prop_assert_eq!(store.apps.get_all_untracked(), new.apps.clone());
                prop_assert_eq!(store.totals.get_untracked(), new.totals.clone());
            }
            Ok(())
        })?;
    }

    #[test]
    fn rows_stay_where_they_are_while_somebody_uses_the_list(old in lists(), new in lists()) {
        Owner::new().with(|| {
            let store = AppsStore::new(&snapshot("apps", old.clone()));
            let before = names(&store);
            store.in_use.set(true);
            store.receive(&list(diff_apps(&old, &new)));
            prop_assert_eq!(&names(&store), &before);
            for app in new.apps.iter().filter(|app| old.apps.iter().any(|one| one.name == app.name)) {
                let shown = store.apps.cell(&app.name).unwrap().get_untracked();
                prop_assert_eq!(&shown, app, "a row in its old place is current all the same");
            }
            store.settle();
            prop_assert_eq!(store.apps.get_all_untracked(), new.apps.clone());
            Ok(())
        })?;
    }
}

#[test]
fn what_is_equal_is_not_set_again() {
    Owner::new().with(|| {
        let state = view(vec![instance(1, "sjc", 0), instance(2, "sjc", 0)], vec![release(14, "failed")]);
        let store = AppStore::new(&snapshot("app:a", state.clone()));
        let runs = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&runs);
        let _effect = ImmediateEffect::new_isomorphic(move || {
            drop(read(&store, true));
            drop((store.freshness.checked_at.get(), store.freshness.source.get()));
            runs.fetch_add(1, Ordering::Relaxed);
        });
        let again = TopicEvent::Snapshot(Box::new(Snapshot {
            topic: "app:a".parse().unwrap(),
            cursor: Cursor { epoch: "k".into(), seq: 2 },
            now: Timestamp(2_000),
            checked_at: Timestamp(900),
            source: SourceHealth::Fine,
            state: TopicState::App(Box::new(state)),
        }));
        store.receive(&again);
        store.receive(&TopicEvent::Checked(Timestamp(900)));
        assert_eq!(seen.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn a_check_moves_the_freshness_forward_and_never_back() {
    Owner::new().with(|| {
        let store = AppsStore::new(&snapshot("apps", AppsWindow::default()));
        store.receive(&TopicEvent::Checked(Timestamp(5_000)));
        store.receive(&TopicEvent::Checked(Timestamp(4_000)));
        assert_eq!(store.freshness.checked_at.get_untracked(), Timestamp(5_000));
    });
}

#[test]
fn the_health_of_the_source_is_shown_beside_data_that_stay() {
    Owner::new().with(|| {
        let store = AppsStore::new(&snapshot("apps", window(vec![summary("a", 1)])));
        let limited = SourceHealth::RateLimited { until: Timestamp(9_000), shown_from: None };
        let state = SourceState {
            topic: "apps".parse().unwrap(),
            source: limited.clone(),
            checked_at: Timestamp(900),
        };
        store.receive(&TopicEvent::Source(state));
        assert_eq!(store.freshness.source.get_untracked(), limited);
        assert_eq!(store.apps.get_all_untracked().len(), 1);
    });
}

fn health(checked_at: i64, source: SourceHealth) -> TopicEvent {
    let topic = "app:a".parse().unwrap();
    TopicEvent::Source(SourceState { topic, source, checked_at: Timestamp(checked_at) })
}

fn unanswered(shown_from: Option<i64>) -> SourceHealth {
    SourceHealth::Failing {
        since: Timestamp(6_000),
        message: "Fly did not answer in time.".into(),
        retry_at: Timestamp(7_000),
        request_id: None,
        shown_from: shown_from.map(Timestamp),
    }
}

#[test]
fn older_parts_stay_as_old_as_they_are_whatever_a_server_says_that_has_told_no_state() {
    Owner::new().with(|| {
        let known = view(vec![instance(1, "sjc", 0)], vec![]);
        let partial = SourceHealth::partial(vec!["instances".into()], None, Some(Timestamp(900)), None);
        let store = AppStore::new(&event(5_000, partial, known.clone()));
        for source in
            [unanswered(None), SourceHealth::RateLimited { until: Timestamp(9_000), shown_from: None }]
        {
            store.receive(&health(0, source.clone()));
            let shown = store.freshness.source.get_untracked();
            assert_eq!(shown, source.with_parts_from(Timestamp(900)));
            assert_eq!(store.freshness.checked_at.get_untracked(), Timestamp(5_000));
        }
        store.receive(&health(0, SourceHealth::Fine));
        let shown = store.freshness.source.get_untracked();
        assert!(matches!(shown, SourceHealth::Partial { shown_from: Some(Timestamp(900)), .. }), "{shown:?}");

        store.receive(&snapshot_event(8_000, (known, SourceHealth::Fine)));
        assert_eq!(store.freshness.source.get_untracked(), SourceHealth::Fine, "all of it came");
    });
}

#[test]
fn what_is_all_of_one_time_stays_so_where_the_health_is_of_another_state() {
    Owner::new().with(|| {
        let store = AppStore::new(&event(5_000, SourceHealth::Fine, view(vec![], vec![])));
        store.receive(&health(0, SourceHealth::Fine));
        assert_eq!(store.freshness.source.get_untracked(), SourceHealth::Fine);
        store.receive(&health(0, unanswered(None)));
        assert_eq!(store.freshness.source.get_untracked(), unanswered(None));
        // Of a state of 7_000, which has yet to come.
        store.receive(&health(0, unanswered(Some(6_500))));
        assert_eq!(store.freshness.source.get_untracked(), unanswered(Some(5_000)));
        store.receive(&health(7_000, unanswered(Some(6_500))));
        assert_eq!(store.freshness.source.get_untracked(), unanswered(Some(6_500)));
    });
}

fn event<T>(checked_at: i64, source: SourceHealth, state: T) -> Snapshot<T> {
    Snapshot { checked_at: Timestamp(checked_at), source, ..snapshot("app:a", state) }
}

/// What a server tells that was started while Fly does not tell this app's instances.
fn without_instances(mut state: AppView, from: Option<i64>) -> (AppView, SourceHealth) {
    state.instances.clear();
    state.app.not_loaded.add(NotLoaded::INSTANCES);
    (state, SourceHealth::partial(vec!["instances".into()], None, from.map(Timestamp), None))
}

fn snapshot_event(checked_at: i64, (state, source): (AppView, SourceHealth)) -> TopicEvent {
    TopicEvent::Snapshot(Box::new(event(checked_at, source, TopicState::App(Box::new(state)))))
}

fn changes(checked_at: i64, old: &AppView, new: &AppView) -> TopicEvent {
    let changes = diff_app(old, new).into_iter().map(Change::App).collect();
    TopicEvent::Changes(ChangeSet {
        topic: "app:a".parse().unwrap(),
        checked_at: Timestamp(checked_at),
        changes,
    })
}

#[test]
fn instances_that_a_restarted_server_has_never_loaded_stay_with_their_age() {
    Owner::new().with(|| {
        let known = view(vec![instance(1, "sjc", 0)], vec![release(14, "failed")]);
        let store = AppStore::new(&event(900, SourceHealth::Fine, known.clone()));
        store.receive(&snapshot_event(5_000, without_instances(known.clone(), None)));
        assert_eq!(shown(&store).instances, known.instances);
        let source = store.freshness.source.get_untracked();
        assert_eq!(source.shown_from(), Some(Timestamp(900)), "{source:?}");

        store.receive(&snapshot_event(9_000, without_instances(known, Some(7_000))));
        let source = store.freshness.source.get_untracked();
        assert_eq!(source.shown_from(), Some(Timestamp(900)), "they are no younger: {source:?}");
    });
}

#[test]
fn instances_that_the_page_had_and_that_were_gone_when_they_could_be_loaded_again_are_gone() {
    Owner::new().with(|| {
        let known = view(vec![instance(1, "sjc", 0), instance(2, "sjc", 0)], vec![]);
        let store = AppStore::new(&event(900, SourceHealth::Fine, known.clone()));
        let (lacking, source) = without_instances(known, None);
        store.receive(&snapshot_event(5_000, (lacking.clone(), source.clone())));
        let now = view(vec![instance(2, "sjc", 1), instance(3, "ams", 0)], vec![]);
        store.receive(&changes(6_000, &lacking, &now));
        assert_eq!(shown(&store), now);

        let state = SourceState { topic: "app:a".parse().unwrap(), source, checked_at: Timestamp(7_000) };
        store.receive(&TopicEvent::Source(state));
        let shown_from = store.freshness.source.get_untracked().shown_from();
        assert_eq!(shown_from, None, "the page kept nothing that is older");
    });
}

#[test]
fn releases_and_process_groups_that_a_restarted_server_has_never_loaded_stay_until_it_has() {
    Owner::new().with(|| {
        let group = ProcessGroup {
            name: "app".into(),
            size: None,
            memory_mb: None,
            instances: 1,
            regions: vec![RegionCode::new("sjc").unwrap()],
        };
        let known = AppView {
            process_groups: vec![group],
            ..view(vec![instance(1, "sjc", 0)], vec![release(14, "failed"), release(13, "complete")])
        };
        let store = AppStore::new(&event(900, SourceHealth::Fine, known.clone()));
        let mut lacking = view(known.instances.clone(), vec![]);
        lacking.app.not_loaded.add(NotLoaded::RELEASES);
        lacking.app.not_loaded.add(NotLoaded::PROCESS_GROUPS);
        store.receive(&snapshot_event(5_000, (lacking.clone(), SourceHealth::Fine)));
        assert_eq!(shown(&store).releases, known.releases);
        assert_eq!(shown(&store).process_groups, known.process_groups);

        let now = view(known.instances.clone(), vec![release(14, "complete")]);
        store.receive(&changes(6_000, &lacking, &now));
        assert_eq!(shown(&store), now);
    });
}

#[test]
fn a_change_of_another_kind_is_ignored() {
    Owner::new().with(|| {
        let state = view(vec![instance(1, "sjc", 0)], vec![]);
        let store = AppStore::new(&snapshot("app:a", state.clone()));
        store.receive(&TopicEvent::Changes(ChangeSet {
            topic: "app:a".parse().unwrap(),
            checked_at: Timestamp(900),
            changes: vec![Change::Apps(AppsChange::Order(vec![]))],
        }));
        assert_eq!(shown(&store), state);
    });
}

#[test]
fn on_the_server_a_page_follows_nothing_and_takes_the_time_of_its_snapshot() {
    Owner::new().with(|| {
        let live = Live::new(&Session { build: "9f2c".to_owned(), ..Session::default() });
        let given = snapshot("apps", AppsWindow::default());
        let store = AppsStore::new(&given);
        live.follow_apps(store, crate::reactive::memo(|| "apps?q=a".to_owned()), &given);
        assert_eq!(store.totals.get_untracked().count(), 0);
        live.follow_until_loaded(Topic::apps(), |_| panic!("nothing is loaded on the server"));
        assert_eq!(live.link.get_untracked(), Link::Static);
        assert_eq!(live.now.get_untracked(), Timestamp(1_000));
    });
}

/// An instance with so many lines in its log.
fn instance_view(lines: usize) -> InstanceView {
    let line = |at: usize| Line { key: format!("{at:020}"), cells: vec![Cell::text("x")] };
    let parts = PartKind::ALL.map(|kind| match kind {
        PartKind::Log => Part { lines: (0..lines).map(line).collect(), note: String::new() },
        _ => Part::default(),
    });
    let head = InstanceHead {
        app: view(vec![], vec![]).app,
        instance: instance(1, "sjc", 0),
        previous: None,
        next: None,
        gone_since: None,
    };
    InstanceView { head, parts: parts.into() }
}

fn of_instance<T>(state: T) -> Snapshot<T> {
    let topic: Topic = "instance:a:73d8d46dbee581".parse().unwrap();
    let cursor = "e-1".parse().unwrap();
    let (now, source) = (Timestamp(1), SourceHealth::Fine);
    Snapshot { topic, cursor, now, checked_at: now, source, state }
}

#[test]
fn an_instance_follows_what_the_stream_says_and_takes_each_line_once() {
    Owner::new().with(|| {
        let store = InstanceStore::new(&of_instance(instance_view(1)));
        let changes: Vec<Change> =
            diff_instance(&instance_view(1), &instance_view(3)).into_iter().map(Change::Instance).collect();
        let topic = of_instance(()).topic;
        let set = TopicEvent::Changes(ChangeSet { topic, checked_at: Timestamp(2), changes });
        store.receive(&set);
        store.receive(&set);
        assert_eq!(store.view.get_untracked(), instance_view(3));
        assert_eq!(store.freshness.checked_at.get_untracked(), Timestamp(2));
        let state = TopicState::Instance(Box::new(instance_view(0)));
        store.receive(&TopicEvent::Snapshot(Box::new(of_instance(state))));
        assert_eq!(store.view.get_untracked(), instance_view(0));
    });
}
