//! Search, filters and order of the apps list: a plain form that sends itself to the address, and in
//! the browser acts with each key.

use crate::erase::{Erase, dynamic, memo};
use crate::pages::apps_query::grouped;
use crate::prelude::*;
use crate::routes;
use model::list::{AppsTotals, MOST_SEARCHED, Sort};
use model::{AppHealth, AppsQuery, OrgSlug};

/// A choice: how the address writes it, and how people read it.
type Choice = (String, String);
/// Does what a person asks for; the last says whether it was chosen, and not typed.
pub(crate) type Ask = fn(RwSignal<AppsQuery>, AppsQuery, bool);

/// The form.
pub(crate) fn apps_filters(query: RwSignal<AppsQuery>, totals: RwSignal<AppsTotals>, ask: Ask) -> AnyView {
    let search = dynamic(move || query.with(|query| query.search.clone()));
    let typed = move |event| {
        let asked = AppsQuery { search: event_target_value(&event), page: 0, ..query.get_untracked() };
        ask(query, asked, false);
    };
    let organization = Field {
        name: "organization",
        label: "Organization",
        any: Some("All"),
        get: |query| query.organization.as_ref().map(ToString::to_string).unwrap_or_default(),
        set: |query, slug| AppsQuery { organization: OrgSlug::new(slug).ok(), ..query },
        choices: organizations,
        count: |totals, slug| Some(totals.with_organization(slug)),
    };
    let health = Field {
        name: "health",
        label: "Health",
        any: Some("Any"),
        get: |query| query.health.map_or("", AppHealth::key).to_owned(),
        set: |query, key| AppsQuery { health: AppHealth::from_key(&key), ..query },
        choices: healths,
        count: |totals, key| AppHealth::from_key(key).map(|health| totals.with_health(health)),
    };
    let order = Field {
        name: "sort",
        label: "Order",
        any: None,
        get: |query| query.sort.key().to_owned(),
        set: |query, sort| AppsQuery { sort: Sort::parse(&sort), ..query },
        choices: orders,
        count: |_, _| None,
    };
    let select = move |field| select(field, totals, query, ask);
    view! {
        <form class="row filters" role="search" method="get" action=routes::APPS on:submit=|event| event.prevent_default()>
            <div class="field">
                <label for="search">"Search"</label>
                <input
                    id="search" name="q" type="search" autocomplete="off" spellcheck="false" maxlength=MOST_SEARCHED
                    aria-keyshortcuts="/" value=query.with_untracked(|query| query.search.clone()) prop:value=search on:input=typed
                />
            </div>
            {select(organization)}
            {select(health)}
            {select(order)}
            <button type="submit" class="needs-no-script">"Apply"</button>
        </form>
    }
    .erase()
}

fn organizations(totals: &AppsTotals) -> Vec<Choice> {
    totals.organizations.iter().map(|one| (one.slug.to_string(), one.name.clone())).collect()
}

fn healths(_: &AppsTotals) -> Vec<Choice> {
    AppHealth::ALL.map(|health| (health.key().to_owned(), health.word().to_owned())).to_vec()
}

fn orders(_: &AppsTotals) -> Vec<Choice> {
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
    choices: fn(&AppsTotals) -> Vec<Choice>,
    /// How many apps a choice leads to, where that can be told.
    count: fn(&AppsTotals, &str) -> Option<u32>,
}

fn select(field: Field, totals: RwSignal<AppsTotals>, query: RwSignal<AppsQuery>, ask: Ask) -> AnyView {
    let Field { name, label, any, get, set, choices, count } = field;
    let any = any.map(|any| view! { <option value="">{any}</option> }.erase());
    let chosen = memo(move || query.with(get));
    let choices = memo(move || totals.with(choices));
    let option = move |choice| option(choice, chosen, totals, count);
    let options = dynamic(move || choices.get().into_iter().map(option).collect::<Vec<_>>());
    let value = dynamic(move || chosen.get());
    let changed = move |event| {
        let asked = set(query.get_untracked(), event_target_value(&event));
        ask(query, AppsQuery { page: 0, ..asked }, true);
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name prop:value=value on:change=changed>{any}{options}</select>
        </div>
    }
    .erase()
}

fn option(
    (value, text): Choice,
    chosen: Memo<String>,
    totals: RwSignal<AppsTotals>,
    count: fn(&AppsTotals, &str) -> Option<u32>,
) -> AnyView {
    let (this, of) = (value.clone(), value.clone());
    let selected = dynamic(move || chosen.get() == this);
    let text = memo(move || {
        let mut text = text.clone();
        if let Some(count) = totals.with(|totals| count(totals, &of)) {
            for part in [" (", &grouped(count), ")"] {
                text.push_str(part);
            }
        }
        text
    });
    view! { <option value=value selected=selected>{text}</option> }.erase()
}
