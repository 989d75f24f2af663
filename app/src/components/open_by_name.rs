//! The form "Open an app by name": the way for tokens that cannot list apps.

use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;

/// A plain form: the server checks the name and redirects.
pub(crate) fn open_by_name() -> AnyView {
    view! {
        <form class="row open-by-name" action=routes::OPEN_APP method="get">
            <div class="field">
                <label for="open-name">"Open an app by name"</label>
                <input
                    id="open-name" name="name" required autocomplete="off" autocapitalize="none" spellcheck="false"
                    maxlength="63" pattern="[a-z0-9_\\-]+" title="Lower-case letters, digits, - and _"
                />
            </div>
            <button type="submit">"Open"</button>
        </form>
    }
    .erase()
}
