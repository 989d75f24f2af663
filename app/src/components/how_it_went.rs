//! How the deployment went: what happened to its instances, in order of time. What is chosen of it
//! stands in the address.

use super::log_lines::message;
use super::relative_time::clock_time;
use super::status_word::status_word;
use super::table::keyed;
use crate::erase::{Erase, dynamic, memo};
use crate::location;
use crate::prelude::*;
use crate::routes;
use model::timeline::{Entry, Group};
use model::{AppName, InstanceId, Timeline};
use std::sync::Arc;

/// Most instances that can be chosen by name.
const MOST_INSTANCES: usize = 12;

/// What is chosen: names of a kind and of an instance, empty for all.
#[derive(Clone, Copy)]
struct Chosen {
    kind: Memo<String>,
    instance: Memo<String>,
}

impl Chosen {
    fn in_the_address() -> Self {
        let query = location::query();
        let named = |name: &'static str| {
            memo(move || query.with(|query| query.get(name).unwrap_or_default().to_owned()))
        };
        Self { kind: named("went"), instance: named("of") }
    }

    fn fits(self, entry: &Entry) -> bool {
        let of = |chosen: &String, is: &str| chosen.is_empty() || chosen == is;
        let id = entry.instance.as_ref().map_or("", InstanceId::as_str);
        self.kind.with(|kind| of(kind, entry.kind.group().name())) && self.instance.with(|one| of(one, id))
    }
}

/// The pane, or nothing where there is nothing to tell.
pub(crate) fn how_it_went(timeline: RwSignal<Timeline>, app: AppName) -> AnyView {
    let present = memo(move || !timeline.with(Timeline::is_empty));
    let chosen = Chosen::in_the_address();
    dynamic(move || present.get().then(|| pane(timeline, chosen, &app))).erase()
}

fn pane(timeline: RwSignal<Timeline>, chosen: Chosen, app: &AppName) -> AnyView {
    let title = dynamic(move || timeline.with(title));
    let left_out = dynamic(move || timeline.with(|timeline| left_out(timeline.left_out)));
    let keys = memo(move || -> Vec<String> {
        timeline.with(|all| all.entries.iter().filter(|one| chosen.fits(one)).map(Entry::key).collect())
    });
    let nothing =
        dynamic(move || keys.with(Vec::is_empty).then(|| note("Nothing of that kind happened.".to_owned())));
    let (of_app, named) = (app.clone(), app.clone());
    let row = move |key: String| {
        timeline.with_untracked(|all| {
            all.entries.iter().find(|one| one.key() == key).map(|one| entry(one, &of_app))
        })
    };
    let filters = dynamic(move || timeline.with(|all| filters(all, chosen, &named)));
    // Whoever chose something asked for it, be it for all.
    let open = location::query().with_untracked(|query| query.get("went").is_some());
    view! {
        <details class="went" id="how-it-went" open=open>
            <summary>{title}</summary>
            {filters}
            {left_out}
            <ol aria-label="How it went">{keyed(Box::new(move || keys.get()), Arc::new(row))}</ol>
            {nothing}
        </details>
    }
    .erase()
}

fn title(timeline: &Timeline) -> String {
    let mut title = String::from("How ");
    match timeline.version {
        Some(version) => title.push_str(&version.to_string()),
        None => title.push_str("it"),
    }
    title.push_str(" went: ");
    let count = timeline.entries.len();
    title.push_str(&count.to_string());
    title.push_str(if count == 1 { " entry" } else { " entries" });
    title
}

fn left_out(count: u32) -> Option<AnyView> {
    let mut text = count.to_string();
    text.push_str(if count == 1 { " older entry is" } else { " older entries are" });
    text.push_str(" left out.");
    (count > 0).then(|| note(text))
}

fn note(text: String) -> AnyView {
    view! { <p class="dim">{text}</p> }.erase()
}

/// The kinds and the instances that there are entries of.
fn filters(timeline: &Timeline, chosen: Chosen, app: &AppName) -> AnyView {
    let (kind, instance) = (chosen.kind.get(), chosen.instance.get());
    let there = |group: &&Group| timeline.entries.iter().any(|entry| entry.kind.group() == **group);
    let mut kinds = vec![choice(routes::how_it_went(app, "", &instance), "everything", kind.is_empty())];
    kinds.extend(Group::ALL.iter().filter(there).map(|group| {
        let name = group.name();
        choice(routes::how_it_went(app, name, &instance), name, kind == name)
    }));
    let mut ids: Vec<&str> = Vec::new();
    for id in timeline.entries.iter().filter_map(|entry| entry.instance.as_ref()) {
        if !ids.contains(&id.as_str()) && ids.len() < MOST_INSTANCES {
            ids.push(id.as_str());
        }
    }
    let mut instances = Vec::new();
    if ids.len() > 1 || !instance.is_empty() {
        instances.push(choice(routes::how_it_went(app, &kind, ""), "all instances", instance.is_empty()));
        let of = |id: &&str| choice(routes::how_it_went(app, &kind, id), id, instance == **id);
        instances.extend(ids.iter().map(of));
    }
    view! { <p class="choices">{kinds}</p><p class="choices">{instances}</p> }.erase()
}

fn choice(href: String, text: &str, chosen: bool) -> AnyView {
    let current = chosen.then_some("true");
    view! { <a href=href data-noscroll="" aria-current=current>{text.to_owned()}</a> }.erase()
}

fn entry(entry: &Entry, app: &AppName) -> AnyView {
    let instance = entry.instance.as_ref().map(|id| {
        let href = routes::instance(app, id) + "#events";
        view! { <a class="mono" href=href>{id.to_string()}</a> }
    });
    let word = status_word(entry.kind.tone(), entry.kind.word().to_owned());
    view! {
        <li>{clock_time(entry.at)}<span class="of">{instance}</span>{word}{message(&entry.text)}</li>
    }
    .erase()
}
