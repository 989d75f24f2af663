//! The palette's entries as HTML: options of a list box for the script, links for those without.

use super::entries::{Action, Asked, Does, Entry, Group, Known, Note, groups};
use crate::assets::Assets;
use crate::components::status_word::status_word;
use crate::document::plain_document;
use crate::routes;
use leptos::prelude::*;

/// What the palette's list box holds.
pub fn options(asked: &Asked, known: &Known) -> String {
    let groups = groups(asked, known, true);
    let count: usize = groups.iter().map(|group| group.entries.len()).sum();
    let said = match count {
        0 => format!("Nothing matches \"{}\".", asked.typed.trim()),
        1 => "1 result".to_owned(),
        _ => format!("{count} results"),
    };
    let nothing = (count == 0).then(|| view! { <p class="dim">{said.clone()}</p> });
    let mut number = 0;
    let groups: Vec<AnyView> = groups.into_iter().map(|group| option_group(group, &mut number)).collect();
    Owner::new().with(|| view! { <div data-count=said hidden></div>{nothing}{groups} }.to_html())
}

/// What the list box holds for somebody whose session is over.
pub fn refused() -> String {
    Owner::new().with(|| {
        view! {
            <div data-count="You are signed out." hidden></div>
            <p>"You are signed out. "<a href=routes::SIGN_IN rel="external">"Sign in"</a></p>
        }
        .to_html()
    })
}

fn option_group(group: Group, number: &mut usize) -> AnyView {
    let id = format!("palette-group-{number}");
    let options: Vec<AnyView> = group
        .entries
        .into_iter()
        .map(|entry| {
            *number += 1;
            option(entry, format!("palette-option-{number}"))
        })
        .collect();
    let heading = id.clone();
    view! {
        <div role="group" aria-labelledby=heading>
            <p class="palette-group" role="presentation" id=id>{group.heading}</p>
            {options}
            {group.note.map(note)}
        </div>
    }
    .into_any()
}

fn option(entry: Entry, id: String) -> AnyView {
    let content = content(&entry);
    match entry.does {
        Does::Open(path) => {
            view! { <a role="option" id=id href=path tabindex="-1" aria-selected="false">{content}</a> }
                .into_any()
        }
        Does::Act(action) => {
            let Attributes { press, theme, does, done, refused } = attributes(action);
            view! {
                <div
                    role="option" id=id aria-selected="false" data-press=press data-uses-theme=theme data-does=does
                    data-done=done data-refused=refused
                >
                    {content}
                </div>
            }
            .into_any()
        }
    }
}

/// What `palette.js` reads from an option that is no link.
#[derive(Default)]
struct Attributes {
    press: Option<&'static str>,
    theme: Option<&'static str>,
    does: Option<&'static str>,
    done: Option<&'static str>,
    refused: Option<&'static str>,
}

fn attributes(action: Action) -> Attributes {
    let none = Attributes::default();
    match action {
        Action::Press(selector) => Attributes { press: Some(selector), ..none },
        Action::Theme(theme) => Attributes { theme: Some(theme), ..none },
        Action::Help => Attributes { does: Some("help"), ..none },
        Action::CopyLink => Attributes {
            does: Some("copy-link"),
            done: Some("Copied the link"),
            refused: Some("The browser does not allow copying here: copy the address from its bar"),
            ..none
        },
    }
}

fn content(entry: &Entry) -> AnyView {
    let detail =
        (!entry.detail.is_empty()).then(|| view! { <span class="detail">{entry.detail.clone()}</span> });
    let status = entry.status.clone().map(|(tone, word)| status_word(tone, word));
    view! { <span class="label">{entry.label.clone()}</span>{detail}{status} }.into_any()
}

fn note(note: Note) -> AnyView {
    let text = match note {
        Note::Failed(why) => why,
        Note::More(more) => format!("{more} more. Type more letters to find them."),
    };
    view! { <p class="dim" role="presentation">{text}</p> }.into_any()
}

/// The palette as a page of its own, for those without script.
pub fn palette_page(assets: Assets, nonce: Option<String>, asked: &Asked, known: &Known) -> String {
    let groups = groups(asked, known, false);
    let nothing = groups.is_empty().then(|| {
        let text = format!("Nothing matches \"{}\".", asked.typed.trim());
        view! { <p>{text}</p> }
    });
    let groups: Vec<AnyView> = groups.into_iter().map(link_group).collect();
    let (typed, at) = (asked.typed.clone(), asked.at.clone());
    plain_document(assets, nonce, "Find", move || {
        view! {
            <div class="palette-page">
                <h1>"Find"</h1>
                <form class="row" role="search" method="get" action=routes::PALETTE>
                    <div class="field">
                        <label for="palette-field">"An app or an instance"</label>
                        <input id="palette-field" type="search" name="q" value=typed autocomplete="off" spellcheck="false" />
                    </div>
                    <input type="hidden" name="at" value=at />
                    <button type="submit">"Find"</button>
                </form>
                {nothing}
                {groups}
            </div>
        }
        .into_any()
    })
}

fn link_group(group: Group) -> AnyView {
    let links: Vec<AnyView> = group.entries.into_iter().filter_map(link).collect();
    view! {
        <section class="panel">
            <h2>{group.heading}</h2>
            <ul class="entries">{links}</ul>
            {group.note.map(note)}
        </section>
    }
    .into_any()
}

fn link(entry: Entry) -> Option<AnyView> {
    let content = content(&entry);
    let Does::Open(path) = entry.does else { return None };
    Some(view! { <li><a class="found" href=path>{content}</a></li> }.into_any())
}
