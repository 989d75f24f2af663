//! The header of the page of one instance: its id, its state, and its neighbors.

use super::View;
use crate::components::copy_button::copy_button;
use crate::components::page_heading::page_heading;
use crate::components::status_word::live_status_word;
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use crate::regions::city;
use crate::routes;
use model::state::word;
use model::{InstanceHead, InstanceId, Timestamp, Tone};

/// The header. `checked_at` is for those without script, who see no link state.
pub(crate) fn instance_header(view: View, path: String, checked_at: Timestamp) -> AnyView {
    let id = view.with_untracked(|view| view.head.instance.id.to_string());
    let status = memo(move || view.with(|view| status(&view.head)));
    let facts = memo(move || view.with(|view| facts(&view.head)));
    let neighbors = dynamic(move || view.with(|view| neighbors(&view.head)));
    let gone = dynamic(move || view.with(|view| view.head.gone_since.map(gone)));
    let as_of = ["As of ", &checked_at.clock(), " UTC"].concat();
    view! {
        <header class="app-header">
            <div class="app-title">
                {page_heading(id.clone(), path)}
                {copy_button(id.clone(), ["the id ", &id].concat())}
                <span data-part="status">{live_status_word(status)}</span>
                {neighbors}
            </div>
            <div class="facts"><span>{facts}</span><span class="needs-no-script">{as_of}</span></div>
        </header>
        {gone}
    }
    .erase()
}

fn status(head: &InstanceHead) -> (Tone, String) {
    match head.gone_since {
        Some(_) => (Tone::Idle, "Gone".to_owned()),
        None => (head.instance.tone(), word(head.instance.state.as_str())),
    }
}

/// What the table of its app says of it beside its state.
fn facts(head: &InstanceHead) -> String {
    let instance = &head.instance;
    let version = instance.version.map_or_else(|| "version unknown".to_owned(), |one| one.to_string());
    let region = instance.region.as_str();
    let place = match city(region) {
        Some(city) => [region, " (", city, ")"].concat(),
        None => region.to_owned(),
    };
    [&*instance.process_group, &*version, &*place, &*instance.checks.sentence()].join(" · ")
}

/// The instances beside it in the table of the app, each one key away.
fn neighbors(head: &InstanceHead) -> Option<AnyView> {
    if head.previous.is_none() && head.next.is_none() {
        return None;
    }
    let link = |id: &Option<InstanceId>, rel, key, label| {
        id.as_ref().map(|id| neighbor(routes::instance(&head.app.name, id), id.to_string(), rel, key, label))
    };
    let previous = link(&head.previous, "prev", "[", "Previous");
    let next = link(&head.next, "next", "]", "Next");
    Some(view! { <nav class="neighbors" aria-label="Neighbors">{previous}{next}</nav> }.erase())
}

fn neighbor(href: String, id: String, rel: &'static str, key: &'static str, label: &'static str) -> AnyView {
    view! {
        <a href=href rel=rel aria-keyshortcuts=key>
            {label}
            <span class="visually-hidden">" instance, "{id}</span>
            <kbd class="needs-script" aria-hidden="true">{key}</kbd>
        </a>
    }
    .erase()
}

fn gone(since: Timestamp) -> AnyView {
    let text = [
        "Fly has not known this instance since ",
        &since.clock(),
        " UTC: it was destroyed. What is shown is what was known last.",
    ]
    .concat();
    view! { <div class="notice" data-part="gone">{text}</div> }.erase()
}
