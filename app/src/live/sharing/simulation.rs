//! A browser with many tabs, a lock, a channel and a server, all of which obey the test.

use super::super::connection::{Answer, Effect, StreamInput};
use super::*;
use model::Timestamp;
use model::live::{Cursor, Topic};
use std::collections::{HashMap, VecDeque};

const STEP_MS: u64 = 10;
const EPOCH: &str = "k";
const PING_MS: u64 = 15_000;
/// How long the server takes to answer, and to send what changed.
const SERVER_MS: u64 = 20;

/// What reaches a tab from outside.
enum Mail {
    Said(String),
    Lock(Lock, u32),
    Stream(StreamId, StreamInput),
    Frames(StreamId, Vec<Frame>),
}

pub(super) struct Tab {
    pub(super) sharing: Sharing<Topic>,
    pub(super) shown: HashMap<Topic, u64>,
    pub(super) link: Link,
    pub(super) frozen: bool,
    pub(super) hidden: bool,
    followers: Vec<crate::live::follows::FollowerId>,
    channel_open: bool,
    lock_request: u32,
    /// In the order of arrival, with the time before which it is not there.
    mail: VecDeque<(u64, Mail)>,
}

struct Stream {
    tab: usize,
    id: StreamId,
    topics: Vec<Topic>,
    known: Option<u64>,
    begins_at: u64,
    begun: bool,
    next_ping: u64,
}

/// The browser and the server.
pub(super) struct World {
    pub(super) now: u64,
    pub(super) tabs: Vec<Option<Tab>>,
    holder: Option<usize>,
    queue: VecDeque<usize>,
    seq: u64,
    values: HashMap<Topic, (u64, u64)>,
    streams: Vec<Stream>,
    pub(super) requests: usize,
    pub(super) last_request: Option<Request>,
    pub(super) has_locks: bool,
    /// Something in between answers in place of a stream; polls come through.
    pub(super) held_back: bool,
    /// The server answers requests that name this topic with 404.
    pub(super) gone: Option<Topic>,
    pub(super) delay: u64,
    luck: u64,
}

