//! The thin edge to the browser: does what [`Sharing`] wants done, and tells it what happens.

mod listeners;
mod stream;
mod tabs;
mod timers;

use super::clock::ServerClock;
use super::connection::{Connection, Effect, Input, Moment, StreamId, StreamInput};
use super::event_stream::Frame;
use super::follows::FollowerId;
use super::message::{Message, read};
use super::sharing::{Action, Lock, Said, Sharing, TabId};
use super::{Link, TopicEvent, cell::set_if_different};
use crate::prelude::*;
use crate::session::Session;
use model::Timestamp;
use model::live::{Cursor, Hello, PROTOCOL, Ping, Topic};
use std::cell::RefCell;
use std::rc::Rc;
use tabs::Tabs;
use timers::Timers;
use web_sys::AbortController;

type Sink = Rc<dyn Fn(&TopicEvent)>;

/// What arrived and is not applied yet.
enum Arrived {
    News(Topic, Option<Cursor>, TopicEvent),
    Ping(Option<Cursor>, Ping),
}

/// The live half of this tab. Lives as long as the page.
pub(super) struct Tab(Rc<Inner>);

struct Inner {
    build: String,
    session: String,
    link: RwSignal<Link>,
    now: RwSignal<Timestamp>,
    new_build: RwSignal<bool>,
    timers: Timers,
    tabs: Tabs,
    core: RefCell<Core>,
}

struct Core {
    sharing: Sharing<Sink>,
    clock: ServerClock,
    arrived: Vec<Arrived>,
    request: Option<AbortController>,
}

impl Tab {
    /// Not connected yet: that begins when something is followed.
    pub(super) fn new(
        session: &Session,
        link: RwSignal<Link>,
        now: RwSignal<Timestamp>,
        new_build: RwSignal<bool>,
    ) -> Self {
        let hidden_since = listeners::is_hidden().then(timers::steady);
        let core = Core {
            sharing: Sharing::new(tab_id(), Connection::new(listeners::is_online(), hidden_since)),
            clock: ServerClock::default(),
            arrived: Vec::new(),
            request: None,
        };
        let inner = Rc::new_cyclic(|inner| Inner {
            build: session.build.clone(),
            session: session.tag.clone(),
            link,
            now,
            new_build,
            timers: Timers::new(inner),
            tabs: Tabs::new(inner, shared_name(session)),
            core: RefCell::new(core),
        });
        inner.timers.tick_each_second();
        listeners::listen(&inner);
        Self(inner)
    }

    /// Adds a follower. The stream is made on the next turn of the event loop, so that a page that
    /// follows three things makes one request.
    pub(super) fn follow(
        &self,
        topic: Topic,
        since: Option<Cursor>,
        sink: impl Fn(&TopicEvent) + 'static,
    ) -> FollowerId {
        let id = self.0.core.borrow_mut().sharing.follows.add(topic, since, Some(Rc::new(sink)));
        self.0.timers.follow_soon();
        id
    }

    /// Removes a follower.
    pub(super) fn unfollow(&self, id: FollowerId) {
        self.0.core.borrow_mut().sharing.follows.remove(id);
        self.0.timers.follow_soon();
    }

    /// The server's time is that late at least.
    pub(super) fn heard_of(&self, time: Timestamp) {
        self.0.core.borrow_mut().clock.is_at_least(time, timers::steady_signed());
        self.0.show_time();
    }
}

impl Inner {
    /// Tells the state machine what happened and does what it wants done.
    fn handle(self: &Rc<Self>, input: Input) {
        self.turn(|core, at| core.sharing.handle(input, at));
    }

    /// Who is followed has changed.
    fn follow_changed(self: &Rc<Self>) {
        self.turn(|core, at| core.sharing.follow_changed(at));
    }

    /// The browser says something of the lock.
    fn lock(self: &Rc<Self>, lock: Lock) {
        self.turn(|core, at| core.sharing.lock(lock, at));
    }

    /// Another tab said something.
    fn hear(self: &Rc<Self>, said: Said) {
        self.turn(|core, at| core.sharing.hear(said, at));
    }

    fn leads(&self) -> bool {
        self.core.borrow().sharing.leads()
    }

    fn turn(self: &Rc<Self>, turn: impl FnOnce(&mut Core, Moment) -> Vec<Action>) {
        let actions = {
            let core = &mut *self.core.borrow_mut();
            let at = core.moment();
            turn(core, at)
        };
        self.perform(actions);
    }

