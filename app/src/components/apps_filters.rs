//! Search, filters and order of the apps list: a plain form that sends itself to the address, and in
//! the browser acts with each key.

use crate::erase::{Erase, dynamic, memo};
use crate::pages::apps_query::{AppsQuery, Sort, health_key};
use crate::prelude::*;
use crate::routes;
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
pub(crate) type Choice = (String, String);
/// Does what a person asks for.
pub(crate) type Ask = fn(RwSignal<AppsQuery>, AppsQuery);
/// What one can choose from.
type Choices = Box<dyn Fn() -> Vec<Choice> + Send + Sync>;

/// The form.
pub(crate) fn apps_filters(
    query: RwSignal<AppsQuery>,
    organizations: Memo<Vec<Choice>>,
    ask: Ask,
) -> AnyView {
    let search = dynamic(move || query.with(|query| query.search.clone()));
    let typed =
        move |event| ask(query, AppsQuery { search: event_target_value(&event), ..query.get_untracked() });
    let organization = Field {
        name: "organization",
        label: "Organization",
        any: Some("All"),
        get: |query| query.organization.clone(),
        set: |query, organization| AppsQuery { organization, ..query },
    };
    let health = Field {
        name: "health",
        label: "Health",
        any: Some("Any"),
        get: |query| query.health.clone(),
        set: |query, health| AppsQuery { health, ..query },
    };
    let order = Field {
        name: "sort",
        label: "Order",
        any: None,
        get: |query| query.sort.key().to_owned(),
        set: |query, sort| AppsQuery { sort: Sort::parse(&sort), ..query },
    };
    view! {
        <form class="row filters" role="search" method="get" action=routes::APPS on:submit=|event| event.prevent_default()>
            <div class="field">
                <label for="search">"Search"</label>
                <input
                    id="search" name="q" type="search" autocomplete="off" spellcheck="false"
                    aria-keyshortcuts="/" value=query.with_untracked(|query| query.search.clone()) prop:value=search on:input=typed
                />
            </div>
            {select(organization, Box::new(move || organizations.get()), query, ask)}
            {select(health, Box::new(healths), query, ask)}
            {select(order, Box::new(orders), query, ask)}
            <button type="submit" class="needs-no-script">"Apply"</button>
        </form>
    }
    .erase()
}

fn healths() -> Vec<Choice> {
    HEALTHS.map(|health| (health_key(health), health.word().to_owned())).to_vec()
}

fn orders() -> Vec<Choice> {
    Sort::ALL.map(|(_, key, word)| (key.to_owned(), word.to_owned())).to_vec()
}

/// One thing to choose.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    label: &'static str,
    /// What stands for no choice, where that is one.
    any: Option<&'static str>,
    get: fn(&AppsQuery) -> String,
    set: fn(AppsQuery, String) -> AppsQuery,
}

fn select(field: Field, choices: Choices, query: RwSignal<AppsQuery>, ask: Ask) -> AnyView {
    let Field { name, label, any, get, set } = field;
    let any = any.map(|any| view! { <option value="">{any}</option> }.erase());
    let chosen = memo(move || query.with(get));
    let options = dynamic(move || choices().into_iter().map(|one| option(one, chosen)).collect::<Vec<_>>());
    let value = dynamic(move || chosen.get());
    let changed = move |event| ask(query, set(query.get_untracked(), event_target_value(&event)));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name prop:value=value on:change=changed>{any}{options}</select>
        </div>
    }
    .erase()
}

fn option((value, text): Choice, chosen: Memo<String>) -> AnyView {
    let this = value.clone();
    let selected = dynamic(move || chosen.get() == this);
    view! { <option value=value selected=selected>{text}</option> }.erase()
}
