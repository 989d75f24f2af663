//! Apps of a fleet.

use serde_json::{Value, json};

use super::{Plan, machines, names, person, random::Random};
use crate::{
    StoryTime,
    world::{App, Platform, ProcessGroup, Release},
};

/// Where apps run, the usual places more often.
pub(super) const REGIONS: [&str; 14] =
    ["iad", "iad", "iad", "ord", "ord", "dfw", "sjc", "lhr", "lhr", "fra", "ams", "cdg", "nrt", "syd"];

const PORTS: [i64; 5] = [8080, 8080, 3000, 4000, 8000];

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) fn all(plan: &Plan, start: StoryTime, random: &mut Random) -> Vec<App> {
    let counts = machine_counts(plan, random);
    let mut apps: Vec<App> =
        counts.iter().enumerate().map(|(index, count)| app(plan, start, index, *count, random)).collect();
    machines::trouble(plan, start, &mut apps, random);
    apps
}

/// How many machines each app has: some none, many a few, a few many; in all what was asked for.
fn machine_counts(plan: &Plan, random: &mut Random) -> Vec<usize> {
    let mut counts = vec![0; plan.apps];
    let empty = |index: usize| index % 40 == 39;
    for _ in 0..plan.machines {
        // The smaller of two is small more often, which gives a few large apps.
        let index = random.below(plan.apps).min(random.below(plan.apps));
        let index = if empty(index) { index - 1 } else { index };
        counts[index] += 1;
    }
    counts
}

fn app(plan: &Plan, start: StoryTime, index: usize, count: usize, random: &mut Random) -> App {
    let name = names::app(random, index);
    let (organization, _) = names::team(random.below(plan.organizations));
    let created = start.as_ms() - DAY_MS * (30 + i64::try_from(random.below(900)).unwrap_or(0));
    let port = *random.pick(&PORTS);
    let deployed = count > 0 || random.percent(50);
    let workers = count > 2 && random.percent(30);
    let groups = if deployed { groups(port, workers, random) } else { Vec::new() };
    let releases = if deployed { releases(&name, start, random) } else { Vec::new() };
    let mut app = App {
        name,
        number: 400_000 + i64::try_from(index).unwrap_or(0),
        organization: organization.to_owned(),
        platform: if deployed { Platform::Machines } else { Platform::Detached },
        status: if count > 0 {
            "deployed"
        } else if deployed {
            "suspended"
        } else {
            "pending"
        }
        .to_owned(),
        state: if count > 0 {
            "DEPLOYED"
        } else if deployed {
            "SUSPENDED"
        } else {
            "PENDING"
        }
        .to_owned(),
        deployed,
        created_at: StoryTime::from_ms(created),
        groups,
        ips: Vec::new(),
        config: Value::Null,
        releases,
        deployment: None,
        allocations: Vec::new(),
        machines: Vec::new(),
        logs: Vec::new(),
        host_issues: Vec::new(),
        volumes: Vec::new(),
        certificates: Vec::new(),
        secrets: Vec::new(),
    };
    app.machines = (0..count).map(|index| machines::one(&app, start, port, index, random)).collect();
    app
}

fn groups(port: i64, workers: bool, random: &mut Random) -> Vec<ProcessGroup> {
    let stop = if random.percent(50) { "stop" } else { "off" };
    let check = json!({"type": "http", "port": port, "interval": "15s", "timeout": "2s",
        "grace_period": "10s", "method": "GET", "path": "/health"});
    let ports = json!([{"port": 80, "handlers": ["http"]}, {"port": 443, "handlers": ["tls", "http"]}]);
    let service = json!({"protocol": "tcp", "internal_port": port, "autostop": stop,
        "autostart": true, "ports": ports, "checks": [check]});
    let group = |name: &str, config| ProcessGroup {
        name: name.to_owned(),
        size: "shared-cpu-1x".to_owned(),
        regions: Vec::new(),
        config,
    };
    let mut groups = vec![group("app", json!({"services": [service]}))];
    if workers {
        groups.push(group("worker", json!({"restart": {"policy": "always"}})));
    }
    groups
}

fn releases(name: &str, start: StoryTime, random: &mut Random) -> Vec<Release> {
    let newest = 1 + i32::try_from(random.below(120)).unwrap_or(0);
    let kept = 1 + i32::try_from(random.below(3)).unwrap_or(0);
    let mut at = start.as_ms() - i64::try_from(random.below(20)).unwrap_or(0) * DAY_MS - DAY_MS * 10;
    let mut all = Vec::new();
    for version in (newest - kept + 1).max(1)..=newest {
        at += DAY_MS * 2 + i64::try_from(random.below(86_400)).unwrap_or(0) * 1000;
        let by = person(random.pick::<&str>(names::people()));
        all.push(release(name, version, StoryTime::from_ms(at), by, "complete"));
    }
    all
}

pub(super) fn release(app: &str, version: i32, at: StoryTime, user: String, status: &str) -> Release {
    let done = status == "complete";
    Release {
        id: crate::ulid::of(&format!("{app}/{version}")),
        version,
        status: status.to_owned(),
        stable: done,
        reason: "deploy".to_owned(),
        description: "Release".to_owned(),
        strategy: "ROLLING".to_owned(),
        user: Some(user),
        image: Some(format!(
            "registry.fly.io/{app}:deployment-{}",
            crate::ulid::of(&format!("{app}:{version}"))
        )),
        evaluation: None,
        reverted_to: None,
        metadata: Value::Null,
        config: Value::Null,
        created_at: at,
        updated_at: done.then(|| StoryTime::from_ms(at.as_ms() + 74_000)),
    }
}
