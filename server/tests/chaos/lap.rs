//! One lap: a story, played once, with all that the seed chooses.

use crate::cells::Shown;
use crate::clockwork::Clockwork;
use crate::history::History;
use crate::house::House;
use crate::line::Line;
use crate::network::Network;
use crate::oracle;
use crate::plan::{ACCOUNTS, Event, NETWORKS, Plan, TabEvent};
use crate::tab::{Command, Diary, Now, Place, Tab, told};
use crate::tap::Tap;
use crate::watched::{About, Known};
use crate::wire::Wire;
use app::live::Link;
use fly::FlyToken;
use model::live::{SourceHealth, Topic};
use proxy::Conditions;
use simulator::{FaultId, Preset};
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How viewers reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On a stopped clock, within this process.
    InProcess,
    /// In real time, through a proxy.
    Real,
}

impl Way {
    /// The way of a long lap: each fourth one is played in real time; a story of a minute takes a minute.
    pub fn of(seed: u64) -> Self {
        if seed.is_multiple_of(4) { Self::Real } else { Self::InProcess }
    }

    /// `stopped` or `real`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "stopped" => Some(Self::InProcess),
            "real" => Some(Self::Real),
            _ => None,
        }
    }
}

/// What a lap was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub seconds: u64,
    pub viewers: usize,
    pub faults: usize,
    pub changes: usize,
    pub values: usize,
    /// A hash of all that was shown, and when: the same where a lap was replayed exactly.
    pub shown: u64,
}

impl Figures {
    /// Of the rows.
    pub const HEADINGS: &str = "| seed | clock | story | its time | viewers | faults | changes | values | hash |\n\
                                |---|---|---|---|---|---|---|---|---|";

    /// A lap as a row of a table.
    pub fn row(&self, seed: u64) -> String {
        let Self { seconds, viewers, faults, changes, values, shown } = self;
        let clock = if Way::of(seed) == Way::Real { "real" } else { "stopped" };
        let (story, minutes, seconds) = (Plan::of(seed, 0).stage.story, seconds / 60, seconds % 60);
        format!(
            "| {seed} | {clock} | {story} | {minutes}:{seconds:02} | {viewers} | {faults} | {changes} | {values} \
             | {shown:016x} |"
        )
    }

    pub fn add(&mut self, other: &Self) {
        self.seconds += other.seconds;
        self.viewers += other.viewers;
        self.faults += other.faults;
        self.changes += other.changes;
        self.values += other.values;
        self.shown ^= other.shown;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seconds, viewers, faults, changes, values, .. } = self;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        write!(
            f,
            "{minutes}:{seconds:02} of story, {viewers} viewers, {faults} faults, {changes} changes, {values} values checked"
        )
    }
}

/// How long all may take to have a stream again after the last fault: a silence that is noticed, and
/// the longest wait before the next attempt.
const RECOVERY: Duration = Duration::from_secs(90);
/// Polls are two seconds apart.
const ONE_POLL: Duration = Duration::from_secs(3);
/// A watch is over after so long: half a minute after its last viewer, and where Fly is asked once a minute,
/// when it would be asked again.
const GRACE: Duration = Duration::from_secs(95);

/// Plays a lap; what is wrong is told with the seed and what had happened.
pub fn play(seed: u64, viewers: usize, way: Way) -> Result<Figures, String> {
    let plan = Plan::of(seed, viewers);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(way == Way::InProcess)
        .build()
        .unwrap();
    let mut done = 0;
    let result = runtime.block_on(async {
        let mut lap = Lap::begin(seed, &plan, way).await;
        let result = lap.play(&plan, &mut done).await;
        match result {
            Ok(()) => lap.finish(&plan).await,
            Err(wrong) => Err(wrong),
        }
    });
    result.map_err(|wrong| {
        let from = done.saturating_sub(25);
        let trace: Vec<String> =
            plan.events[from..done].iter().map(|(at, event)| format!("  {at:>7} ms {event}")).collect();
        format!(
            "seed {seed}, story {}, {viewers} viewers, {way:?}: {wrong}\nwhat happened before:\n{}\n\
             again: {}",
            plan.stage.story,
            trace.join("\n"),
            again(seed, viewers)
        )
    })
}

/// What plays the same lap again: the test of that seed, or the long run from there.
fn again(seed: u64, viewers: usize) -> String {
    match viewers {
        crate::FEW => format!("cargo test -p server --test chaos seed_{seed}"),
        _ => format!("cargo xtask chaos --minutes 1 --seed {seed}"),
    }
}

struct Viewer {
    account: usize,
    commands: mpsc::UnboundedSender<Command>,
    diary: JoinHandle<Diary>,
}