pub(super) fn topic(number: usize) -> Topic {
    if number == 0 { Topic::apps() } else { format!("app:a{number}").parse().unwrap() }
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            now: 1_000,
            tabs: Vec::new(),
            holder: None,
            queue: VecDeque::new(),
            seq: 1,
            values: HashMap::new(),
            streams: Vec::new(),
            requests: 0,
            last_request: None,
            has_locks: true,
            held_back: false,
            gone: None,
            delay: 5,
            luck: 1,
        }
    }

    /// Opens a tab with a page that the server has just rendered.
    pub(super) fn open(&mut self, topics: &[usize]) -> usize {
        let tab = Tab {
            sharing: Sharing::new(TabId(self.tabs.len() as u64 + 1), Connection::new(true, None)),
            shown: HashMap::new(),
            link: Link::Static,
            frozen: false,
            hidden: false,
            followers: Vec::new(),
            channel_open: false,
            lock_request: 0,
            mail: VecDeque::new(),
        };
        self.tabs.push(Some(tab));
        self.navigate(self.tabs.len() - 1, topics);
        self.tabs.len() - 1
    }

    /// The tab shows another page.
    pub(super) fn navigate(&mut self, tab: usize, topics: &[usize]) {
        let since = Some(Cursor { epoch: EPOCH.into(), seq: self.seq });
        let values: Vec<(Topic, u64)> = topics.iter().map(|&number| self.value(number)).collect();
        let Some(one) = &mut self.tabs[tab] else { return };
        for id in std::mem::take(&mut one.followers) {
            one.sharing.follows.remove(id);
        }
        one.shown.clear();
        for (topic, value) in values {
            one.followers.push(one.sharing.follows.add(topic.clone(), since.clone(), Some(topic.clone())));
            one.shown.insert(topic, value);
        }
        let at = self.moment();
        let actions = self.tabs[tab].as_mut().map(|one| one.sharing.follow_changed(at));
        self.perform(tab, actions.unwrap_or_default());
    }

    fn value(&self, number: usize) -> (Topic, u64) {
        let topic = topic(number);
        let value = self.values.get(&topic).map_or(0, |(value, _)| *value);
        (topic, value)
    }

    /// Something changes at the server.
    pub(super) fn change(&mut self, number: usize) {
        self.seq += 1;
        let entry = self.values.entry(topic(number)).or_default();
        *entry = (entry.0 + 1, self.seq);
    }

    pub(super) fn give(&mut self, tab: usize, input: Input) {
        let at = self.moment();
        let Some(one) = &mut self.tabs[tab] else { return };
        match input {
            Input::Hidden => one.hidden = true,
            Input::Visible => one.hidden = false,
            _ => {}
        }
        let actions = one.sharing.handle(input, at);
        self.perform(tab, actions);
    }

    /// The tab is closed, or its page is left.
    pub(super) fn close(&mut self, tab: usize) {
        self.give(tab, Input::PageHide);
        self.crash(tab);
    }

    /// The tab is gone without a word.
    pub(super) fn crash(&mut self, tab: usize) {
        self.tabs[tab] = None;
        self.streams.retain(|stream| stream.tab != tab);
        self.release(tab);
    }

    /// The leader's stream says something.
    pub(super) fn stream_says(&mut self, input: StreamInput) {
        let stream = self.streams.first().map(|stream| (stream.tab, stream.id)).unwrap();
        self.mail(stream.0, Mail::Stream(stream.1, input));
    }

    /// The server, or something in between, ends every stream.
    pub(super) fn cut(&mut self) {
        for stream in std::mem::take(&mut self.streams) {
            self.mail(stream.tab, Mail::Stream(stream.id, StreamInput::Ended));
        }
    }

    pub(super) fn living(&self) -> Vec<usize> {
        (0..self.tabs.len()).filter(|&tab| self.tabs[tab].is_some()).collect()
    }

    pub(super) fn tab(&self, tab: usize) -> &Tab {
        self.tabs[tab].as_ref().unwrap()
    }

    /// Who makes requests, of those who can act and know that they may not.
    pub(super) fn leaders(&self) -> Vec<usize> {
        let leads = |tab: &Tab| {
            let deposed = tab.mail.iter().any(|(_, mail)| matches!(mail, Mail::Lock(Lock::Refused, _)));
            tab.sharing.leads() && !tab.frozen && !deposed
        };
        self.living().into_iter().filter(|&tab| leads(self.tab(tab))).collect()
    }

    /// The streams of tabs that can act.
    pub(super) fn streams(&self) -> usize {
        self.streams
            .iter()
            .filter(|stream| self.tabs[stream.tab].as_ref().is_some_and(|tab| !tab.frozen))
            .count()
    }

    /// The tabs that somebody looks at and that do not show what is.
    pub(super) fn behind(&self) -> Vec<String> {
        let mut behind = Vec::new();
        for index in self.living() {
            let tab = self.tab(index);
            for (topic, shown) in tab.shown.iter().filter(|_| !tab.hidden && !tab.frozen) {
                let is = self.values.get(topic).map_or(0, |(value, _)| *value);
                if *shown != is {
                    behind.push(format!("tab {index} {topic}: {shown} and not {is}, {:?}", tab.link));
                }
            }
        }
        behind
    }

    pub(super) fn pass(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.now < end {
            self.now = self.next_event().clamp(self.now + STEP_MS, end.max(self.now + STEP_MS));
            self.serve();
            for tab in self.living() {
                self.deliver(tab);
                self.wake(tab);
            }
            assert!(self.leaders().len() <= 1, "two lead: {:?}", self.leaders());
        }
    }

    /// When something can happen next.
    fn next_event(&self) -> u64 {
        let tabs = self.tabs.iter().flatten().filter(|tab| !tab.frozen);
        let tabs =
            tabs.flat_map(|tab| [tab.sharing.wakes_at(), tab.mail.front().map(|(at, _)| *at)]).flatten();
        let streams = self.streams.iter().map(|stream| match stream.known {
            _ if !stream.begun => stream.begins_at,
            Some(known) if known == self.seq => stream.next_ping,
            _ => self.now,
        });
        tabs.chain(streams).min().unwrap_or(u64::MAX)
    }

    fn wake(&mut self, tab: usize) {
        let due = self.tabs[tab]
            .as_ref()
            .is_some_and(|one| !one.frozen && one.sharing.wakes_at().is_some_and(|at| at <= self.now));
        if due {
            self.give(tab, Input::Tick);
        }
    }

    fn moment(&mut self) -> Moment {
        self.luck = self.luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = f64::from((self.luck >> 40) as u32 & 0xffff) / f64::from(0x1_0000);
        Moment { steady: self.now, server: Timestamp(i64::try_from(self.now).unwrap()), random }
    }

    fn mail(&mut self, tab: usize, mail: Mail) {
        let at = self.now + self.delay;
        if let Some(one) = &mut self.tabs[tab] {
            one.mail.push_back((at, mail));
        }
    }

    fn deliver(&mut self, tab: usize) {
        loop {
            let now = self.now;
            let Some(one) = &mut self.tabs[tab] else { return };
            let due = one.mail.front().is_some_and(|(at, _)| *at <= now);
            if one.frozen || !due {
                return;
            }
            let Some((_, mail)) = one.mail.pop_front() else { return };
            self.receive(tab, mail);
        }
    }

    fn receive(&mut self, tab: usize, mail: Mail) {
        let at = self.moment();
        let Some(one) = &mut self.tabs[tab] else { return };
        let actions = match mail {
            Mail::Said(line) if one.channel_open => one.sharing.hear(Said::from_line(&line).unwrap(), at),
            Mail::Lock(lock, request) if request == one.lock_request => one.sharing.lock(lock, at),
            Mail::Stream(stream, input) => one.sharing.handle(Input::Stream(stream, input), at),
            Mail::Frames(stream, frames) => return self.take_in(tab, stream, &frames),
            Mail::Said(_) | Mail::Lock(..) => return,
        };
        self.perform(tab, actions);
    }

    fn take_in(&mut self, tab: usize, stream: StreamId, frames: &[Frame]) {
        let Some(one) = &mut self.tabs[tab] else { return };
        if !one.sharing.is_current(stream) {
            return;
        }
        if let Some(said) = one.sharing.pass_on(frames) {
            self.broadcast(tab, &said);
        }
        self.give(tab, Input::Stream(stream, StreamInput::Heard));
        for frame in frames {
            let Frame::Event { name, data, id } = frame else { continue };
            if name == "hello" {
                self.give(tab, Input::Stream(stream, StreamInput::Greeted));
            } else if let Some(one) = &mut self.tabs[tab] {
                one.apply(name, data, id);
            }
        }
    }

    fn perform(&mut self, tab: usize, actions: Vec<Action>) {
        for action in actions {
            if self.tabs[tab].is_none() {
                return;
            }
            match action {
                Action::Connection(Effect::Connect(stream)) => self.begin(tab, stream),
                Action::Connection(Effect::Close) => self.streams.retain(|stream| stream.tab != tab),
                Action::Connection(Effect::Show(link)) => self.tabs[tab].as_mut().unwrap().link = link,
                Action::Queue => {
                    self.release(tab);
                    self.tabs[tab].as_mut().unwrap().channel_open = true;
                    if self.has_locks {
                        self.queue.push_back(tab);
                        self.grant();
                    } else {
                        self.lock(tab, Lock::Refused);
                    }
                }
                Action::Steal => {
                    self.release(tab);
                    if let Some(holder) = self.holder.replace(tab) {
                        self.lock(holder, Lock::Refused);
                    }
                    self.lock(tab, Lock::Granted(self.now));
                }
                Action::Leave => {
                    self.release(tab);
                    self.tabs[tab].as_mut().unwrap().channel_open = false;
                }
                Action::Say(said) => self.broadcast(tab, &said),
                Action::Tell => {
                    if let Some(said) = self.tab(tab).sharing.tell() {
                        self.broadcast(tab, &said);
                    }
                }
                Action::TakeIn(frames) => {
                    let stream = self.tab(tab).sharing.stream();
                    self.take_in(tab, stream, &frames);
                }
            }
        }
    }

    fn begin(&mut self, tab: usize, id: StreamId) {
        let at = self.moment();
        let (request, said) = self.tabs[tab].as_mut().unwrap().sharing.begin(id, at);
        if let Some(said) = said {
            self.broadcast(tab, &said);
        }
        self.streams.retain(|stream| stream.tab != tab);
        self.last_request = request.clone().or(self.last_request.take());
        if let Some(Request { topics, since, .. }) = request {
            self.requests += 1;
            if self.held_back {
                return self.answer_in_place_of_stream(tab, id);
            }
            if self.gone.as_ref().is_some_and(|gone| topics.contains(gone)) {
                let answer = Answer::Status { code: 404, retry_after: None };
                return self.mail(tab, Mail::Stream(id, StreamInput::Answered(answer)));
            }
            let known = since.map(|since| since.seq);
            let begins_at = self.now + SERVER_MS;
            let next_ping = self.now + PING_MS;
            self.streams.push(Stream { tab, id, topics, known, begins_at, begun: false, next_ping });
        }
    }

    /// A poll from a place on waits for news, of which there are none.
    fn answer_in_place_of_stream(&mut self, tab: usize, id: StreamId) {
        let answer = match self.last_request {
            Some(Request { poll: true, since: None, .. }) => StreamInput::Polled,
            Some(Request { poll: false, .. }) => StreamInput::Answered(Answer::NotAStream),
            _ => return,
        };
        self.mail(tab, Mail::Stream(id, answer));
    }

    fn broadcast(&mut self, from: usize, said: &Said) {
        if !self.tab(from).channel_open {
            return;
        }
        let line = said.to_line();
        for tab in self.living() {
            if tab != from && self.tab(tab).channel_open {
                self.mail(tab, Mail::Said(line.clone()));
            }
        }
    }

    fn lock(&mut self, tab: usize, lock: Lock) {
        let Some(request) = self.tabs[tab].as_ref().map(|one| one.lock_request) else { return };
        self.mail(tab, Mail::Lock(lock, request));
    }

    fn release(&mut self, tab: usize) {
        if let Some(one) = &mut self.tabs[tab] {
            one.lock_request += 1;
        }
        self.queue.retain(|one| *one != tab);
        if self.holder == Some(tab) {
            self.holder = None;
        }
        self.grant();
    }

    fn grant(&mut self) {
        if self.holder.is_none()
            && let Some(tab) = self.queue.pop_front()
        {
            self.holder = Some(tab);
            self.lock(tab, Lock::Granted(self.now));
        }
    }

    /// The server sends what its streams do not know yet.
    fn serve(&mut self) {
        let mut outgoing = Vec::new();
        for stream in self.streams.iter_mut().filter(|stream| stream.begins_at <= self.now) {
            let mut frames = Vec::new();
            if !stream.begun {
                stream.begun = true;
                outgoing.push((stream.tab, Mail::Stream(stream.id, StreamInput::Answered(Answer::Stream))));
                frames.push(event("hello", "", ""));
            }
            let before = stream.known.map(at).unwrap_or_default();
            let mut news = Vec::new();
            for topic in &stream.topics {
                let (value, changed) = self.values.get(topic).copied().unwrap_or_default();
                match stream.known {
                    None => news.push(event("snapshot", &format!("{topic}={value}={}", self.seq), &before)),
                    Some(known) if changed > known => {
                        news.push(event("change", &format!("{topic}={value}"), &before));
                    }
                    Some(_) => {}
                }
            }
            if stream.next_ping <= self.now {
                stream.next_ping += PING_MS;
                news.push(event("ping", "", &before));
            }
            if let Some(Frame::Event { id, .. }) = news.last_mut() {
                *id = at(self.seq);
            }
            stream.known = Some(self.seq);
            frames.extend(news);
            if !frames.is_empty() {
                outgoing.push((stream.tab, Mail::Frames(stream.id, frames)));
            }
        }
        for (tab, mail) in outgoing {
            self.mail(tab, mail);
        }
    }
}

