//! Search, filters and order of the apps list: a plain form that sends itself to the address, and in
//! the browser acts with each key.

use crate::erase::{Erase, dynamic};
use crate::pages::apps_query::{AppsQuery, Sort, health_key};
use crate::routes;
use leptos::prelude::*;
use model::health::AppHealth;

const HEALTHS: [AppHealth; 10] = [
    AppHealth::Unhealthy,
    AppHealth::Degraded,
    AppHealth::DeployFailed,
    AppHealth::Deploying,
    AppHealth::Pending,
    AppHealth::Unknown,
    AppHealth::Healthy,
    AppHealth::Resting,
    AppHealth::Suspended,
    AppHealth::NoInstances,
];

/// A choice: how the address writes it, and how people read it.
type Choice = (String, String);

/// The form. `change` is called with what the person asks for.
pub(crate) fn apps_filters(
    query: RwSignal<AppsQuery>,
    organizations: Memo<Vec<Choice>>,
    change: Callback<AppsQuery>,
) -> AnyView {
    let search = dynamic(move || query.with(|query| query.search.clone()));
    let typed =
        move |event| change.run(AppsQuery { search: event_target_value(&event), ..query.get_untracked() });
    let organization = move |value| change.run(AppsQuery { organization: value, ..query.get_untracked() });
    let health = move |value| change.run(AppsQuery { health: value, ..query.get_untracked() });
    let sort =
        move |value: String| change.run(AppsQuery { sort: Sort::parse(&value), ..query.get_untracked() });
    let healths = HEALTHS.map(|health| (health_key(health), health.word().to_owned())).to_vec();
    let orders = Sort::ALL.map(|(_, key, word)| (key.to_owned(), word.to_owned())).to_vec();
    view! {
        <form class="row filters" role="search" method="get" action=routes::APPS on:submit=|event| event.prevent_default()>
            <div class="field">
                <label for="search">"Search"</label>
                <input
                    id="search" name="q" type="search" autocomplete="off" spellcheck="false"
                    aria-keyshortcuts="/" value=query.with_untracked(|query| query.search.clone()) prop:value=search on:input=typed
                />
            </div>
            {select("organization", "Organization", Some("All"), organizations.into(), Signal::derive(move || query.get().organization), Callback::new(organization))}
            {select("health", "Health", Some("Any"), Signal::stored(healths), Signal::derive(move || query.get().health), Callback::new(health))}
            {select("sort", "Order", None, Signal::stored(orders), Signal::derive(move || query.get().sort.key().to_owned()), Callback::new(sort))}
            <button type="submit" class="needs-no-script">"Apply"</button>
        </form>
    }
    .erase()
}

fn select(
    name: &'static str,
    label: &'static str,
    any: Option<&'static str>,
    choices: Signal<Vec<Choice>>,
    chosen: Signal<String>,
    change: Callback<String>,
) -> AnyView {
    let any = any.map(|any| view! { <option value="">{any}</option> });
    let options = move || {
        let option = |(value, text): Choice| {
            let this = value.clone();
            view! { <option value=value selected=move || chosen.get() == this>{text}</option> }.erase()
        };
        choices.get().into_iter().map(option).collect::<Vec<AnyView>>()
    };
    let changed = move |event| change.run(event_target_value(&event));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name prop:value=chosen on:change=changed>{any}{options}</select>
        </div>
    }
    .erase()
}