struct Lap {
    way: Way,
    clockwork: Arc<Clockwork>,
    house: House,
    tap: Arc<Tap>,
    networks: Vec<Arc<Network>>,
    cookies: Vec<String>,
    viewers: Vec<Viewer>,
    fly_faults: HashMap<&'static str, Vec<FaultId>>,
    /// The accounts whose session ended.
    signed_out: Vec<usize>,
    /// The tokens that lost the app, by name.
    lost: Vec<&'static str>,
    start: i64,
}

impl Lap {
    async fn begin(seed: u64, plan: &Plan, way: Way) -> Self {
        let clockwork = Arc::new(Clockwork::new(way == Way::InProcess));
        let house = House::of(plan.stage.story, seed, clockwork.clone()).await;
        let start = house.simulator.clock().now_ms();
        let tap = Arc::new(Tap::new(house.simulator.clock(), clockwork.clone()));
        let mut networks = Vec::new();
        let addr = match way {
            Way::Real => Some(house.listen().await),
            Way::InProcess => None,
        };
        for _ in 0..NETWORKS {
            networks.push(Arc::new(match addr {
                Some(addr) => Network::Real(Wire::to(addr, tap.clone()).await),
                None => Network::InProcess(Line::new(house.routers.subscribe(), tap.clone())),
            }));
        }
        let mut cookies = Vec::new();
        for account in ACCOUNTS {
            cookies.push(house.sign_in(account.token).await);
        }
        let mut lap = Self {
            way,
            clockwork,
            house,
            tap,
            networks,
            cookies,
            viewers: Vec::new(),
            fly_faults: HashMap::new(),
            signed_out: Vec::new(),
            lost: Vec::new(),
            start,
        };
        for (who, viewer) in plan.viewers.iter().enumerate() {
            let place = Place {
                who,
                seed: seed ^ (who as u64 + 1) << 32,
                network: lap.networks[viewer.network].clone(),
                cookie: lap.cookies[viewer.account].clone(),
                topics: viewer.topics.clone(),
            };
            let (commands, receiver) = mpsc::unbounded_channel();
            let tab = Tab::new(place, lap.house.simulator.clock(), lap.clockwork.clone());
            let diary = tokio::spawn(tab.run(receiver));
            lap.viewers.push(Viewer { account: viewer.account, commands, diary });
        }
        lap
    }

    fn now(&self) -> i64 {
        self.house.simulator.clock().now_ms()
    }

    async fn play(&mut self, plan: &Plan, done: &mut usize) -> Result<(), String> {
        for (at, event) in &plan.events {
            self.until(*at).await;
            *done += 1;
            self.happens(plan, event).await;
            if let Some(who) = self.viewers.iter().position(|viewer| viewer.diary.is_finished()) {
                let ended = (&mut self.viewers[who].diary).await;
                return Err(format!("viewer {who} ended early: {:?}", ended.err()));
            }
        }
        self.until(plan.ends_at).await;
        Ok(())
    }

    async fn until(&self, ms: u64) {
        let now = u64::try_from(self.now() - self.start).unwrap();
        self.clockwork.pass(Duration::from_millis(ms.saturating_sub(now))).await;
    }

