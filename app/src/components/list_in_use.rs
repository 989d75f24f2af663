//! While somebody uses the list its rows stay where they are: a row that moves away under the pointer
//! or from under the focus is a wrong click. The cells stay current all the time.

use crate::erase::{Erase, dynamic, effect, memo};
use crate::live::AppsStore;
use crate::prelude::*;
use model::Timestamp;

const REGION: &str = "apps-list";
/// Who has neither moved the pointer over the list nor the focus in it for so many ticks of the page's clock
/// does not use it. Ticks, and not its time: that may jump.
const IDLE_TICKS: u32 = 10;

/// The region of the list.
pub(crate) fn list(content: AnyView, busy: RwSignal<bool>) -> AnyView {
    let busy = dynamic(move || busy.get().then(|| "true".to_owned()));
    view! { <section class="panel" id=REGION aria-label="Apps" aria-busy=busy>{content}</section> }.erase()
}

/// Holds the rows where they are while somebody uses the list, as long as the page is there.
pub(crate) fn hold_while_in_use(store: AppsStore, now: RwSignal<Timestamp>) {
    let idle = RwSignal::new(0_u32);
    effect(move || {
        if store.in_use.get() {
            now.track();
            idle.update_untracked(|ticks| *ticks += 1);
            if idle.get_untracked() > IDLE_TICKS {
                release(store);
            }
        }
    });
    focus::watch(move |is_inside| {
        let was_inside = store.in_use.try_get_untracked();
        match (was_inside, is_inside) {
            (Some(was_inside), true) => {
                idle.update_untracked(|ticks| *ticks = 0);
                if !was_inside {
                    store.in_use.set(true);
                }
            }
            (Some(true), false) => release(store),
            _ => {}
        }
    });
}

/// Says that there is a newer order.
pub(crate) fn waits(store: AppsStore) -> AnyView {
    let order = store.apps.order();
    let waits = memo(move || store.latest.with(|latest| order.with(|shown| latest != shown)));
    let text =
        dynamic(
            move || {
                if waits.get() { "The order has changed. It is shown once you leave the list." } else { "" }
            },
        );
    view! { <p class="waits">{text}</p> }.erase()
}

/// Nobody uses the list any more. Not while the focus is in a row that would go with it.
fn release(store: AppsStore) {
    if focus::may_go(store) {
        store.in_use.set(false);
        settle(store);
    }
}

fn settle(store: AppsStore) {
    focus::keep(move || store.settle());
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
mod focus {
    use crate::live::AppsStore;

    pub(super) fn watch(_: impl Fn(bool)) {}

    pub(super) fn may_go(_: AppsStore) -> bool {
        true
    }

    pub(super) fn keep(change: impl FnOnce()) {
        change();
    }
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod focus {
    use crate::erase::effect;
    use crate::live::AppsStore;
    use crate::prelude::*;
    use std::rc::Rc;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, FocusOptions, HtmlElement};

    const SELECTOR: &str = "#apps-list";

    /// Calls back with whether it was in the list that the pointer or the focus moved.
    pub(super) fn watch(moved: impl Fn(bool) + 'static) {
        let moved = Rc::new(moved);
        effect(move || {
            for event in ["pointermove", "focusin"] {
                let moved = moved.clone();
                let handle = window_event_listener_untyped(event, move |event| moved(is_inside(&event)));
                on_cleanup(move || handle.remove());
            }
        });
    }

    fn is_inside(event: &Event) -> bool {
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        target.is_some_and(|target| target.closest(SELECTOR).is_ok_and(|region| region.is_some()))
    }

    fn focused() -> Option<(HtmlElement, Element)> {
        let element: HtmlElement = document().active_element()?.dyn_into().ok()?;
        let row = element.closest("[data-app]").ok()??;
        Some((element, row))
    }

    pub(super) fn may_go(store: AppsStore) -> bool {
        let name = focused().and_then(|(_, row)| row.get_attribute("data-app"));
        name.is_none_or(|name| {
            store.latest.with_untracked(|latest| latest.iter().any(|one| one.as_str() == name))
        })
    }

    /// Changes the rows. The one with the focus keeps it, and its place in the window.
    pub(super) fn keep(change: impl FnOnce()) {
        let before = focused().map(|(element, row)| (element, row.get_bounding_client_rect().top(), row));
        change();
        let Some((element, top, row)) = before else { return };
        request_animation_frame(move || {
            if !row.is_connected() {
                return;
            }
            // A node that moves loses the focus.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
            window().scroll_by_with_x_and_y(0.0, row.get_bounding_client_rect().top() - top);
        });
    }
}
