//! The thin edge to the browser: does what [`Connection`] wants done, and tells it what happens.

mod listeners;
mod stream;
mod timers;

use super::clock::ServerClock;
use super::connection::{Connection, Effect, Input, Moment, StreamId, StreamInput};
use super::event_stream::Frame;
use super::follows::{FollowerId, Follows};
use super::message::{Message, read};
use super::{Link, TopicEvent, cell::set_if_different};
use leptos::prelude::*;
use model::Timestamp;
use model::live::{Cursor, Hello, PROTOCOL, Ping, Topic};
use std::cell::RefCell;
use std::rc::Rc;
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
    link: RwSignal<Link>,
    now: RwSignal<Timestamp>,
    new_build: RwSignal<bool>,
    timers: Timers,
    core: RefCell<Core>,
}

struct Core {
    connection: Connection,
    follows: Follows<Sink>,
    clock: ServerClock,
    arrived: Vec<Arrived>,
    request: Option<AbortController>,
}

impl Tab {
    /// Not connected yet: that begins when something is followed.
    pub(super) fn new(
        build: String,
        link: RwSignal<Link>,
        now: RwSignal<Timestamp>,
        new_build: RwSignal<bool>,
    ) -> Self {
        let hidden_since = listeners::is_hidden().then(timers::steady);
        let core = Core {
            connection: Connection::new(listeners::is_online(), hidden_since),
            follows: Follows::default(),
            clock: ServerClock::default(),
            arrived: Vec::new(),
            request: None,
        };
        let inner = Rc::new_cyclic(|inner| Inner {
            build,
            link,
            now,
            new_build,
            timers: Timers::new(inner),
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
        let id = self.0.core.borrow_mut().follows.add(topic, since, Rc::new(sink));
        self.0.timers.follow_soon();
        id
    }

    /// Removes a follower.
    pub(super) fn unfollow(&self, id: FollowerId) {
        self.0.core.borrow_mut().follows.remove(id);
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
        let (effects, wakes_at) = {
            let core = &mut *self.core.borrow_mut();
            let effects = core.connection.handle(input, core.moment());
            (effects, core.connection.wakes_at())
        };
        for effect in effects {
            match effect {
                Effect::Connect(stream) => self.connect(stream),
                Effect::Close => self.core.borrow_mut().abort(),
                Effect::Show(link) => set_if_different(self.link, link),
            }
        }
        self.timers.wake_at(wakes_at);
    }

    /// Who is followed has changed.
    fn follow_changed(self: &Rc<Self>) {
        let (topics, newcomer) = {
            let follows = &self.core.borrow().follows;
            (follows.topics(), follows.has_newcomer())
        };
        self.handle(Input::Follow { topics, newcomer });
    }

    fn connect(self: &Rc<Self>, stream: StreamId) {
        // What the old stream brought decides where the new one begins.
        self.apply_arrived();
        let core = &mut *self.core.borrow_mut();
        core.abort();
        let (topics, since) = core.follows.begin_stream();
        core.request = stream::open(self, stream, &topics, since.as_ref());
    }

    /// Frames of a stream, in order. Ends early when one of them ends the stream.
    fn received(self: &Rc<Self>, stream: StreamId, frames: Vec<Frame>) {
        self.handle(Input::Stream(stream, StreamInput::Heard));
        for frame in frames {
            if !self.core.borrow().connection.is_current(stream) {
                return;
            }
            match read(frame) {
                Ok(message) => self.understood(stream, message),
                Err(unreadable) => {
                    leptos::logging::warn!("unreadable event {}: {}", unreadable.name, unreadable.error);
                    self.core.borrow_mut().follows.forget_places();
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
                TopicEvent::Snapshot(snapshot) => core.follows.deliver_snapshot(topic, &snapshot.cursor),
                _ => core.follows.deliver(topic, at),
            }
        };
        for sink in sinks {
            sink(event);
        }
    }

    fn apply_ping(&self, at: Option<&Cursor>, ping: Ping) {
        if let Some(at) = at {
            self.core.borrow_mut().follows.reached(at);
        }
        for (topic, checked_at) in ping.checked_at {
            let sinks = self.core.borrow_mut().follows.deliver(&topic, None);
            for sink in sinks {
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