    async fn happens(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::FlyFails(name) => {
                let ids = self.house.simulator.add_preset(Preset::named(name).unwrap());
                self.fly_faults.entry(name).or_default().extend(ids);
            }
            Event::FlyRecovers(name) => {
                for id in self.fly_faults.remove(name).unwrap_or_default() {
                    self.house.simulator.remove_fault(id);
                }
            }
            Event::Line(network, conditions) => {
                self.networks[*network].change(Conditions::clone(conditions));
            }
            Event::ConnectionsEnd(network, how) => self.networks[*network].end_connections(*how),
            Event::Restart => self.house.restart(),
            Event::Revoke(name) => {
                assert!(self.house.simulator.revoke(name, true));
                self.signed_out.extend((0..ACCOUNTS.len()).filter(|one| ACCOUNTS[*one].name == *name));
            }
            Event::Lose(name) => {
                let token = ACCOUNTS.iter().find(|one| one.name == *name).unwrap().token;
                self.house.fly.lose(&FlyToken::parse(token).unwrap(), &plan.stage.app.parse().unwrap());
                self.lost.push(name);
            }
            Event::SignOut(account) => {
                let answer = self.house.post("/sign-out", "", &self.cookies[*account]).await;
                assert!(answer.status().is_redirection(), "signing out: {}", answer.status());
                self.signed_out.push(*account);
            }
            Event::Tab(who, event) => {
                let _ = self.viewers[*who].commands.send(match event {
                    TabEvent::Hide => Command::Hide,
                    TabEvent::Look => Command::Look,
                    TabEvent::Offline => Command::Offline,
                    TabEvent::Online => Command::Online,
                    TabEvent::Leave => Command::Leave,
                    TabEvent::Return => Command::Return,
                    TabEvent::GoTo(topics) => Command::GoTo(topics.clone()),
                });
            }
        }
        self.clockwork.set_held_up(!self.fly_faults.is_empty());
        self.clockwork.settle().await;
    }

    /// Nothing fails any more; all come to show what is true; and nothing is left.
    async fn finish(mut self, plan: &Plan) -> Result<Figures, String> {
        self.calm();
        // The first may still meet a connection that a fault has broken.
        self.house.poll().await;
        self.house.poll().await;
        self.clockwork.pass(ONE_POLL).await;
        let history = History::of(&self.house.simulator);
        for who in 0..self.viewers.len() {
            let now = told(&self.viewers[who].commands, &self.clockwork).await;
            // Elsewhere a connection may still be one that was cut in silence, and that a token lost something
            // or may see it is known when Fly is asked with it again, which is once a minute.
            let is_proved = !now.pages.iter().any(|(topic, _)| self.is_unproved(who, topic));
            let is_whole = plan.viewers[who].network == 0 && !self.has_lost(who) && is_proved;
            if is_whole && now.link == Link::Live {
                self.check_end(who, &now, &history, plan, i64::MIN).map_err(|wrong| {
                    self.told_last(who, &format!("one poll after the last fault: {wrong}"))
                })?;
            }
        }
        self.clockwork.pass(RECOVERY).await;
        let asked = self.house.poll().await;
        // Where nothing changed, the next sign of life says that it was looked at.
        self.clockwork.pass(Duration::from_secs(30)).await;
        for who in 0..self.viewers.len() {
            let now = told(&self.viewers[who].commands, &self.clockwork).await;
            self.check_end(who, &now, &history, plan, asked)
                .map_err(|wrong| self.told_last(who, &format!("long after the last fault: {wrong}")))?;
        }
        let (values, shown) = self.check(&history).await?;
        let seconds = u64::try_from(self.now() - self.start).unwrap() / 1_000;
        let (faults, changes) = (plan.faults(), history.changes());
        self.nothing_is_left().await?;
        Ok(Figures { seconds, viewers: plan.viewers.len(), faults, changes, values, shown })
    }

    /// What is wrong with a viewer, and the last that it was told.
    fn told_last(&self, who: usize, wrong: &str) -> String {
        let (account, told) = (ACCOUNTS[self.viewers[who].account].name, self.tap.last_to(who, 8));
        format!("viewer {who} ({account}), {wrong}; it was told:\n{told}")
    }

    fn calm(&mut self) {
        self.house.simulator.clear_faults();
        self.fly_faults.clear();
        self.clockwork.set_held_up(false);
        self.networks.iter().for_each(|network| network.heal());
        for viewer in &self.viewers {
            for command in [Command::Return, Command::Online, Command::Look] {
                let _ = viewer.commands.send(command);
            }
        }
    }

    /// Whether Fly did not say when it was asked last whether a viewer may see a topic.
    fn is_unproved(&self, who: usize, topic: &Topic) -> bool {
        let token = FlyToken::parse(ACCOUNTS[self.viewers[who].account].token).unwrap();
        topic.app().is_some_and(|app| self.house.fly.is_unproved(&token, app))
    }

    /// Whether the token of a viewer lost something.
    fn has_lost(&self, who: usize) -> bool {
        let account = self.viewers[who].account;
        self.signed_out.contains(&account) || self.lost.contains(&ACCOUNTS[account].name)
    }

    /// Whether a viewer ends as it must, and shows what is true, as of this moment at the earliest.
    fn check_end(
        &self,
        who: usize,
        now: &Now,
        history: &History,
        plan: &Plan,
        earliest: i64,
    ) -> Result<(), String> {
        let account = self.viewers[who].account;
        let of_lost =
            now.pages.iter().any(|(topic, _)| topic.app().is_some_and(|app| app.as_str() == plan.stage.app));
        let is_lost = self.lost.contains(&ACCOUNTS[account].name) && of_lost;
        let is_out = self.signed_out.contains(&account);
        if is_out || is_lost {
            return match now.link {
                Link::SignedOut if is_out => Ok(()),
                // Whoever lost the app first asks nothing more, and is not told of the session's end.
                Link::Failed(_) if is_lost => Ok(()),
                _ => Err(format!("signed out: {is_out}, without its app: {is_lost}, and {:?}", now.link)),
            };
        }
        if !matches!(now.link, Link::Live | Link::Polling) {
            return Err(format!("{:?}", now.link));
        }
        for (topic, shown) in &now.pages {
            let Some(shown) = shown else {
                return Err(format!("{topic} shows nothing"));
            };
            is_the_end(shown, history).map_err(|wrong| format!("{topic}: {wrong}"))?;
            if shown.as_of.0 < earliest || shown.source != SourceHealth::Fine {
                let Shown { as_of, source, .. } = shown;
                let link = &now.link;
                return Err(format!("{topic} is of {as_of:?}, polled at {earliest}: {source:?}, {link:?}"));
            }
        }
        Ok(())
    }

    /// Lets all viewers leave, and looks up what they were shown.
    async fn check(&mut self, history: &History) -> Result<(usize, u64), String> {
        let fly = self.house.fly.clone();
        let answered_by = |account: usize, topic: &Topic, asked: i64| {
            let about: &[About] = match topic {
                Topic::Apps(_) => &[About::Apps],
                Topic::App(_) => &[About::App],
                Topic::Releases(..) => &[About::Releases],
                Topic::Release(..) => &[About::Release],
                Topic::Instance(..) => &[About::App, About::Machine],
            };
            let token = FlyToken::parse(ACCOUNTS[account].token).unwrap();
            fly.answered_by(about, topic.app(), &token, asked)
        };
        let (written, known) = (self.tap.written(), fly.refused());
        let (mut values, mut shown) = (0, DefaultHasher::new());
        // On the stopped clock nobody is later than a step; a busy machine may be.
        let late = if self.way == Way::InProcess { 100 } else { 1_000 };
        for (who, viewer) in std::mem::take(&mut self.viewers).into_iter().enumerate() {
            drop(viewer.commands);
            while !viewer.diary.is_finished() {
                self.clockwork.pass(Duration::from_millis(25)).await;
            }
            let wrong = |wrong| format!("viewer {who} ({}): {wrong}", ACCOUNTS[viewer.account].name);
            let diary = viewer.diary.await.map_err(|error| wrong(error.to_string()))?;
            values += oracle::check_values(history, &diary.notes, &|topic, asked| {
                answered_by(viewer.account, topic, asked)
            })
            .map_err(wrong)?;
            diary.notes.iter().for_each(|note| note.hash_into(&mut shown));
            oracle::check_link(&diary, late).map_err(wrong)?;
            oracle::check_access(&written, who, &markers(viewer.account, history)).map_err(wrong)?;
            if self.way == Way::InProcess {
                for Known { app, at, .. } in known.iter().filter(|known| is_of(known, viewer.account)) {
                    let app = app.as_ref().map(model::AppName::as_str);
                    oracle::check_ended(&written, who, *at, app).map_err(wrong)?;
                }
            }
        }
        Ok((values, shown.finish()))
    }

    /// No stream, no watch, and of no server anything once it has ended.
    async fn nothing_is_left(self) -> Result<(), String> {
        let Self { clockwork, house, networks, .. } = self;
        clockwork.pass(GRACE).await;
        let (streams, watches) = (house.state.clients.open_streams(), house.state.hub.watches());
        if (streams, watches) != (0, 0) {
            return Err(format!("left behind: {streams} streams, {watches} watches"));
        }
        drop(networks);
        let servers = house.end();
        clockwork.pass(GRACE + Duration::from_secs(10)).await;
        match servers.iter().filter(|server| server.strong_count() > 0).count() {
            0 => Ok(()),
            left => Err(format!("of {left} servers something is left in memory")),
        }
    }
}

