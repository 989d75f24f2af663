//! The way from a page about releases to the pages around it.

use super::release_report::Part;
use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;
use model::{ReleaseReport, ReleaseVersion, ReleaseView};

/// The releases next to this one, and all of them.
pub(crate) const BESIDE: Part = Part {
    says: |view, report| {
        let previous = report.before.map(|version| version.to_string()).unwrap_or_default();
        view.next().map(|next| next.to_string()).unwrap_or_default() + &previous
    },
    draw: |view, report, _| Some(beside(view, report)),
};

fn beside(view: &ReleaseView, report: &ReleaseReport) -> AnyView {
    let to =
        |rel, version: ReleaseVersion, text: String| link(rel, routes::release(&view.app, version), text);
    let previous = report.before.map(|version| to("prev", version, arrow("← ", version, "")));
    let next = view.next().map(|version| to("next", version, arrow("", version, " →")));
    view! {
        <nav class="pages" aria-label="Other releases">
            {previous}
            {next}
            {link("", routes::releases(&view.app, None), "All releases".to_owned())}
            {link("external noopener", routes::at_fly(&view.app), "The app at Fly ↗".to_owned())}
        </nav>
    }
    .erase()
}

fn arrow(left: &str, version: ReleaseVersion, right: &str) -> String {
    let mut text = left.to_owned();
    text.push_str(&version.to_string());
    text.push_str(right);
    text
}

fn link(rel: &'static str, href: String, text: String) -> AnyView {
    view! { <a rel=rel href=href>{text}</a> }.erase()
}
