//! What each story tells: the facts that matter in their order, and how it ends.

use simulator::{
    Fact, Origin, Story, StoryTime, Timeline,
    world::{App, Change, CheckStatus, Machine},
};

/// How a story ends, as somebody sees who knows everything.
struct End {
    story: &'static str,
    app: &'static str,
    /// Newest release and its status.
    release: Option<(i32, &'static str)>,
    /// Words of the error that flyctl left.
    error: &'static str,
    /// Each machine that is not destroyed, in the order of creation: state, release, checks that
    /// pass and fail.
    machines: &'static [(&'static str, i32, usize, usize)],
}

const ENDS: [End; 23] = [
    End {
        story: "many-releases",
        app: "ferry-log",
        release: Some((201, "complete")),
        error: "",
        machines: &[],
    },
    End {
        story: "rolling-deploy",
        app: "ember-notes",
        release: Some((43, "complete")),
        error: "",
        machines: &[("started", 43, 1, 0), ("started", 43, 1, 0), ("started", 43, 0, 0)],
    },
    End {
        story: "rolling-deploy-fails-halfway",
        app: "paper-lantern",
        release: Some((19, "failed")),
        error: "timeout reached waiting for health checks to pass for machine 5683d92f440587",
        machines: &[("started", 19, 1, 0), ("started", 19, 0, 1), ("started", 18, 1, 0)],
    },
    End {
        story: "canary-deploy",
        app: "copper-kettle",
        release: Some((9, "complete")),
        error: "",
        machines: &[("started", 9, 1, 0), ("started", 9, 1, 0), ("started", 9, 1, 0)],
    },
    End {
        story: "bluegreen-deploy",
        app: "blue-heron",
        release: Some((104, "complete")),
        error: "",
        machines: &[("started", 104, 1, 0), ("started", 104, 1, 0), ("started", 104, 1, 0)],
    },
    End {
        story: "immediate-deploy",
        app: "quick-silver",
        release: Some((5, "complete")),
        error: "",
        machines: &[("started", 5, 1, 0), ("started", 5, 1, 0), ("started", 5, 1, 0)],
    },
    End {
        story: "release-command-fails",
        app: "mossy-ledger",
        release: Some((66, "failed")),
        error: "release command failed - aborting deployment. machine d8d7932c5e0478 exited",
        machines: &[("started", 65, 1, 0), ("started", 65, 1, 0), ("started", 65, 0, 0)],
    },
    End {
        story: "crash-loop",
        app: "rusty-hinge",
        release: Some((13, "failed")),
        error: "smoke checks for 3287d19c651508 failed: the app appears to be crashing",
        machines: &[("stopped", 13, 0, 1)],
    },
    End {
        story: "out-of-memory",
        app: "heavy-freight",
        release: Some((30, "complete")),
        error: "",
        machines: &[("stopped", 30, 0, 1)],
    },
    End {
        story: "wrong-port",
        app: "crooked-pier",
        release: Some((3, "failed")),
        error: "waiting for health checks to pass for machine e784079b449483",
        machines: &[("started", 3, 0, 1)],
    },
    End {
        story: "loopback-only",
        app: "shy-otter",
        release: Some((7, "failed")),
        error: "waiting for health checks to pass for machine 148ed193f95489",
        machines: &[("started", 7, 0, 1)],
    },
    End {
        story: "check-redirects",
        app: "winding-road",
        release: Some((35, "failed")),
        error: "waiting for health checks to pass for machine 6e82549a7d3d87",
        machines: &[("started", 35, 0, 1)],
    },
    End {
        story: "grace-period-too-short",
        app: "slow-kettle",
        release: Some((10, "complete")),
        error: "",
        machines: &[("started", 10, 1, 0)],
    },
    End {
        story: "no-capacity",
        app: "full-house",
        release: Some((52, "failed")),
        error: "insufficient_capacity",
        machines: &[("started", 51, 1, 0), ("started", 51, 1, 0), ("started", 51, 1, 0)],
    },
    End {
        story: "image-missing",
        app: "empty-frame",
        release: Some((22, "failed")),
        error: "MANIFEST_UNKNOWN",
        machines: &[("started", 21, 1, 0)],
    },
    End {
        story: "host-unreachable",
        app: "far-lighthouse",
        release: Some((77, "complete")),
        error: "",
        machines: &[("started", 77, 1, 0), ("started", 77, 0, 1), ("started", 77, 1, 0)],
    },
    End {
        story: "stuck-starting",
        app: "heavy-anchor",
        release: Some((15, "failed")),
        error: "timeout reached waiting for machine to be started",
        machines: &[("starting", 15, 0, 0)],
    },
    End {
        story: "lease-held",
        app: "busy-ferry",
        release: Some((90, "failed")),
        error: "lease currently held by 9af60c27-ee17-55df-bb0a-4f369e59839a@tokens.fly.io",
        machines: &[("started", 89, 1, 0)],
    },
    End {
        story: "interrupted-deploy",
        app: "broken-off",
        release: Some((6, "interrupted")),
        error: "context canceled",
        machines: &[("started", 6, 1, 0), ("started", 5, 1, 0), ("started", 5, 1, 0)],
    },
    End {
        story: "autostop",
        app: "sleepy-fox",
        release: Some((16, "complete")),
        error: "",
        machines: &[("started", 16, 1, 0), ("started", 16, 1, 0), ("stopped", 16, 0, 0)],
    },
    End {
        story: "no-machines",
        app: "quiet-shelf",
        release: Some((2, "complete")),
        error: "",
        machines: &[],
    },
    End { story: "no-releases", app: "blank-slate", release: None, error: "", machines: &[] },
    End {
        story: "calm",
        app: "night-owl",
        release: Some((8, "complete")),
        error: "",
        machines: &[("stopped", 8, 0, 0)],
    },
];