fn is_of(known: &Known, account: usize) -> bool {
    FlyToken::parse(ACCOUNTS[account].token).unwrap().fingerprint() == known.token
}

/// Whether a page shows what is true in the end.
fn is_the_end(shown: &Shown, history: &History) -> Result<(), String> {
    for (name, value) in shown.cells.iter().filter(|(name, _)| history.values(name).is_some()) {
        let end = history.end(name);
        if *value != end {
            return Err(format!("{name} shows {value}, and is {end}"));
        }
    }
    let absent = shown.complete.iter().flat_map(|start| history.listed(start));
    for name in absent.filter(|name| !shown.cells.contains_key(*name)) {
        let end = history.end(name);
        if !end.is_null() {
            return Err(format!("{name} is not shown, and is {end}"));
        }
    }
    Ok(())
}

/// What stands in nothing that an account may see.
fn markers(account: usize, history: &History) -> Vec<String> {
    let apps = |mine: &str| {
        let others = history.apps().into_iter().filter(move |app| *app != mine);
        others.map(|app| format!("\"{app}\"")).collect::<Vec<_>>()
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    match ACCOUNTS[account].name {
        "read-only" => texts(&["north-pier", "North Pier", "pier-lights"]),
        "app-scoped" => [apps("tidewater-api"), texts(&["north-pier"])].concat(),
        "other-org" => [apps("pier-lights"), texts(&["harbor-works", "Harbor Works"])].concat(),
        _ => Vec::new(),
    }
}
