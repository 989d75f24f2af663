//! What can be pressed, filled in and opened.

use super::{row, sample};
use crate::components::copy_button::command;
use crate::components::tabs::tabs;
use crate::pages::sign_in::token_hint;
use crate::prelude::*;

pub(super) fn all(theme: &'static str) -> AnyView {
    view! { {buttons()}{fields(theme)}{commands()}{tokens(theme)}{tabs_of(theme)}{menu(theme)}{dialog()}{palette(theme)}{toast()} }.into_any()
}

fn buttons() -> AnyView {
    let states = view! {
        <button type="button" class="primary">"Primary"</button>
        <button type="button">"Usual"</button>
        <button type="button" class="quiet">"Quiet"</button>
        <a class="button" href="#main">"A link like a button"</a>
        <a href="#main">"A link"</a>
    };
    sample("Buttons and links", row(vec![states.into_any()]))
}

fn fields(theme: &'static str) -> AnyView {
    let [search, token, order] = ["search", "token", "order"].map(|name| format!("{theme}-{name}"));
    let [search_of, token_of, order_of] = [search.clone(), token.clone(), order.clone()];
    let states = view! {
        <div class="row">
            <div class="field">
                <label for=search_of>"Search"</label>
                <input id=search type="search" value="tide" />
            </div>
            <div class="field">
                <label for=token_of>"A field that was refused"</label>
                <input id=token type="text" aria-invalid="true" value="two words" />
            </div>
            <div class="field">
                <label for=order_of>"Order"</label>
                <select id=order><option>"Worst first"</option><option>"Name"</option></select>
            </div>
        </div>
    };
    sample("Fields", states.into_any())
}

fn commands() -> AnyView {
    sample("Command with its copy button", command("fly deploy -a tidewater-api".to_owned()))
}

/// What stands below the sign-in's field in a console; the demo says that its token is filled in.
fn tokens(theme: &'static str) -> AnyView {
    sample("What the sign-in says of tokens", token_hint(format!("{theme}-token-hint")))
}

fn tabs_of(theme: &'static str) -> AnyView {
    let name = if theme == "light" { "Tabs, light" } else { "Tabs, dark" };
    let all =
        ["Status", "Releases", "Instances"].map(|text| (format!("#{theme}-{}", text.to_lowercase()), text));
    sample("Tabs", tabs(name, &format!("#{theme}-status"), all.to_vec()))
}

/// The button and what it opens, side by side.
fn menu(theme: &'static str) -> AnyView {
    let id = format!("{theme}-menu");
    let states = view! {
        <button type="button" class="quiet menu-button" popovertarget=id.clone() aria-label=format!("Menu, {theme}")><span>"Menu"</span></button>
        <div class="menu still">
            <p class="menu-viewer">"Signed in as "<b>"Mara Lindqvist"</b></p>
            <button type="button" class="quiet">"Theme: system"</button>
            <button type="button" class="quiet">"Sign out"</button>
        </div>
        <div id=id class="menu" popover="auto"><button type="button" class="quiet">"An entry"</button></div>
    };
    sample("Menu", row(vec![states]))
}

/// A dialog's content, as it stands when it is open.
fn dialog() -> AnyView {
    let states = view! {
        <div class="keys">
            <dl class="pairs short">
                <div><dt><kbd>"g"</kbd>" then "<kbd>"a"</kbd></dt><dd>"Open the list of apps"</dd></div>
                <div><dt><kbd>"?"</kbd></dt><dd>"Show this help"</dd></div>
            </dl>
        </div>
    };
    sample("Dialog", states.into_any())
}

fn palette(theme: &'static str) -> AnyView {
    let [first, second] = ["first", "second"].map(|place| format!("{theme}-option-{place}"));
    let states = view! {
        <div class="palette-options" role="listbox" aria-label=format!("Options, {theme}") tabindex="0">
            <div role="option" id=first aria-selected="true">
                <span class="label">"tidewater-api"</span><span class="detail">"Harbor Works"</span>
            </div>
            <div role="option" id=second aria-selected="false">
                <span class="label">"Theme: dark"</span>
            </div>
        </div>
    };
    sample("Options of the palette", states.into_any())
}

fn toast() -> AnyView {
    sample("Toast", view! { <p><span class="toast still">"Copied the link"</span></p> }.into_any())
}
