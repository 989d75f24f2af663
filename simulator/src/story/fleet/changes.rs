//! What happens to a fleet while one watches: each second something.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Plan, apps, machines, names, person, random::Random};
use crate::{
    StoryTime,
    story::{Fact, Origin},
    world::{App, Change, CheckStatus, Lease, Machine, MachinePatch, ReleasePatch},
};

/// How long a deployment of a machine takes, in seconds; others leave its app alone meanwhile.
const DEPLOY_SECONDS: usize = 12;

pub(super) fn all(plan: &Plan, start: StoryTime, apps: &[Arc<App>], random: &mut Random) -> Vec<Fact> {
    let well: Vec<&Arc<App>> = apps.iter().filter(|app| is_well(app)).collect();
    let mut facts = Vec::new();
    // Every app takes part once, so that no two things happen to one app at a time.
    for (second, app) in (1..=plan.seconds).zip(well.into_iter().rev()) {
        let at = StoryTime::from_ms(start.as_ms() + i64::try_from(second).unwrap_or(0) * 1000);
        let mut tale = Tale { app, at, facts: &mut facts };
        match random.below(10) {
            0 | 1 => tale.deployment(person(random.pick::<&str>(names::people()))),
            2..=4 => tale.check_fails_and_recovers(),
            5 => tale.restart_by_hand(),
            _ => tale.sleep_and_wake(),
        }
    }
    let end = StoryTime::from_ms(start.as_ms() + i64::try_from(plan.seconds).unwrap_or(0) * 1000);
    facts.retain(|fact| fact.at <= end);
    facts.sort_by_key(|fact| fact.at);
    facts
}

/// Each second every machine goes from one state into another: half of them restart while the others run.
pub(super) fn restless(plan: &Plan, start: StoryTime, apps: &[Arc<App>]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for second in 1..=plan.seconds {
        let at = StoryTime::from_ms(start.as_ms() + i64::try_from(second).unwrap_or(0) * 1000);
        for app in apps {
            for (index, machine) in app.machines.iter().enumerate() {
                let state = if (second + index).is_multiple_of(2) { "restarting" } else { "started" };
                let set = MachinePatch { state: Some(state.to_owned()), ..MachinePatch::default() };
                let (app, machine) = (app.name.clone(), machine.id.clone());
                let change = Change::MachineChanged { app, machine, set };
                facts.push(Fact { at, origin: Origin::Invented, change });
            }
        }
    }
    facts
}

/// Only machines that do what they should take part.
fn is_well(app: &App) -> bool {
    app.machines.first().is_some_and(|machine| {
        machine.state == "started"
            && machine.host_status == "ok"
            && machine.checks.iter().all(|check| check.status == CheckStatus::Passing)
            && !machine.checks.is_empty()
    })
}

/// What happens to one app, told second by second.
struct Tale<'a> {
    app: &'a Arc<App>,
    at: StoryTime,
    facts: &'a mut Vec<Fact>,
}

impl Tale<'_> {
    fn machine(&self) -> &Machine {
        &self.app.machines[0]
    }

    fn tell(&mut self, change: Change) {
        self.facts.push(Fact { at: self.at, origin: Origin::Invented, change });
    }

    fn wait(&mut self, seconds: usize) {
        let ms = i64::try_from(seconds).unwrap_or(0) * 1000;
        self.at = StoryTime::from_ms(self.at.as_ms() + ms);
    }

    fn state(&mut self, kind: &str, state: &str, source: &str, request: Value) {
        let (app, machine) = (self.app.name.clone(), self.machine().id.clone());
        self.tell(Change::MachineEvent {
            app: app.clone(),
            machine: machine.clone(),
            kind: kind.to_owned(),
            status: state.to_owned(),
            source: source.to_owned(),
            request,
        });
        let set = MachinePatch { state: Some(state.to_owned()), ..MachinePatch::default() };
        self.tell(Change::MachineChanged { app, machine, set });
    }

    fn check(&mut self, status: CheckStatus, output: &str) {
        let (app, instance) = (self.app.name.clone(), self.machine().id.clone());
        let check = self.machine().checks[0].name.clone();
        let output = Some(output.to_owned());
        self.tell(Change::Check { app, instance, check, status: Some(status), output });
    }

    fn passes(&mut self) {
        let output = self.machine().checks[0].output.clone();
        self.check(CheckStatus::Passing, &output);
    }

    fn check_fails_and_recovers(&mut self) {
        self.check(
            CheckStatus::Critical,
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        );
        self.wait(45);
        self.passes();
    }

    fn restart_by_hand(&mut self) {
        self.state("restart", "restarting", "user", Value::Null);
        self.wait(2);
        self.come_up();
    }

    fn sleep_and_wake(&mut self) {
        self.state("stop", "stopping", "proxy", Value::Null);
        self.wait(1);
        let gone = machines::exit(self.at, 0, true, false);
        self.state("exit", "stopped", "flyd", gone);
        self.check(CheckStatus::Warning, "the machine hasn't started");
        self.wait(30);
        self.state("start", "starting", "proxy", Value::Null);
        self.wait(1);
        self.come_up();
    }

    fn come_up(&mut self) {
        self.state("start", "started", "flyd", Value::Null);
        self.check(CheckStatus::Warning, "waiting for status update");
        self.wait(4);
        self.passes();
    }

    /// flyctl replaces the first machine; the others run the release before until the next deploy.
    fn deployment(&mut self, user: String) {
        let name = self.app.name.clone();
        let version = self.app.current_release().map_or(1, |release| release.version + 1);
        let release = apps::release(&name, version, self.at, user, "running");
        self.tell(Change::ReleaseCreated { app: name.clone(), release });
        self.wait(2);
        let ids: Vec<String> = self.app.machines.iter().map(|one| one.id.clone()).collect();
        for machine in &ids {
            self.hand_over(machine, version);
        }
        self.state("update", "replacing", "user", Value::Null);
        self.wait(DEPLOY_SECONDS / 3);
        self.come_up();
        self.wait(DEPLOY_SECONDS / 3);
        for machine in ids {
            self.tell(Change::LeaseReleased { app: name.clone(), machine });
        }
        let set = ReleasePatch {
            status: Some("complete".to_owned()),
            stable: Some(true),
            metadata: Some(json!({"post_deployment_info": {"flyctl_version": "0.3.190", "error": ""}})),
            ..ReleasePatch::default()
        };
        self.tell(Change::ReleaseChanged { app: name, version, set });
    }

    /// Leases a machine and gives it the new release.
    fn hand_over(&mut self, machine: &str, version: i32) {
        let (app, machine) = (self.app.name.clone(), machine.to_owned());
        let expires_at = StoryTime::from_ms(self.at.as_ms() + 60_000);
        let owner = "deploy@tokens.fly.io".to_owned();
        let lease = Lease { owner, description: String::new(), expires_at, nonce: None };
        self.tell(Change::LeaseTaken { app: app.clone(), machine: machine.clone(), lease });
        let set = MachinePatch {
            release: Some(version),
            instance_id: Some(crate::ulid::of(&format!("{machine}/{version}"))),
            ..MachinePatch::default()
        };
        self.tell(Change::MachineChanged { app, machine, set });
    }
}
