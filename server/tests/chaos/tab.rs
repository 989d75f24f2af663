//! A viewer: the page's own connection, with its silence detector, its waits and its long polls, and
//! the page's own stores. It does what a browser does, and writes down what it shows.

use crate::cells::{Page, Shown};
use crate::clockwork::Clockwork;
use crate::console::get;
use crate::line::Reply;
use crate::network::Network;
use crate::rng::Rng;
use app::live::clock::ServerClock;
use app::live::connection::{Answer, Connection, Effect, Input, Moment, StreamId, StreamInput};
use app::live::event_stream::{EventStream, Frame};
use app::live::message::{Message, read};
use app::live::sharing::{Action, Lock, Request, Sharing, TabId};
use app::live::{Link, TopicEvent};
use app::routes;
use model::Timestamp;
use model::live::{Cursor, Hello, PROTOCOL, Ping, Topic};
use serde_json::Value;
use simulator::StoryClock;
use std::collections::VecDeque;
use std::hash::{Hash as _, Hasher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

/// What somebody does with a tab.
#[derive(Debug)]
pub enum Command {
    Hide,
    Look,
    Offline,
    Online,
    /// The page is left, and may be kept for the back button.
    Leave,
    Return,
    /// Other pages in place of those that are open.
    GoTo(Vec<Topic>),
    /// Say what is shown now.
    Tell(oneshot::Sender<Now>),
}

/// What a tab shows now: of each page what it shows, if anything.
#[derive(Clone, Debug)]
pub struct Now {
    pub link: Link,
    pub pages: Vec<(Topic, Option<Shown>)>,
}

/// What a page showed from a moment on.
#[derive(Clone, Debug)]
pub struct Note {
    /// In milliseconds of the story.
    pub at: i64,
    pub topic: Topic,
    pub shown: Shown,
    /// What the page takes for the time.
    pub clock: Option<i64>,
    /// What it could take for the time, by the least late word that it heard.
    pub best: Option<i64>,
}

impl Note {
    /// What a replay must have in common. What the page says of Fly holds names that Fly gave at random.
    pub fn hash_into(&self, hasher: &mut impl Hasher) {
        let Self { at, topic, shown: Shown { cells, complete, as_of, .. }, clock, .. } = self;
        format!("{at} {topic} {cells:?} {complete:?} {as_of:?} {clock:?}").hash(hasher);
    }
}

/// What a tab wrote down.
pub struct Diary {
    pub notes: Vec<Note>,
    /// Each state of the link, with the moment of the story at which it was shown first, and when a word
    /// was last heard.
    pub links: Vec<(i64, Link, i64)>,
}

type Piece = (StreamId, Brought);

/// What a request brings.
enum Brought {
    Answered(Answer),
    Bytes(Vec<u8>),
    Polled(Vec<u8>),
    Ended,
}

pub struct Tab {
    who: usize,
    rng: Rng,
    network: Arc<Network>,
    clockwork: Arc<Clockwork>,
    story: StoryClock,
    cookie: String,
    sharing: Sharing<usize>,
    clock: ServerClock,
    parser: EventStream,
    pages: Vec<Page>,
    followers: Vec<app::live::follows::FollowerId>,
    link: Link,
    heard: i64,
    /// How far the server's time is ahead of the tab's, by the least late word that it heard.
    ahead: Option<i64>,
    /// Only where the page was painted since.
    unpainted: bool,
    last: Vec<Option<Shown>>,
    diary: Diary,
    request: Option<AbortHandle>,
    brought: mpsc::UnboundedReceiver<Piece>,
    bring: mpsc::UnboundedSender<Piece>,
}

/// Who a tab belongs to, and where it is.
pub struct Place {
    pub who: usize,
    pub seed: u64,
    pub network: Arc<Network>,
    pub cookie: String,
    pub topics: Vec<Topic>,
}

impl Tab {
    pub fn new(place: Place, story: StoryClock, clockwork: Arc<Clockwork>) -> Self {
        let Place { who, seed, network, cookie, topics } = place;
        let (bring, brought) = mpsc::unbounded_channel();
        let mut tab = Self {
            who,
            rng: Rng::new(seed),
            network,
            clockwork,
            story,
            cookie,
            sharing: Sharing::new(TabId(seed), Connection::new(true, None)),
            clock: ServerClock::default(),
            parser: EventStream::new(),
            pages: Vec::new(),
            followers: Vec::new(),
            link: Link::Static,
            heard: 0,
            ahead: None,
            unpainted: false,
            last: Vec::new(),
            diary: Diary { notes: Vec::new(), links: Vec::new() },
            request: None,
            brought,
            bring,
        };
        tab.open(topics);
        tab
    }

    /// Does what it is told until nobody can tell it anything any more.
    pub async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) -> Diary {
        let at = self.moment();
        let actions = self.sharing.follow_changed(at);
        self.perform(actions);
        loop {
            let wakes_at = self.sharing.wakes_at().map(|at| self.clockwork.when(at));
            let wake = async {
                match wakes_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.command(command),
                    None => break,
                },
                Some((stream, brought)) = self.brought.recv() => self.take(stream, brought),
                () = wake => self.handle(Input::Tick),
            }
            self.clockwork.note();
            self.paint();
        }
        self.abort();
        self.diary
    }

    fn open(&mut self, topics: Vec<Topic>) {
        for id in self.followers.drain(..) {
            self.sharing.follows.remove(id);
        }
        self.pages.clear();
        self.last.clear();
        for (number, topic) in topics.into_iter().enumerate() {
            self.followers.push(self.sharing.follows.add(topic.clone(), None, Some(number)));
            self.pages.push(Page::of(topic));
            self.last.push(None);
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Hide => self.handle(Input::Hidden),
            Command::Look => self.handle(Input::Visible),
            Command::Offline => self.handle(Input::Offline),
            Command::Online => self.handle(Input::Online),
            Command::Leave => self.handle(Input::PageHide),
            Command::Return => self.handle(Input::PageShow),
            Command::GoTo(topics) => {
                self.open(topics);
                // Nothing of these pages is shown yet.
                self.heard = self.story.now_ms();
                let at = self.moment();
                let actions = self.sharing.follow_changed(at);
                self.perform(actions);
            }
            Command::Tell(to) => {
                let pages = self.pages.iter().map(|page| (page.topic.clone(), page.shown())).collect();
                let _ = to.send(Now { link: self.link.clone(), pages });
            }
        }
    }

    fn steady(&self) -> i64 {
        i64::try_from(self.clockwork.now_ms()).unwrap()
    }

    fn moment(&mut self) -> Moment {
        let steady = self.steady();
        Moment {
            steady: self.clockwork.now_ms(),
            server: self.clock.now(steady).unwrap_or_default(),
            random: self.rng.fraction(),
        }
    }

    fn handle(&mut self, input: Input) {
        let at = self.moment();
        let actions = self.sharing.handle(input, at);
        self.perform(actions);
    }

    fn perform(&mut self, actions: Vec<Action>) {
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Connection(Effect::Connect(stream)) => self.connect(stream),
                Action::Connection(Effect::Close) => self.abort(),
                Action::Connection(Effect::Show(link)) => {
                    self.diary.links.push((self.story.now_ms(), link.clone(), self.heard));
                    self.link = link;
                }
                // A browser without locks: each tab has a stream of its own.
                Action::Queue => {
                    let at = self.moment();
                    actions.extend(self.sharing.lock(Lock::Refused, at));
                }
                Action::Steal | Action::Leave | Action::Say(_) | Action::Tell | Action::TakeIn(_) => {}
            }
        }
    }

    fn connect(&mut self, stream: StreamId) {
        let at = self.moment();
        let (Some(request), _) = self.sharing.begin(stream, at) else { return };
        self.abort();
        self.parser = EventStream::new();
        let Request { topics, since, poll } = request;
        let url = if poll {
            routes::poll(&topics, since.as_ref())
        } else {
            routes::events(&topics, since.as_ref())
        };
        let request = get(&url, &self.cookie);
        let (network, sender, who) = (self.network.clone(), self.bring.clone(), self.who);
        let task = tokio::spawn(async move {
            if let Some(reply) = network.ask(who, request).await {
                read_reply(reply, poll, |brought| sender.send((stream, brought)).is_ok()).await;
            }
            let _ = sender.send((stream, Brought::Ended));
        });
        self.request = Some(task.abort_handle());
    }

    fn abort(&mut self) {
        if let Some(request) = self.request.take() {
            request.abort();
        }
    }

    fn take(&mut self, stream: StreamId, brought: Brought) {
        if !self.sharing.is_current(stream) {
            return;
        }
        match brought {
            Brought::Answered(answer) => self.tell(stream, StreamInput::Answered(answer)),
            Brought::Bytes(bytes) => {
                let frames = self.parser.feed(&bytes).unwrap();
                self.received(stream, frames);
            }
            Brought::Polled(body) => {
                if let Some(frames) = polled(&body) {
                    self.received(stream, frames);
                    self.tell(stream, StreamInput::Polled);
                }
            }
            Brought::Ended => self.tell(stream, StreamInput::Ended),
        }
    }

    fn tell(&mut self, stream: StreamId, input: StreamInput) {
        self.handle(Input::Stream(stream, input));
    }

    fn received(&mut self, stream: StreamId, frames: Vec<Frame>) {
        self.heard = self.story.now_ms();
        self.tell(stream, StreamInput::Heard);
        for frame in frames {
            if !self.sharing.is_current(stream) {
                return;
            }
            match read(frame).unwrap_or_else(|error| panic!("viewer {}: {error:?}", self.who)) {
                Message::Hello(hello) => self.greeted(stream, &hello),
                Message::News(topic, at, event) => self.news(&topic, at.as_ref(), &event),
                Message::Ping(at, ping) => self.ping(at.as_ref(), ping),
                Message::Bye => self.tell(stream, StreamInput::Bye),
                Message::SignedOut => self.tell(stream, StreamInput::SignedOut),
                Message::Retry(millis) => self.tell(stream, StreamInput::Retry(millis)),
                Message::Unknown => {}
            }
        }
    }

    fn greeted(&mut self, stream: StreamId, hello: &Hello) {
        self.clock.is(hello.now, self.steady());
        self.told_time(hello.now);
        let same = hello.protocol == PROTOCOL;
        self.tell(stream, if same { StreamInput::Greeted } else { StreamInput::ForeignProtocol });
    }

    fn news(&mut self, topic: &Topic, at: Option<&Cursor>, event: &TopicEvent) {
        let time = match event {
            TopicEvent::Snapshot(snapshot) => snapshot.now,
            TopicEvent::Changes(set) => set.checked_at,
            TopicEvent::Source(state) => state.checked_at,
            TopicEvent::Checked(at) => *at,
        };
        self.clock.is_at_least(time, self.steady());
        self.told_time(time);
        let sinks = match event {
            TopicEvent::Snapshot(snapshot) => self.sharing.follows.deliver_snapshot(topic, &snapshot.cursor),
            _ => self.sharing.follows.deliver(topic, at),
        };
        self.deliver(sinks, event);
    }

    fn ping(&mut self, at: Option<&Cursor>, ping: Ping) {
        self.clock.is(ping.now, self.steady());
        self.told_time(ping.now);
        if let Some(at) = at {
            self.sharing.follows.reached(at);
        }
        for (topic, checked_at) in ping.checked_at {
            let sinks = self.sharing.follows.deliver(&topic, None);
            self.deliver(sinks, &TopicEvent::Checked(checked_at));
        }
    }

    fn told_time(&mut self, time: Timestamp) {
        let ahead = time.0 - self.steady();
        self.ahead = Some(self.ahead.map_or(ahead, |known| known.max(ahead)));
    }

    fn deliver(&mut self, sinks: Vec<Option<usize>>, event: &TopicEvent) {
        for page in sinks.into_iter().flatten() {
            self.pages[page].receive(event);
            self.unpainted = true;
        }
    }

    /// Writes down what the pages show, where that is not what they showed before.
    fn paint(&mut self) {
        if !std::mem::take(&mut self.unpainted) {
            return;
        }
        let clock = self.clock.now(self.steady()).map(|now| now.0);
        let best = self.ahead.map(|ahead| ahead + self.steady());
        for (number, page) in self.pages.iter().enumerate() {
            let Some(shown) = page.shown() else { continue };
            if self.last[number].as_ref() == Some(&shown) {
                continue;
            }
            self.diary.notes.push(Note {
                at: self.story.now_ms(),
                topic: page.topic.clone(),
                shown: shown.clone(),
                clock,
                best,
            });
            self.last[number] = Some(shown);
        }
    }
}

