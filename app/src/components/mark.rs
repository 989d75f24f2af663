//! The mark of Windsock, and its name.

use crate::prelude::*;
use crate::routes;

pub(crate) fn mark() -> AnyView {
    view! {
        <a class="mark" href=routes::APPS>
            <svg viewBox="0 0 18 18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round">
                <path d="M3 1v16M3 2.6l12.6 2.6v3.4L3 11.2M7.2 3.5v6.8M11.4 4.4v5"></path>
            </svg>
            "Windsock"
        </a>
    }
}