fn story(name: &str) -> Story {
    Story::embedded(name).unwrap_or_else(|error| panic!("{error}"))
}

fn at_end(name: &str, app: &str) -> App {
    let world = Timeline::of(&story(name)).world_at(StoryTime::from_ms(i64::MAX));
    (**world.app(app).unwrap_or_else(|| panic!("{name} has no {app}"))).clone()
}

fn living(app: &App) -> Vec<&Machine> {
    app.machines.iter().filter(|one| one.state != "destroyed").collect()
}

fn count(machine: &Machine, status: CheckStatus) -> usize {
    machine.checks.iter().filter(|check| check.status == status).count()
}

#[test]
fn each_story_ends_as_it_should() {
    for end in &ENDS {
        let app = at_end(end.story, end.app);
        let release = app.current_release();
        let newest = release.map(|one| (one.version, one.status.as_str()));
        assert_eq!(newest, end.release, "{}", end.story);
        let error = release.and_then(|one| one.metadata.pointer("/post_deployment_info/error"));
        let error = error.and_then(serde_json::Value::as_str).unwrap_or_default();
        assert!(error.contains(end.error), "{}: {error}", end.story);
        assert_eq!(error.is_empty(), end.error.is_empty(), "{}: {error}", end.story);
        let machines = living(&app);
        let seen: Vec<(&str, i32, usize, usize)> = machines
            .iter()
            .map(|one| {
                let checks = (count(one, CheckStatus::Passing), count(one, CheckStatus::Critical));
                (one.state.as_str(), one.release, checks.0, checks.1)
            })
            .collect();
        assert_eq!(seen, end.machines, "{}", end.story);
        assert!(machines.iter().all(|one| one.lease.is_none() && !one.cordoned), "{}", end.story);
    }
}

#[test]
fn every_story_has_an_end_that_is_looked_at() {
    let looked_at: Vec<&str> = ENDS.iter().map(|end| end.story).collect();
    // The first has tests of its own, the fleets too; one has no app that could end anyhow.
    let others: Vec<&str> = Story::names().into_iter().filter(|name| !looked_at.contains(name)).collect();
    assert_eq!(others, ["failed-deploy-v14", "fleet", "small-fleet", "restless-fleet", "no-apps"]);
}

#[test]
fn only_the_first_story_has_captured_facts() {
    for name in Story::names().into_iter().filter(|name| *name != "failed-deploy-v14") {
        assert!(story(name).facts.iter().all(|fact| fact.origin == Origin::Invented), "{name}");
    }
}

/// One word for what a fact tells, where it is worth one.
fn word(fact: &Fact) -> Option<String> {
    Some(match &fact.change {
        Change::ReleaseCreated { release, .. } => format!("release {}", release.version),
        Change::ReleaseChanged { version, set, .. } => format!("{version} {}", set.status.clone()?),
        Change::MachineCreated { machine, .. } => format!("new {}", machine.id),
        Change::MachineEvent { machine, kind, status, .. } => format!("{} {kind} {status}", &machine[..4]),
        Change::Check { instance, status, .. } => format!("{} {}", &instance[..4], status.as_ref()?.as_str()),
        Change::LeaseTaken { machine, .. } => format!("{} leased", &machine[..4]),
        Change::LeaseReleased { machine, .. } => format!("{} free", &machine[..4]),
        Change::HostIssue { .. } => "host issue".to_owned(),
        Change::Log { code: Some(code), .. } => code.clone(),
        _ => return None,
    })
}

