//! The page `/design` of the demo: every component in all its states, in both themes. Rendered by the
//! server only, with the components of the pages, so that what it shows is what the pages have.

mod forms;
mod states;
mod tables;
mod texts;

use crate::assets::Assets;
use crate::document::plain_document;
use crate::prelude::*;
use model::Timestamp;

/// 2021-09-22T20:24:41Z: the page's now, so that it reads the same every day.
const NOW: Timestamp = Timestamp(1_632_342_281_000);

/// The whole page.
pub fn design_page(assets: Assets, nonce: Option<String>) -> String {
    plain_document(assets, nonce, "Design", || {
        view! {
            <h1>"Design"</h1>
            <p class="dim">"Every component with its states, in both themes. The demo has this page, the console has not."</p>
            {Vec::from(["light", "dark"].map(theme))}
        }
        .into_leptos()
    })
}

/// Everything in one theme. Ids and names carry the theme: they are unique in the page.
fn theme(theme: &'static str) -> AnyView {
    let title = if theme == "light" { "Light" } else { "Dark" };
    view! {
        <div class="gallery" data-theme=theme>
            <h2 class="gallery-title">{title}</h2>
            {tokens()}
            {states::all()}
            {forms::all(theme)}
            {texts::all()}
            {tables::all(theme)}
        </div>
    }
    .into_any()
}

/// One component, with its name.
fn sample(name: &'static str, content: AnyView) -> AnyView {
    view! { <div class="panel sample"><h3>{name}</h3>{content}</div> }.into_any()
}

/// Several states side by side.
fn row(states: Vec<AnyView>) -> AnyView {
    view! { <div class="sample-row">{states}</div> }.into_any()
}

/// The grounds and the inks, each by its token's name.
fn tokens() -> AnyView {
    const NAMES: [&str; 16] = [
        "bg",
        "panel",
        "sunk",
        "line",
        "edge",
        "ink",
        "dim",
        "accent",
        "good",
        "warning",
        "bad",
        "idle",
        "good-tint",
        "warning-tint",
        "bad-tint",
        "changed-tint",
    ];
    let swatch = |name: &'static str| {
        let class = format!("swatch swatch-{name}");
        view! { <li><i class=class></i><code>{name}</code></li> }
    };
    sample("Colors", view! { <ul class="swatches">{Vec::from(NAMES.map(swatch))}</ul> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_things_of_the_page_have_the_same_id() {
        let html = design_page(Assets::default(), None);
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let different: HashSet<&&str> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
    }

    #[test]
    fn nothing_on_the_page_needs_an_inline_style() {
        assert!(!design_page(Assets::default(), None).contains("style=\""));
    }
}