    fn perform(self: &Rc<Self>, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Connection(Effect::Connect(stream)) => self.connect(stream),
                Action::Connection(Effect::Close) => self.core.borrow_mut().abort(),
                Action::Connection(Effect::Show(link)) => set_if_different(self.link, link),
                Action::Queue => self.tabs.ask_for_lock(self, false),
                Action::Steal => self.tabs.ask_for_lock(self, true),
                Action::Leave => self.tabs.leave(),
                Action::Say(said) => self.tabs.say(&said),
                Action::Tell => self.say(self.core.borrow().sharing.tell()),
                Action::TakeIn(frames) => {
                    let stream = self.core.borrow().sharing.stream();
                    self.received(stream, frames);
                }
            }
        }
        let wakes_at = self.core.borrow().sharing.wakes_at();
        self.timers.wake_at(wakes_at);
    }

    fn say(&self, said: Option<Said>) {
        if let Some(said) = said {
            self.tabs.say(&said);
        }
    }

    fn connect(self: &Rc<Self>, stream: StreamId) {
        // What the old stream brought decides where the new one begins.
        self.apply_arrived();
        let core = &mut *self.core.borrow_mut();
        let at = core.moment();
        let (request, said) = core.sharing.begin(stream, at);
        self.say(said);
        if let Some(request) = request {
            core.abort();
            core.request = stream::open(self, stream, &request);
        }
    }

    /// Frames of a stream, in order. Ends early when one of them ends the stream.
    fn received(self: &Rc<Self>, stream: StreamId, frames: Vec<Frame>) {
        if !self.core.borrow().sharing.is_current(stream) {
            return;
        }
        self.say(self.core.borrow_mut().sharing.pass_on(&frames));
        self.handle(Input::Stream(stream, StreamInput::Heard));
        for frame in frames {
            if !self.core.borrow().sharing.is_current(stream) {
                return;
            }
            match read(frame) {
                Ok(message) => self.understood(stream, message),
                Err(unreadable) => {
                    leptos::logging::warn!("unreadable event {}: {}", unreadable.name, unreadable.error);
                    self.core.borrow_mut().sharing.follows.forget_places();
                    self.handle(Input::Stream(stream, StreamInput::Ended));
                }
            }
        }
    }

    fn understood(self: &Rc<Self>, stream: StreamId, message: Message) {
        match message {
            Message::Hello(hello) => self.greeted(stream, &hello),
            Message::News(topic, at, event) => self.arrived(Arrived::News(topic, at, event)),
            Message::Ping(at, ping) => {
                self.core.borrow_mut().clock.is(ping.now, timers::steady_signed());
                self.arrived(Arrived::Ping(at, ping));
            }
            Message::Bye => self.handle(Input::Stream(stream, StreamInput::Bye)),
            Message::SignedOut => self.handle(Input::Stream(stream, StreamInput::SignedOut)),
            Message::Retry(millis) => self.handle(Input::Stream(stream, StreamInput::Retry(millis))),
            Message::Unknown => {}
        }
    }

    fn greeted(self: &Rc<Self>, stream: StreamId, hello: &Hello) {
        let same_protocol = hello.protocol == PROTOCOL;
        if !same_protocol || hello.build != self.build {
            set_if_different(self.new_build, true);
        }
        self.core.borrow_mut().clock.is(hello.now, timers::steady_signed());
        self.show_time();
        let input = if same_protocol { StreamInput::Greeted } else { StreamInput::ForeignProtocol };
        self.handle(Input::Stream(stream, input));
    }

    fn arrived(&self, arrived: Arrived) {
        self.core.borrow_mut().arrived.push(arrived);
        self.timers.apply_soon();
    }

    /// Applies everything that arrived since the last frame in one go.
    fn apply_arrived(&self) {
        let arrived = std::mem::take(&mut self.core.borrow_mut().arrived);
        for one in arrived {
            match one {
                Arrived::News(topic, at, event) => self.apply_news(&topic, at.as_ref(), &event),
                Arrived::Ping(at, ping) => self.apply_ping(at.as_ref(), ping),
            }
        }
    }

    fn apply_news(&self, topic: &Topic, at: Option<&Cursor>, event: &TopicEvent) {
        let sinks = {
            let core = &mut *self.core.borrow_mut();
            core.heard_of(event);
            match event {
                TopicEvent::Snapshot(snapshot) => {
                    core.sharing.follows.deliver_snapshot(topic, &snapshot.cursor)
                }
                _ => core.sharing.follows.deliver(topic, at),
            }
        };
        for sink in sinks.into_iter().flatten() {
            sink(event);
        }
    }

    fn apply_ping(&self, at: Option<&Cursor>, ping: Ping) {
        if let Some(at) = at {
            self.core.borrow_mut().sharing.follows.reached(at);
        }
        for (topic, checked_at) in ping.checked_at {
            let sinks = self.core.borrow_mut().sharing.follows.deliver(&topic, None);
            for sink in sinks.into_iter().flatten() {
                sink(&TopicEvent::Checked(checked_at));
            }
        }
    }

    fn show_time(&self) {
        let now = self.core.borrow().clock.now(timers::steady_signed());
        if let Some(now) = now {
            set_if_different(self.now, now);
        }
    }
}

/// What tabs must have in common to share a stream: the protocol, the build that reads what it
/// brings, and the access. Empty where there is no session, and nothing to share.
fn shared_name(session: &Session) -> String {
    let Session { tag, build, .. } = session;
    if tag.is_empty() { String::new() } else { format!("windsock {PROTOCOL} {build} {tag}") }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a random number of 52 bits")]
fn tab_id() -> TabId {
    TabId((js_sys::Math::random() * 4_503_599_627_370_496.0) as u64)
}

impl Core {
    fn moment(&self) -> Moment {
        Moment {
            steady: timers::steady(),
            server: self.clock.now(timers::steady_signed()).unwrap_or_default(),
            random: js_sys::Math::random(),
        }
    }

    /// Ends the request, if there is one.
    fn abort(&mut self) {
        if let Some(request) = self.request.take() {
            request.abort();
        }
    }

    /// News tell the time as well: what was checked at that time was not checked later.
    fn heard_of(&mut self, event: &TopicEvent) {
        let time = match event {
            TopicEvent::Snapshot(snapshot) => snapshot.now,
            TopicEvent::Changes(set) => set.checked_at,
            TopicEvent::Source(state) => state.checked_at,
            TopicEvent::Checked(at) => *at,
        };
        self.clock.is_at_least(time, timers::steady_signed());
    }
}
