//! Tells that the server runs another build than this page.

use crate::erase::{Erase, dynamic};
use crate::live::use_live;
use crate::prelude::*;

/// The banner, or nothing.
pub(crate) fn new_build() -> AnyView {
    let live = use_live();
    let banner = || {
        view! {
            <div class="notice calm" role="alert">
                "A new version of Windsock is running. "<a href="" rel="external">"Reload"</a>
            </div>
        }
    };
    dynamic(move || live.new_build.get().then(banner)).erase()
}
