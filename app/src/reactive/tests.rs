//! What signals, memos and those who follow them promise.

use super::{ArcRwSignal, Memo, RwSignal, Signal, memo, memo_with};
use leptos::prelude::{Get, Owner, untrack};
use leptos::reactive::effect::ImmediateEffect;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

fn in_owner(test: impl FnOnce()) {
    Owner::new().with(test);
}

/// A number that threads may raise.
#[derive(Clone, Default)]
struct Count(Arc<AtomicU32>);

impl Count {
    fn raise(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn now(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How often somebody ran who follows what `read` reads, the first time included.
fn runs(read: impl Fn() + Send + Sync + 'static) -> (ImmediateEffect, Count) {
    let count = Count::default();
    let raised = count.clone();
    let effect = ImmediateEffect::new_isomorphic(move || {
        read();
        raised.raise();
    });
    (effect, count)
}

/// A value that counts how often it is copied.
struct Copied(u32, Count);

impl Clone for Copied {
    fn clone(&self) -> Self {
        self.1.raise();
        Self(self.0, self.1.clone())
    }
}

#[test]
fn a_signal_says_what_it_was_set_to_last() {
    in_owner(|| {
        let signal = RwSignal::new("a".to_owned());
        let reader: Signal<String> = signal.into();
        assert_eq!(reader.get_untracked(), "a");
        signal.set("b".to_owned());
        assert_eq!((reader.get_untracked(), signal.read_only().with_untracked(String::len)), ("b".into(), 1));
        assert_eq!(Signal::stored(7).get_untracked(), 7);
    });
}

#[test]
fn who_follows_a_signal_runs_again_each_time_it_is_set() {
    in_owner(|| {
        let signal = RwSignal::new(1);
        let (_effect, ran) = runs(move || _ = signal.get());
        signal.set(2);
        signal.set(2);
        signal.update(|value| *value += 1);
        assert_eq!((ran.now(), signal.get_untracked()), (4, 3));
    });
}

#[test]
fn who_only_looks_at_a_signal_does_not_follow_it() {
    in_owner(|| {
        let signal = RwSignal::new(1);
        let computed = memo(move || signal.get());
        let (_effect, ran) = runs(move || {
            let _ = (signal.get_untracked(), signal.try_get_untracked(), computed.get_untracked());
            let _ = (signal.with_untracked(|_| ()), signal.try_with_untracked(|_| ()));
            let _ = untrack(|| signal.get());
        });
        signal.set(2);
        signal.update_untracked(|value| *value = 3);
        assert_eq!(ran.now(), 1);
    });
}

#[test]
fn a_memo_runs_when_it_is_read_and_not_again_before_what_it_read_changes() {
    in_owner(|| {
        let (signal, count) = (RwSignal::new(1), Count::default());
        let raised = count.clone();
        let double = memo(move || {
            raised.raise();
            signal.get() * 2
        });
        assert_eq!(count.now(), 0);
        assert_eq!((double.get_untracked(), double.get_untracked(), count.now()), (2, 2, 1));
        signal.set(2);
        signal.set(3);
        assert_eq!((count.now(), double.get_untracked(), count.now()), (1, 6, 2));
    });
}

#[test]
fn who_follows_a_memo_is_not_told_of_an_equal_value() {
    in_owner(|| {
        let signal = RwSignal::new(1);
        let even = memo(move || signal.get() % 2 == 0);
        let of_it = memo(move || even.get().to_string());
        let (_effect, ran) = runs(move || drop(of_it.get()));
        signal.set(3);
        signal.set(5);
        assert_eq!(ran.now(), 1);
        signal.set(6);
        assert_eq!((ran.now(), of_it.get_untracked()), (2, "true".to_owned()));
    });
}

#[test]
fn a_memo_of_two_memos_of_one_signal_never_sees_an_old_value_of_either() {
    in_owner(|| {
        let signal = RwSignal::new(1);
        let (one, ten) = (memo(move || signal.get()), memo(move || signal.get() * 10));
        let fits = memo(move || one.get() * 10 == ten.get());
        for value in [2, 2, 3] {
            assert!(fits.get_untracked());
            signal.set(value);
        }
        assert!(fits.get_untracked());
    });
}

#[test]
fn a_memo_can_build_on_its_value_before() {
    in_owner(|| {
        let signal = RwSignal::new(Some(4));
        let last: Memo<u32> = memo_with(move |before: Option<&u32>| {
            signal.get().unwrap_or_else(|| before.copied().unwrap_or_default())
        });
        assert_eq!(last.get_untracked(), 4);
        signal.set(None);
        assert_eq!(last.get_untracked(), 4);
        signal.set(Some(5));
        assert_eq!(last.get_untracked(), 5);
    });
}

#[test]
fn a_memo_follows_only_what_it_read_the_last_time() {
    in_owner(|| {
        let (which, a, b) = (RwSignal::new(true), RwSignal::new(1), RwSignal::new(2));
        let chosen = memo(move || if which.get() { a.get() } else { b.get() });
        let (_effect, ran) = runs(move || _ = chosen.get());
        which.set(false);
        a.set(9);
        assert_eq!((ran.now(), chosen.get_untracked()), (2, 2));
    });
}

#[test]
fn memos_of_leptos_follow_these_signals_and_these_memos_follow_its_signals() {
    in_owner(|| {
        let (ours, theirs) = (RwSignal::new(1), leptos::prelude::RwSignal::new(10));
        let sum = memo(move || ours.get() + theirs.get());
        let double = leptos::prelude::Memo::new(move |_| sum.get() * 2);
        let (_effect, ran) = runs(move || _ = double.get());
        ours.set(2);
        leptos::prelude::Set::set(&theirs, 20);
        let read = untrack(|| double.get());
        assert_eq!((ran.now(), read), (3, 44));
    });
}

#[test]
fn a_signal_can_be_set_while_it_is_read() {
    in_owner(|| {
        let signal = RwSignal::new(1);
        signal.with_untracked(|value| signal.set(value + 1));
        signal.with_untracked(|_| signal.update(|value| *value += 1));
        assert_eq!(signal.get_untracked(), 3);
    });
}

#[test]
fn a_value_is_changed_where_it_is_unless_somebody_reads_it() {
    in_owner(|| {
        let count = Count::default();
        let signal = RwSignal::new(Copied(1, count.clone()));
        assert_eq!(signal.update(|value| value.0 += 1), Some(()));
        assert_eq!((signal.with_untracked(|value| value.0), count.now()), (2, 0));
        signal.with_untracked(|old| {
            signal.update(|value| value.0 += 1);
            assert_eq!(old.0, 2, "who reads goes on reading what was there");
        });
        assert_eq!((signal.with_untracked(|value| value.0), count.now()), (3, 1));
    });
}

#[test]
fn a_signal_goes_with_its_owner() {
    let owner = Owner::new();
    let (signal, computed) = owner.with(|| {
        let signal = RwSignal::new(1);
        (signal, memo(move || signal.get()))
    });
    assert_eq!((signal.try_get_untracked(), computed.try_get_untracked()), (Some(1), Some(1)));
    owner.cleanup();
    signal.set(2);
    signal.track();
    assert_eq!(signal.update(|value| *value += 1), None);
    assert_eq!((signal.try_get(), signal.try_with_untracked(|value| *value)), (None, None));
    assert_eq!((computed.try_get(), computed.try_with(|value| *value)), (None, None));
}

#[test]
#[should_panic(expected = "a signal was read after its owner was gone")]
fn reading_a_signal_that_is_gone_is_a_fault_of_the_page() {
    let owner = Owner::new();
    let signal = owner.with(|| RwSignal::new(1));
    owner.cleanup();
    signal.get_untracked();
}

#[test]
fn a_signal_that_somebody_holds_outlives_the_owner() {
    let owner = Owner::new();
    let signal = owner.with(|| ArcRwSignal::new(1));
    let read = signal.clone();
    let (_effect, ran) = runs(move || _ = (read.get(), read.track()));
    owner.cleanup();
    signal.set(2);
    assert_eq!((signal.get_untracked(), signal.with(|value| *value), ran.now()), (2, 2, 2));
}

#[test]
fn a_signal_is_equal_to_itself_only() {
    in_owner(|| {
        let (one, other) = (RwSignal::new(1), RwSignal::new(1));
        let copy = one;
        assert!(one == copy && one != other && one.read_only() == copy.into());
    });
}

#[test]
fn requests_on_many_threads_have_signals_of_their_own() {
    let requests = (0..8).map(|request| {
        std::thread::spawn(move || {
            Owner::new().with(|| {
                let signal = RwSignal::new(request);
                let double = memo(move || signal.get() * 2);
                for value in 0..200 {
                    signal.set(value);
                    assert_eq!(double.get_untracked(), value * 2);
                }
            });
        })
    });
    for request in requests.collect::<Vec<_>>() {
        request.join().unwrap();
    }
}
