//! Which part of the apps list is shown, and the way to the others.

use crate::erase::{Erase, dynamic, memo};
use crate::pages::apps_query::{apps_in_words, grouped};
use crate::prelude::*;
use crate::routes;
use model::AppsQuery;
use model::list::{AppsTotals, ROWS};

/// The text below the table, with the way back to all apps.
pub(crate) fn apps_count(totals: RwSignal<AppsTotals>, query: RwSignal<AppsQuery>) -> AnyView {
    let text = dynamic(move || totals.with(count));
    // Where nothing matches the empty list has the way back itself.
    let narrows = memo(move || query.with(AppsQuery::narrows) && totals.with(|totals| totals.fitting > 0));
    let clear = dynamic(move || narrows.get().then(clear));
    view! { {text}{clear} }.erase()
}

fn clear() -> AnyView {
    view! { " "<a href=routes::APPS data-noscroll="">"Clear search and filters"</a> }.erase()
}

/// `6 apps.`, `1 of 6 apps.`, `101 to 200 of 620 that match, 5,000 apps in all.`
fn count(totals: &AppsTotals) -> String {
    let AppsTotals { fitting, first, .. } = *totals;
    let all = totals.count();
    let mut text = String::new();
    let mut add = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
    if totals.pages() > 1 {
        let last = first.saturating_add(ROWS).min(fitting);
        add(&[&grouped(first + 1), " to ", &grouped(last), " of "]);
    }
    match (totals.pages() > 1, fitting < all) {
        (true, true) => add(&[&grouped(fitting), " that match, ", &apps_in_words(all), " in all."]),
        (false, true) => add(&[&grouped(fitting), " of ", &apps_in_words(all), "."]),
        (_, false) => add(&[&apps_in_words(all), "."]),
    }
    text
}

/// Links to the pages before and after this one; hidden where there is one page only.
pub(crate) fn apps_pager(totals: RwSignal<AppsTotals>, query: RwSignal<AppsQuery>) -> AnyView {
    let hidden = dynamic(move || totals.with(AppsTotals::pages) == 1);
    let place = dynamic(move || totals.with(place));
    let before = move |totals: &AppsTotals| totals.page().checked_sub(1);
    let after = move |totals: &AppsTotals| Some(totals.page() + 1).filter(|page| *page < totals.pages());
    view! {
        <nav class="pager" aria-label="Pages of the list" hidden=hidden>
            {link("prev", "Previous", before, totals, query)}
            <span>{place}</span>
            {link("next", "Next", after, totals, query)}
        </nav>
    }
    .erase()
}

fn place(totals: &AppsTotals) -> String {
    let mut text = String::from("Page ");
    text.push_str(&grouped(totals.page() + 1));
    text.push_str(" of ");
    text.push_str(&grouped(totals.pages()));
    text
}

/// Stays in place where it leads nowhere, so that nothing jumps.
fn link(
    rel: &'static str,
    text: &'static str,
    page: fn(&AppsTotals) -> Option<u32>,
    totals: RwSignal<AppsTotals>,
    query: RwSignal<AppsQuery>,
) -> AnyView {
    let address = memo(move || {
        let to = |page| query.with(|query| routes::apps_asked(&AppsQuery { page, ..query.clone() }));
        totals.with(page).map(to).unwrap_or_default()
    });
    let href = dynamic(move || Some(address.get()).filter(|address| !address.is_empty()));
    let disabled = dynamic(move || address.with(String::is_empty).then(|| "true".to_owned()));
    view! { <a rel=rel href=href aria-disabled=disabled>{text}</a> }.erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(all: u32, fitting: u32, first: u32) -> AppsTotals {
        AppsTotals { all: vec![all], fitting, first, ..AppsTotals::default() }
    }

    #[test]
    fn the_count_tells_what_is_shown_of_what_there_is() {
        for (totals, text) in [
            (totals(1, 1, 0), "1 app."),
            (totals(6, 6, 0), "6 apps."),
            (totals(6, 1, 0), "1 of 6 apps."),
            (totals(5_000, 5_000, 100), "101 to 200 of 5,000 apps."),
            (totals(5_000, 620, 600), "601 to 620 of 620 that match, 5,000 apps in all."),
        ] {
            assert_eq!(count(&totals), text);
        }
    }
}
