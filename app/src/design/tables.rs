//! Rows of one kind.

use super::{NOW, sample};
use crate::components::relative_time::age_of;
use crate::components::status_word::status_word;
use crate::components::table::table;
use crate::prelude::*;
use model::Tone;
use std::sync::Arc;

const ROWS: [(&str, Tone, &str); 3] = [
    ("9185733c", Tone::Good, "Started"),
    ("e80d7fbd", Tone::Bad, "Failed"),
    ("148ed193", Tone::Idle, "Stopped"),
];

pub(super) fn all(theme: &'static str) -> AnyView {
    view! { {rows(theme)}{changes(theme)}{list()} }.into_any()
}

/// As usual, changed a moment ago, and one that needs a look.
fn rows(theme: &'static str) -> AnyView {
    let keys = || Vec::from(ROWS.map(|(id, ..)| id.to_owned()));
    let row = |key: String| {
        let (id, tone, word) = *ROWS.iter().find(|(id, ..)| *id == key)?;
        let age = age_of(NOW.plus(-90_000), Signal::stored(NOW));
        Some(
            view! {
                <tr class:hot=tone == Tone::Bad>
                    <td data-label="ID" class="whole"><code>{id}</code></td>
                    <td data-label="State">{status_word(tone, word.to_owned())}</td>
                    <td data-label="Updated">{age}</td>
                </tr>
            }
            .into_any(),
        )
    };
    let name = if theme == "light" { "Instances, light" } else { "Instances, dark" };
    let table = table("instances-table", name, &["ID", "State", "Updated"], Box::new(keys), Arc::new(row));
    view! { <div class="panel sample instances"><h3>"Table"</h3>{table}</div> }.into_any()
}

/// What changed from one release to the next.
fn changes(theme: &'static str) -> AnyView {
    const LINES: [(&str, &str, &str); 2] =
        [("services[0].internal_port", "8080", "4000"), ("env.LOG_LEVEL", "not set", "debug")];
    let keys = || Vec::from(LINES.map(|(what, ..)| what.to_owned()));
    let value = |label: &'static str, text: &'static str| match text {
        "not set" => view! { <td data-label=label class="dim">{text}</td> }.into_any(),
        text => view! { <td data-label=label><code>{text}</code></td> }.into_any(),
    };
    let row = move |key: String| {
        let (what, before, after) = *LINES.iter().find(|(what, ..)| *what == key)?;
        let what = view! { <td data-label="What" class="whole"><code>{what}</code></td> };
        Some(view! { <tr>{what}{value("Before", before)}{value("After", after)}</tr> }.into_any())
    };
    let name = if theme == "light" { "What changed, light" } else { "What changed, dark" };
    let columns = ["What", "Before", "After"];
    sample("Diff", table("changes-table", name, &columns, Box::new(keys), Arc::new(row)))
}

fn list() -> AnyView {
    let states = view! {
        <ul class="entries">
            <li><div class="head"><b>"v14"</b>{status_word(Tone::Bad, "Failed".to_owned())}</div><span class="detail">"Ryan · 4 min ago"</span></li>
            <li><div class="head"><b>"v13"</b>{status_word(Tone::Good, "Complete".to_owned())}</div><span class="detail">"Ryan · 2 days ago"</span></li>
        </ul>
    };
    sample("List", states.into_any())
}
