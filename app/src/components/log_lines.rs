//! Lines of a log, as they came: white space and colours kept, writing direction isolated.

use super::relative_time::clock_time;
use crate::erase::{Erase, dynamic};
use crate::prelude::*;
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
            {message(&line.message)}
        </li>
    }
    .erase()
}

/// The text of a line with its colours. The server has written each of their sequences whole
/// (`model::logs::ansi::written`): one class a code says all of it.
pub(crate) fn message(text: &str) -> AnyView {
    let mut pieces = Vec::new();
    for (at, piece) in text.split('\u{1b}').enumerate() {
        let sequence = piece.strip_prefix("[0").filter(|_| at > 0).and_then(|rest| rest.split_once('m'));
        match sequence {
            Some((codes, text)) if !codes.is_empty() => {
                let class = codes.trim_start_matches(';').replace(';', " c");
                let class = ["c", &class].concat();
                pieces.push(view! { <span class=class>{text.to_owned()}</span> }.erase());
            }
            Some((_, text)) => pieces.push(text.to_owned().erase()),
            None => pieces.push(piece.to_owned().erase()),
        }
    }
    view! { <bdi class="message">{pieces}</bdi> }.erase()
}