impl Tab {
    fn apply(&mut self, name: &str, data: &str, id: &str) {
        let place: Option<Cursor> = id.parse().ok();
        let mut parts = data.split('=');
        let topic = parts.next().and_then(|topic| topic.parse::<Topic>().ok());
        let value = parts.next().and_then(|value| value.parse::<u64>().ok());
        let sinks = match (name, topic) {
            ("ping", _) => {
                if let Some(at) = &place {
                    self.sharing.follows.reached(at);
                }
                return;
            }
            ("snapshot", Some(topic)) => {
                let seq = parts.next().unwrap().parse().unwrap();
                self.sharing.follows.deliver_snapshot(&topic, &Cursor { epoch: EPOCH.into(), seq })
            }
            (_, Some(topic)) => self.sharing.follows.deliver(&topic, place.as_ref()),
            _ => panic!("{name} without topic"),
        };
        for topic in sinks.into_iter().flatten() {
            let shown = self.shown.insert(topic.clone(), value.unwrap());
            assert!(shown <= value, "{topic} went back from {shown:?} to {value:?}");
        }
    }
}

fn at(seq: u64) -> String {
    format!("{EPOCH}-{seq}")
}

fn event(name: &str, data: &str, id: &str) -> Frame {
    Frame::Event { name: name.to_owned(), data: data.to_owned(), id: id.to_owned() }
}
