//! The dialog of the palette, rendered once by the server beside the app.

use crate::routes;
use crate::session::Session;
use leptos::prelude::*;

/// The dialog, for whoever is signed in. `palette.js` opens and fills it.
pub(crate) fn palette_dialog(session: &Session) -> impl IntoView + use<> {
    view! {
        <dialog id="palette" class="palette" aria-label="Find" closedby="any" data-session=session.tag.clone()>
            <form method="get" action=routes::PALETTE>
                <input
                    id="palette-field" name="q" type="text" role="combobox" aria-label="Find an app, an instance or an action"
                    placeholder="Find an app, an instance or an action" aria-expanded="false" aria-controls="palette-options"
                    aria-autocomplete="list" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="go"
                />
            </form>
            <div id="palette-options" class="palette-options" role="group" aria-label="Results"></div>
            <p id="palette-count" class="visually-hidden" role="status" aria-label="Number of results"></p>
            <template id="palette-unreachable"><p class="dim">"Windsock could not be reached."</p></template>
        </dialog>
        <p id="toast" class="toast" role="status" aria-label="Message"></p>
    }
}
