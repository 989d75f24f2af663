//! The other tabs of the browser: a lock that one of them has, and a channel to all of them.
//!
//! Not every browser has both, and none has locks on a page that is neither local nor `https`.

use super::{Inner, timers::window};
use crate::live::sharing::{Lock, Said};
use js_sys::{Date, Function, Object, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

#[wasm_bindgen]
extern "C" {
    /// <https://www.w3.org/TR/web-locks/>
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

pub(super) struct Tabs {
    /// Of the lock and of the channel.
    name: String,
    channel: RefCell<Option<BroadcastChannel>>,
    heard: Closure<dyn Fn(MessageEvent)>,
    granted: Closure<dyn Fn() -> JsValue>,
    /// Counts the requests for the lock: what is said of an older one does not matter any more.
    requests: Cell<u32>,
    in_queue: RefCell<Option<AbortController>>,
    /// Gives the lock back.
    release: RefCell<Option<Function>>,
}

impl Tabs {
    /// Only tabs that know the same name share anything; none where it is empty.
    pub(super) fn new(inner: &Weak<Inner>, name: String) -> Self {
        let (hears, leads) = (inner.clone(), inner.clone());
        Self {
            name,
            channel: RefCell::default(),
            heard: Closure::new(move |event: MessageEvent| {
                let said = event.data().as_string().and_then(|line| Said::from_line(&line));
                if let (Some(inner), Some(said)) = (hears.upgrade(), said) {
                    inner.hear(said);
                }
            }),
            granted: Closure::new(move || leads.upgrade().and_then(|inner| hold(&inner)).unwrap_or_default()),
            requests: Cell::default(),
            in_queue: RefCell::default(),
            release: RefCell::default(),
        }
    }

    /// Opens the channel and queues for the lock, or takes it away from who has it.
    pub(super) fn ask_for_lock(&self, inner: &Rc<Inner>, steal: bool) {
        self.give_up_lock();
        let request = self.requests.get();
        let asked = self.open_channel().and_then(|()| self.request(steal));
        let inner = Rc::downgrade(inner);
        spawn_local(async move {
            let refused = match asked {
                Some(asked) => JsFuture::from(asked).await.is_err(),
                None => true,
            };
            if let Some(inner) = inner.upgrade().filter(|_| refused)
                && inner.tabs.requests.get() == request
            {
                inner.lock(Lock::Refused);
            }
        });
    }

    fn open_channel(&self) -> Option<()> {
        if self.channel.borrow().is_none() && !self.name.is_empty() {
            let channel = BroadcastChannel::new(&self.name).ok()?;
            channel.set_onmessage(Some(self.heard.as_ref().unchecked_ref()));
            *self.channel.borrow_mut() = Some(channel);
        }
        self.channel.borrow().as_ref().map(|_| ())
    }

    fn request(&self, steal: bool) -> Option<Promise> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
        let options = Object::new();
        if steal {
            Reflect::set(&options, &"steal".into(), &JsValue::TRUE).ok()?;
        } else {
            let abort = AbortController::new().ok()?;
            Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
            *self.in_queue.borrow_mut() = Some(abort);
        }
        let locks: LockManager = locks.unchecked_into();
        locks.request(&self.name, &options, self.granted.as_ref().unchecked_ref()).ok()
    }

    fn give_up_lock(&self) {
        self.requests.set(self.requests.get().wrapping_add(1));
        if let Some(abort) = self.in_queue.take() {
            abort.abort();
        }
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }

    /// Gives the lock or the place in the queue back, and closes the channel: with either of them
    /// open, a page does not get into the back/forward cache.
    pub(super) fn leave(&self) {
        self.give_up_lock();
        if let Some(channel) = self.channel.take() {
            channel.close();
        }
    }

    pub(super) fn say(&self, said: &Said) {
        if let Some(channel) = &*self.channel.borrow() {
            let _ = channel.post_message(&said.to_line().into());
        }
    }
}

/// The lock is ours: it is held until the promise that this returns is kept.
fn hold(inner: &Rc<Inner>) -> Option<JsValue> {
    let held = Promise::new(&mut |release, _| {
        *inner.tabs.release.borrow_mut() = Some(release);
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970")]
    inner.lock(Lock::Granted(Date::now() as u64));
    // It came when nobody wanted it any more.
    inner.leads().then(|| held.into())
}