#[test]
fn what_matters_happens_in_the_order_in_which_flyctl_does_it() {
    let orders: [(&str, &[&str]); 10] = [
        (
            "rolling-deploy",
            &[
                "release 43",
                "43 running",
                "e82d leased",
                "e82d update replacing",
                "e82d exit stopped",
                "e82d start started",
                "e82d free",
                "784e leased",
                "784e start started",
                "784e passing",
                "784e free",
                "2874 leased",
                "2874 passing",
                "2874 free",
                "43 complete",
            ],
        ),
        (
            "canary-deploy",
            &[
                "release 9",
                "new 28749d3f490168",
                "2874 passing",
                "2874 destroy destroyed",
                "3d8d leased",
                "9185 leased",
                "d891 leased",
                "9 complete",
            ],
        ),
        (
            "bluegreen-deploy",
            &[
                "new 6830336c4d3208",
                "new e784e19b3d9638",
                "e784 passing",
                "6830 uncordon started",
                "0801 cordon started",
                "0801 stop stopping",
                "0801 destroy destroyed",
                "48ed destroy destroyed",
                "104 complete",
            ],
        ),
        (
            "immediate-deploy",
            &["d8d9 leased", "1857 leased", "683d leased", "5 complete", "PR01", "d8d9 passing"],
        ),
        (
            "release-command-fails",
            &[
                "66 running",
                "new d8d7932c5e0478",
                "d8d7 start started",
                "d8d7 exit stopped",
                "66 failed",
                "d8d7 destroy destroyed",
            ],
        ),
        (
            "crash-loop",
            &[
                "3287 exit stopped",
                "3287 start started",
                "3287 exit stopped",
                "13 failed",
                "3287 exit stopped",
                "PR01",
            ],
        ),
        ("wrong-port", &["e784 start started", "e784 critical", "PC01", "PR04", "3 failed", "e784 free"]),
        ("grace-period-too-short", &["5683 critical", "PC01", "5683 passing", "10 complete"]),
        (
            "lease-held",
            &["release 89", "2874 leased", "release 90", "90 failed", "PM01", "2874 free", "89 complete"],
        ),
        ("host-unreachable", &["PU03", "1857 critical", "host issue"]),
    ];
    for (name, order) in orders {
        let told: Vec<String> = story(name).facts.iter().filter_map(word).collect();
        let mut rest = told.iter();
        for expected in order {
            assert!(rest.any(|one| one == expected), "{name}: `{expected}` is not there in order: {told:?}");
        }
    }
}

#[test]
fn a_rolling_deployment_that_fails_halfway_leaves_two_releases_running() {
    let app = at_end("rolling-deploy-fails-halfway", "paper-lantern");
    let releases: std::collections::BTreeSet<i32> = living(&app).iter().map(|one| one.release).collect();
    assert_eq!(releases.into_iter().collect::<Vec<i32>>(), [18, 19]);
}

fn last_exit(app: &App) -> serde_json::Value {
    let events = app.machines[0].events.iter();
    events.rev().find(|event| event.kind == "exit").unwrap().request.clone()
}

#[test]
fn exits_tell_code_memory_and_restarts() {
    let crash = last_exit(&at_end("crash-loop", "rusty-hinge"));
    assert_eq!(crash["exit_event"]["exit_code"], 1);
    assert_eq!(crash["restart_count"], 10);
    assert_eq!(crash["exit_event"]["oom_killed"], false);
    let memory = last_exit(&at_end("out-of-memory", "heavy-freight"));
    assert_eq!(memory["exit_event"]["exit_code"], 137);
    assert_eq!(memory["exit_event"]["oom_killed"], true);
    assert_eq!(memory["exit_event"]["requested_stop"], false);
}

#[test]
fn the_stories_about_ports_tell_what_the_server_listens_on() {
    let sockets = |name: &str, app: &str| {
        let app = at_end(name, app);
        let processes = app.machines[0].processes.clone().unwrap();
        processes
            .into_iter()
            .flat_map(|one| one.listen_sockets)
            .map(|one| one.address)
            .collect::<Vec<String>>()
    };
    assert!(sockets("wrong-port", "crooked-pier").contains(&"[::]:3000".to_owned()));
    assert!(!sockets("wrong-port", "crooked-pier").contains(&"[::]:8080".to_owned()));
    assert!(sockets("loopback-only", "shy-otter").contains(&"127.0.0.1:8000".to_owned()));
    assert!(sockets("grace-period-too-short", "slow-kettle").contains(&"[::]:8080".to_owned()));
}

#[test]
fn a_check_that_redirects_says_so_and_one_that_is_refused_too() {
    let output = |name: &str, app: &str| at_end(name, app).machines[0].checks[0].output.clone();
    assert!(output("check-redirects", "winding-road").contains("301 Moved Permanently"));
    assert_eq!(output("wrong-port", "crooked-pier"), "connect: connection refused");
}

#[test]
fn a_machine_whose_host_is_gone_keeps_its_last_state() {
    let app = at_end("host-unreachable", "far-lighthouse");
    assert_eq!(app.machines[1].host_status, "unreachable");
    assert_eq!(app.machines[1].state, "started");
    assert_eq!(app.host_issues.len(), 1);
}

#[test]
fn in_the_autostop_story_nothing_ever_fails() {
    let story = story("autostop");
    for fact in &story.facts {
        if let Change::Check { status, .. } = &fact.change {
            assert_ne!(*status, Some(CheckStatus::Critical));
        }
    }
}

/// The names that a table of the documentation lists in its first column.
fn documented() -> Vec<String> {
    let text = include_str!("../../stories/README.md");
    let (_, table) = text.split_once("| story | shows |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn the_documentation_lists_the_stories_there_are() {
    assert_eq!(documented(), Story::names());
}

#[test]
fn every_story_file_is_built_in() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/stories")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    let mut built_in = Story::names();
    names.sort();
    built_in.sort_unstable();
    assert_eq!(names, built_in);
}
