//! What a seed chooses: the story, who looks at what, and what fails when.

use crate::rng::Rng;
use model::live::Topic;
use proxy::{Conditions, Cut, How, StatusWindow};
use simulator::{Preset, Story, tokens};
use std::fmt;

/// A story, and what of it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    pub story: &'static str,
    pub app: &'static str,
    pub instances: &'static [&'static str],
    pub release: u32,
}

const fn stage(
    story: &'static str,
    app: &'static str,
    instances: &'static [&'static str],
    release: u32,
) -> Stage {
    Stage { story, app, instances, release }
}

const STAGES: [Stage; 8] = [
    stage("rolling-deploy", "ember-notes", &["784e293a441e38", "2874d1f5a60538"], 43),
    stage("bluegreen-deploy", "blue-heron", &["6830336c4d3208", "0801742c410e08"], 104),
    stage("canary-deploy", "copper-kettle", &["3d8d7339b92e89"], 9),
    stage("crash-loop", "rusty-hinge", &["3287d19c651508"], 13),
    stage("out-of-memory", "heavy-freight", &["91851cd2b51768"], 30),
    stage("autostop", "sleepy-fox", &["185e4d2c9f0748"], 16),
    stage("failed-deploy-v14", "crimson-wildflower-1711", &["e80d7fbd"], 14),
    stage("rolling-deploy-fails-halfway", "paper-lantern", &["6e82d4a9b43128"], 19),
];

/// A session and whose token it has.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// As the simulator speaks of the token.
    pub name: &'static str,
    pub token: &'static str,
}

/// Two sessions have one token: what ends the one must not end the other.
pub const ACCOUNTS: [Account; 5] = [
    Account { name: "demo", token: tokens::DEMO },
    Account { name: "demo", token: tokens::DEMO },
    Account { name: "read-only", token: tokens::READ_ONLY },
    Account { name: "app-scoped", token: tokens::APP_SCOPED },
    Account { name: "other-org", token: tokens::OTHER_ORG },
];

/// The networks that viewers are in.
pub const NETWORKS: usize = 5;

