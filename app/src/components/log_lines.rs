//! Lines of a log, as they came: white space kept, writing direction isolated.

use super::relative_time::clock_time;
use crate::erase::{Erase, dynamic};
use leptos::prelude::*;
use model::LogLine;
use model::diagnosis::LogTail;

/// The last lines of an instance. Begins open where they are all there is to go by, and stays as the
/// reader leaves it while lines come.
pub(crate) fn log_tail(tail: Memo<Option<LogTail>>, open: bool) -> AnyView {
    let summary = dynamic(move || {
        tail.with(|tail| tail.as_ref().map(|tail| format!("Last log lines of {}", tail.instance)))
    });
    let lines = dynamic(move || {
        tail.with(|tail| tail.iter().flat_map(|tail| &tail.lines).map(line).collect::<Vec<AnyView>>())
    });
    view! {
        <details class="log" open=open>
            <summary>{summary}</summary>
            <ol>{lines}</ol>
        </details>
    }
    .erase()
}

fn line(line: &LogLine) -> AnyView {
    view! {
        <li>
            {clock_time(line.at)}
            <span class="level">{line.level.clone()}</span>
            <bdi class="message">{line.message.clone()}</bdi>
        </li>
    }
    .erase()
}