/// Reads an answer as the browser's half does.
async fn read_reply(mut reply: Reply, poll: bool, mut told: impl FnMut(Brought) -> bool) {
    let wanted = if poll { "application/json" } else { "text/event-stream" };
    let answer = match reply.status {
        200 if reply.content_type.starts_with(wanted) => Answer::Stream,
        200..=299 => Answer::NotAStream,
        code => Answer::Status { code, retry_after: reply.retry_after.map(|seconds| seconds * 1_000) },
    };
    told(Brought::Answered(answer));
    if answer != Answer::Stream {
        return;
    }
    let mut whole = Vec::new();
    while let Some(bytes) = reply.body.recv().await {
        if poll {
            whole.extend_from_slice(&bytes);
        } else if !told(Brought::Bytes(bytes.to_vec())) {
            return;
        }
    }
    if poll {
        told(Brought::Polled(whole));
    }
}

/// The events of an answer to a poll; none where it was cut.
fn polled(body: &[u8]) -> Option<Vec<Frame>> {
    let events: Vec<Value> = serde_json::from_slice(body).ok()?;
    let mut frames = Vec::new();
    for event in events {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        frames.extend(event["retry"].as_u64().map(Frame::Retry));
        frames.push(Frame::Event { name: text("event"), data: event["data"].to_string(), id: text("id") });
    }
    Some(frames)
}

/// Waits until a tab tells what it shows.
pub async fn told(tab: &mpsc::UnboundedSender<Command>, clockwork: &Clockwork) -> Now {
    let (sender, mut receiver) = oneshot::channel();
    tab.send(Command::Tell(sender)).expect("the tab is there");
    for _ in 0..1_000 {
        clockwork.settle().await;
        if let Ok(now) = receiver.try_recv() {
            return now;
        }
        if !clockwork.is_stopped() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    panic!("a tab says nothing")
}