/// One viewer.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub account: usize,
    pub network: usize,
    pub topics: Vec<Topic>,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Event {
    FlyFails(&'static str),
    FlyRecovers(&'static str),
    Line(usize, Box<Conditions>),
    ConnectionsEnd(usize, How),
    Restart,
    /// Fly revokes a token of this name.
    Revoke(&'static str),
    /// Fly does not show the app of the story to this token any more.
    Lose(&'static str),
    SignOut(usize),
    /// Somebody does something with a viewer's tab.
    Tab(usize, TabEvent),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(network, conditions) => {
                // Only what is not as usual.
                let all = |conditions: &Conditions| serde_json::to_value(conditions).unwrap();
                let (usual, now) = (all(&Conditions::default()), all(conditions));
                let told = now.as_object().unwrap().iter();
                let told = told.filter(|(name, value)| usual[name.as_str()] != **value);
                let told: serde_json::Value =
                    told.map(|(name, value)| (name.clone(), value.clone())).collect();
                write!(f, "Line({network}, {told})")
            }
            Self::Tab(who, TabEvent::GoTo(topics)) => {
                let topics: Vec<String> = topics.iter().map(ToString::to_string).collect();
                write!(f, "Tab({who}, GoTo {})", topics.join(" "))
            }
            other => write!(f, "{other:?}"),
        }
    }
}

#[derive(Clone, Debug)]
pub enum TabEvent {
    Hide,
    Look,
    Offline,
    Online,
    Leave,
    Return,
    GoTo(Vec<Topic>),
}

pub struct Plan {
    pub stage: Stage,
    /// When nothing fails any more, in milliseconds from the beginning.
    pub ends_at: u64,
    pub viewers: Vec<Viewer>,
    /// In order of time.
    pub events: Vec<(u64, Event)>,
}

impl Plan {
    pub fn of(seed: u64, viewers: usize) -> Self {
        let mut rng = Rng::new(seed);
        let stage = STAGES[usize::try_from(seed % STAGES.len() as u64).unwrap()];
        let story = Story::embedded(stage.story).unwrap();
        let last = story.facts.iter().map(|fact| fact.at).max().unwrap();
        let ends_at = u64::try_from(last.as_ms() - story.start.as_ms()).unwrap() + 2_000;
        let viewers: Vec<Viewer> = (0..viewers).map(|number| viewer(number, stage, &mut rng)).collect();
        let mut plan = Self { stage, ends_at, viewers, events: Vec::new() };
        plan.fly(&mut rng);
        for network in 1..NETWORKS {
            plan.line(network, &mut rng);
        }
        for number in 0..plan.viewers.len() {
            plan.tab(number, &mut rng);
        }
        plan.once(&mut rng);
        plan.events.sort_by_key(|(at, _)| *at);
        plan
    }

    /// How many faults there are: whatever is no end of one and no deed of a viewer.
    pub fn faults(&self) -> usize {
        let is_fault = |event: &Event| match event {
            Event::FlyRecovers(_) | Event::Tab(..) => false,
            Event::Line(_, conditions) => **conditions != Conditions::default(),
            _ => true,
        };
        self.events.iter().filter(|(_, event)| is_fault(event)).count()
    }

    fn put(&mut self, at: u64, event: Event) {
        if at < self.ends_at {
            self.events.push((at, event));
        }
    }

    fn fly(&mut self, rng: &mut Rng) {
        let presets: Vec<&'static str> =
            Preset::ALL.iter().map(|one| one.name).filter(|name| *name != "token-revoked").collect();
        let mut at = 1_000 + rng.up_to(8_000);
        while at < self.ends_at {
            let (name, length) = (rng.one_of(&presets), 2_000 + rng.up_to(14_000));
            self.put(at, Event::FlyFails(name));
            self.put(at + length, Event::FlyRecovers(name));
            // Now and then the next one begins before this one ends.
            at += if rng.chance(4) { 1_000 } else { length + 1_000 + rng.up_to(9_000) };
        }
    }

    fn line(&mut self, network: usize, rng: &mut Rng) {
        let mut at = rng.up_to(15_000);
        while at < self.ends_at {
            let (conditions, length) = (conditions(rng), 3_000 + rng.up_to(37_000));
            self.put(at, Event::Line(network, Box::new(conditions)));
            if rng.chance(2) {
                let how = rng.one_of(&[How::Close, How::Reset]);
                self.put(at + rng.up_to(length), Event::ConnectionsEnd(network, how));
            }
            self.put(at + length, Event::Line(network, Box::default()));
            at += length + 2_000 + rng.up_to(18_000);
        }
    }

    fn tab(&mut self, number: usize, rng: &mut Rng) {
        let mut at = rng.up_to(40_000);
        while at < self.ends_at && rng.chance(2) {
            let length = 500 + rng.up_to(45_000);
            let (first, then) = match rng.up_to(4) {
                0 | 1 => (TabEvent::Hide, Some(TabEvent::Look)),
                2 => (TabEvent::Offline, Some(TabEvent::Online)),
                3 => (TabEvent::Leave, Some(TabEvent::Return)),
                _ => (TabEvent::GoTo(topics(self.viewers[number].account, self.stage, rng)), None),
            };
            self.put(at, Event::Tab(number, first));
            if let Some(then) = then {
                self.put(at + length, Event::Tab(number, then));
            }
            at += length + rng.up_to(30_000);
        }
    }

    /// What happens at most once or twice in a lap.
    fn once(&mut self, rng: &mut Rng) {
        let moment = |rng: &mut Rng| self.ends_at / 8 + rng.up_to(self.ends_at * 6 / 8);
        let mut events = Vec::new();
        for _ in 0..rng.up_to(2) {
            events.push((moment(rng), Event::Restart));
        }
        let (revoked, lost) = rng.one_of(&[("read-only", "demo"), ("demo", "read-only")]);
        if !rng.chance(3) {
            events.push((moment(rng), Event::Revoke(revoked)));
        }
        if rng.chance(2) {
            events.push((moment(rng), Event::Lose(lost)));
        }
        if rng.chance(2) {
            events.push((moment(rng), Event::SignOut(1)));
        }
        for (at, event) in events {
            self.put(at, event);
        }
    }
}

fn viewer(number: usize, stage: Stage, rng: &mut Rng) -> Viewer {
    // Each account has one viewer at least, and each network.
    let account = if number < ACCOUNTS.len() { number } else { rng.one_of(&[0, 0, 0, 1, 2, 2, 2, 2, 3, 4]) };
    let network = number % NETWORKS;
    Viewer { account, network, topics: topics(account, stage, rng) }
}

/// What a viewer looks at: each page once.
fn topics(account: usize, stage: Stage, rng: &mut Rng) -> Vec<Topic> {
    let Stage { app, instances, release, .. } = stage;
    let of = |app: &str, instances: &[&str], release: u32| {
        let mut names = vec![format!("app:{app}"), format!("app:{app}"), format!("releases:{app}")];
        names.push(format!("release:{app}:{release}"));
        names.extend(instances.iter().map(|id| format!("instance:{app}:{id}")));
        names
    };
    let quiet = of("tidewater-api", &["3d8d9014b32e68"], 42);
    let menu: Vec<String> = match ACCOUNTS[account].name {
        "app-scoped" => quiet,
        "other-org" => vec!["apps".into(), "app:pier-lights".into(), "apps?health=unhealthy".into()],
        _ => {
            let lists = ["apps", "apps?health=unhealthy", "apps?health=deploying", "apps?q=e&sort=name"];
            let lists = lists.map(str::to_owned);
            of(app, instances, release).into_iter().chain(lists).chain(["app:tidewater-api".into()]).collect()
        }
    };
    let mut topics: Vec<Topic> = Vec::new();
    for _ in 0..=rng.up_to(2) {
        let topic: Topic = rng.one_of(&menu).parse().unwrap();
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics
}

fn conditions(rng: &mut Rng) -> Conditions {
    let usual = Conditions::default();
    let how = rng.one_of(&[How::Close, How::Reset, How::Silent, How::Silent]);
    let cut = |after_bytes, after_ms| Some(Cut { after_bytes, after_ms, how });
    match rng.up_to(9) {
        0 => Conditions { latency_ms: 50 + rng.up_to(3_000), ..usual },
        1 => Conditions { bytes_per_second: Some(300 + rng.up_to(20_000)), ..usual },
        2 => Conditions { buffer_bytes: Some(512 + rng.up_to(64 * 1024)), ..usual },
        3 => Conditions { cut: cut(Some(rng.up_to(20_000)), None), ..usual },
        4 => Conditions { cut: cut(None, Some(rng.up_to(12_000))), ..usual },
        5 => Conditions { silent: true, ..usual },
        6 => {
            // What says that something is not there or not allowed ends a page for good.
            let status = rng.one_of(&[429, 500, 502, 503, 504, 200]);
            let retry_after = rng.chance(2).then(|| u32::try_from(1 + rng.up_to(8)).unwrap());
            Conditions {
                status: Some(StatusWindow { status, for_ms: None, next: None, retry_after }),
                ..usual
            }
        }
        7 => {
            let headers = ["content-type", "cache-control", "x-accel-buffering"];
            let strip_response_headers = vec![rng.one_of(&headers).to_owned()];
            Conditions { strip_response_headers, ..usual }
        }
        8 => Conditions { recompress: true, ..usual },
        _ => {
            Conditions { latency_ms: rng.up_to(700), cut: cut(None, Some(1_000 + rng.up_to(8_000))), ..usual }
        }
    }
}
