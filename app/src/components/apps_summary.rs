//! The first line of the apps list: how many apps there are, and how many of them need a look.

use super::status_word::{tone_class, tone_shape};
use crate::erase::{Erase, dynamic, memo};
use crate::pages::apps_query::{apps_in_words, grouped};
use crate::prelude::*;
use crate::routes;
use model::list::AppsTotals;
use model::{AppHealth, AppsQuery};

/// Whatever is asked for, it tells of all apps. Each count leads to its apps.
pub(crate) fn apps_summary(totals: RwSignal<AppsTotals>) -> AnyView {
    let all = dynamic(move || apps_in_words(totals.with(AppsTotals::count)));
    let urgent = AppHealth::ALL.into_iter().filter(|health| health.urgency() <= AppHealth::Pending.urgency());
    let counts: Vec<AnyView> = urgent.map(|health| count(health, totals)).collect();
    view! { <p class="apps-summary"><strong>{all}</strong>{counts}</p> }.erase()
}

/// Always there, so that one that has the focus keeps it; not shown where there are none.
fn count(health: AppHealth, totals: RwSignal<AppsTotals>) -> AnyView {
    let text = memo(move || match totals.with(|totals| totals.of_health(health)) {
        0 => String::new(),
        count => in_words(health, count),
    });
    let hidden = dynamic(move || text.with(String::is_empty));
    let href = routes::apps_asked(&AppsQuery { health: Some(health), ..AppsQuery::default() });
    let mut class = String::from("status ");
    class.push_str(tone_class(health.tone()));
    view! {
        <a href=href class=class hidden=hidden>{tone_shape(health.tone())}<span>{text}</span></a>
    }
    .erase()
}

fn in_words(health: AppHealth, count: u32) -> String {
    let mut text = grouped(count);
    text.push_str(match health {
        AppHealth::Unhealthy => " unhealthy",
        AppHealth::Degraded => " degraded",
        AppHealth::DeployFailed if count == 1 => " deployment failed",
        AppHealth::DeployFailed => " deployments failed",
        AppHealth::Deploying => " deploying",
        _ => " pending",
    });
    text
}
