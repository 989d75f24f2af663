//! Effects of one type.

use leptos::prelude::Effect;

/// What a view does at once and again whenever what it reads changes, as long as this is held. Only in
/// the browser.
pub(crate) struct RenderEffect(
    #[expect(dead_code, reason = "held")] leptos::reactive::effect::RenderEffect<()>,
);

impl RenderEffect {
    pub(crate) fn new(run: impl FnMut() + 'static) -> Self {
        Self::of(Box::new(run))
    }

    fn of(mut run: Box<dyn FnMut()>) -> Self {
        Self(leptos::reactive::effect::RenderEffect::new(move |_| run()))
    }
}

/// Runs in the browser once the page is there, and again whenever what it reads changes.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}
