//! `/sign-in`: one field for a token. A plain form, so that it works without JavaScript.

use crate::components::copy_button::command;
use crate::components::page_heading::page_heading;
use crate::context::context;
use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;
use crate::session::{Refusal, Session};
use crate::title::title;

const READ_ONLY_TOKEN: &str = "fly tokens create readonly ORG";

/// The page.
pub(crate) fn sign_in_page() -> AnyView {
    title("Sign in · Windsock");
    let session = context().session.get_untracked();
    let demo = session.demo_token.is_some();
    view! {
        <div class="sign-in">
            {page_heading("Sign in".to_owned(), routes::SIGN_IN.to_owned())}
            {form(session)}
            {if demo { demo_hint() } else { token_hint("token-hint".to_owned()) }}
        </div>
    }
    .erase()
}

fn form(session: Session) -> AnyView {
    let refused = session.refusal.is_some();
    let described = if refused { "token-refusal token-hint" } else { "token-hint" };
    // The demo's token is a made-up word that people are meant to see.
    let kind = if session.demo_token.is_some() { "text" } else { "password" };
    view! {
        <form class="panel" method="post" action=routes::SIGN_IN>
            <input type="hidden" name="next" value=session.next.unwrap_or_default() />
            <div class="field">
                <label for="token">"Fly token"</label>
                <input
                    id="token" name="token" type=kind required autocomplete="off" autocapitalize="none"
                    spellcheck="false" value=session.demo_token.unwrap_or_default()
                    aria-describedby=described aria-invalid=refused.then_some("true")
                />
            </div>
            {session.refusal.map(refusal)}
            <button class="primary" type="submit">"Sign in"</button>
        </form>
    }
    .erase()
}

fn refusal(refusal: Refusal) -> AnyView {
    let request = refusal.request_id.map(|id| view! { <br />"Fly's request id: "<code>{id}</code> });
    view! { <p class="refusal" id="token-refusal" role="alert">{refusal.message}{request}</p> }.erase()
}

fn demo_hint() -> AnyView {
    view! { <p id="token-hint" class="dim">"This is the demo: the token is filled in, and no Fly account is involved."</p> }
        .erase()
}

/// What kinds of tokens work, and how to make one that can only read.
pub(crate) fn token_hint(id: String) -> AnyView {
    view! {
        <p id=id>
            "Any token that flyctl takes works: a personal one, one for an organization, or one for a single app. A read-only one is enough:"
        </p>
        {command(READ_ONLY_TOKEN.to_owned())}
        <p class="dim">
            "Windsock keeps the token on its server for your session and sends it to Fly only. Signing out forgets it."
        </p>
    }
    .erase()
}
