//! The deployment as a picture: one cell an instance, or proportions where there are many.

use crate::erase::Erase;
use crate::prelude::*;
use model::Deployment;
use model::deployment::Cell;

/// As many cells as people still take in one by one.
const MOST_CELLS: u32 = 60;
/// The width of the proportional bar, in units of its view box.
const WIDTH: u64 = 240;

/// The bar. What it shows stands beside it in words, and in its label.
pub(crate) fn deployment_bar(deployment: &Deployment) -> AnyView {
    let parts = parts(deployment);
    let label = label(&parts);
    if deployment.desired.max(deployment.placed) > MOST_CELLS {
        proportional(&parts, label)
    } else {
        cells(deployment, label)
    }
}

fn parts(deployment: &Deployment) -> [(u32, Cell); 4] {
    let decided = deployment.healthy.saturating_add(deployment.unhealthy);
    [
        (deployment.unhealthy, Cell::Unhealthy),
        (deployment.placed.saturating_sub(decided), Cell::Pending),
        (deployment.healthy, Cell::Healthy),
        (deployment.desired.saturating_sub(deployment.placed), Cell::NotPlaced),
    ]
}

fn label(parts: &[(u32, Cell)]) -> String {
    let words: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, cell)| format!("{count} {}", word(*cell)))
        .collect();
    if words.is_empty() { "no instances".to_owned() } else { words.join(", ") }
}

fn word(cell: Cell) -> &'static str {
    match cell {
        Cell::Healthy => "healthy",
        Cell::Unhealthy => "unhealthy",
        Cell::Pending => "pending",
        Cell::NotPlaced => "not placed",
    }
}

fn class(cell: Cell) -> &'static str {
    match cell {
        Cell::Healthy => "healthy",
        Cell::Unhealthy => "unhealthy",
        Cell::Pending => "waiting",
        Cell::NotPlaced => "not-placed",
    }
}

fn cells(deployment: &Deployment, label: String) -> AnyView {
    let cells: Vec<_> =
        deployment.cells().into_iter().map(|cell| view! { <i class=class(cell)></i> }).collect();
    view! { <span class="bar" role="img" aria-label=label>{cells}</span> }.erase()
}

fn proportional(parts: &[(u32, Cell)], label: String) -> AnyView {
    let total: u64 = parts.iter().map(|(count, _)| u64::from(*count)).sum::<u64>().max(1);
    let mut before = 0;
    let pieces: Vec<_> = parts
        .iter()
        .map(|(count, cell)| {
            let from = WIDTH * before / total;
            before += u64::from(*count);
            let width = WIDTH * before / total - from;
            view! { <rect class=class(*cell) x=from.to_string() y="0" width=width.to_string() height="24"></rect> }
        })
        .collect();
    view! {
        <svg class="bar" role="img" aria-label=label viewBox="0 0 240 24" preserveAspectRatio="none">{pieces}</svg>
    }
    .erase()
}
