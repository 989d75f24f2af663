//! The page's timers. Each has one callback that is made once and used again, so that hours of
//! events leave nothing behind.

use super::{Inner, listeners};
use crate::live::connection::Input;
use std::cell::Cell;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Window;

/// A hidden tab draws no frames: what arrives is applied this often.
const HIDDEN_APPLY_MS: i32 = 200;

type Callback = Closure<dyn Fn()>;

pub(super) struct Timers {
    second: Callback,
    wake: Callback,
    follow: Callback,
    apply: Callback,
    wakes_at: Cell<Option<u64>>,
    wake_handle: Cell<Option<i32>>,
    follow_pending: Cell<bool>,
    apply_pending: Cell<bool>,
}

impl Timers {
    pub(super) fn new(inner: &Weak<Inner>) -> Self {
        Self {
            second: callback(inner, |inner| {
                inner.show_time();
                // A window that is covered draws no frames either, and says nothing about it.
                inner.apply_arrived();
            }),
            wake: callback(inner, |inner| {
                inner.timers.wakes_at.set(None);
                inner.timers.wake_handle.set(None);
                inner.handle(Input::Tick);
            }),
            follow: callback(inner, |inner| {
                inner.timers.follow_pending.set(false);
                inner.follow_changed();
            }),
            apply: callback(inner, |inner| {
                inner.timers.apply_pending.set(false);
                inner.apply_arrived();
                inner.show_time();
            }),
            wakes_at: Cell::new(None),
            wake_handle: Cell::new(None),
            follow_pending: Cell::new(false),
            apply_pending: Cell::new(false),
        }
    }

    /// Shows the time once a second, for the rest of the page's life.
    pub(super) fn tick_each_second(&self) {
        let _ =
            window().set_interval_with_callback_and_timeout_and_arguments_0(function(&self.second), 1_000);
    }

    /// Wakes the state machine then, and not at the time set before.
    pub(super) fn wake_at(&self, at: Option<u64>) {
        if at == self.wakes_at.get() {
            return;
        }
        if let Some(handle) = self.wake_handle.take() {
            window().clear_timeout_with_handle(handle);
        }
        self.wakes_at.set(at);
        if let Some(at) = at {
            let millis = i32::try_from(at.saturating_sub(steady())).unwrap_or(i32::MAX);
            self.wake_handle.set(after(&self.wake, millis));
        }
    }

    /// Looks at who is followed on the next turn of the event loop.
    pub(super) fn follow_soon(&self) {
        if !self.follow_pending.replace(true) {
            after(&self.follow, 0);
        }
    }

    /// Applies what arrived with the next frame.
    pub(super) fn apply_soon(&self) {
        if self.apply_pending.replace(true) {
            return;
        }
        if listeners::is_hidden() {
            after(&self.apply, HIDDEN_APPLY_MS);
        } else {
            let _ = window().request_animation_frame(function(&self.apply));
        }
    }
}

fn callback(inner: &Weak<Inner>, then: impl Fn(&Rc<Inner>) + 'static) -> Callback {
    let inner = inner.clone();
    Closure::new(move || {
        if let Some(inner) = inner.upgrade() {
            then(&inner);
        }
    })
}

fn function(callback: &Callback) -> &js_sys::Function {
    callback.as_ref().unchecked_ref()
}

fn after(callback: &Callback, millis: i32) -> Option<i32> {
    window().set_timeout_with_callback_and_timeout_and_arguments_0(function(callback), millis).ok()
}

pub(super) fn window() -> Window {
    leptos::prelude::window()
}

/// Milliseconds of a clock that never goes back.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of a page's life")]
pub(super) fn steady() -> u64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.now()) as u64
}

pub(super) fn steady_signed() -> i64 {
    i64::try_from(steady()).unwrap_or(i64::MAX)
}
